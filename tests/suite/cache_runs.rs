//! The cache in the real program: its key, its 504, and parts from one run to the next.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::pty::Screen;
use crate::sockets::serve_all;

/// A server on loopback, and how many requests came.
struct Server {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let address = serve_all(move |line| serve(&line, &count));
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// One request a connection; where there is no answer, the connection just ends.
fn serve(mut line: &TcpStream, asked: &AtomicUsize) {
    let mut head = String::new();
    let mut from = BufReader::new(line);
    while !head.ends_with("\r\n\r\n") {
        if from.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    asked.fetch_add(1, Ordering::SeqCst);
    let head = head.to_ascii_lowercase();
    let path = head.split(' ').nth(1).unwrap();
    if let Some(answer) = answer(path, &head) {
        line.write_all(answer.as_bytes()).unwrap();
    }
}

fn answer(path: &str, head: &str) -> Option<String> {
    let whole = |said: &str| {
        Some(format!(
            "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nCache-Control: {said}\r\nContent-Length: 10\r\n\
             Connection: close\r\n\r\n0123456789"
        ))
    };
    let part = |from: usize, until: usize| {
        let (body, length) = ("0123456789".get(from..until)?, 10 - from);
        Some(format!(
            "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes {from}-9/10\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    };
    match path {
        "/fresh" => whole("max-age=1000"),
        "/checked" if head.contains("if-none-match") => None,
        "/checked" => whole("no-cache"),
        "/cut" if head.contains("range: bytes=4-") => part(4, 7),
        "/cut" if head.contains("range: bytes=7-") => part(7, 10),
        "/cut" => whole("max-age=1000").map(|whole| whole.trim_end_matches("456789").to_owned()),
        other => panic!("{other}"),
    }
}

/// What the program printed, and how it ended.
fn ran(caches: &Path, args: &[&str], input: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
    command.env("XDG_CACHE_HOME", caches).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// A run of one URL with the cache on the disk: its exit code, and what the report says of it.
fn fetched(caches: &Path, url: &str, more: &[&str]) -> (Option<i32>, Value) {
    let args = [&["--cache", "disk", "--format", "json", url], more].concat();
    let (code, out) = ran(caches, &args, "");
    let mut report: Value = serde_json::from_str(&out).unwrap();
    (code, report["requests"][0].take())
}

/// The whole takes three runs, each of which begins where the one before was cut.
#[test]
fn parts_that_were_cut_in_runs_of_their_own_are_joined_on_the_disk() {
    let (caches, server) = (tempdir().unwrap(), Server::start());
    let url = server.url("cut");
    for here in ["4 of 10 bytes", "7 of 10 bytes"] {
        let (code, request) = fetched(caches.path(), &url, &[]);
        assert_eq!(
            (code, &request["verdict"]),
            (Some(1), &json!("failed")),
            "{request}"
        );
        let (_, shown) = ran(caches.path(), &["cache", "show", &url], "");
        assert!(shown.contains(here), "{here}: {shown}");
    }
    let (code, request) = fetched(caches.path(), &url, &[]);
    assert_eq!(
        (code, &request["cache"]),
        (Some(0), &json!("completed")),
        "{request}"
    );
    let (_, body) = ran(caches.path(), &["cache", "show", &url, "--body"], "");
    assert_eq!((body.as_str(), server.asked()), ("0123456789", 3));
}

/// A 504 that the cache makes is an answer like any other, for the exit code, the report, other
/// programs and the screen.
#[test]
fn a_504_of_the_cache_is_an_answer_everywhere() {
    let (caches, server) = (tempdir().unwrap(), Server::start());
    let url = server.url("checked");
    assert_eq!(fetched(caches.path(), &url, &[]).0, Some(0));
    for more in [&[][..], &["--offline"]] {
        let (code, request) = fetched(caches.path(), &url, more);
        assert_eq!(code, Some(0), "{more:?}");
        assert_eq!(
            [&request["status"], &request["verdict"], &request["failure"]],
            [&json!(504), &json!("answered"), &Value::Null],
            "{more:?}"
        );
        assert_eq!(request["cache"], Value::Null, "it was no help");
    }
    let line = format!("{}\n", json!({"id": "1", "url": url}));
    let (code, told) = ran(caches.path(), &["pipe", "--cache", "disk"], &line);
    let result: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!(
        (code, &result["ok"], &result["status"], result.get("error")),
        (Some(0), &json!(true), &json!(504), None),
        "{told}"
    );
    assert!(
        result["cache"].as_str().unwrap().starts_with("no-cache: "),
        "{told}"
    );
    let mut screen = on_screen(caches.path(), &["--cache", "disk", &url]);
    screen.until("504 cache");
    screen.send(b"6");
    screen.until("the server cannot be asked");
    screen.send(b"\x03");
    assert_eq!(screen.wait(), 0);
}

#[test]
fn what_was_set_aside_is_cleared_too() {
    let caches = tempdir().unwrap();
    let folder = caches.path().join("netwaterfall");
    std::fs::create_dir(&folder).unwrap();
    let (file, aside) = (folder.join("cache.redb"), folder.join("cache.aside.redb"));
    for files in [&[&file, &aside][..], &[&aside]] {
        for path in files {
            std::fs::write(path, "no database at all").unwrap();
        }
        let (code, told) = ran(caches.path(), &["cache", "clear"], "");
        let bytes = 18 * files.len();
        let words = format!("forgot everything: {bytes} B in ");
        assert!(code == Some(0) && told.starts_with(&words), "{told}");
        assert!(!file.exists() && !aside.exists());
    }
    let (_, told) = ran(caches.path(), &["cache", "clear"], "");
    assert!(told.starts_with("there is no cache in "), "{told}");
}

fn on_screen(caches: &Path, args: &[&str]) -> Screen {
    let caches = caches.to_str().unwrap();
    Screen::run_with(args, 24, 132, &[("XDG_CACHE_HOME", caches)])
}

#[test]
fn d_switches_the_cache_off_and_on_for_the_next_fetches() {
    let (caches, server) = (tempdir().unwrap(), Server::start());
    let mut screen = on_screen(caches.path(), &[&server.url("fresh")]);
    screen.until("1 request · 1 done");
    screen.send(b"d");
    screen.until("the cache is off for the next fetches");
    screen.until("cache off");
    screen.send(b"r");
    screen.until("2 requests · 2 done");
    assert_eq!(server.asked(), 2, "the server was asked again");
    screen.send(b"d");
    screen.until("the cache is on again");
    screen.send(b"r");
    screen.until("3 requests · 3 done · 1 from cache");
    assert_eq!(server.asked(), 2, "what the first one stored is still good");
    screen.send(b"\x03");
    assert_eq!(screen.wait(), 0);
    assert!(screen.restored(), "{}", screen.text());
}
