use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::message::{clip, visible, width};
use crate::model::Model;
use crate::ui::palette::Offer;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;

use super::popup::popup;

/// As wide as it gets, its frame not counted.
const WIDEST: u16 = 86;
/// As many actions as are seen at once, at most.
const MOST: u16 = 18;

/// All that can be done, with the keys, as far as it is like what is typed.
pub(in crate::ui) struct PalettePane<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for PalettePane<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        let offers = state.offers(self.view.model);
        let columns = usize::from(inner(area.as_size()).width);
        let rows = rows_of_list(area.as_size());
        let mut lines = vec![asked(state, *theme, offers.len(), columns)];
        let first = top(state, rows);
        for (place, offer) in offers.iter().enumerate().skip(first).take(rows) {
            lines.push(row(offer, place == state.palette.place, *theme, columns));
        }
        if offers.is_empty() {
            let words = "  nothing that can be done is called so";
            lines.push(Line::styled(words, theme.quiet()));
        }
        lines.resize(rows + 1, Line::default());
        if is_tall(area.as_size()) {
            lines.push(note(offers.get(state.palette.place), *theme, columns));
        }
        popup("What to do", &lines, 0, *theme, area, buffer);
    }
}

impl PalettePane<'_> {
    /// Where the next letter goes.
    pub(in crate::ui) fn cursor(&self, screen: Rect) -> Position {
        let input = &self.view.state.palette.input;
        let column = u16::try_from(input.visual_cursor()).unwrap_or(u16::MAX);
        let inner = inner(screen.as_size());
        let last = inner.right().saturating_sub(1);
        let x = inner.x.saturating_add(2).saturating_add(column);
        Position::new(x.min(last), inner.y)
    }
}

/// What is typed, and how many actions are like it.
fn asked(state: &State, theme: Theme, found: usize, columns: usize) -> Line<'static> {
    let typed = visible(state.palette.input.value()).into_owned();
    let count = format!("{found} ");
    let room = columns.saturating_sub(3 + count.len());
    let shown = clip(&typed, room).into_owned();
    let pad = room.saturating_sub(width(&shown)) + 1;
    Line::from(vec![
        Span::styled(": ", theme.accent()),
        Span::raw(shown),
        Span::raw(" ".repeat(pad)),
        Span::styled(count, theme.quiet()),
    ])
}

/// An action: its keys, what it does, why it would do nothing.
fn row(offer: &Offer, is_chosen: bool, theme: Theme, columns: usize) -> Line<'static> {
    let is_narrow = columns < 60;
    let room = if is_narrow { 7 } else { 14 };
    let mut keys = offer.keys.iter().map(String::as_str);
    let all: String = if is_narrow {
        keys.next().unwrap_or_default().to_owned()
    } else {
        keys.collect::<Vec<_>>().join(" ")
    };
    let keys = clip(&all, room);
    let pad = room.saturating_sub(width(&keys));
    let mark = if is_chosen { "▸ " } else { "  " };
    let (ink, words) = match (&offer.hindrance, is_chosen) {
        (Some(_), _) => (theme.quiet(), theme.quiet()),
        (None, true) => (theme.accent(), theme.strong()),
        (None, false) => (theme.accent(), theme.plain()),
    };
    let mut spans = vec![
        Span::styled(mark, theme.accent()),
        Span::raw(" ".repeat(pad)),
        Span::styled(keys.into_owned(), ink),
        Span::raw("  "),
    ];
    let shown = clip(&offer.words, columns.saturating_sub(room + 4));
    for (place, c) in shown.chars().enumerate() {
        let is_lit = u32::try_from(place).is_ok_and(|place| offer.lit.contains(&place));
        let style = if is_lit { theme.accent() } else { words };
        spans.push(Span::styled(c.to_string(), style));
    }
    if let Some(why) = &offer.hindrance {
        let taken = room + 4 + width(&offer.words) + 3;
        let why = clip(why, columns.saturating_sub(taken)).into_owned();
        if !why.is_empty() {
            spans.push(Span::styled(format!(" · {why}"), theme.quiet()));
        }
    }
    Line::from(spans)
}

/// Of the action that is pointed at: why it would do nothing, or its name in the preferences.
fn note(offer: Option<&Offer>, theme: Theme, columns: usize) -> Line<'static> {
    let Some(offer) = offer else {
        return Line::default();
    };
    let (words, style) = match &offer.hindrance {
        Some(why) => (why, theme.warning()),
        None => (&offer.name, theme.quiet()),
    };
    let words = clip(words, columns.saturating_sub(2)).into_owned();
    Line::styled(format!("  {words}"), style)
}

const fn is_tall(screen: Size) -> bool {
    screen.height >= 16
}

/// How many actions are seen at once.
pub(in crate::ui) fn rows_of_list(screen: Size) -> usize {
    let around = if is_tall(screen) { 6 } else { 3 };
    usize::from(screen.height.saturating_sub(around).clamp(1, MOST))
}

/// The first action that is seen, so that the one that is pointed at is.
const fn top(state: &State, rows: usize) -> usize {
    (state.palette.place + 1).saturating_sub(rows)
}

/// The lines within the frame.
fn inner(screen: Size) -> Rect {
    let columns = WIDEST.min(screen.width.saturating_sub(4));
    let rows = u16::try_from(rows_of_list(screen)).unwrap_or(MOST) + 1;
    let rows = rows + u16::from(is_tall(screen));
    let (x, y) = (
        (screen.width.saturating_sub(columns + 4)) / 2 + 2,
        (screen.height.saturating_sub(rows + 2)) / 2 + 1,
    );
    Rect::new(x, y, columns, rows)
}

/// The place of the action that is drawn there.
pub(in crate::ui) fn offer_at(
    state: &State,
    model: &Model,
    screen: Rect,
    at: Position,
) -> Option<usize> {
    let rows = rows_of_list(screen.as_size());
    let inner = inner(screen.as_size());
    let row = usize::from(at.y.checked_sub(inner.y + 1)?);
    let place = top(state, rows) + row;
    let is_inside = inner.contains(at) && row < rows;
    (is_inside && place < state.offers(model).len()).then_some(place)
}
