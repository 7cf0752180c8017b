use crate::event::RequestId;
use crate::model::{Model, Request};

use super::layers::Overlay;
use super::pane;
use super::state::{Focus, State};

/// Moving about, and keeping in sight what is selected.
impl State {
    /// Facts came, or another filter: keeps the selection where it is, or on the newest while
    /// following.
    pub fn settle(&mut self, model: &Model) {
        self.sift(model);
        let is_behind = self.is_behind(model);
        let is_hidden = |id: RequestId| !is_behind && self.row_of(id, model).is_none();
        if self.is_following || self.selected.is_none_or(is_hidden) {
            let near = if self.is_following {
                self.row_count(model).saturating_sub(1)
            } else {
                self.selected.map_or(0, |id| self.rows.row_near(id, model))
            };
            let chosen = self.row(near, model).map(|request| request.id);
            if chosen.is_some() && chosen != self.selected {
                (self.selected, self.cursor, self.scrolled) = (chosen, 0, 0);
            }
        }
        self.keep_focus_in_sight();
        self.settle_lanes(model);
        let rows = usize::from(self.areas().table.height);
        let place = self.place(model);
        let last_top = self.row_count(model).saturating_sub(rows);
        let lowest = (place + 1).saturating_sub(rows);
        self.top = self.top.clamp(lowest.min(place), place).min(last_top);
    }

    /// Whether not all rows are made yet: to settle once more makes some more of them.
    pub fn is_behind(&self, model: &Model) -> bool {
        self.rows.is_behind(model)
    }

    fn place(&self, model: &Model) -> usize {
        self.selected
            .and_then(|id| self.row_of(id, model))
            .unwrap_or(0)
    }

    pub(super) fn page(&self) -> isize {
        if matches!(self.overlay, Some(Overlay::Help | Overlay::Palette)) {
            return i16::try_from(pane::rows_of_list(self.room_on_top().as_size()))
                .map_or(1, isize::from);
        }
        let areas = self.areas();
        let area = match self.focus {
            Focus::Details => areas.details,
            Focus::Lanes => areas.slots,
            Focus::Table | Focus::Address | Focus::Filter | Focus::Search => areas.table,
        };
        isize::from(i16::try_from(area.height.saturating_sub(1).max(1)).unwrap_or(i16::MAX))
    }

    pub(super) fn go(&mut self, by: isize, model: &Model) {
        if self.overlay == Some(Overlay::Jar) {
            self.go_in_jar(by, model);
            return;
        }
        if self.overlay == Some(Overlay::Palette) {
            self.go_in_palette(by, model);
            return;
        }
        if let Some(Overlay::Menu(menu)) = self.overlay {
            let last = menu.rows().len().saturating_sub(1);
            self.pointed = self.pointed.saturating_add_signed(by).min(last);
            return;
        }
        if self.overlay == Some(Overlay::Columns) {
            self.go_in_columns(by);
            return;
        }
        if self.overlay.is_some() {
            let room = usize::from(self.room_on_top().height.saturating_sub(2));
            let last = self.lines_on_top(model).saturating_sub(room);
            self.unrolled = self.unrolled.saturating_add_signed(by).min(last);
            return;
        }
        if self.focus == Focus::Lanes {
            self.go_in_lanes(by, model);
            return;
        }
        if self.focus == Focus::Details {
            let last = pane::sheet(self, model).len().saturating_sub(1);
            self.cursor = self.cursor.min(last).saturating_add_signed(by).min(last);
            self.keep_cursor_in_sight();
            return;
        }
        let last = self.row_count(model).saturating_sub(1);
        let place = self.place(model).saturating_add_signed(by).min(last);
        self.is_following = false;
        self.select(self.row(place, model), model);
    }

    pub(super) fn select(&mut self, request: Option<&Request>, model: &Model) {
        self.selected = request.map(|request| request.id);
        (self.cursor, self.scrolled) = (0, 0);
        self.settle(model);
    }

    pub(super) fn keep_cursor_in_sight(&mut self) {
        let area = self.areas().details;
        let notes = self.rows_for_notes(area);
        let rows = usize::from(area.height.saturating_sub(1 + notes)).max(1);
        let lowest = (self.cursor + 1).saturating_sub(rows);
        self.scrolled = self.scrolled.clamp(lowest, self.cursor);
    }

    /// Keys never go to a pane that the screen has no room for.
    fn keep_focus_in_sight(&mut self) {
        if self.focus != Focus::Details {
            return;
        }
        if self.areas().details.height == 0 {
            self.focus = Focus::Table;
        } else {
            self.keep_cursor_in_sight();
        }
    }
}
