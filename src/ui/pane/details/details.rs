use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use regex::Regex;

use crate::message::width;
use crate::model::{Model, Request};
use crate::ui::folds::Sheet;
use crate::ui::link::light_up;
use crate::ui::screen::View;
use crate::ui::state::{Focus, State};
use crate::ui::tab::Tab;
use crate::ui::tail::Tail;
use crate::ui::theme::Theme;
use crate::ui::widget::{fill, line, put, put_right, rule};

use super::page::Page;
use super::tail::tail_line;
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
        let page = page(state, model, request, self.view);
        let sheet = build(state.tab, request, &page);
        let notes = state.rows_for_notes(area);
        let last = area.bottom() - notes.min(area.height);
        let top = Rect { height: 1, ..area };
        let end = self.tabs(request, top, buffer);
        let seen = usize::from(last.saturating_sub(area.top() + 1));
        if sheet.len() > seen {
            let words = format!(" {} of {} ", state.cursor + 1, sheet.len());
            let room = top.right().saturating_sub(end + 1);
            if usize::from(room) > width(&words) {
                put_right(buffer, (end, top.y), room, &words, self.view.theme.quiet());
            }
        }
        let sought = state.finder.sought();
        for (place, y) in (state.scrolled..sheet.len()).zip(area.top() + 1..last) {
            let row = Rect::new(area.x + 1, y, area.width.saturating_sub(1), 1);
            let mut text = line_at(&sheet, place, &page);
            let is_here = state.focus == Focus::Details && place == state.cursor;
            if is_here {
                let chosen = state.chosen_link(&sheet);
                light_up(&mut text, chosen, self.view.theme.selected());
            }
            match sought {
                Some(sought) => line(buffer, row, &marked(text, sought, page.theme.selected())),
                None => line(buffer, row, &text),
            }
            if is_here {
                put(buffer, (area.x, y), 1, "▸", self.view.theme.accent());
            }
        }
        self.picture(
            request,
            &sheet,
            Rect {
                height: last - area.y,
                ..area
            },
            buffer,
        );
        self.note(
            &sheet,
            Rect {
                y: last,
                height: area.bottom() - last,
                ..area
            },
            buffer,
        );
    }
}

/// A line of a tab, of its end too.
fn line_at(sheet: &Sheet, place: usize, page: &Page<'_>) -> Line<'static> {
    match (sheet.lines.get(place), sheet.behind(place), &sheet.tail) {
        (Some(line), ..) => line.clone(),
        (None, Some(behind), Some(tail)) => tail_line(tail, behind, page),
        _ => Line::default(),
    }
}

/// A line with what is looked for marked in it.
fn marked(text: Line<'static>, sought: &Regex, style: Style) -> Line<'static> {
    let mut spans = Vec::new();
    for span in text.spans {
        let mut at = 0;
        for found in sought.find_iter(&span.content) {
            let before = span.content.get(at..found.start()).unwrap_or_default();
            spans.push(Span::styled(before.to_owned(), span.style));
            spans.push(Span::styled(
                found.as_str().to_owned(),
                span.style.patch(style),
            ));
            at = found.end();
        }
        let rest = span.content.get(at..).unwrap_or_default();
        spans.push(Span::styled(rest.to_owned(), span.style));
    }
    Line::from(spans)
}

impl Details<'_> {
    /// The picture as the terminal draws it, over the blocks, where all of it is seen.
    fn picture(&self, request: &Request, sheet: &Sheet, area: Rect, buffer: &mut Buffer) {
        let state = self.view.state;
        let drawn = state
            .plain_of(request)
            .and_then(|plain| plain.drawn.as_ref());
        let (Some(drawn), Some(Tail::Blocks(blocks)), None) = (drawn, &sheet.tail, state.overlay)
        else {
            return;
        };
        let Some(above) = sheet.lines.len().checked_sub(state.scrolled) else {
            return;
        };
        let above = u16::try_from(above).unwrap_or(u16::MAX);
        let room = area.height.saturating_sub(1).saturating_sub(above);
        if blocks.rows() > room {
            return;
        }
        let place = Rect {
            x: area.x + 3,
            y: area.y + 1 + above,
            width: area.width.saturating_sub(3),
            height: blocks.rows(),
        };
        Clear.render(place, buffer);
        drawn.draw(place, buffer);
    }

    /// What is looked for, or what there is to say about the line that the cursor is on.
    fn note(&self, sheet: &Sheet, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        if area.height == 0 {
            return;
        }
        let room = area.width.saturating_sub(2);
        if state.finder.is_typed {
            let at = (area.x + 1, area.bottom() - 1);
            put(buffer, at, 1, "/", theme.accent());
            let text = state.finder.input.value();
            put(
                buffer,
                (at.0 + 1, at.1),
                room.saturating_sub(1),
                text,
                theme.plain(),
            );
            return;
        }
        let Some(words) = sheet.note_at(state.cursor) else {
            return;
        };
        let mut rest = words.as_str();
        for y in area.top()..area.bottom() {
            let (now, later) = broken(rest, usize::from(room));
            put(buffer, (area.x + 1, y), room, now, theme.warning());
            rest = later;
        }
    }

    /// Where the cursor is while something is looked for.
    pub(in crate::ui) fn cursor(state: &State, area: Rect) -> Option<Position> {
        let is_shown = state.finder.is_typed && area.height > 1;
        let column = u16::try_from(state.finder.input.visual_cursor()).unwrap_or(u16::MAX);
        let x = area.x.saturating_add(2).saturating_add(column);
        is_shown.then(|| Position::new(x.min(area.right().saturating_sub(1)), area.bottom() - 1))
    }

    /// The tabs; returns where they end.
    fn tabs(&self, request: &Request, area: Rect, buffer: &mut Buffer) -> u16 {
        let (theme, state) = (self.view.theme, self.view.state);
        rule(buffer, area, theme.quiet());
        let title = title(request, area.width);
        let mut x = area.x + 1;
        x += put(buffer, (x, area.y), area.width, &title, theme.strong());
        for (tab, words) in labels(state.tab, &title, area) {
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
        x
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

/// The names of the tabs; where not all have room, the others are told by the keys that lead there.
fn labels(shown: Tab, title: &str, area: Rect) -> Vec<(Tab, String)> {
    let names: usize = Tab::ALL.iter().map(|tab| tab.name().len() + 2).sum();
    let is_narrow = usize::from(area.width) < 1 + width(title) + names;
    let label = |(tab, number): (Tab, usize)| {
        let words = if is_narrow && tab != shown {
            format!(" {number} ")
        } else {
            format!(" {} ", tab.name())
        };
        (tab, words)
    };
    Tab::ALL.into_iter().zip(1..).map(label).collect()
}

/// The tab at a column of the row of tabs.
pub(in crate::ui) fn tab_at(state: &State, model: &Model, area: Rect, column: u16) -> Option<Tab> {
    let title = title(state.current(model)?, area.width);
    let mut x = usize::from(area.x) + 1 + width(&title);
    for (tab, words) in labels(state.tab, &title, area) {
        let end = x + words.len();
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
    let Some(request) = state.current(model) else {
        return Sheet::default();
    };
    let page = Page {
        model,
        own: request.id,
        unpacked: state.unpacked_of(request),
        folds: &state.folds,
        browsing: &state.browsing,
        has_true_colour: state.has_true_colour,
        now: model.latest(),
        theme: &theme,
        width: state.columns(),
        secrets: state.secrets,
    };
    build(state.tab, request, &page)
}

fn page<'a>(state: &'a State, model: &'a Model, request: &Request, view: &'a View<'a>) -> Page<'a> {
    Page {
        model,
        own: request.id,
        unpacked: state.unpacked_of(request),
        folds: &state.folds,
        browsing: &state.browsing,
        has_true_colour: state.has_true_colour,
        now: view.now,
        theme: view.theme,
        width: state.columns(),
        secrets: state.secrets,
    }
}

/// As many words of a sentence as fit, and the others.
fn broken(text: &str, columns: usize) -> (&str, &str) {
    if width(text) <= columns {
        return (text, "");
    }
    let blanks = text.match_indices(' ').map(|(at, _)| at);
    let fits = blanks.take_while(|at| text.get(..*at).is_some_and(|part| width(part) <= columns));
    match fits.last() {
        Some(at) => (
            text.get(..at).unwrap_or(text),
            text.get(at + 1..).unwrap_or_default(),
        ),
        None => (text, ""),
    }
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
