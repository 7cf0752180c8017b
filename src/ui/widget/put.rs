use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::message::{clip, visible, width};
use crate::model::Cell;
use crate::ui::link::linked;
use crate::ui::theme::Theme;

/// Writes `text` at a place, clipped to `columns`; the one way for other people's text to the
/// screen. Returns how many columns it took.
pub(in crate::ui) fn put(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    columns: u16,
    text: &str,
    style: Style,
) -> u16 {
    let safe = visible(text);
    let shown = clip(&safe, usize::from(columns));
    let end = buffer.area.right().min(x.saturating_add(columns));
    if y < buffer.area.bottom() && x < end {
        buffer.set_stringn(x, y, shown.as_ref(), usize::from(end - x), style);
    }
    u16::try_from(width(&shown)).unwrap_or(columns)
}

/// Writes a sentence of ours, in which requests and connections are links.
pub(in crate::ui) fn put_linked(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    columns: u16,
    (text, style): (&str, Style),
    theme: &Theme,
) -> u16 {
    let mut taken = 0;
    let safe = visible(text);
    let shown = clip(&safe, usize::from(columns));
    for span in linked(&shown, style, None, theme) {
        let left = columns.saturating_sub(taken);
        taken += put(buffer, (x + taken, y), left, &span.content, span.style);
    }
    taken
}

/// Writes `text` so that it ends at the right of `columns`.
pub(in crate::ui) fn put_right(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    columns: u16,
    text: &str,
    style: Style,
) {
    let taken = u16::try_from(width(&visible(text)))
        .unwrap_or(columns)
        .min(columns);
    put(buffer, (x + columns - taken, y), taken, text, style);
}

/// Writes a line of styled text, whose spans are safe already.
pub(in crate::ui) fn line(buffer: &mut Buffer, area: Rect, text: &Line<'_>) {
    if area.width > 0 && area.y < buffer.area.bottom() {
        buffer.set_line(area.x, area.y, text, area.width);
    }
}

/// Gives a stretch of a row a style.
pub(in crate::ui) fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area.intersection(buffer.area), style);
}

/// A horizontal rule over the whole of a row.
pub(in crate::ui) fn rule(buffer: &mut Buffer, area: Rect, style: Style) {
    for x in area.left()..area.right() {
        put(buffer, (x, area.y), 1, "─", style);
    }
}

/// Paints the cells of a bar.
pub(in crate::ui) fn cells(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    cells: impl IntoIterator<Item = Option<Cell>>,
    theme: Theme,
) {
    for (cell, x) in cells.into_iter().zip(x..) {
        let (Some(cell), Some(slot)) = (cell, buffer.cell_mut((x, y))) else {
            continue;
        };
        let (glyph, style) = painted(cell, theme);
        slot.set_char(glyph).set_style(style);
    }
}

/// The sign and the style of a bar's cell.
pub(in crate::ui) const fn painted(cell: Cell, theme: Theme) -> (char, Style) {
    let style = Style::new().fg(theme.tone(cell.tone));
    match cell.under {
        _ if !theme.has_colour() => (cell.plain, style),
        Some(under) => (cell.glyph, style.bg(theme.tone(under))),
        None => (cell.glyph, style),
    }
}
