//! What a frame costs, however many rows there are.

use netwaterfall::model::Model;
use netwaterfall::ui::{Focus, State, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use crate::run_of::{Keeping, half_of, run_of};
use crate::stopwatch::{in_turns, line, note};

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
        while state.is_behind(model) {
            state.settle(model);
        }
    }
    state
}

/// A model, what is looked at of it, and the terminal that it is drawn on.
struct Sight<'a> {
    model: &'a Model,
    state: State,
    terminal: Terminal<TestBackend>,
}

impl Sight<'_> {
    fn draw(&mut self) {
        let (model, state, now) = (self.model, &self.state, self.model.latest());
        let theme = Theme::ansi();
        let Ok(_) = self
            .terminal
            .draw(|frame| draw(frame, model, state, now, &theme));
    }
}

/// What is looked at, and the keys that lead there.
const VIEWS: [(&str, &str); 13] = [
    ("as they were planned", ""),
    ("in the middle of the run, zoomed in", "+++++"),
    ("a stretch of it, panned", "+++]]"),
    ("at the end", "G"),
    ("at the end, zoomed in", "G++++++++"),
    ("sorted by duration, at the end", "sssssssG"),
    ("filtered", "f/[02468].png/\n"),
    ("filtered, a line drawn through", "f/[02468].png/\n|"),
    (
        "filtered and sorted, zoomed in",
        "f/[02468].png/\nsssssssG+++",
    ),
    ("details: Headers", "G1"),
    ("details: Timing", "G3"),
    ("details: Connection", "G5"),
    ("details: Cache", "G6"),
];

type Make = fn(u32) -> Model;

pub(crate) fn bench() {
    let runs: [(&str, Make); 3] = [
        ("six connections", |count| run_of(count, Keeping::Alive)),
        ("six connections, half of the requests in line", half_of),
        ("a connection each", |count| run_of(count, Keeping::None)),
    ];
    for (words, make) in runs {
        note(words);
        let models = [100, 10_000, 1_000_000].map(make);
        let mut worst = 0.0_f64;
        for (view, keys) in VIEWS {
            let mut sights = models.each_ref().map(|model| {
                let Ok(terminal) = Terminal::new(TestBackend::new(SIZE.width, SIZE.height));
                let state = looked_at(model, keys);
                Sight {
                    model,
                    state,
                    terminal,
                }
            });
            let [few, more, many] = in_turns(5, &mut sights, Sight::draw);
            line(&format!("100 rows, {view}"), few, None);
            let base = Some((few, "100 rows"));
            line(&format!("10,000 rows, {view}"), more, base);
            line(&format!("1,000,000 rows, {view}"), many, base);
            worst = worst.max(many.as_secs_f64() / few.as_secs_f64());
        }
        note(&format!(
            "the worst of 1,000,000 rows: {worst:.2} × 100 rows (1.30 is asked for)"
        ));
    }
}
