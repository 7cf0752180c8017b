//! A run told in lines, for whoever hears them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use expect_test::expect_file;

use crate::pty::Screen;

const RUN: &str = "tests/fixtures/runs/mixed.ndjson";

/// What the program says, with this on its standard input: output, complaints, exit code.
fn told(args: &[&str], typed: &str) -> (String, String, Option<i32>) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
        .args(args)
        .args(["--config", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = run.stdin.take().unwrap();
    // One that reads nothing may be gone by now.
    let _ = input.write_all(typed.as_bytes());
    drop(input);
    let run = run.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(run.stdout), text(run.stderr), run.status.code())
}

fn is_plain(c: char) -> bool {
    c == '\n' || (c.is_ascii() && !c.is_control())
}

#[test]
fn a_run_is_told_in_lines_as_it_happens() {
    let (text, complaints, code) = told(&["replay", RUN, "--plain"], "");
    expect_file!["snapshots/plain.txt"].assert_eq(&text);
    assert_eq!((complaints.as_str(), code), ("", Some(1)));
    for name in ["mixed", "queue", "cookies"] {
        let run = format!("tests/fixtures/runs/{name}.ndjson");
        let (text, ..) = told(&["replay", &run, "--plain"], "");
        assert_eq!(text.chars().find(|c| !is_plain(*c)), None, "{text}");
        assert!(text.lines().all(|line| line.ends_with('.')), "{text}");
        assert!(text.lines().count() > 8, "{text}");
        assert!(
            text.lines().last().unwrap().starts_with("In all: "),
            "{text}"
        );
    }
}

#[test]
fn nothing_that_servers_say_acts_on_a_terminal_that_is_told() {
    let (text, ..) = told(
        &["replay", "tests/fixtures/runs/hostile.ndjson", "--plain"],
        "",
    );
    let acting = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(acting, None, "{text}");
}

#[test]
fn colour_is_for_failures_and_only_where_it_is_asked_for() {
    let (text, ..) = told(&["replay", RUN, "--plain", "--color", "always"], "");
    for line in text.lines() {
        let is_red = line.starts_with("\u{1b}[31m") && line.ends_with("\u{1b}[0m");
        assert_eq!(is_red, line.contains(" failed after "), "{line}");
    }
}

#[test]
fn another_format_goes_before_lines() {
    let (text, ..) = told(&["replay", RUN, "--plain", "--format", "ndjson"], "");
    assert!(text.lines().all(|line| line.starts_with('{')), "{text}");
}

#[test]
fn what_is_typed_is_fetched_as_the_address_bar_would() {
    let typed = "localhost:2/a\n\nftp://x\nHEAD http://127.0.0.1:2/b\ncurl -X PUT \\\n  http://127.0.0.1:2/c";
    let (text, complaints, code) = told(&["--plain"], typed);
    for words in [
        "asks for GET http://localhost:2/a.",
        "asks for HEAD http://127.0.0.1:2/b.",
        "asks for PUT http://127.0.0.1:2/c.",
        "In all: 3 requests, 0 answered, 3 failed",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    assert_eq!(complaints.lines().count(), 1, "{complaints}");
    assert!(complaints.contains("ftp"), "{complaints}");
    assert_eq!(code, Some(1));
    let (text, ..) = told(&["--plain"], "");
    assert!(text.contains("In all: 0 requests"), "{text}");
}

#[test]
fn a_list_and_arguments_do_not_wait_for_what_is_typed() {
    let (text, ..) = told(&["--plain", "127.0.0.1:2"], "127.0.0.1:3\n");
    assert!(text.contains("In all: 1 request,"), "{text}");
    let (text, ..) = told(&["--plain", "-f", "-"], "127.0.0.1:2\n127.0.0.1:3\n");
    assert!(text.contains("In all: 2 requests,"), "{text}");
}

#[test]
fn a_terminal_that_cannot_be_drawn_on_is_told_in_lines() {
    let mut screen = Screen::run_with(&["replay", RUN], 60, 120, &[("TERM", "dumb")]);
    assert_eq!(screen.wait(), 1, "some of the run failed");
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    assert!(!raw.contains('\u{1b}'), "{raw:?}");
    assert!(
        raw.contains("from #1, GET https://b.test/ to #9, GET https://b.test/api?q=1"),
        "{raw}"
    );
    assert!(raw.contains("In all: 15 requests, "), "{raw}");
}

#[test]
fn what_is_typed_at_a_dumb_terminal_is_fetched_until_its_end() {
    let mut screen = Screen::run_with(&[], 40, 120, &[("TERM", "dumb")]);
    screen.until("Type a URL and press Enter");
    screen.send(b"127.0.0.1:2/typed\n");
    screen.until("http://127.0.0.1:2/typed failed after");
    screen.send(b"\x04");
    screen.until("In all: 1 request");
    assert_eq!(screen.wait(), 1);
}
