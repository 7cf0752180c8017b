use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::widgets::Widget as _;

use crate::event::Moment;
use crate::model::{Model, Scale};

use super::columns::{Columns, Contents};
use super::layers::Overlay;
use super::pane::{
    AddressBar, Axis, ColumnList, CompletionList, CursorLine, Details, Footer, FormPane,
    FoundMarks, Header, Help, Jar, Legend, MenuPane, PalettePane, Slots, Waterfall, Welcome,
    WhatIf,
};
use super::state::{Focus, State};
use super::theme::Theme;
use super::window::Window;

/// Where everything is on a screen of a given size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Counts and what there is to say.
    pub header: Rect,
    /// The address bar.
    pub address: Rect,
    /// Heads of the columns and the time axis.
    pub axis: Rect,
    /// A row for each request.
    pub table: Rect,
    /// A lane for each connection.
    pub slots: Rect,
    /// The selected request.
    pub details: Rect,
    /// The keys, or a notice.
    pub footer: Rect,
}

/// Divides a screen; everything that the size decides is decided here.
pub fn areas(size: Size, state: &State) -> Areas {
    let (width, height) = (size.width, size.height);
    let mut top = 0;
    let mut take = |rows: u16| {
        let rows = rows.min(height - top);
        let area = Rect::new(0, top, width, rows);
        top += rows;
        area
    };
    let is_small = height < 6;
    let header = take(u16::from(!is_small));
    let address = take(1);
    let has_details = state.has_details() && height >= 12;
    let is_large = state.is_zoomed && state.focus == Focus::Details;
    if has_details && (width < 60 || is_large) {
        let details = take(height.saturating_sub(3));
        return Areas {
            header,
            address,
            details,
            footer: take(1),
            ..Areas::default()
        };
    }
    let axis = take(u16::from(height >= 4));
    let rest = height.saturating_sub(if is_small { 2 } else { 4 });
    let slots = if height < 20 {
        0
    } else {
        (rest * 3 / 10).min(14)
    };
    let details = if has_details {
        // On a small screen the pane with the keys is the larger one.
        let is_tight = height < 36 && state.focus == Focus::Details;
        let usual = if is_tight {
            rest * 7 / 10
        } else {
            rest * 9 / 20
        };
        let chosen = state.details_rows.unwrap_or(usual);
        chosen.clamp(6, rest.saturating_sub(3).max(6))
    } else {
        0
    };
    let slots = if has_details && height < 36 { 0 } else { slots };
    Areas {
        header,
        address,
        axis,
        table: take(rest.saturating_sub(slots + details)),
        slots: take(slots),
        details: take(details),
        footer: take(u16::from(!is_small)),
    }
}

/// Draws the whole screen at `now`.
pub fn draw(frame: &mut Frame<'_>, model: &Model, state: &State, now: Moment, theme: &Theme) {
    let area = frame.area();
    let view = View::at_size(area.as_size(), model, state, now, theme);
    paint(&view, area, frame.buffer_mut());
    place_cursor(frame, &view, &areas(area.as_size(), state));
}

/// Everything but the cursor.
pub(super) fn paint(view: &View<'_>, screen: Rect, buffer: &mut Buffer) {
    let areas = areas(screen.as_size(), view.state);
    Header { view }.render(areas.header, buffer);
    AddressBar { view }.render(areas.address, buffer);
    Axis { view }.render(areas.axis, buffer);
    if view.model.requests().is_empty() {
        Welcome { view }.render(areas.table, buffer);
    } else {
        Waterfall { view }.render(areas.table, buffer);
        Slots { view }.render(areas.slots, buffer);
        CursorLine { view, areas }.render(screen, buffer);
    }
    Details { view }.render(areas.details, buffer);
    FoundMarks { view, areas }.render(areas.table, buffer);
    Footer { view }.render(areas.footer, buffer);
    let line = areas.address;
    CompletionList { view, line }.render(screen, buffer);
    paint_overlay(view, screen, buffer);
}

/// Where what lies on top may be: the keys stay in sight, where there is a row for them.
pub(super) fn on_top(screen: Rect) -> Rect {
    let footer = u16::from(screen.height >= 6);
    let height = screen.height - footer;
    Rect { height, ..screen }
}

/// Whatever lies on top.
fn paint_overlay(view: &View<'_>, screen: Rect, buffer: &mut Buffer) {
    let state = view.state;
    let screen = on_top(screen);
    match state.overlay {
        Some(Overlay::Palette) => PalettePane { view }.render(screen, buffer),
        Some(Overlay::Help) => Help { view }.render(screen, buffer),
        Some(Overlay::Jar) => Jar { view }.render(screen, buffer),
        Some(Overlay::WhatIf) => WhatIf { view }.render(screen, buffer),
        Some(Overlay::Legend) => Legend { view }.render(screen, buffer),
        Some(Overlay::Form) => {
            if let Some(form) = &state.form {
                FormPane { view, form }.render(screen, buffer);
            }
        }
        Some(Overlay::Menu(menu)) => MenuPane { view, menu }.render(screen, buffer),
        Some(Overlay::Columns) => ColumnList { view }.render(screen, buffer),
        None => {}
    }
}

/// Where the next letter goes, if letters go anywhere.
fn place_cursor(frame: &mut Frame<'_>, view: &View<'_>, areas: &Areas) {
    let state = view.state;
    let screen = on_top(frame.area());
    let typed = match state.overlay {
        Some(Overlay::Palette) => Some(PalettePane { view }.cursor(screen)),
        Some(Overlay::Help) => Some(Help { view }.cursor(screen)),
        _ => None,
    };
    if let Some(at) = typed {
        frame.set_cursor_position(at);
    }
    if state.overlay == Some(Overlay::Jar)
        && let Some(at) = Jar::cursor(state, screen)
    {
        frame.set_cursor_position(at);
    }
    if state.overlay.is_none()
        && let Some(at) = Details::cursor(state, areas.details)
    {
        frame.set_cursor_position(at);
    }
    let is_typed = matches!(state.focus, Focus::Address | Focus::Filter | Focus::Search);
    if is_typed && state.overlay.is_none() && areas.address.height > 0 {
        let column = AddressBar::cursor(state, areas.address);
        frame.set_cursor_position(Position::new(column, areas.address.y));
    }
}

/// What every pane looks at.
pub(super) struct View<'a> {
    pub(super) model: &'a Model,
    pub(super) state: &'a State,
    pub(super) now: Moment,
    pub(super) theme: &'a Theme,
    pub(super) columns: Columns,
    pub(super) scale: Scale,
}

impl<'a> View<'a> {
    /// What is seen on the screen as it is.
    pub(super) fn of(state: &'a State, model: &'a Model, now: Moment, theme: &'a Theme) -> Self {
        Self::at_size(state.size(), model, state, now, theme)
    }

    fn at_size(
        size: Size,
        model: &'a Model,
        state: &'a State,
        now: Moment,
        theme: &'a Theme,
    ) -> Self {
        Self {
            model,
            state,
            now,
            theme,
            columns: columns(size, model, state),
            scale: scale(size, model, state, now),
        }
    }
}

pub(super) fn columns(size: Size, model: &Model, state: &State) -> Columns {
    let totals = model.totals();
    let (path, host) = (totals.widest_path, totals.widest_host);
    Columns::fit(
        size.width,
        Contents {
            rows: totals.requests,
            path,
            host,
        },
        &state.layout,
    )
}

/// The one time axis of table and lanes: the burst of the selected request, the run or a part of it.
pub(super) fn scale(size: Size, model: &Model, state: &State, now: Moment) -> Scale {
    let room = size
        .width
        .saturating_sub(columns(size, model, state).total() + 1);
    let (from, to) = match state.window {
        Window::Burst => model.burst(state.selected, now),
        Window::Run => (model.began(), model.horizon(now)),
        Window::Part { from, to, origin } => {
            return Scale::new(from, to, room).counted_from(origin);
        }
    };
    if model.is_moving() {
        Scale::growing(from, to, room)
    } else {
        // A hair more than the whole, so that the last end is not on the edge.
        Scale::new(from, to + to.since(from) / 100, room)
    }
}
