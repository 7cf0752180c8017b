use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::event::Moment;
use crate::model::Model;

use super::action::{Action, Effect, FilterAct, TimeAct};
use super::column::Column;
use super::order::By;
use super::pane;
use super::screen::{Areas, View};
use super::state::{Focus, State};
use super::theme::Theme;

/// What the mouse holds on to while its button is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grab {
    /// The right border of a column, which begins there.
    Border(Column, u16),
    /// The time axis, from that column on.
    Axis(u16),
    /// What parts the details from what is above them.
    Divider,
    /// What tells which of the rows are seen.
    Thumb,
}

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
        if event.kind == MouseEventKind::Down(MouseButton::Left) {
            let at = Position::new(event.column, event.row);
            if let Some(link) = self.link_at(at, model) {
                self.notice = None;
                self.follow_link(link, model);
                self.settle(model);
                return None;
            }
            if let Some(action) = self.offered_at(at, model) {
                self.notice = None;
                return self.update(action, model);
            }
        }
        if let Some(overlay) = self.overlay {
            let effect = self.mouse_on_top(overlay, event, model);
            self.settle(model);
            return effect;
        }
        let at = Position::new(event.column, event.row);
        let areas = self.areas();
        let is_zoom = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.kind {
            MouseEventKind::ScrollDown if is_zoom => self.zoom_with(-1, at.x, model),
            MouseEventKind::ScrollUp if is_zoom => self.zoom_with(1, at.x, model),
            MouseEventKind::ScrollDown => self.wheel(3, at, &areas, model),
            MouseEventKind::ScrollUp => self.wheel(-3, at, &areas, model),
            MouseEventKind::ScrollLeft => self.act_on_time(TimeAct::Pan(-1), model),
            MouseEventKind::ScrollRight => self.act_on_time(TimeAct::Pan(1), model),
            MouseEventKind::Down(MouseButton::Left) => self.click(at, &areas, model),
            MouseEventKind::Drag(MouseButton::Left) => self.drag(at, model),
            MouseEventKind::Up(MouseButton::Left) => self.let_fall(at, model),
            MouseEventKind::Moved if self.line.is_some() && !areas.details.contains(at) => {
                if let Some(moment) = self.moment_at(at.x, model) {
                    self.line = Some(moment);
                }
            }
            _ => {}
        }
        None
    }

    /// What a click on a hint of the footer does, or on a word that the filter offers.
    fn offered_at(&mut self, at: Position, model: &Model) -> Option<Action> {
        let areas = self.areas();
        if self.overlay.is_none()
            && let Some(place) = pane::candidate_at(self, &areas, at)
        {
            self.filtering.completion.picked = place;
            return Some(Action::Filter(FilterAct::Complete));
        }
        let theme = Theme::mono();
        let view = View::of(self, model, model.latest(), &theme);
        if areas.footer.contains(at) {
            return pane::hint_at(&view, areas.footer, at.x);
        }
        if self.overlay.is_some() {
            return None;
        }
        if areas.header.contains(at) {
            return pane::figure_at(&view, areas.header, at.x);
        }
        let is_bar = areas.address.contains(at);
        is_bar
            .then(|| pane::bar_at(&view, areas.address, at.x))
            .flatten()
    }

    fn zoom_with(&mut self, by: i8, x: u16, model: &Model) {
        if let Some(at) = self.moment_at(x, model) {
            self.zoom_at(by, at, model);
        }
    }

    /// The moment that a column of the screen shows.
    fn moment_at(&self, x: u16, model: &Model) -> Option<Moment> {
        let start = self.fitted(model).total() + 1;
        let scale = self.scale(model);
        let column = x.checked_sub(start).filter(|x| *x < scale.columns())?;
        Some(scale.moment(column))
    }

    /// A head sorts, a border of two can be dragged, the time axis too.
    fn click_heads(&mut self, x: u16, model: &Model) {
        let columns = self.fitted(model);
        if let Some((column, start)) = columns.border_at(x) {
            self.grab = Some(Grab::Border(column, start));
        } else if let Some(column) = columns.at(x) {
            self.sort_by(By::Column(column));
        } else if x > columns.total() && !model.requests().is_empty() {
            self.grab = Some(Grab::Axis(x));
        }
    }

    fn drag(&mut self, at: Position, model: &Model) {
        match self.grab {
            Some(Grab::Border(column, start)) => {
                self.layout.resize(column, at.x.saturating_sub(start));
            }
            // The line shows where the stretch will end.
            Some(Grab::Divider) => {
                let bottom = self.areas().details.bottom();
                self.details_rows = Some(bottom.saturating_sub(at.y));
                self.settle(model);
            }
            Some(Grab::Axis(_)) => self.line = self.moment_at(at.x, model).or(self.line),
            Some(Grab::Thumb) => self.scroll_to(at.y, model),
            None => {}
        }
    }

    /// The button was let go: a stretch of the axis is looked at, a place of it gets the line.
    fn let_fall(&mut self, at: Position, model: &Model) {
        if let Some(Grab::Axis(from)) = self.grab.take() {
            let moments = (self.moment_at(from, model), self.moment_at(at.x, model));
            match moments {
                (Some(one), Some(other)) if from.abs_diff(at.x) > 1 => {
                    self.line = None;
                    self.look_at(one.min(other), one.max(other), model);
                }
                (Some(one), _) => self.line = Some(one),
                (None, _) => {}
            }
        }
        self.settle(model);
    }

    /// Whether the column in which it is told which rows are seen is there.
    fn is_on_thumb(&self, at: Position, table: Rect, model: &Model) -> bool {
        let is_needed = self.row_count(model) > usize::from(table.height);
        is_needed && at.x == table.x + self.fitted(model).total()
    }

    /// Shows the rows that a row of the pane stands for.
    fn scroll_to(&mut self, y: u16, model: &Model) {
        let table = self.areas().table;
        let room = usize::from(table.height).max(1);
        let rows = self.row_count(model);
        let at = usize::from(y.clamp(table.y, table.bottom().saturating_sub(1)) - table.y);
        let middle = if at + 1 >= room {
            rows
        } else {
            at * rows / room
        };
        self.is_following = false;
        self.select(self.row(middle.min(rows.saturating_sub(1)), model), model);
    }

    fn wheel(&mut self, by: isize, at: Position, areas: &Areas, model: &Model) {
        if areas.slots.contains(at) && self.overlay.is_none() {
            self.roll_lanes(by, model);
            return;
        }
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
        } else if areas.axis.contains(at) {
            self.click_heads(at.x, model);
            self.settle(model);
        } else if areas.table.contains(at) && self.is_on_thumb(at, areas.table, model) {
            self.grab = Some(Grab::Thumb);
            self.scroll_to(at.y, model);
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
            if let Some(group) = self.group_at(areas.slots, at, model) {
                self.fold_group(&group);
                return;
            }
            if self.is_more_lanes_at(areas.slots, at, model) {
                let page = i16::try_from(areas.slots.height).map_or(1, |rows| rows - 1);
                self.roll_lanes(page.into(), model);
                return;
            }
            let lane = self.connection_at(areas.slots, at, model);
            let hit = self.request_at(areas.slots, at, model);
            if lane.is_some() {
                (self.focus, self.lane) = (Focus::Lanes, lane);
            }
            if let Some(request) = hit.and_then(|id| model.request(id)) {
                self.is_following = false;
                self.select(Some(request), model);
            }
        }
    }

    fn click_details(&mut self, at: Position, areas: &Areas, model: &Model) {
        self.focus = Focus::Details;
        if at.y == areas.details.y {
            self.grab = Some(Grab::Divider);
            if let Some(tab) = pane::tab_at(self, model, areas.details, at.x) {
                self.show(tab);
            }
            return;
        }
        if at.y >= areas.details.bottom() - self.rows_for_notes(areas.details) {
            return;
        }
        let place = self.scrolled + usize::from(at.y - areas.details.y - 1);
        let sheet = pane::sheet(self, model);
        self.cursor = place.min(sheet.len().saturating_sub(1));
        if sheet.title_of(place) == Some(place) || sheet.behind(place).is_some() {
            self.fold(None, model);
        }
    }
}
