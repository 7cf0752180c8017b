//! What a person does with a request in the real program: it is copied, written, changed.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::pty::Screen;
use crate::source::root;

const RUN: &str = "tests/fixtures/runs/mixed.ndjson";

/// A recorded run on a screen of its own folder.
fn replay(folder: &Path, environment: &[(&str, &str)]) -> Screen {
    let run = root().join(RUN);
    let run = run.to_str().unwrap();
    let mut screen = Screen::run_in(folder, &["replay", run], 30, 100, environment);
    screen.until("a.test");
    screen
}

fn quit(mut screen: Screen) {
    screen.send(b"\x03");
    assert_eq!(screen.wait(), 1, "some of its requests failed");
    assert!(screen.restored(), "{}", screen.text());
}

/// What the terminal was told to put into the clipboard last.
fn clipboard(screen: &Screen) -> String {
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    let (_, rest) = raw.rsplit_once("\x1b]52;c;").expect("an OSC 52");
    let base64 = rest.split(['\x07', '\x1b']).next().unwrap();
    String::from_utf8(BASE64.decode(base64).unwrap()).unwrap()
}

#[test]
fn what_is_copied_goes_to_the_clipboard_and_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = replay(folder.path(), &[("TMUX", ""), ("STY", "")]);
    screen.send(b"yu");
    screen.until("the URL went to the clipboard (OSC 52)");
    let url = clipboard(&screen);
    assert!(url.starts_with("https://"), "{url}");
    screen.send(b"yc");
    screen.until("#1 as a curl command went to the clipboard");
    assert!(clipboard(&screen).starts_with(&format!("curl '{url}'")));
    screen.send(b"ya");
    screen.until("the headers of the answer went to the clipboard");
    assert!(clipboard(&screen).starts_with("HTTP/1.1 200"));
    quit(screen);
}

#[test]
fn tmux_is_told_to_hand_on_what_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = replay(folder.path(), &[("TMUX", "/tmp/tmux-0/default,1,0")]);
    screen.send(b"yu");
    screen.until("OSC 52 through tmux");
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    assert!(raw.contains("\x1bPtmux;\x1b\x1b]52;c;"), "{raw:?}");
    quit(screen);
}

#[test]
fn a_terminal_without_a_clipboard_gets_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let environment = [
        ("TERM", "linux"),
        ("TMUX", ""),
        ("STY", ""),
        ("TMPDIR", place),
    ];
    let mut screen = replay(folder.path(), &environment);
    screen.send(b"yu");
    screen.until("not for this terminal's clipboard: the URL went into");
    let written = fs::read_to_string(folder.path().join("url.txt")).unwrap();
    assert!(written.starts_with("https://"), "{written}");
    quit(screen);
}

#[test]
fn the_run_is_written_and_can_be_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = replay(folder.path(), &[]);
    for (letter, words, name) in [
        (
            b'e',
            "the events, without secrets, went into",
            "netwaterfall.ndjson",
        ),
        (b'E', "secrets and all, went into", "netwaterfall-2.ndjson"),
        (b'o', "the report went into", "netwaterfall.json"),
        (b't', "the table went into", "netwaterfall.txt"),
        (b's', "the picture went into", "netwaterfall.svg"),
        (b'c', "#1 as a curl command went into", "request.sh"),
    ] {
        screen.send(&[b'w', letter]);
        screen.until(words);
        assert!(folder.path().join(name).exists(), "{name}");
    }
    quit(screen);
    let written = fs::read(folder.path().join("netwaterfall-2.ndjson")).unwrap();
    let record = netwaterfall::import::read_record(&written).unwrap();
    let before = fs::read(root().join(RUN)).unwrap();
    let before = netwaterfall::import::read_record(&before).unwrap();
    assert_eq!(record.events, before.events);
}

#[test]
fn a_pasted_command_for_curl_is_fetched() {
    let mut screen = Screen::run(&[], 24, 100);
    screen.until("›");
    let command = "curl 'http://127.0.0.1:2/pasted' \\\r  -X PUT \\\r  -H 'A: b'";
    screen.send(format!("\x1b[200~{command}\x1b[201~").as_bytes());
    screen.until("PUT");
    screen.until("/pasted");
    screen.send(b"\x03");
    screen.wait();
}

#[test]
fn every_tab_of_a_request_can_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = replay(folder.path(), &[]);
    for (key, words) in [
        (b'1', "General"),
        (b'2', "Sent ("),
        (b'3', "where the figure comes from"),
        (b'4', "charset"),
        (b'5', "known how"),
        (b'6', "nothing stored for this URL"),
    ] {
        screen.send(&[key]);
        screen.until(words);
    }
    quit(screen);
}

#[test]
fn a_request_is_edited_and_fetched_again() {
    let mut screen = Screen::run(&["http://127.0.0.1:2/first"], 30, 100);
    screen.until("✕ connect");
    screen.send(b"R");
    screen.until("Edit and fetch again");
    screen.send(b"-edited\r");
    screen.until("2 requests");
    screen.until("/first-edited");
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn a_request_is_edited_in_another_program() {
    let environment = [("VISUAL", ""), ("EDITOR", "sed -i s/first/second/")];
    let args = ["-X", "PUT", "-H", "X-Mine: 1", "http://127.0.0.1:2/first"];
    let mut screen = Screen::run_with(&args, 30, 100, &environment);
    screen.until("✕ connect");
    screen.send(b"R");
    screen.until("Edit and fetch again");
    screen.send(b"\x0f");
    screen.until("/second");
    screen.send(b"\x13");
    screen.until("2 requests");
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}
