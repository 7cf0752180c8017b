//! The real program without a screen: what it prints, what it records, and how it ends.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use expect_test::{Expect, expect};
use netwaterfall::event::{Body, Event, Fact, QueueReason, RequestId, Verdict};
use netwaterfall::import::read_record;

use crate::hostile::{Hostile, break_off, close, say_nothing, speak_plainly};

/// Nothing on this machine takes longer, even when it is busy.
const PATIENCE: Duration = Duration::from_mins(1);
/// Nobody listens there, and to ask needs no network.
const REFUSED_URL: &str = "http://127.0.0.1:2/";
const NDJSON: [&str; 3] = ["--headless", "--format", "ndjson"];

const ALL_ANSWERED: i32 = 0;
const SOME_FAILED: i32 = 1;
const USAGE: i32 = 2;
const NOT_STARTED: i32 = 3;

/// A program that has ended.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// A program that is running; none outlives its test.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    out: Receiver<Vec<u8>>,
    err: Receiver<Vec<u8>>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        Self::spawn(program().args(args).stdout(Stdio::piped()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take(),
            out: child.stdout.take().map_or_else(|| channel().1, read_all),
            err: read_all(child.stderr.take().unwrap()),
            child,
        }
    }

    /// Waits for the end; whatever was printed must be fit for any terminal.
    fn end(mut self) -> Ran {
        drop(self.input.take());
        let err = self.err.recv_timeout(PATIENCE).expect("it ends in time");
        let ran = Ran {
            out: clean(self.out.recv_timeout(PATIENCE).unwrap_or_default()),
            err: clean(err),
            code: self.child.wait().unwrap().code().expect("it is not killed"),
        };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        assert!(ran.code <= NOT_STARTED, "{}: {}", ran.code, ran.err);
        ran
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
    command.env("COLUMNS", "132").env_remove("NO_COLOR");
    command.env("XDG_CONFIG_HOME", "/nonexistent");
    command.env("no_proxy", "*");
    command
}

fn run(args: &[&str]) -> Ran {
    Running::start(args).end()
}

fn run_with_input(args: &[&str], input: &[u8]) -> Ran {
    let mut running = Running::start(args);
    running.input.take().unwrap().write_all(input).unwrap();
    running.end()
}

/// All of `from`, once it has ended.
fn read_all(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// The text of an output, in which nothing but line ends acts on a terminal.
fn clean(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).expect("all output is UTF-8");
    let acts = |c: &char| c.is_control() && *c != '\n';
    let found = text.lines().find(|line| line.chars().any(|c| acts(&c)));
    assert!(found.is_none() && !text.contains('\r'), "{found:?}");
    text
}

fn events(text: &str) -> Vec<Event> {
    let record = read_record(text.as_bytes()).unwrap();
    assert_eq!(record.bad, []);
    record.events
}

/// How each request ended, by path: in words, or with its status and what was kept of its body.
fn told(events: &[Event]) -> BTreeMap<String, String> {
    let mut paths: BTreeMap<RequestId, String> = BTreeMap::new();
    let mut notes: BTreeMap<RequestId, String> = BTreeMap::new();
    let mut told = BTreeMap::new();
    for event in events {
        match &event.fact {
            Fact::RequestPlanned { request, url, .. } => {
                paths.insert(*request, url.path().to_owned());
            }
            Fact::HeadReceived { request, head, .. } => {
                notes.insert(*request, head.status.to_string());
            }
            Fact::RequestEnded { request, verdict } => {
                let words = match verdict {
                    Verdict::Failed(failure) => failure.to_string(),
                    Verdict::Answered | Verdict::Stored => notes[request].clone(),
                };
                let earlier = told.insert(paths[request].clone(), words);
                assert_eq!(earlier, None, "two requests of one path");
            }
            _ => {}
        }
    }
    assert_eq!(told.len(), paths.len(), "every request ends");
    told
}

/// The lines as one text.
fn lines(all: impl Iterator<Item = impl AsRef<str>>) -> String {
    all.fold(String::new(), |text, line| text + line.as_ref() + "\n")
}

fn listing(told: &BTreeMap<String, String>) -> String {
    let line = |(path, words)| format!("{path}  {words}");
    lines(told.iter().map(line))
}

/// What came of the only body.
fn body(events: &[Event]) -> &Body {
    let kept = events.iter().find_map(|event| match &event.fact {
        Fact::BodyKept { body, .. } => Some(body),
        _ => None,
    });
    kept.expect("a body")
}

/// Checks the first lines of standard error, without the program's name.
fn says(ran: &Ran, expected: &Expect) {
    let said = ran.err.lines();
    let text = lines(said.map(|line| line.trim_start_matches("netwaterfall: ")));
    expected.assert_eq(&text);
}

const HOSTILE_PATHS: &[&str] = &[
    "/ok",
    "/nothing",
    "/close",
    "/reset",
    "/rubbish",
    "/not-quite",
    "/escape-in-reason",
    "/escape-in-name",
    "/escape-in-value",
    "/c1-in-name",
    "/c1-in-length",
    "/c1-in-redirect",
    "/c1",
    "/delete-in-value",
    "/escapes-in-body",
    "/bad-redirect",
    "/bad-chunk",
    "/cut-head",
    "/cut-body",
    "/cut-chunks",
    "/half-head",
    "/half-body",
    "/megabyte-head",
    "/many-headers",
    "/endless-head",
    "/endless-interim",
    "/endless-body",
    "/endless-chunks",
    "/ok-too",
];

#[test]
fn every_hostile_answer_is_a_row_and_the_others_go_on() {
    let server = Hostile::start();
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("run.ndjson");
    let record = record.to_str().unwrap();
    let urls = lines(HOSTILE_PATHS.iter().map(|path| server.url(path)));
    let limits = [
        "--timeout-wait=1500ms",
        "--timeout-receive=1s",
        "--max-time=4s",
        "--max-body=1k",
    ];
    let wide = ["--per-host=64", "--bodies", "-f", "-", "--events", record];
    let args = [&NDJSON[..], &limits, &wide].concat();
    let ran = run_with_input(&args, urls.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (SOME_FAILED, ""));
    expect![[r#"
        /bad-chunk  receive: a chunk's size line is malformed (RFC 9112 §7.1)
        /bad-redirect  receive: the redirect leads to "http://a\u{9b}:99999/", which is no URL: invalid international domain name
        /c1  200
        /c1-in-length  receive: Content-Length is not a number: "5\u{9b}" (RFC 9110 §8.6)
        /c1-in-name  receive: a header line is malformed: its name is empty or has a character it may not have (RFC 9110 §5.1)
        /c1-in-redirect  receive: the redirect leads to gopher:, which is not fetched
        /close  wait: the server closed the connection without an answer
        /cut-body  receive: the server closed the connection after 10 of 100 bytes of the body
        /cut-chunks  receive: the server closed the connection before the last chunk, after 5 bytes of the body
        /cut-head  200
        /delete-in-value  receive: a header line is malformed: a value has a control character (RFC 9110 §5.5)
        /endless-body  receive: took longer than 4s (--max-time)
        /endless-chunks  receive: took longer than 4s (--max-time)
        /endless-head  receive: the headers are larger than 262144 bytes, which is as much as is read
        /endless-interim  receive: the server sent more than 32 interim answers
        /escape-in-name  receive: a header line is malformed: its name is empty or has a character it may not have (RFC 9110 §5.1)
        /escape-in-reason  receive: the status line is malformed (RFC 9112 §4)
        /escape-in-value  receive: a header line is malformed: a value has a control character (RFC 9110 §5.5)
        /escapes-in-body  200
        /half-body  receive: nothing more came for 1s (--timeout-receive)
        /half-head  receive: nothing more came for 1s (--timeout-receive)
        /many-headers  receive: there are more than 1000 header lines, which is as many as are read
        /megabyte-head  receive: the headers are larger than 262144 bytes, which is as much as is read
        /not-quite  receive: the status line is malformed (RFC 9112 §4)
        /nothing  wait: took longer than 1s 500ms (--timeout-wait)
        /ok  200
        /ok-too  200
        /reset  wait: the server reset the connection
        /rubbish  receive: the answer is not HTTP: it begins with "\u{1b}[2J\u{9b}31m\0ÿ rubbish\r\n\r\n"
    "#]].assert_eq(&listing(&told(&events(&ran.out))));

    // What was printed is the record, and the record prints the same again.
    assert_eq!(clean(fs::read(record).unwrap()), ran.out);
    let again = run(&[&NDJSON[..], &["--bodies", "replay", record]].concat());
    assert_eq!((again.code, again.err.as_str()), (SOME_FAILED, ""));
    assert_eq!(again.out, ran.out);
    let table = run(&["--headless", "replay", record]);
    assert_eq!(table.code, SOME_FAILED);
    for path in HOSTILE_PATHS {
        assert!(table.out.contains(path), "{path}: {}", table.out);
    }
}

#[test]
fn an_endless_body_is_counted_and_only_its_beginning_is_kept() {
    let server = Hostile::start();
    for path in ["/endless-body", "/endless-chunks"] {
        let url = server.url(path);
        let limits = ["--max-time=300ms", "--max-body=10k", "--bodies", &url];
        let ran = run(&[&NDJSON[..], &limits].concat());
        assert_eq!(ran.code, SOME_FAILED);
        let events = events(&ran.out);
        let body = body(&events);
        assert_eq!(body.kept, 10 * 1024);
        assert!(body.bytes > body.kept, "{body:?}");
        let content = body.content.as_ref().map(|content| content.0.len());
        assert_eq!(content, Some(10 * 1024));
        assert_eq!(
            told(&events)[path],
            "receive: took longer than 300ms (--max-time)"
        );
    }
}

#[test]
fn sixteen_mib_of_a_body_are_kept_and_the_rest_is_counted_and_said() {
    let server = Hostile::start();
    let url = server.url("/17-mib");
    let ran = run(&[&NDJSON[..], &[&url]].concat());
    assert_eq!(ran.code, ALL_ANSWERED);
    let events = events(&ran.out);
    let body = body(&events);
    assert_eq!((body.bytes, body.kept), (17 << 20, 16 << 20));
    let table = run(&["--headless", &url]);
    assert_eq!(table.code, ALL_ANSWERED);
    let says = "1 body was too large to keep whole";
    assert!(table.out.contains(says), "{}", table.out);
}

/// Answers nothing, or that the name does not exist (RFC 1035 §4.1.1).
fn name_server(answers: bool) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((bytes, from)) = socket.recv_from(&mut question) {
            if answers {
                let name_end = question[12..bytes].iter().position(|byte| *byte == 0);
                let end = 12 + name_end.unwrap() + 5;
                let mut answer = question[..2].to_vec();
                answer.extend([0x85, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]);
                answer.extend(&question[12..end]);
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    address
}

/// A port on which connections are neither taken nor refused, as its queue is full.
fn full_port() -> (SocketAddr, Vec<TcpStream>, impl Sized) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(0).unwrap()
    });
    let address = listener.local_addr().unwrap();
    let short = Duration::from_millis(200);
    let queued = || TcpStream::connect_timeout(&address, short).ok();
    let waiting = std::iter::from_fn(queued).collect();
    (address, waiting, (runtime, listener))
}

#[test]
fn whatever_fails_before_http_is_told_with_its_stage() {
    let (full, _waiting, _listener) = full_port();
    let quiet = Hostile::with(say_nothing);
    let plain = Hostile::with(speak_plainly);
    let alert = Hostile::with(break_off);
    let closes = Hostile::with(close);
    let ok = Hostile::start();
    let names = name_server(true).to_string();
    let urls = [
        format!("{REFUSED_URL}refused"),
        // The broadcast address of loopback: there is no way to connect to it.
        "http://127.255.255.255/unreachable".to_owned(),
        "http://no.such.test/no-such-name".to_owned(),
        format!("http://{full}/full"),
        format!("https://{}/tls-silent", quiet.address),
        format!("https://{}/tls-plain", plain.address),
        format!("https://{}/tls-alert", alert.address),
        format!("https://{}/tls-closed", closes.address),
        ok.url("/ok"),
    ];
    let mut args = NDJSON.to_vec();
    args.extend(["--dns", &names]);
    args.extend(["--timeout-connect=1s", "--timeout-tls=1s"]);
    args.extend(urls.iter().map(String::as_str));
    let ran = run(&args);
    assert_eq!((ran.code, ran.err.as_str()), (SOME_FAILED, ""));
    let listing = listing(&told(&events(&ran.out)));
    expect![[r#"
        /full  connect: took longer than 1s (--timeout-connect)
        /no-such-name  dns: no such name: no.such.test does not exist (NXDOMAIN)
        /ok  200
        /refused  connect: 127.0.0.1:2: nobody listens there (refused)
        /tls-alert  tls: the server found no cipher, group or certificate to agree on
        /tls-closed  tls: the server closed the connection
        /tls-plain  tls: the server does not speak TLS on this port
        /tls-silent  tls: took longer than 1s (--timeout-tls)
        /unreachable  connect: 127.255.255.255:80: there is no way to its network
    "#]]
    .assert_eq(&listing.replace(&full.port().to_string(), "PORT"));
}

#[test]
fn a_name_server_that_does_not_answer_is_waited_for_no_longer_than_said() {
    let names = name_server(false).to_string();
    let limits = [
        "--dns",
        &names,
        "--timeout-dns=300ms",
        "http://quiet.test/x",
    ];
    let ran = run(&[&NDJSON[..], &limits].concat());
    assert_eq!(ran.code, SOME_FAILED);
    assert_eq!(
        told(&events(&ran.out))["/x"],
        "dns: took longer than 300ms (--timeout-dns)"
    );
    let first = format!("--dns {names}: it did not answer within 300ms; it may be dead, or slow");
    assert!(ran.err.contains(&first), "{}", ran.err);
}

#[test]
fn a_name_server_that_is_not_there_ends_the_run_before_it_begins() {
    let gone = UdpSocket::bind("127.0.0.1:0").unwrap();
    let names = gone.local_addr().unwrap().to_string();
    drop(gone);
    let ran = run(&[&NDJSON[..], &["--dns", &names, "http://a.test/"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (NOT_STARTED, ""));
    let words = format!("--dns {names}: nobody listens there (refused)");
    assert!(ran.err.contains(&words), "{}", ran.err);
}

#[test]
fn the_family_that_is_asked_for_is_used_and_no_other() {
    let server = Hostile::start();
    for (option, expected) in [
        ("-4", "200"),
        (
            "--ipv6",
            "dns: 127.0.0.1 has no IPv6 address, and -6 asks for no other",
        ),
    ] {
        let ran = run(&[&NDJSON[..], &[option, &server.url("/late/1")]].concat());
        let told = told(&events(&ran.out))["/late/1"].clone();
        assert!(told.starts_with(expected), "{option}: {told}");
    }
}

#[test]
fn time_in_line_counts_for_the_queue_and_for_no_other_stage() {
    let server = Hostile::start();
    // Each waits for all before it; in sum that is far longer than any may wait for its answer.
    let urls: Vec<_> = (0..8)
        .map(|n| server.url(&format!("/late/30{n}")))
        .collect();
    let urls: Vec<_> = urls.iter().map(String::as_str).collect();
    let one = [
        "--per-host=1",
        "--timeout-wait=1500ms",
        "--timeout-connect=1500ms",
    ];
    let ran = run(&[&NDJSON[..], &one, &urls].concat());
    assert_eq!(ran.code, ALL_ANSWERED, "{}", ran.out);
    let events = events(&ran.out);
    let longest = events.iter().map(|event| event.at).max().unwrap();
    assert!(longest.0 > 2_400_000_000, "they took turns: {longest:?}");
    let is_full = |event: &Event| {
        let reason = QueueReason::HostFull { limit: 1 };
        matches!(event.fact, Fact::RequestQueued { reason: why, .. } if why == reason)
    };
    assert!(events.iter().any(is_full));
}

#[test]
fn whoever_stands_in_line_too_long_fails_there() {
    let server = Hostile::start();
    let (first, second) = (server.url("/nothing"), server.url("/ok"));
    let limits = [
        "--per-host=1",
        "--timeout-queue=300ms",
        "--timeout-wait=3s",
        &first,
        &second,
    ];
    let ran = run(&[&NDJSON[..], &limits].concat());
    assert_eq!(ran.code, SOME_FAILED);
    expect![[r#"
        /nothing  wait: took longer than 3s (--timeout-wait)
        /ok  queue: took longer than 300ms (--timeout-queue)
    "#]]
    .assert_eq(&listing(&told(&events(&ran.out))));
}

#[test]
fn exit_codes_say_what_the_run_came_to() {
    let server = Hostile::start();
    let (ok, cut) = (server.url("/ok"), server.url("/cut-body"));
    let code = |args: &[&str]| run(&[&["--headless"], args].concat()).code;
    assert_eq!(code(&[&ok]), ALL_ANSWERED);
    assert_eq!(code(&[&ok, &cut]), SOME_FAILED);
    assert_eq!(code(&[REFUSED_URL]), SOME_FAILED);
    assert_eq!(code(&[&ok, "ftp://a.test/"]), SOME_FAILED);
    assert_eq!(code(&[&ok, "-f", "/no/such/list"]), SOME_FAILED);
    assert_eq!(code(&["ftp://a.test/"]), USAGE);
    assert_eq!(code(&["-f", "/no/such/list"]), USAGE);
    assert_eq!(code(&[]), USAGE);
    assert_eq!(code(&["--no-such-option", &ok]), USAGE);
    assert_eq!(code(&["--cacert", "/no/such/file", &ok]), NOT_STARTED);
    assert_eq!(code(&["--cert", "/no/such/file", &ok]), NOT_STARTED);
    assert_eq!(code(&["--key", "/no/such/file", &ok]), USAGE);
    assert_eq!(code(&["--tls-min=1.3", "--tls-max=1.2", &ok]), USAGE);
    assert_eq!(code(&["-x", "ftp://a.test", &ok]), USAGE);
    assert_eq!(code(&["--events", "/no/such/folder/x", &ok]), NOT_STARTED);
    assert_eq!(code(&["replay", "/no/such/record"]), NOT_STARTED);
    assert_eq!(code(&["--help"]), ALL_ANSWERED);
    assert_eq!(code(&["--version"]), ALL_ANSWERED);
}

#[test]
fn what_cannot_be_used_is_said_in_a_line_before_anything_is_fetched() {
    let server = Hostile::start();
    let ok = server.url("/ok");
    for (args, words) in [
        (
            &["--cert", "/no/such/file"][..],
            "--cert /no/such/file: cannot be read as PEM certificates: I/O error: No such file",
        ),
        (
            &["-x", "socks4://me:geheim@a.test"],
            "-x: a proxy is http://, socks5:// or socks5h://",
        ),
        (
            &["--tls-min", "1.3", "--tls-max", "1.2"],
            "--tls-min 1.3 is above --tls-max 1.2: leave one of them away",
        ),
    ] {
        let ran = run(&[&["--headless", &ok], args].concat());
        assert_eq!(ran.out, "", "{args:?}");
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
        assert!(!ran.err.contains("geheim"), "{}", ran.err);
    }
    let mut command = program();
    command.args(["--headless", &ok]).stdout(Stdio::piped());
    let ran = Running::spawn(command.env("SSLKEYLOGFILE", "/no/such/folder/keys")).end();
    assert_eq!((ran.code, ran.out.as_str()), (NOT_STARTED, ""));
    assert!(
        ran.err
            .contains("SSLKEYLOGFILE /no/such/folder/keys: cannot be written"),
        "{}",
        ran.err
    );
}

#[test]
fn without_a_terminal_there_is_no_screen() {
    let server = Hostile::start();
    let ran = run(&[&server.url("/ok")]);
    assert_eq!((ran.code, ran.err.as_str()), (ALL_ANSWERED, ""));
    assert!(ran.out.contains("1 answered · 0 failed"), "{}", ran.out);
    let ran = run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (USAGE, ""));
    says(
        &ran,
        &expect![[r#"
        there is nothing to fetch: give a URL, -f FILE, or demo
    "#]],
    );
}

#[test]
fn what_is_wrong_with_an_argument_is_told_in_a_line() {
    let wrong = [
        "ftp://a.test/",
        "http://",
        "http://a b/",
        "http://a.test:99999/",
        "http://[::1",
        "",
        "http://a.test/\x1b[2J",
        "http://a.test/\u{9b}2J",
        "http://256.256.256.256/",
        "CONNECT a.test:443",
    ];
    let ran = run(&[&["--headless", "--"], &wrong[..]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (USAGE, ""));
    says(
        &ran,
        &expect![[r#"
        argument 1:1: ftp is not fetched here: only http and https
        argument 2:8: the host is missing: write it as in https://example.com/
        argument 3:9: a blank cannot stand in the name of a host: take it away
        argument 4:15: the port 99999 is too large: 65535 is the highest
        argument 5:8: the bracket [ is not closed: write the address as [::1]
        argument 6:1: there is no URL: type one, such as https://example.com/
        argument 7:15: the control character U+001B (escape) cannot stand in a URL: take it away
        argument 8:15: the control character U+009B cannot stand in a URL: take it away
        argument 9:8: 256.256.256.256 is no IPv4 address: it needs four numbers from 0 to 255
        argument 10:1: CONNECT asks for a tunnel and fetches nothing: use another method
    "#]],
    );
}

#[test]
fn ten_thousand_bad_lines_do_not_lose_the_good_one() {
    let server = Hostile::start();
    let mut list = b"\xef\xbb\xbf# a list of all sorts\r\n".to_vec();
    list.extend(b"http://a.test/\0nul\nhttp://a.test/\xff\xfe\nhttp://");
    list.extend(vec![b'x'; 100_000]);
    list.push(b'\n');
    list.extend("nonsense nonsense nonsense\n".repeat(5_000).as_bytes());
    list.extend(server.url("/ok").as_bytes());
    list.push(b'\n');
    list.extend("ftp://a.test/\x1b[2J\n".repeat(5_000).as_bytes());
    let ran = run_with_input(&[&NDJSON[..], &["-f", "-"]].concat(), &list);
    assert_eq!(ran.code, SOME_FAILED);
    assert_eq!(told(&events(&ran.out))["/ok"], "200");
    let said: Vec<_> = ran.err.lines().collect();
    assert_eq!(said.len(), 21);
    let first = lines(said[..4].iter());
    expect![[r#"
        netwaterfall: standard input:2:15: the control character U+0000 (NUL) cannot stand in a URL: take it away
        netwaterfall: standard input:3:15: byte 0xff is not UTF-8 text: save the list as UTF-8
        netwaterfall: standard input:4:1: the line has 100007 bytes; a URL may have 65536 at most
        netwaterfall: standard input:5:18: a blank cannot stand in the name of a host: take it away
    "#]].assert_eq(&first);
    assert_eq!(said.last(), Some(&"netwaterfall: and 9983 more like these"));
}

#[test]
fn a_list_that_cannot_be_read_does_not_lose_the_others() {
    let server = Hostile::start();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = file("good", server.url("/ok").as_bytes());
    let empty = file("empty", b"");
    let blank = file("blank", b"# nothing but words\n\n\t\n");
    let wide = file("wide", b"\xff\xfeh\0t\0t\0p\0");
    // Its first page is mapped nowhere: it opens, and reading fails for anybody.
    let unreadable = "/proc/self/mem".to_owned();
    let directory = folder.path().to_str().unwrap().to_owned();
    let escapes = format!("{directory}/\x1b[2J\u{9b}");
    let lists = [
        &empty,
        &blank,
        &wide,
        &unreadable,
        &directory,
        &escapes,
        &good,
    ];
    let named = lists.iter().flat_map(|list| ["-f", list.as_str()]);
    let args: Vec<_> = NDJSON.into_iter().chain(named).collect();
    let mut ran = run(&args);
    assert_eq!(ran.code, SOME_FAILED);
    assert_eq!(told(&events(&ran.out))["/ok"], "200");
    ran.err = ran.err.replace(&directory, "FOLDER");
    says(
        &ran,
        &expect![[r#"
        FOLDER/empty has no URL in it: write one a line
        FOLDER/blank has no URL in it: write one a line
        FOLDER/wide:1:1: this is UTF-16 text: save it as UTF-8
        /proc/self/mem cannot be read: Input/output error (os error 5)
        FOLDER is a directory: give a file with a URL a line
        FOLDER/\u{1b}[2J\u{9b} cannot be read: there is no such file; check the name
    "#]],
    );
    for list in lists.iter().filter(|list| **list != &good) {
        let ran = run(&["--headless", "-f", list]);
        assert_eq!((ran.code, ran.out.as_str()), (USAGE, ""), "{list}");
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn arguments_and_lists_are_fetched_in_order() {
    let server = Hostile::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("urls.txt");
    let lines = format!("HEAD {}\r\n{} # why\n", server.url("/b"), server.url("/c"));
    fs::write(&list, lines).unwrap();
    let list = list.to_str().unwrap();
    let typed = server.url("/a");
    let args = [&NDJSON[..], &["-f", list, "-f", "-", &typed]].concat();
    let ran = run_with_input(&args, server.url("/d").as_bytes());
    assert_eq!(ran.code, ALL_ANSWERED, "{}", ran.err);
    let planned: Vec<_> = events(&ran.out)
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::RequestPlanned { method, url, .. } => Some(format!("{method} {}", url.path())),
            _ => None,
        })
        .collect();
    assert_eq!(planned, ["GET /a", "HEAD /b", "GET /c", "GET /d"]);
}

#[test]
fn bodies_are_in_the_record_only_if_asked_for() {
    let server = Hostile::start();
    let url = server.url("/escapes-in-body");
    let whole = b"\x1b[2J\x1b]0;title\x07\xc2\x9b31m\x7f\xc2\x85\0\r\n";
    let content = |args: &[&str]| {
        let ran = run(&[&NDJSON[..], args, &[&url]].concat());
        assert_eq!(ran.code, ALL_ANSWERED);
        let events = events(&ran.out);
        let body = body(&events);
        assert_eq!(body.bytes, whole.len() as u64);
        body.content.as_ref().map(|content| content.0.to_vec())
    };
    assert_eq!(content(&[]), None);
    assert_eq!(content(&["--bodies"]), Some(whole.to_vec()));
}

#[test]
fn the_record_is_never_written_over_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("urls.txt");
    fs::write(&list, REFUSED_URL).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&list, &link).unwrap();
    let detour = folder.path().join(".").join("urls.txt");
    for record in [&list, &link, &detour] {
        let [list, record] = [&list, record].map(|path| path.to_str().unwrap());
        let ran = run(&["--headless", "-f", list, "--events", record]);
        assert_eq!(ran.code, USAGE, "{record}");
        assert!(ran.err.contains("would write over"), "{}", ran.err);
        assert_eq!(fs::read_to_string(list).unwrap(), REFUSED_URL);
    }
}

#[test]
fn a_run_is_written_as_an_archive_at_its_end_and_shown_again() {
    let server = Hostile::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.har");
    fs::write(&path, "something older, and longer than nothing").unwrap();
    let har = path.to_str().unwrap();
    let first = run(&["--headless", "--har", har, &server.url("/plain")]);
    assert_eq!(first.err, "");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"log\":{\"version\":\"1.2\""), "{text}");
    assert!(text.trim_end().ends_with('}'), "{text}");
    let again = run(&["--headless", "replay", har]);
    assert_eq!(again.err, "");
    let row = |ran: &Ran| ran.out.lines().nth(1).unwrap().to_owned();
    let columns = |row: String| row.split('│').next().unwrap().to_owned();
    assert_eq!(columns(row(&again)), columns(row(&first)));
    for (option, code) in [("--har", USAGE), ("--events", USAGE)] {
        let ran = run(&["--headless", option, har, "replay", har]);
        assert_eq!(ran.code, code, "{option}");
        assert!(ran.err.contains("would write over"), "{}", ran.err);
    }
    let ran = run(&["--headless", "--har", har, "--events", har, REFUSED_URL]);
    assert!(ran.err.contains("would write over"), "{}", ran.err);
    let ran = run(&["--headless", "--har", "/nowhere/x.har", REFUSED_URL]);
    assert_eq!((ran.code, ran.out.as_str()), (NOT_STARTED, ""));
    assert!(ran.err.contains("--har /nowhere/x.har: cannot be written"));
}

#[test]
fn what_cannot_be_written_is_told() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for format in ["table", "ndjson"] {
        let args = ["--headless", "--format", format, REFUSED_URL];
        let ran = Running::spawn(program().args(args).stdout(full())).end();
        assert_eq!(ran.code, NOT_STARTED, "{format}");
        let says = "standard output cannot be written";
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    for (option, says) in [
        ("--events", "the record is incomplete"),
        ("--har", "the archive is incomplete"),
        ("-c", "the cookies are not written"),
    ] {
        let ran = run(&["--headless", option, "/dev/full", REFUSED_URL]);
        assert!(ran.err.contains(says), "{}", ran.err);
        assert!(ran.out.contains("1 failed"), "{}", ran.out);
        assert_eq!(ran.code, NOT_STARTED, "{option}");
    }
}

#[test]
fn a_reader_who_goes_away_ends_the_run_quietly() {
    let server = Hostile::start();
    let urls: Vec<_> = (0..500).map(|n| server.url(&format!("/{n}"))).collect();
    let mut command = program();
    command.args(NDJSON).args(&urls).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 20]).unwrap();
    drop(out);
    let err = read_all(child.stderr.take().unwrap());
    let err = clean(err.recv_timeout(PATIENCE).unwrap());
    assert_eq!(err, "");
    assert!(child.wait().unwrap().code().is_some());
}

/// Writes `text` to a file and replays it.
fn replayed(folder: &Path, text: &[u8]) -> Ran {
    let path = folder.join("run.ndjson");
    fs::write(&path, text).unwrap();
    let mut ran = run(&["--headless", "replay", path.to_str().unwrap()]);
    ran.err = ran.err.replace(folder.to_str().unwrap(), "FOLDER");
    ran
}

#[test]
fn what_is_no_record_is_told_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let records: [&[u8]; 6] = [
        b"",
        b"\n\n",
        b"\0\xff\x1b[2J",
        b"http://a.test/\n",
        b"{\"at\":0,\"fact\":\"run_\x1b[2J\"}",
        br#"{"at":0,"fact":"run_started","version":99,"wall_ms":0,"per_host":6,"max_connections":9}"#,
    ];
    let mut all = String::new();
    for record in records {
        let ran = replayed(folder.path(), record);
        assert_eq!((ran.code, ran.out.as_str()), (NOT_STARTED, ""));
        all.push_str(&ran.err);
    }
    expect![[r#"
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this file is empty; --events FILE writes a record
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this file is empty; --events FILE writes a record
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this is neither a recorded run nor a HAR: line 1 is not a run_started fact (expected value at line 1 column 1)
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this is neither a recorded run nor a HAR: line 1 is not a run_started fact (expected value at line 1 column 1)
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this is neither a recorded run nor a HAR: line 1 is not a run_started fact (control character (\u0000-\u001F) found while parsing a string at line 1 column 21)
        netwaterfall: FOLDER/run.ndjson: cannot be replayed: this record has format 99, and this program reads up to 1
    "#]].assert_eq(&all);
}

#[test]
fn a_record_with_wild_lines_is_shown_as_far_as_it_makes_sense() {
    let folder = tempfile::tempdir().unwrap();
    let most = u64::MAX;
    let record = format!(
        r#"{{"at":0,"fact":"run_started","version":1,"wall_ms":{most},"per_host":0,"max_connections":0}}
{{"at":5,"fact":"request_planned","request":1,"method":"GET","url":"http://a.test/x","because":"typed"}}
{{"at":{most},"fact":"request_planned","request":4294967295,"method":"GET","url":"http://b.test/y","because":"typed"}}
{{"at":7,"fact":"body_grew","request":1,"bytes":{most}}}
{{"at":1,"fact":"request_ended","request":1,"verdict":{{"failed":{{"stage":"dns","kind":"system","words":"\u001b[2J\u009b"}}}}}}
{{"at":1,"fact":"request_ended","request":77,"verdict":"answered"}}
{{"at":9,"fact":"connection_planned","connection":3,"origin":{{"scheme":"http","host":"\u001b[2J","port":0}}}}
{{"at":9,"fact":"\u001b[2Junknown"}}
no JSON
{{"at":{most},"fact":"run_ended"}}
"#
    );
    let ran = replayed(folder.path(), record.as_bytes());
    assert_eq!(ran.code, SOME_FAILED);
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
    let words = r"dns: \u{1b}[2J\u{9b}";
    assert!(ran.out.contains(words), "{}", ran.out);
}

#[test]
fn what_was_typed_does_not_act_on_the_terminal_when_it_is_said_again() {
    let escape = "\x1b[2J\u{9b}31m\u{85}";
    for args in [
        &["--format", escape, "a.test"][..],
        &[&format!("--{escape}")],
        &["--max-body", escape, "a.test"],
        &["--dns", escape, "a.test"],
        &["--timeout-dns", escape, "a.test"],
        &["--cacert", escape, REFUSED_URL],
        &["--events", &format!("/no/{escape}"), REFUSED_URL],
        &["-f", escape],
        &["replay", escape],
        &["demo", escape],
    ] {
        let ran = run(&[&["--headless"], args].concat());
        assert!([USAGE, NOT_STARTED].contains(&ran.code), "{args:?}");
        assert!(ran.err.contains("31m"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_port_that_was_free_again_is_refused_and_said_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let ran = run(&["--headless", &url]);
    assert_eq!(ran.code, SOME_FAILED);
    let words = "connect: ";
    assert!(ran.out.contains(words), "{}", ran.out);
    assert!(ran.out.contains("(refused)"), "{}", ran.out);
}
