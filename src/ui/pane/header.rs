use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use crate::event::CacheUse;
use crate::message::{Conditions, visible, width};
use crate::model::{bytes, duration};
use crate::ui::action::{Action, FilterAct, Wind};
use crate::ui::menu::Menu;
use crate::ui::screen::View;
use crate::ui::widget::put;

/// The name of the run, its counts, and whether it goes on.
pub(in crate::ui) struct Header<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// A figure, how early it is left out, and what a click on it does.
struct Figure {
    order: u8,
    text: String,
    action: Option<Action>,
}

/// What stands between two figures.
const BETWEEN: &str = " · ";

impl Widget for Header<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let (state, theme) = (self.view.state, self.view.theme);
        let mut x = area.x + 1;
        if names_itself(self.view, area) {
            x += put(buffer, (x, area.y), area.width, NAME, theme.strong()) + 2;
        }
        let room = room_for_title(area, x);
        put(buffer, (x, area.y), room, &state.title, theme.quiet());
        let (sign, style) = self.sign();
        put(buffer, (sign_at(area), area.y), 6, sign, style);
        for (place, (figure, x)) in self.placed(area).into_iter().enumerate() {
            if place > 0 {
                put(buffer, (x - 3, area.y), 3, BETWEEN, theme.quiet());
            }
            let room = area.right().saturating_sub(x);
            let is_failed = figure.action == Some(FAILED);
            let style = if is_failed {
                theme.bad()
            } else {
                theme.plain()
            };
            put(buffer, (x, area.y), room, &figure.text, style);
        }
    }
}

const NAME: &str = "netwaterfall";
const FAILED: Action = Action::Filter(FilterAct::Only("is:failed"));
const STORED: Action = Action::Filter(FilterAct::Only("is:from-cache"));
const RUNNING: Action = Action::Filter(FilterAct::Only("is:running"));

/// Narrow screens name the run only, and leave the room to the figures.
const fn names_itself(view: &View<'_>, area: Rect) -> bool {
    area.width >= 80 || view.state.title.is_empty()
}

/// A title has a third of the row at most.
fn room_for_title(area: Rect, x: u16) -> u16 {
    area.right().saturating_sub(x).min(30).min(area.width / 3)
}

/// Where the sign stands that tells whether the run goes on.
const fn sign_at(area: Rect) -> u16 {
    area.right().saturating_sub(7)
}

/// What a click on the header does.
pub(in crate::ui) fn figure_at(view: &View<'_>, area: Rect, column: u16) -> Option<Action> {
    if column >= sign_at(area) {
        let has_begun = !view.model.requests().is_empty();
        return has_begun.then_some(Action::Wind(Wind::Hold));
    }
    let header = Header { view };
    let placed = header.placed(area).into_iter();
    let ends = placed.map(|(figure, x)| {
        let columns = u16::try_from(width(&figure.text)).unwrap_or(u16::MAX);
        (figure.action, x..x.saturating_add(columns))
    });
    let mut hits = ends.filter(|(_, columns)| columns.contains(&column));
    hits.next().and_then(|(action, _)| action)
}

impl Header<'_> {
    fn sign(&self) -> (&'static str, Style) {
        let (model, theme) = (self.view.model, self.view.theme);
        if let Some(sign) = self.view.state.pace.sign() {
            (sign, theme.accent())
        } else if model.is_moving() {
            ("● live", theme.good())
        } else if model.totals().requests > 0 {
            ("● done", theme.quiet())
        } else {
            ("○ idle", theme.quiet())
        }
    }

    /// The first column that is left to figures.
    fn left_for_figures(&self, area: Rect) -> u16 {
        let mut x = area.x + 1;
        if names_itself(self.view, area) {
            x += u16::try_from(NAME.len()).unwrap_or(0) + 2;
        }
        let room = room_for_title(area, x);
        let title = width(&visible(&self.view.state.title));
        x + u16::try_from(title).unwrap_or(u16::MAX).min(room) + 2
    }

    /// As many of the figures as there is room for, each with its column; the least telling are left
    /// out first, as half a figure would be a wrong one.
    fn placed(&self, area: Rect) -> Vec<(Figure, u16)> {
        let end = sign_at(area).saturating_sub(2);
        let room = usize::from(end.saturating_sub(self.left_for_figures(area)));
        let mut figures = self.figures();
        let columns = |figures: &[Figure]| {
            let all: usize = figures.iter().map(|figure| width(&figure.text)).sum();
            all + figures.len().saturating_sub(1) * width(BETWEEN)
        };
        while columns(&figures) > room {
            let least = (0..figures.len()).max_by_key(|at| figures.get(*at).map(|one| one.order));
            figures.remove(least.unwrap_or(0));
        }
        let taken = u16::try_from(columns(&figures)).unwrap_or(0);
        let mut x = end.saturating_sub(taken);
        let place = |figure: Figure| {
            let at = x;
            x += u16::try_from(width(&figure.text) + width(BETWEEN)).unwrap_or(0);
            (figure, at)
        };
        figures.into_iter().map(place).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let model = self.view.model;
        let totals = model.totals();
        let is_throttled = model.conditions() != Conditions::None;
        let is_unusual = model.caching().used != CacheUse::On || is_throttled;
        if totals.requests == 0 && !is_unusual {
            return Vec::new();
        }
        let mut figures = Vec::new();
        let mut add = |order: u8, text: String, action: Option<Action>| {
            figures.push(Figure {
                order,
                text,
                action,
            });
        };
        let s = if totals.requests == 1 { "" } else { "s" };
        add(0, format!("{} request{s}", totals.requests), None);
        let answered = totals.done.saturating_sub(totals.failed);
        for (order, count, word, action) in [
            (4, answered, "done", None),
            (1, totals.failed, "failed", Some(FAILED)),
            (6, totals.stored, "from cache", Some(STORED)),
            (7, totals.hits.validated, "still good", None),
            (3, totals.open(), "open", Some(RUNNING)),
            (2, totals.waiting, "waiting", Some(RUNNING)),
        ] {
            if count > 0 {
                add(order, format!("{count} {word}"), action);
            }
        }
        match model.caching().used {
            CacheUse::On => {}
            CacheUse::Off => add(1, "cache off".to_owned(), Some(Action::Cache)),
            CacheUse::Offline => add(1, "offline".to_owned(), None),
        }
        if is_throttled {
            let menu = Action::Menu(Menu::Network);
            add(1, model.conditions().to_string(), Some(menu));
        }
        add(5, bytes(totals.bytes), None);
        let (from, to) = model.burst(self.view.state.selected, self.view.now);
        add(3, duration(to.since(from)), None);
        figures
    }
}
