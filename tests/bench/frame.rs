//! What a frame costs, however many rows there are.

use netwaterfall::model::Model;
use netwaterfall::ui::{Focus, State, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use crate::run_of::run_of;
use crate::stopwatch::{line, median};

const SIZE: Size = Size::new(132, 43);

/// A screen as a person has it, some keys pressed.
fn looked_at(model: &Model, keys: &str) -> State {
    let mut state = State::new(SIZE, "bench");
    state.focus = Focus::Table;
    state.settle(model);
    for key in keys.chars() {
        let code = if key == '\n' {
            KeyCode::Enter
        } else {
            KeyCode::Char(key)
        };
        state.key(&KeyEvent::new(code, KeyModifiers::NONE), model);
    }
    state
}

pub(crate) fn bench() {
    let views = [
        ("as they were planned", ""),
        ("at the end", "G"),
        ("sorted by time, at the end", "sssssssG"),
        ("filtered, a line drawn through", "f2.png\n|"),
    ];
    let mut first = [None; 4];
    for (name, requests) in [("100", 100), ("10,000", 10_000), ("1,000,000", 1_000_000)] {
        let model = run_of(requests);
        for ((view, keys), first) in views.iter().zip(&mut first) {
            let state = looked_at(&model, keys);
            let Ok(mut terminal) = Terminal::new(TestBackend::new(SIZE.width, SIZE.height));
            let theme = Theme::ansi();
            let now = model.latest();
            let took = median(100, || {
                let Ok(_) = terminal.draw(|frame| draw(frame, &model, &state, now, &theme));
            });
            let base = *first.get_or_insert(took);
            line(
                &format!("{name} rows, {view}"),
                took,
                Some((base, "100 rows")),
            );
        }
    }
}
