use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::message::width;
use crate::model::{Model, Request};
use crate::ui::folds::Sheet;
use crate::ui::screen::View;
use crate::ui::state::{Focus, State};
use crate::ui::tab::Tab;
use crate::ui::theme::Theme;
use crate::ui::widget::{fill, line, put, rule};

use super::page::Page;
use super::{body, cache, connection, cookies, headers, timing};

/// The selected request in one of six lights.
pub(in crate::ui) struct Details<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Details<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, model) = (self.view.state, self.view.model);
        let Some(request) = state.current(model).filter(|_| area.height > 0) else {
            return;
        };
        self.tabs(request, Rect { height: 1, ..area }, buffer);
        let page = Page {
            model,
            unpacked: state.unpacked_of(request),
            folds: &state.folds,
            now: self.view.now,
            theme: self.view.theme,
            width: area.width,
            secrets: state.secrets,
        };
        let sheet = build(state.tab, request, &page);
        let rows = area.top() + 1..area.bottom();
        let places = state.scrolled..;
        for ((text, place), y) in sheet
            .lines
            .iter()
            .skip(state.scrolled)
            .zip(places)
            .zip(rows)
        {
            let row = Rect::new(area.x + 1, y, area.width.saturating_sub(1), 1);
            line(buffer, row, text);
            if state.focus == Focus::Details && place == state.cursor {
                put(buffer, (area.x, y), 1, "▸", self.view.theme.accent());
            }
        }
    }
}

impl Details<'_> {
    fn tabs(&self, request: &Request, area: Rect, buffer: &mut Buffer) {
        let (theme, state) = (self.view.theme, self.view.state);
        rule(buffer, area, theme.quiet());
        let title = title(request, area.width);
        let mut x = area.x + 1;
        x += put(buffer, (x, area.y), area.width, &title, theme.strong());
        for tab in Tab::ALL {
            let words = format!(" {} ", tab.name());
            let room = area.right().saturating_sub(x);
            let style = if tab == state.tab {
                theme.accent()
            } else {
                theme.quiet()
            };
            let taken = put(buffer, (x, area.y), room, &words, style);
            if tab == state.tab && state.focus == Focus::Details {
                fill(buffer, Rect::new(x, area.y, taken, 1), theme.selected());
            }
            x += taken;
        }
    }
}

/// What stands before the tabs: the request's number, and its URL where there is room.
fn title(request: &Request, columns: u16) -> String {
    let tabs: usize = Tab::ALL.iter().map(|tab| tab.name().len() + 2).sum();
    let room = usize::from(columns).saturating_sub(tabs + 6);
    let full = format!(" {} {} {} ", request.id, request.method, request.url);
    let short = format!(" {} ", request.id);
    if width(&full) <= room {
        full
    } else if room > 30 {
        format!("{} ", crate::message::clip(&full, room))
    } else {
        short
    }
}

/// The tab at a column of the row of tabs.
pub(in crate::ui) fn tab_at(state: &State, model: &Model, area: Rect, column: u16) -> Option<Tab> {
    let title = title(state.current(model)?, area.width);
    let mut x = usize::from(area.x) + 1 + width(&title);
    for tab in Tab::ALL {
        let end = x + tab.name().len() + 2;
        if (x..end).contains(&usize::from(column)) {
            return Some(tab);
        }
        x = end;
    }
    None
}

/// The lines of the tab that is shown, as they are counted for moving about.
pub(in crate::ui) fn sheet(state: &State, model: &Model) -> Sheet {
    let theme = Theme::mono();
    let (folds, now) = (&state.folds, model.latest());
    let Some(request) = state.current(model) else {
        return Sheet::default();
    };
    let page = Page {
        model,
        unpacked: state.unpacked_of(request),
        folds,
        now,
        theme: &theme,
        width: state.columns(),
        secrets: state.secrets,
    };
    build(state.tab, request, &page)
}

fn build(tab: Tab, request: &Request, page: &Page<'_>) -> Sheet {
    match tab {
        Tab::Headers => headers::sheet(request, page),
        Tab::Cookies => cookies::sheet(request, page),
        Tab::Timing => timing::sheet(request, page),
        Tab::Body => body::sheet(request, page),
        Tab::Connection => connection::sheet(request, page),
        Tab::Cache => cache::sheet(request, page),
    }
}
