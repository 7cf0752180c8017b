use crossterm::event::KeyEvent;
use ratatui::layout::Size;

use crate::cli::{Look, UsageError};
use crate::event::{Event, Moment};
use crate::message::visible;
use crate::model::Model;
use crate::ui::{Effect, Focus, Keys, State, Theme, pressed};

use super::decoder::unpacked;
use super::graphics::Graphics;
use super::picture::{drawn, longest_waiting};
use super::reckoning::{imagined, reckoned};
use super::searcher::found;

/// The keys that are to be pressed.
pub(super) fn presses(look: &Look) -> Result<Vec<KeyEvent>, UsageError> {
    let written = look.keys.as_deref().unwrap_or_default().split_whitespace();
    let press = |written: &str| {
        pressed(written).ok_or_else(|| UsageError::NoKey {
            key: visible(written).into_owned(),
        })
    };
    written.map(press).collect()
}

/// The facts up to the moment that is looked at.
pub(super) fn until(mut events: Vec<Event>, look: &Look) -> Vec<Event> {
    if let Some(at) = look.at.map(Moment::from) {
        events.retain(|event| event.at <= at);
    }
    events
}

/// Where somebody sits who looks at a recorded run, and when.
pub(super) struct Pose {
    pub(super) size: Size,
    pub(super) keys: Keys,
    pub(super) now: Moment,
    pub(super) theme: Theme,
}

impl Pose {
    /// What is seen once these keys were pressed, as an SVG picture.
    pub(super) fn picture(self, model: &Model, title: &str, presses: &[KeyEvent]) -> String {
        let model = reckoned(model);
        let mut state = State::new(self.size, title);
        (state.focus, state.is_recorded, state.keys) = (Focus::Table, true, self.keys);
        state.has_true_colour = true;
        if presses.is_empty() {
            state.selected = longest_waiting(&model);
        }
        state.settle(&model);
        for key in presses {
            if let Some(Effect::Imagine(nth)) = state.key(key, &model) {
                state.imagined = Some(imagined(&model, nth));
            }
            if let Some(packed) = state.packed(&model) {
                state.open_body(unpacked(&packed, Graphics::None));
            }
            while let Some(quest) = state.quest(&model) {
                state.found(found(&quest), &model);
            }
            state.settle(&model);
        }
        drawn(&model, &state, self.now, self.theme)
    }
}
