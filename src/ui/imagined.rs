use crate::message::Group;
use crate::model::{Model, Request};

use super::action::Effect;
use super::layers::Overlay;
use super::pane;
use super::state::State;

/// A run as it would have been, to be laid beside the one that was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imagined {
    /// The run.
    pub model: Model,
    /// What is different, and what that makes, as a sentence.
    pub words: String,
}

/// What is laid over the run, and what of it is folded.
impl State {
    /// The first change that there is; while one is shown, the next.
    pub(super) fn imagine(&mut self) -> Effect {
        if self.overlay == Some(Overlay::WhatIf) {
            self.imagining += 1;
        } else {
            self.toggle(Overlay::WhatIf);
        }
        Effect::Imagine(self.imagining)
    }

    pub(super) fn fold_host(&mut self, model: &Model) {
        let group = self.current(model).and_then(Request::group);
        if let Some(group) = group {
            self.fold_group(&group);
        }
    }

    /// Folds the lanes of a group, or unfolds them.
    pub(super) fn fold_group(&mut self, group: &Group) {
        if !self.folded.remove(group) {
            self.folded.insert(group.clone());
        }
    }

    /// How many lines what lies on top may have.
    pub(super) fn lines_on_top(&self, model: &Model) -> usize {
        if self.overlay == Some(Overlay::WhatIf) {
            // Two rows a request, under the words.
            return model.requests().len() * 2 + 6;
        }
        // Help is the longest of the others.
        pane::lines_of_help(self)
    }
}
