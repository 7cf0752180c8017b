use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::model::Model;

use super::action::Effect;
use super::pane;
use super::screen::Areas;
use super::state::{Focus, State};

/// The mouse.
impl State {
    pub(super) fn let_go(&mut self) {
        self.has_let_go = !self.has_let_go;
        self.tell(if self.has_let_go {
            "the mouse is the terminal's: text can be selected; m takes it back"
        } else {
            "the mouse selects rows and scrolls"
        });
    }

    /// The mouse was used.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what the mouse can do besides means nothing here"
    )]
    pub fn mouse(&mut self, event: MouseEvent, model: &Model) -> Option<Effect> {
        if let Some(overlay) = self.overlay {
            let effect = self.mouse_on_top(overlay, event, model);
            self.settle(model);
            return effect;
        }
        let at = Position::new(event.column, event.row);
        let areas = self.areas();
        match event.kind {
            MouseEventKind::ScrollDown => self.wheel(3, at, &areas, model),
            MouseEventKind::ScrollUp => self.wheel(-3, at, &areas, model),
            MouseEventKind::Down(MouseButton::Left) => self.click(at, &areas, model),
            _ => {}
        }
        None
    }

    fn wheel(&mut self, by: isize, at: Position, areas: &Areas, model: &Model) {
        let focus = self.focus;
        self.focus = if areas.details.contains(at) {
            Focus::Details
        } else {
            Focus::Table
        };
        self.go(by, model);
        self.focus = focus;
    }

    fn click(&mut self, at: Position, areas: &Areas, model: &Model) {
        if areas.address.contains(at) {
            self.focus = Focus::Address;
        } else if areas.table.contains(at) {
            let place = self.top + usize::from(at.y - areas.table.y);
            self.focus = Focus::Table;
            if let Some(request) = self.row(place, model) {
                self.is_following = false;
                self.select(Some(request), model);
            }
        } else if areas.details.contains(at) {
            self.click_details(at, areas, model);
        } else if areas.slots.contains(at) {
            if let Some(group) = pane::group_at(self, model, areas.slots, at) {
                self.fold_group(&group);
                return;
            }
            let hit = pane::request_at(self, model, areas.slots, at);
            if let Some(request) = hit.and_then(|id| model.request(id)) {
                self.is_following = false;
                self.select(Some(request), model);
            }
        }
    }

    fn click_details(&mut self, at: Position, areas: &Areas, model: &Model) {
        self.focus = Focus::Details;
        if at.y == areas.details.y {
            if let Some(tab) = pane::tab_at(self, model, areas.details, at.x) {
                self.show(tab);
            }
            return;
        }
        let place = self.scrolled + usize::from(at.y - areas.details.y - 1);
        let sheet = pane::sheet(self, model);
        self.cursor = place.min(sheet.lines.len().saturating_sub(1));
        if sheet.title_of(place) == Some(place) {
            self.fold(None, model);
        }
    }
}
