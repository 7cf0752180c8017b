//! From a key to its frame, with 100,000 rows and 2,000 facts a second.

use std::fs;
use std::time::{Duration, Instant};

use netwaterfall::ui::{Focus, State, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use crate::origin::{serve, urls};
use crate::run_of::{Keeping, exchange, run_of};
use crate::stopwatch::{line, note};
use crate::terminal::Shown;

const SIZE: Size = Size::new(132, 43);
const ROWS: u32 = 100_000;
/// Facts that come between two frames, thirty of which are drawn a second.
const FACTS: usize = 2_000 / 30;

fn key(key: char) -> KeyEvent {
    let code = match key {
        '\n' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        letter => KeyCode::Char(letter),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

pub(crate) fn bench() {
    drawn();
    shown();
}

/// In the real program on a terminal: from the key to the bytes of its frame.
///
/// All rows are planned at once; a server that takes its time lets two thousand facts a second come.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn shown() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let port = serve(1_000, Duration::from_millis(30));
    let list = folder.path().join("urls.txt");
    let rows = usize::try_from(ROWS).unwrap_or(0);
    fs::write(&list, urls(port, rows)).unwrap_or_else(|error| panic!("{error}"));
    let mut shown = Shown::start(&["-f", &list.display().to_string()]);
    shown.until(&format!("{ROWS} requests"));
    // The first answers are drawn: it has caught up.
    shown.until(" done");
    let mut took = Vec::new();
    for press in 0..PRESSES {
        // At any time since the last frame.
        let wait = Instant::now() + Duration::from_millis(20 + (press * 37) % 41);
        while Instant::now() < wait {
            shown.taken();
        }
        let begin = Instant::now();
        shown.send(if press % 2 == 0 { b"j" } else { b"k" });
        loop {
            let Some((at, bytes)) = shown.piece() else {
                return note("the program ended");
            };
            // The mark of the selected row is drawn where it was not before.
            if at >= begin
                && bytes
                    .windows(MARK.len())
                    .any(|seen| seen == MARK.as_bytes())
            {
                took.push(at.duration_since(begin));
                break;
            }
        }
    }
    shown.quit();
    took.sort();
    let of = |part: usize| {
        took.get(took.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    note("in the program on a terminal, from the key to the bytes of its frame:");
    line("moving: usual", of(50), None);
    line("moving: 99 of 100", of(99), None);
}

/// So many keys are pressed in the real program.
const PRESSES: u64 = 200;
/// What stands before the selected row.
const MARK: &str = "▸";

/// Each key is pressed while facts come: how long the worst and the usual took until it was drawn.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn drawn() {
    let mut model = run_of(ROWS, Keeping::Alive);
    let mut state = State::new(SIZE, "bench");
    state.focus = Focus::Table;
    state.settle(&model);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(SIZE.width, SIZE.height));
    let theme = Theme::ansi();
    let mut facts = (ROWS + 1..).flat_map(|n| exchange(n, n % 6 + 1));
    let mut worst = Duration::ZERO;
    for (what, keys) in [
        ("moving", "jjjjkkkkGgGg"),
        ("sorting by each column", "sssssssssssS"),
        ("typing a filter", "fpictures/9"),
        ("its last words", " -status-code:404\n"),
        ("moving in what is left", "jjGgjj"),
        ("zoom, pan, a line", "++]][[--0|llhh"),
        ("details", "\nj\t\t"),
    ] {
        let mut took = Vec::new();
        for pressed in keys.chars() {
            let begin = Instant::now();
            for event in facts.by_ref().take(FACTS) {
                model.apply(&event);
            }
            state.settle(&model);
            state.key(&key(pressed), &model);
            let now = model.latest();
            let Ok(_) = terminal.draw(|frame| draw(frame, &model, &state, now, &theme));
            took.push(begin.elapsed());
        }
        took.sort();
        let usual = took.get(took.len() / 2).copied().unwrap_or_default();
        let most = took.last().copied().unwrap_or_default();
        line(&format!("{what}: usual"), usual, None);
        line(&format!("{what}: longest"), most, None);
        worst = worst.max(most);
    }
    line("the longest of all (16 ms is asked for)", worst, None);
}
