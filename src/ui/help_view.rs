use ratatui::crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::model::Model;

use super::binding::Mode;
use super::keys::Bound;
use super::layers::Overlay;
use super::state::State;
use super::typing::edit_request;

/// Help, and what is searched for in it.
#[derive(Clone, Debug, Default)]
pub(super) struct HelpView {
    /// Where it was asked for; what can be done there comes first.
    pub(super) place: Mode,
    pub(super) search: Input,
}

/// The keys of a place.
pub(super) struct Section<'a> {
    pub(super) mode: Mode,
    pub(super) rows: Vec<&'a Bound>,
}

/// Help for where one is.
impl State {
    /// Shows help for the place in which keys are pressed now.
    pub(super) fn ask_help(&mut self) {
        self.help = HelpView {
            place: self.mode(),
            search: Input::default(),
        };
        self.lay_over(Overlay::Help);
    }

    /// First what is searched for goes, then help.
    pub(super) fn close_help(&mut self) {
        self.unrolled = 0;
        if self.help.search.value().is_empty() {
            self.uncover();
        } else {
            self.help.search.reset();
        }
    }

    /// What is typed is searched for; the key that opens help closes it, too.
    pub(super) fn type_help(&mut self, event: &KeyEvent, model: &Model) {
        if event.code == KeyCode::Char('?') && self.help.search.value().is_empty() {
            self.uncover();
        } else if let Some(request) = edit_request(event) {
            self.help.search.handle(request);
            self.unrolled = 0;
            // No further than there are lines.
            self.go(0, model);
        }
    }

    pub(super) fn paste_help(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            let request = tui_input::InputRequest::InsertChar(c);
            self.help.search.handle(request);
        }
        self.unrolled = 0;
    }

    /// The keys that are told of, those of the place where one was first.
    pub(super) fn help_sections(&self) -> Vec<Section<'_>> {
        let here = self.help.place;
        let first: &[Mode] = if here == Mode::Details {
            &[Mode::Details, Mode::Panes]
        } else {
            &[here]
        };
        let others = Mode::ALL.iter().filter(|mode| !first.contains(mode));
        let search = self.help.search.value().to_lowercase();
        let words: Vec<_> = search.split_whitespace().collect();
        let sections = first.iter().chain(others).map(|mode| Section {
            mode: *mode,
            rows: self
                .keys
                .at(*mode)
                .filter(|bound| is_found(bound, &words))
                .collect(),
        });
        sections
            .filter(|section| !section.rows.is_empty())
            .collect()
    }
}

/// Whether each word is in what an action does, in its place, in its name, or is one of its keys.
fn is_found(bound: &Bound, words: &[&str]) -> bool {
    let binding = bound.binding;
    let text = format!(
        "{} {} {}",
        binding.words,
        binding.name,
        binding.mode.words()
    );
    let text = text.to_lowercase();
    let is_key = |word: &str| bound.keys.iter().any(|key| key.to_lowercase() == word);
    words.iter().all(|word| text.contains(word) || is_key(word))
}
