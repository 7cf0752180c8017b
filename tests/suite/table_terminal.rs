//! The table on a real terminal: filter, search, sorting, mouse, sizes and pastes.

use std::fs;

use crate::pty::Screen;
use crate::source::root;

fn recorded(name: &str) -> String {
    let path = root().join(format!("tests/fixtures/runs/{name}.ndjson"));
    path.to_str().unwrap().to_owned()
}

fn replay(rows: u16, columns: u16, environment: &[(&str, &str)]) -> Screen {
    let path = recorded("mixed");
    let mut screen = Screen::run_with(&["replay", &path], rows, columns, environment);
    screen.until("15 requests");
    screen
}

/// Whatever is open, in one go.
fn quit(screen: &mut Screen) {
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

/// A click with the left button, as terminals that say SGR report it.
fn click(screen: &mut Screen, column: usize, row: usize) {
    let (x, y) = (column + 1, row + 1);
    screen.send(format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m").as_bytes());
}

/// Where `words` begin on the screen.
fn place(screen: &Screen, words: &str) -> (usize, usize) {
    let text = screen.text();
    let mut lines = text.lines().enumerate();
    let found = lines.find_map(|(row, line)| {
        let (before, _) = line.split_once(words)?;
        Some((netwaterfall::message::width(before), row))
    });
    found.unwrap_or_else(|| panic!("no {words:?} in\n{text}"))
}

#[test]
fn a_list_is_filtered_with_words_that_are_offered() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("urls.txt");
    fs::write(&list, "http://127.0.0.1:2/a\nhttp://127.0.0.1:2/b\n").unwrap();
    let mut screen = Screen::run(&["-f", list.to_str().unwrap()], 24, 80);
    screen.until("2 failed");
    screen.send(b"furl");
    screen.until("url:");
    screen.send(b"\t");
    screen.until("http://127.0.0.1:2/a");
    screen.send(b"*/b\r");
    screen.until("1/2");
    quit(&mut screen);
}

#[test]
fn hits_are_found_on_another_thread_and_gone_to() {
    let mut screen = replay(40, 120, &[]);
    screen.send(b"/html\r");
    screen.until("/ html  ");
    screen.until(" requests");
    screen.send(b"n");
    screen.until("header Content-Type");
    quit(&mut screen);
}

#[test]
fn a_click_sorts_and_the_columns_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let environment = [("XDG_STATE_HOME", home)];
    let mut screen = replay(24, 132, &environment);
    screen.until("Time ");
    let (column, row) = place(&screen, "Time");
    click(&mut screen, column, row);
    screen.until("Time▲");
    screen.send(b"c");
    screen.until("Columns");
    screen.send(b"jj \x1b\x1b");
    screen.until("Time▲");
    quit(&mut screen);
    let kept = fs::read_to_string(folder.path().join("netwaterfall/columns")).unwrap();
    assert!(
        kept.contains("hide method\n") && kept.contains("sort time\n"),
        "{kept}"
    );
    let mut again = replay(24, 132, &environment);
    again.until("Time▲");
    assert!(!again.text().contains("Method"), "{}", again.text());
    quit(&mut again);
    fs::write(folder.path().join("netwaterfall/columns"), "show all").unwrap();
    let mut worse = Screen::run_with(&["replay", &recorded("mixed")], 24, 132, &environment);
    worse.until("line 1: no such column: show all");
    quit(&mut worse);
}

#[test]
fn the_wheel_the_lanes_and_the_divider_obey_the_mouse() {
    let mut screen = replay(43, 132, &[]);
    screen.until("c2 ");
    let (column, row) = place(&screen, "c2 ");
    click(&mut screen, column, row);
    screen.until("its requests");
    screen.send(b"\r");
    screen.until("General");
    let (column, row) = place(&screen, "Timing");
    click(&mut screen, column, row);
    screen.until("where the figure comes from");
    quit(&mut screen);
}

#[test]
fn storms_of_sizes_leave_a_screen_that_is_right() {
    let mut screen = replay(24, 80, &[]);
    screen.send(b"|f.\r\r");
    for (rows, columns) in [
        (1, 1),
        (200, 500),
        (1, 500),
        (200, 1),
        (2, 2),
        (3, 79),
        (12, 40),
        (11, 59),
        (36, 120),
        (5, 7),
        (43, 132),
        (24, 80),
    ] {
        screen.resize(rows, columns);
        screen.send(b"jk");
    }
    screen.until("14/15");
    quit(&mut screen);
}

#[test]
fn ten_thousand_lines_are_pasted() {
    let mut screen = Screen::run(&[], 24, 100);
    screen.until("›");
    let urls: Vec<_> = (0..10_000)
        .map(|n| format!("http://127.0.0.1:2/{n}\n"))
        .collect();
    let lines = urls.concat();
    screen.send(format!("\x1b[200~{lines}\x1b[201~").as_bytes());
    screen.until("10000 requests");
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn every_frame_is_shown_in_one_piece() {
    let mut screen = replay(24, 80, &[]);
    screen.send(b"?");
    screen.until("type to search");
    quit(&mut screen);
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    let (begun, ended) = (
        raw.matches("\x1b[?2026h").count(),
        raw.matches("\x1b[?2026l").count(),
    );
    assert!(begun > 1 && begun == ended, "{begun} begun, {ended} ended");
    let mut parts = raw.split("\x1b[?2026h");
    let before = parts.next().unwrap();
    assert!(!before.contains("mixed"), "{before:?}");
    for part in parts {
        let (_, outside) = part.split_once("\x1b[?2026l").unwrap();
        assert!(!outside.contains("/app.js"), "{outside:?}");
    }
}

#[test]
fn a_text_console_gets_signs_and_colours_that_it_has() {
    let mut screen = replay(43, 132, &[("TERM", "linux")]);
    screen.until("▌");
    quit(&mut screen);
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    for sign in ["▏", "▎", "▊", "╌", "▸", "…", "✕", "◆"] {
        assert!(!raw.contains(sign), "{sign}");
    }
    assert!(
        !raw.contains("38;2;") && !raw.contains("48;2;"),
        "sixteen colours"
    );
}
