//! Cookies over the simulated network: which go along, which are kept, and why not the others.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command as Program;

use expect_test::expect;
use netwaterfall::cookies::{ThirdParties, Visit};
use netwaterfall::engine::{CookieRules, Settings};
use netwaterfall::event::{Because, Command, Fact, Wanted};
use netwaterfall::message::{Cookie, Credentials};
use proptest::prelude::*;

use crate::hostile::Hostile;
use crate::sim::{Page, Ran, Script, WALL_MS, check, fetch, run_commands};

/// A page that sets cookies.
fn setting(lines: &[&str]) -> Page {
    answer("200 OK", lines)
}

fn answer(status: &str, lines: &[&str]) -> Page {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n");
    for line in lines {
        let name = if line.contains(": ") {
            ""
        } else {
            "Set-Cookie: "
        };
        write!(head, "{name}{line}\r\n").unwrap();
    }
    Page::answer(50, format!("{head}\r\n"))
}

/// Fetches these one after the other.
async fn visits(urls: &[&str], script: Script, cookies: CookieRules) -> Ran {
    let commands = (0..).zip(urls).map(|(n, url)| (n * 1_000, fetch(&[url])));
    let settings = Settings {
        cookies,
        ..Settings::default()
    };
    let ran = run_commands(commands.collect(), script, settings).await;
    check(&ran.events);
    ran
}

/// What is told of cookies.
fn told(ran: &Ran) -> String {
    let mut text = String::new();
    for event in &ran.events {
        match &event.fact {
            Fact::RequestPlanned { request, url, .. } => writeln!(text, "{request} {url}"),
            Fact::CookiesChosen { sent, withheld, .. } => {
                for cookie in sent {
                    writeln!(text, "  sent {}", cookie.pair()).unwrap();
                }
                for cookie in withheld {
                    writeln!(text, "  withheld {}: {}", cookie.key.name, cookie.words).unwrap();
                }
                Ok(())
            }
            Fact::CookieJudged { line, words, .. } => writeln!(text, "  {line} → {words}"),
            Fact::CookieDropped { key, words } => writeln!(text, "  gone {key}: {words}"),
            Fact::RequestSent { head, .. } => {
                for value in head.headers.all("cookie") {
                    writeln!(text, "  Cookie: {value}").unwrap();
                }
                Ok(())
            }
            _ => Ok(()),
        }
        .unwrap();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn every_cookie_of_a_site_has_a_verdict() {
    let script = Script::usual()
        .page(
            "/set/x",
            setting(&[
                "here=1",
                "all=2; Path=/; Max-Age=60",
                "safe=3; Secure",
                "no=4; Domain=test",
            ]),
        )
        .page(
            "/again",
            setting(&["all=5; Path=/", "here=; Path=/set; Max-Age=0", "tab=a\tb"]),
        );
    let urls = [
        "http://a.test/set/x",
        "http://a.test/again",
        "http://a.test/set/y",
    ];
    let ran = visits(&urls, script, CookieRules::default()).await;
    expect![[r#"
        #1 http://a.test/set/x
          here=1 → stored until the session ends
          all=2; Path=/; Max-Age=60 → stored for 1 min
          safe=3; Secure → refused: Secure on http: it has to come over https
          no=4; Domain=test → refused: Domain=test: anybody may have a name below it
        #2 http://a.test/again
          sent all=2
          withheld here: Path=/set: the request is for /again
          Cookie: all=2
          all=5; Path=/ → replaced until the session ends: another value, expiry
          here=; Path=/set; Max-Age=0 → deleted: it expired before it came
          gone here (a.test/set): an answer deleted it
          tab=a	b → refused: there is a control character in it
        #3 http://a.test/set/y
          sent all=5
          Cookie: all=5
    "#]]
    .assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_sets_cookies_for_the_next_request_and_an_interim_answer_none() {
    let early = b"HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\n";
    let script = Script::usual()
        .page(
            "/",
            answer("302 Found", &["Location: /next", "a=1; Path=/"]),
        )
        .page(
            "/next",
            Page::answer(10, early).send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        );
    let ran = visits(&["http://a.test/"], script, CookieRules::default()).await;
    expect![[r#"
        #1 http://a.test/
          a=1; Path=/ → stored until the session ends
        #2 http://a.test/next
          sent a=1
          Cookie: a=1
          early=1 → refused: an interim answer sets no cookies
    "#]]
    .assert_eq(&told(&ran));
}

/// Two requests to a site from a page of another.
async fn from_elsewhere(visit: Visit, third_parties: ThirdParties) -> Ran {
    let lines = [
        "strict=1; SameSite=Strict",
        "lax=1; SameSite=Lax",
        "none=1; SameSite=None; Secure",
        "apart=1; SameSite=None; Secure; Partitioned",
        "plain=1",
    ];
    let rules = CookieRules {
        page: Some("https://b.test/".parse().unwrap()),
        visit,
        third_parties,
        ..CookieRules::default()
    };
    let script = Script::usual().page("/set", setting(&lines));
    visits(&["https://a.test/set", "https://a.test/"], script, rules).await
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_from_another_sites_page_depends_on_same_site() {
    let part = from_elsewhere(Visit::Part, ThirdParties::Allowed).await;
    expect![[r#"
        #1 https://a.test/set
          strict=1; SameSite=Strict → refused: SameSite=Strict: the page is of another site, https://b.test
          lax=1; SameSite=Lax → refused: SameSite=Lax: the page is of another site, https://b.test
          none=1; SameSite=None; Secure → stored until the session ends
          apart=1; SameSite=None; Secure; Partitioned → stored until the session ends
          plain=1 → refused: no SameSite, so as Lax: the page is of another site, https://b.test
        #2 https://a.test/
          sent none=1
          sent apart=1
          Cookie: none=1; apart=1
    "#]].assert_eq(&told(&part));
    let link = from_elsewhere(Visit::Navigation, ThirdParties::Allowed).await;
    expect![[r#"
        #1 https://a.test/set
          strict=1; SameSite=Strict → stored until the session ends
          lax=1; SameSite=Lax → stored until the session ends
          none=1; SameSite=None; Secure → stored until the session ends
          apart=1; SameSite=None; Secure; Partitioned → stored until the session ends
          plain=1 → stored until the session ends
        #2 https://a.test/
          sent lax=1
          sent none=1
          sent apart=1
          sent plain=1
          withheld strict: SameSite=Strict: the page is of another site, https://b.test
          Cookie: lax=1; none=1; apart=1; plain=1
    "#]]
    .assert_eq(&told(&link));
    let off = from_elsewhere(Visit::Part, ThirdParties::Off).await;
    expect![[r#"
        #1 https://a.test/set
          strict=1; SameSite=Strict → refused: SameSite=Strict: the page is of another site, https://b.test
          lax=1; SameSite=Lax → refused: SameSite=Lax: the page is of another site, https://b.test
          none=1; SameSite=None; Secure → refused: third-party cookies are off, and the page is of https://b.test
          apart=1; SameSite=None; Secure; Partitioned → stored until the session ends
          plain=1 → refused: no SameSite, so as Lax: the page is of another site, https://b.test
        #2 https://a.test/
          sent apart=1
          Cookie: apart=1
    "#]].assert_eq(&told(&off));
}

#[tokio::test(start_paused = true)]
async fn requests_without_credentials_neither_send_nor_keep() {
    let plain = |credentials| {
        let url = "http://a.test/".parse().unwrap();
        Command::Fetch(vec![Wanted {
            credentials,
            ..Wanted::get(url, Because::Typed)
        }])
    };
    let script = || Script::usual().page("/", setting(&["a=1"]));
    let commands = vec![
        (0, plain(Credentials::Omit)),
        (1_000, plain(Credentials::Include)),
        (2_000, plain(Credentials::Omit)),
        (3_000, plain(Credentials::SameOrigin)),
    ];
    let ran = run_commands(commands, script(), Settings::default()).await;
    expect![[r#"
        #1 http://a.test/
          a=1 → refused: credentials=omit: the request goes without cookies
        #2 http://a.test/
          a=1 → stored until the session ends
        #3 http://a.test/
          withheld a: credentials=omit: the request goes without cookies
          a=1 → refused: credentials=omit: the request goes without cookies
        #4 http://a.test/
          sent a=1
          Cookie: a=1
          a=1 → replaced until the session ends: by the same
    "#]]
    .assert_eq(&told(&ran));

    let page = CookieRules {
        page: Some("http://www.a.test/".parse().unwrap()),
        ..CookieRules::default()
    };
    let settings = Settings {
        cookies: page,
        ..Settings::default()
    };
    let commands = vec![
        (0, plain(Credentials::Include)),
        (1_000, plain(Credentials::SameOrigin)),
    ];
    let ran = run_commands(commands, script(), settings).await;
    expect![[r#"
        #1 http://a.test/
          a=1 → stored until the session ends
        #2 http://a.test/
          withheld a: credentials=same-origin: the page is of another origin
          a=1 → refused: credentials=same-origin: the page is of another origin
    "#]]
    .assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn what_a_person_says_of_cookies_counts_more_than_the_jar() {
    let saying = |change: fn(&mut Wanted)| {
        let mut wanted = Wanted::get("http://a.test/away".parse().unwrap(), Because::Typed);
        change(&mut wanted);
        Command::Fetch(vec![wanted])
    };
    let script = Script::usual()
        .page("/set", setting(&["jar=1; Path=/"]))
        .page("/away", answer("302 Found", &["Location: http://b.test/"]));
    let commands = vec![
        (0, fetch(&["http://a.test/set"])),
        (
            1_000,
            saying(|wanted| wanted.saying.cookies = Some("typed=2; nameless".into())),
        ),
        (
            2_000,
            saying(|wanted| wanted.saying.say("cookie", "own=3").unwrap()),
        ),
        (
            3_000,
            saying(|wanted| wanted.saying.without = vec!["Cookie".into()]),
        ),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    expect![[r#"
        #1 http://a.test/set
          jar=1; Path=/ → stored until the session ends
        #2 http://a.test/away
          sent jar=1
          Cookie: jar=1; typed=2; nameless
        #3 http://b.test/
        #4 http://a.test/away
          withheld jar: the request brought a Cookie header of its own
          Cookie: own=3
        #5 http://b.test/
        #6 http://a.test/away
          withheld jar: the request was to have no Cookie header
        #7 http://b.test/
    "#]]
    .assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn a_jar_can_be_begun_changed_and_left_out() {
    let mut cookie = Cookie::new("old", "1", "a.test");
    cookie.expires = Some(WALL_MS + 1_500);
    let start = vec![cookie, Cookie::new("b", "2", "a.test")];
    let key = Cookie::new("b", "", "a.test").key();
    let put = Command::PutCookie {
        cookie: Box::new(Cookie::new("c", "3", "a.test")),
        instead_of: Some(key.clone()),
    };
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (500, put),
        (1_000, fetch(&["http://a.test/2"])),
        (
            1_900,
            Command::DropCookies(vec![key, Cookie::new("c", "", "a.test").key()]),
        ),
        (2_000, fetch(&["http://a.test/3"])),
    ];
    let settings = |is_off| Settings {
        cookies: CookieRules {
            start: start.clone(),
            is_off,
            ..CookieRules::default()
        },
        ..Settings::default()
    };
    let ran = run_commands(commands, Script::usual(), settings(false)).await;
    expect![[r#"
        #1 http://a.test/1
          sent old=1
          sent b=2
          Cookie: old=1; b=2
          gone b (a.test/): a person deleted it
        #2 http://a.test/2
          sent old=1
          sent c=3
          Cookie: old=1; c=3
          gone c (a.test/): a person deleted it
        #3 http://a.test/3
          gone old (a.test/): it expired
          withheld old: expired 0 s ago
    "#]]
    .assert_eq(&told(&ran));
    let script = Script::usual().page("/", setting(&["a=1"]));
    let off = run_commands(
        vec![(0, fetch(&["http://a.test/"]))],
        script,
        settings(true),
    )
    .await;
    expect![[r#"
        #1 http://a.test/
          a=1 → refused: cookies are off
    "#]]
    .assert_eq(&told(&off));
}

/// A server that sets cookies and says in its body which it was sent.
fn echo(line: &mut TcpStream) -> io::Result<()> {
    let mut asked = [0; 16 * 1024];
    let count = line.read(&mut asked)?;
    let asked = String::from_utf8_lossy(&asked[..count]).into_owned();
    let sent = asked.lines().find_map(|line| line.strip_prefix("Cookie: "));
    let body = sent.unwrap_or("none");
    let head = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=GEHEIM; Max-Age=3600; HttpOnly\r\n\
        Set-Cookie: session=1; SameSite=Strict; Path=/\r\nConnection: close\r\n";
    let length = body.len();
    write!(line, "{head}Content-Length: {length}\r\n\r\n{body}")
}

/// What the program says when it ends well.
fn program(arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_netwaterfall");
    let ran = Program::new(program)
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(arguments)
        .env("no_proxy", "*")
        .output()
        .unwrap();
    let trouble = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{trouble}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn cookies_are_kept_in_a_file_from_run_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let (jar, copy) = (folder.path().join("jar"), folder.path().join("copy"));
    let (jar, copy) = (jar.to_str().unwrap(), copy.to_str().unwrap());
    let url = Hostile::with(echo).url("/p/x");
    let ndjson = ["--headless", "--format", "ndjson", "--bodies", "--secrets"];
    let run = |options: &[&str]| program(&[&ndjson, options, &[url.as_str()]].concat());

    assert!(run(&["--cookies", jar]).contains("\"text\":\"none\""));
    let mode = fs::metadata(jar).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let told = run(&["--cookies", jar]);
    assert!(
        told.contains("\"text\":\"sid=GEHEIM; session=1\""),
        "{told}"
    );

    let told = run(&[
        "-b",
        jar,
        "-b",
        "typed=2",
        "-c",
        copy,
        "--no-third-party",
        "--site",
        &url,
    ]);
    assert!(told.contains("sid=GEHEIM; session=1; typed=2"), "{told}");
    let text = fs::read_to_string(copy).unwrap();
    assert!(text.starts_with("# Netscape HTTP Cookie File\n"), "{text}");
    assert!(
        text.contains("#HttpOnly_127.0.0.1\tFALSE\t/p\tFALSE\t"),
        "{text}"
    );
    assert!(
        !text.contains("typed"),
        "what was typed is not kept: {text}"
    );

    assert!(run(&["-b", jar, "--no-cookies"]).contains("\"text\":\"none\""));
}

#[test]
fn secrets_are_written_only_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("run.ndjson");
    let record = record.to_str().unwrap();
    let url = Hostile::with(echo).url("/");
    let common = [
        "--headless",
        "--format",
        "ndjson",
        "--events",
        record,
        "-u",
        "me:pass",
    ];
    let told = program(&[&common[..], &[url.as_str(), url.as_str()]].concat());
    let written = fs::read_to_string(record).unwrap();
    for text in [&told, &written] {
        assert!(
            !text.contains("GEHEIM") && !text.contains("bWU6cGFzcw"),
            "{text}"
        );
        assert!(
            text.contains("sid=***; Max-Age=3600") && text.contains("Basic ***"),
            "{text}"
        );
    }
    let again = program(&["replay", record, "--headless", "--format", "ndjson"]);
    assert_eq!(again, written, "a record without secrets is replayed");
    let open = program(&[&common[..], &["--secrets", url.as_str()]].concat());
    assert!(
        open.contains("sid=GEHEIM") && open.contains("bWU6cGFzcw"),
        "{open}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines of `Set-Cookie` from any bytes, and from pieces that mean something.
    #[test]
    fn no_line_breaks_the_law(
        lines in proptest::collection::vec(
            (any::<u8>(), prop_oneof![proptest::collection::vec(any::<u8>(), 0..40), meant()]),
            0..30,
        )
    ) {
        let lines = lines.into_iter().map(|(from, mut line)| {
            line.insert(0, from);
            line
        });
        let bytes = lines.collect::<Vec<_>>().join(&b'\n');
        crate::laws::hold("set_cookie", &bytes);
    }
}

/// A line of pieces that mean something.
fn meant() -> impl Strategy<Value = Vec<u8>> {
    let pair = prop::sample::select(vec![
        "a=1",
        "b=2",
        "a=3",
        "c",
        "=d",
        "__Host-e=1",
        "__Secure-f=2",
    ]);
    let attribute = prop::sample::select(vec![
        "Path=/",
        "Path=/dir",
        "Path=dir",
        "Domain=a.test",
        "Domain=.www.a.test",
        "Domain=uk",
        "Secure",
        "HttpOnly",
        "SameSite=Strict",
        "SameSite=None",
        "Max-Age=0",
        "Max-Age=5",
        "Max-Age=99999999999",
        "Expires=1 Jan 2027 0:0:0",
        "Partitioned",
        "Priority=High",
    ]);
    let attributes = proptest::collection::vec(attribute, 0..5);
    (pair, attributes).prop_map(|(pair, attributes)| {
        let parts = std::iter::once(pair).chain(attributes);
        parts.collect::<Vec<_>>().join("; ").into_bytes()
    })
}
