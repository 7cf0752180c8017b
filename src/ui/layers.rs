use super::action::Effect;
use super::binding::Mode;
use super::menu::Menu;
use super::state::{Focus, State};

/// What lies on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// What glyphs and colours mean.
    Legend,
    /// The cookies.
    Jar,
    /// The columns.
    Columns,
    /// The run as it would have been.
    WhatIf,
    /// What can be copied, or written.
    Menu(Menu),
    /// A request, to be changed.
    Form,
    /// All that can be done.
    Palette,
}

/// Layers, and where keys go by them.
impl State {
    /// Where a key is pressed now.
    pub(super) const fn mode(&self) -> Mode {
        match (self.overlay, self.focus) {
            (Some(Overlay::Jar), _) if self.jar.editing.is_some() => Mode::Cookie,
            (Some(Overlay::Jar), _) => Mode::Jar,
            (Some(Overlay::Menu(_)), _) => Mode::Menu,
            (Some(Overlay::Form), _) => Mode::Form,
            (Some(Overlay::Help), _) => Mode::Help,
            (Some(Overlay::Palette), _) => Mode::Palette,
            (None, Focus::Address) => Mode::Address,
            (None, Focus::Filter) => Mode::Filter,
            (None, Focus::Search) => Mode::Search,
            (Some(Overlay::Columns), _) => Mode::Columns,
            (None, Focus::Details) if self.finder.is_typed => Mode::Finder,
            (None, Focus::Details) => Mode::Details,
            (Some(Overlay::Legend | Overlay::WhatIf), _) | (None, Focus::Table | Focus::Lanes) => {
                Mode::Panes
            }
        }
    }

    pub(super) fn toggle(&mut self, overlay: Overlay) {
        let is_shown = self.overlay == Some(overlay);
        self.overlay = (!is_shown).then_some(overlay);
        self.unrolled = 0;
    }

    /// Lays help or the palette over whatever is there, which is seen again when it goes away.
    pub(super) fn lay_over(&mut self, overlay: Overlay) {
        self.beneath.extend(self.overlay.replace(overlay));
        self.unrolled = 0;
    }

    /// Takes the top layer off; whether there was one.
    pub(super) fn uncover(&mut self) -> bool {
        let was_covered = self.overlay.is_some();
        self.overlay = self.beneath.pop();
        was_covered
    }

    pub(super) fn back(&mut self) {
        if self.uncover() || self.line.take().is_some() {
            return;
        }
        if !matches!(self.focus, Focus::Address | Focus::Lanes) {
            self.is_detailed = false;
        }
        self.focus = Focus::Table;
    }

    pub(super) fn leave(&mut self) -> Option<Effect> {
        let is_top = self.overlay.is_none() && self.line.is_none() && !self.is_detailed;
        if is_top && self.focus != Focus::Lanes {
            return Some(Effect::Quit);
        }
        self.back();
        None
    }

    /// The details over the whole screen, or in their place again.
    pub(super) fn zoom_details(&mut self) {
        let was_large = self.is_zoomed && self.focus == Focus::Details;
        self.show(self.tab);
        self.is_zoomed = !was_large && self.focus == Focus::Details;
    }
}
