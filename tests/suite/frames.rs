//! What goes to the terminal for a frame, and columns that stay straight whatever a URL has in it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use netwaterfall::event::{Event, Moment};
use netwaterfall::message::width;
use netwaterfall::ui::{Theme, draw, for_console};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::screens::{LARGE, SMALL, Scene, USUAL, symbols};

/// Bytes on their way to a terminal.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<Vec<u8>>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal of which only the wire to it is there.
struct Line {
    wire: Wire,
    terminal: Terminal<CrosstermBackend<Wire>>,
}

impl Line {
    fn new(size: Size) -> Self {
        let wire = Wire::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, size.width, size.height));
        let backend = CrosstermBackend::new(wire.clone());
        let options = TerminalOptions { viewport };
        let terminal = Terminal::with_options(backend, options).unwrap();
        Self { wire, terminal }
    }

    /// The bytes of the next frame.
    fn frame(&mut self, scene: &Scene) -> Vec<u8> {
        self.wire.0.borrow_mut().clear();
        let (model, state, now) = (&scene.model, &scene.state, scene.now);
        let theme = Theme::ansi();
        let frame = |frame: &mut ratatui::Frame<'_>| draw(frame, model, state, now, &theme);
        self.terminal.draw(frame).unwrap();
        self.wire.0.borrow().clone()
    }
}

#[test]
fn a_frame_is_as_many_bytes_as_changed_and_no_more() {
    let mut line = Line::new(LARGE);
    let scene = Scene::new("queue", 180, LARGE);
    let first = line.frame(&scene).len();
    assert!(
        (2_000..24_000).contains(&first),
        "the first frame: {first} bytes"
    );
    let same = line.frame(&scene).len();
    assert!(same < 64, "a frame in which nothing changed: {same} bytes");
    let scene = scene.keys("j");
    let moved = line.frame(&scene).len();
    assert!(moved < 1_600, "the next row selected: {moved} bytes");
    let scene = scene.later(213);
    let later = line.frame(&scene).len();
    assert!(
        later < 6_000,
        "a thirtieth of a second later: {later} bytes"
    );
}

/// A slow link carries a run on which little goes on: of a bar that grows, what it grew by is sent,
/// and the figures that tell of it.
#[test]
fn a_frame_in_which_one_bar_grows_is_a_few_words() {
    let mut events = run_of(&["one", "two", "three"]);
    events.extend(
        [
            serde_json::json!({
                "at": 60_000_000, "fact": "request_planned", "request": 4, "method": "GET",
                "url": "http://a.test/slow", "because": "typed",
            }),
            serde_json::json!({
                "at": 60_000_000, "fact": "stage_began", "request": 4, "stage": "wait",
            }),
        ]
        .map(|event| serde_json::from_value(event).unwrap()),
    );
    let mut line = Line::new(LARGE);
    let mut scene = Scene::of(events, Moment::from_millis(1_000), LARGE);
    line.frame(&scene);
    let mut all = Vec::new();
    for frame in 1..=90 {
        scene = scene.later(1_000 + frame * 33);
        all.push(line.frame(&scene).len());
    }
    let second: usize = all.iter().sum::<usize>() / 3;
    all.sort_unstable();
    let (usual, most) = (all[45], all[89]);
    assert!(usual < 120, "{usual} bytes usually: {all:?}");
    assert!(
        most < 2_000,
        "{most} bytes when the axis is laid anew: {all:?}"
    );
    assert!(second < 6_000, "{second} bytes a second");
}

#[test]
fn sixteen_colours_are_enough() {
    let mut line = Line::new(LARGE);
    let mut bytes = Vec::new();
    for keys in ["", "Enter", "L", "|", "f i s", "/ a p p"] {
        let scene = Scene::new("mixed", 60_000, LARGE).keys(keys).searched();
        bytes.extend(line.frame(&scene));
    }
    let text = String::from_utf8(bytes).unwrap();
    let mut colours = 0;
    for kind in ["38;5;", "48;5;"] {
        for rest in text.split(kind).skip(1) {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            assert!(digits.parse::<u8>().unwrap() < 16, "{kind}{digits}");
            colours += 1;
        }
    }
    assert!(colours > 20 && !text.contains("38;2;"), "{colours}");
}

#[test]
fn a_console_has_signs_for_every_screen() {
    for run in ["mixed", "queue", "cookies"] {
        for keys in ["", "Enter", "L", "c", "|", "C"] {
            let mut buffer = Scene::new(run, 60_000, LARGE).keys(keys).buffer();
            for_console(&mut buffer);
            let odd: String = symbols(&buffer)
                .chars()
                .filter(|c| *c > '\u{2000}' && !"─│┌┐└┘┼┤╡█▄▌▐░▒▓•♦≡▲▼←↑→↓▀".contains(*c))
                .collect();
            assert_eq!(odd, "", "{run} {keys}");
        }
    }
}

/// A run whose URLs have `parts` in them.
fn run_of(parts: &[&str]) -> Vec<Event> {
    let planned = parts.iter().enumerate().map(|(n, part)| {
        serde_json::json!({
            "at": 1_000_000 * n, "fact": "request_planned", "request": n + 1, "method": "GET",
            "url": format!("http://a.test/{part}/{part}?{part}"), "because": "typed",
        })
    });
    let ended = parts.iter().enumerate().map(|(n, _)| {
        serde_json::json!({
            "at": 50_000_000, "fact": "request_ended", "request": n + 1, "verdict": "answered",
        })
    });
    let all = planned.chain(ended);
    all.map(|event| serde_json::from_value(event).unwrap())
        .collect()
}

#[test]
fn columns_stay_straight_whatever_a_url_has_in_it() {
    let parts = [
        "plain",
        "日本語のとても長い名前",
        "한국어",
        "😀👩‍👩‍👧🇩🇪",
        "שלום עולם",
        "مرحبا",
        "e\u{301}a\u{308}\u{304}",
        "\u{301}begins",
        "⚠️️x",
        "a\u{202e}b\u{200b}c",
        "ｗｉｄｅ",
        "%E6%97%A5%FF%00",
    ];
    for size in [
        SMALL,
        USUAL,
        LARGE,
        Size::new(61, 20),
        Size::new(97, 30),
        Size::new(200, 60),
    ] {
        for keys in ["", "G", "Enter", "s s s", "f 日", "c x j x G x Esc"] {
            let scene = Scene::of(run_of(&parts), Moment::from_millis(60), size).keys(keys);
            let buffer = scene.buffer();
            crate::screens::lawful(&buffer);
            let text = symbols(&buffer);
            let bars = text.lines().filter(|line| line.contains('│'));
            let columns: Vec<usize> = bars
                .filter_map(|line| line.split_once('│'))
                .map(|(before, _)| width(before))
                .collect();
            assert!(
                columns.windows(2).all(|two| two[0] == two[1]),
                "{keys} {columns:?}\n{text}"
            );
        }
    }
    let scene = Scene::of(run_of(&parts), Moment::from_millis(60), LARGE);
    assert!(scene.text().contains("/日本語の"), "{}", scene.text());
}
