use crate::model::Model;

use super::state::{Focus, State};

/// Going from pane to pane.
impl State {
    /// Table, details, lanes, and round; what the screen has no room for is left out.
    pub(super) fn next_pane(&mut self, model: &Model) {
        match self.focus {
            Focus::Table => self.show(self.tab),
            Focus::Details if self.has_lanes(model) => self.enter_lanes(model),
            Focus::Details | Focus::Lanes | Focus::Address | Focus::Filter | Focus::Search => {
                self.focus = Focus::Table;
            }
        }
    }

    pub(super) fn pane_before(&mut self, model: &Model) {
        match self.focus {
            Focus::Table if self.has_lanes(model) => self.enter_lanes(model),
            Focus::Table => self.show(self.tab),
            Focus::Lanes if self.is_detailed => self.show(self.tab),
            Focus::Details | Focus::Lanes | Focus::Address | Focus::Filter | Focus::Search => {
                self.focus = Focus::Table;
            }
        }
    }

    /// Whether there are lanes to be seen.
    pub(super) fn has_lanes(&self, model: &Model) -> bool {
        self.areas().slots.height > 0 && !model.connections().is_empty()
    }
}
