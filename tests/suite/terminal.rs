//! The real program on a real terminal: it opens, it obeys, and it leaves nothing behind.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::pty::{Screen, hang_up};

/// What stands before the address bar's text.
const ADDRESS_BAR: &str = "›";
/// Two bytes, one key: a single one and the next key might be read as Alt and that key.
const ESCAPE: &[u8] = b"\x1b\x1b";
const CONTROL_C: &[u8] = b"\x03";
const CONTROL_Z: &[u8] = b"\x1a";
/// Nobody listens there, and to ask needs no network.
const REFUSED_URL: &str = "http://127.0.0.1:2/";

fn open() -> Screen {
    let mut screen = Screen::run(&[], 24, 80);
    screen.until(ADDRESS_BAR);
    screen
}

/// Leaves the address bar first, which would take the key for text.
fn quit(screen: &mut Screen) {
    screen.send(ESCAPE);
    screen.send(b"q");
}

#[test]
fn it_opens_with_an_empty_address_bar() {
    let screen = open();
    assert!(!screen.restored(), "the screen is a screen of its own");
    let text = screen.text();
    let bar = text.lines().find_map(|line| line.split_once(ADDRESS_BAR));
    let typed = bar.map(|(_, behind)| behind.split("  ").next().unwrap_or_default());
    assert!(typed.is_some_and(|typed| !typed.contains("://")), "{text}");
}

#[test]
fn q_leaves_the_terminal_as_it_was() {
    let mut screen = open();
    quit(&mut screen);
    assert_eq!(screen.wait(), 0);
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn control_c_leaves_the_terminal_as_it_was() {
    let mut screen = open();
    screen.send(CONTROL_C);
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn signals_to_end_leave_the_terminal_as_it_was() {
    for signal in ["TERM", "HUP", "INT"] {
        let mut screen = open();
        screen.signal(signal);
        screen.wait();
        assert!(screen.restored(), "{signal}: {}", screen.text());
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    for is_told in [true, false] {
        assert_eq!(hang_up(&[], ADDRESS_BAR, is_told), 0, "{is_told}");
        assert_eq!(
            hang_up(&[REFUSED_URL], "127.0.0.1", is_told),
            1,
            "the request failed"
        );
    }
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was_and_is_told() {
    for thread in ["ui", "engine"] {
        let environment = [("NETWATERFALL_PANIC", thread)];
        let mut screen = Screen::run_with(&[REFUSED_URL], 24, 80, &environment);
        assert_ne!(screen.wait(), 0, "{thread}");
        assert!(screen.restored(), "{thread}: {}", screen.text());
        assert!(
            screen.text().contains("panicked"),
            "{thread}: {}",
            screen.text()
        );
    }
}

#[test]
fn control_z_stops_and_the_screen_comes_back() {
    let mut screen = Screen::run_as_job(&[], 24, 80);
    screen.until(ADDRESS_BAR);
    screen.send(ESCAPE);
    screen.send(CONTROL_Z);
    screen.until("shell: stopped");
    assert!(screen.restored(), "{}", screen.text());
    screen.send(b"\r");
    screen.until(ADDRESS_BAR);
    assert!(!screen.restored(), "the screen is drawn on its own again");
    quit(&mut screen);
    assert_eq!(screen.wait(), 0);
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn any_size_can_be_drawn_on() {
    let mut screen = open();
    for (rows, columns) in [(1, 1), (2, 200), (100, 3), (24, 80)] {
        screen.resize(rows, columns);
    }
    screen.until(ADDRESS_BAR);
    quit(&mut screen);
    assert_eq!(screen.wait(), 0);
}

/// A recorded run of one answer with a body coded with gzip.
fn coded_run() -> tempfile::NamedTempFile {
    let body = include_bytes!("../fixtures/codings/body.gz");
    let size = body.len();
    let base64 = BASE64.encode(body);
    let record = format!(
        r#"{{"at":1,"fact":"run_started","version":1,"wall_ms":0,"per_host":6,"max_connections":256}}
{{"at":2,"fact":"request_planned","request":1,"method":"GET","url":"https://a.test/","because":"typed"}}
{{"at":3,"fact":"head_received","request":1,"head":{{"version":"HTTP/1.1","status":200,"reason":"OK","headers":[["Content-Encoding","gzip"]]}},"bytes":60,"length":{size}}}
{{"at":4,"fact":"body_kept","request":1,"bytes":{size},"kept":{size},"base64":"{base64}"}}
{{"at":5,"fact":"request_ended","request":1,"verdict":"answered"}}
{{"at":6,"fact":"run_ended"}}
"#
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), record).unwrap();
    file
}

#[test]
fn a_coded_body_is_decoded_where_somebody_looks() {
    let run = coded_run();
    let path = run.path().to_str().unwrap();
    let mut screen = Screen::run(&["replay", path], 40, 100);
    screen.until("a.test");
    screen.send(b"4");
    screen.until("line 5 of a body that is coded");
    screen.until("118 B on the wire (gzip), 630 B decoded: 5.3 times as much");
    quit(&mut screen);
    assert_eq!(screen.wait(), 0);
}

#[test]
fn a_decoder_that_breaks_down_leaves_the_screen_as_it_is() {
    let run = coded_run();
    let path = run.path().to_str().unwrap();
    let environment = [("NETWATERFALL_PANIC", "decoder")];
    let mut screen = Screen::run_with(&["replay", path], 40, 100, &environment);
    screen.until("a.test");
    screen.send(b"4");
    screen.until("the decoder broke down over these bytes");
    assert!(!screen.restored(), "{}", screen.text());
    quit(&mut screen);
    assert_eq!(screen.wait(), 0);
}

#[test]
fn escape_and_a_key_at_once_are_two_keys() {
    let mut screen = open();
    screen.send(b"\x1bq");
    assert_eq!(screen.wait(), 0);
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn what_a_terminal_says_late_is_no_key() {
    let mut screen = open();
    screen.send(b"x");
    screen.until("› x");
    screen.send(
        b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b_Gi=31;OK\x1b\\\x1bP>|late(1)\x1b\\\x1b[?62;4cy",
    );
    screen.until("› xy");
    screen.send(CONTROL_C);
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}
