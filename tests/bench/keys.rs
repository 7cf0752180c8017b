//! From a key to its frame, with 100,000 rows and 2,000 facts a second.

use std::time::{Duration, Instant};

use netwaterfall::ui::{Focus, State, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use crate::run_of::{exchange, run_of};
use crate::stopwatch::line;

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

/// Each key is pressed while facts come: how long the worst and the usual took until it was drawn.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn bench() {
    let mut model = run_of(ROWS);
    let mut state = State::new(SIZE, "bench");
    state.focus = Focus::Table;
    state.settle(&model);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(SIZE.width, SIZE.height));
    let theme = Theme::ansi();
    let mut facts = (ROWS + 1..).flat_map(exchange);
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
