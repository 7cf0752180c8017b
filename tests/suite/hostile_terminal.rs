//! Hostile servers and hasty people, before the real program on a real terminal.

use crate::hostile::Hostile;
use crate::pty::Screen;

/// What stands before the address bar's text.
const ADDRESS_BAR: &str = "›";
/// Two bytes, one key: a single one and the next key might be read as Alt and that key.
const ESCAPE: &[u8] = b"\x1b\x1b";
const ENTER: &[u8] = b"\r";

/// Opens the screen with an empty address bar, ready for typing.
fn open() -> Screen {
    let mut screen = Screen::run(&[], 40, 120);
    screen.until(ADDRESS_BAR);
    screen
}

fn paste(screen: &mut Screen, text: &str) {
    screen.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
}

/// Quits, and checks that nothing of a server's acted on the terminal.
fn quit(mut screen: Screen) {
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    // The terminal is asked for its background, which is nobody else's word.
    let raw = raw.replacen("\x1b]11;?\x07", "", 1);
    let escapes_only = |c: char| c.is_control() && !"\x1b\r\n\t\x08".contains(c);
    let acting: Vec<_> = raw.chars().filter(|c| escapes_only(*c)).collect();
    assert!(acting.is_empty(), "{acting:?}");
    assert!(!raw.contains("\x1b]0;") && !raw.contains("\x1b[2Jb"));
}

#[test]
fn a_servers_escapes_are_shown_and_never_obeyed() {
    let server = Hostile::start();
    let url = server.url("/c1");
    let mut screen = Screen::run(&[&url, &server.url("/rubbish")], 60, 160);
    screen.until("200");
    screen.until("✕");
    screen.send(b"gj");
    screen.send(ENTER);
    screen.until(r"begins with");
    screen.until(r"\u{1b}");
    screen.send(b"\tk\t1");
    screen.until(r"\u{9b}31mOK\u{9b}2J");
    screen.until(r"a\u{9b}2Jb\u{9d}0;title\u{9c}");
    screen.send(b"2");
    screen.until(r"\u{9b}31m");
    screen.send(b"4");
    screen.until(r"\u{7f}");
    for tab in [b"3", b"5", b"6"] {
        screen.send(tab);
    }
    screen.until("no lifetime");
    quit(screen);
}

#[test]
fn a_pasted_list_is_fetched_line_by_line() {
    let server = Hostile::start();
    let mut screen = open();
    let list = format!(
        "{}\r\n# a comment\r\nHEAD {}\r\nftp://a.test/\r\n{}\r\n",
        server.url("/first"),
        server.url("/second"),
        server.url("/third"),
    );
    paste(&mut screen, &list);
    for path in ["/first", "/second", "/third", "HEAD", "3 done"] {
        screen.until(path);
    }
    screen.until("ftp is not fetched here");
    quit(screen);
}

#[test]
fn a_pasted_escape_is_no_key_and_no_command() {
    let mut screen = open();
    paste(&mut screen, "http://a.test/\u{9b}2J\u{7}q\r\n");
    screen.until("cannot stand in a URL");
    quit(screen);
}

#[test]
fn a_typed_url_is_fetched_and_its_failure_is_told() {
    let mut screen = open();
    screen.send(b"http://127.0.0.1:2/typed");
    screen.send(ENTER);
    screen.until("/typed");
    screen.until("nobody listens there (refused)");
    screen.until("connect");
    screen.send(ESCAPE);
    quit(screen);
}

#[test]
fn a_typed_url_that_is_none_can_be_mended() {
    let server = Hostile::start();
    let mut screen = open();
    screen.send(b"ftp://a.test/");
    screen.send(ENTER);
    screen.until("ftp is not fetched here");
    screen.until("ftp://a.test/");
    // To the beginning of the line, and one after the other away.
    screen.send(b"\x15");
    screen.send(server.url("/mended").as_bytes());
    screen.send(ENTER);
    screen.until("/mended");
    screen.until("200");
    quit(screen);
}
