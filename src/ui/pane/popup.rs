use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::message::width;
use crate::ui::theme::Theme;
use crate::ui::widget::line;

/// Lines in a frame on top of everything, as large as they need and there is room for; where there
/// is not, from line `top` on.
pub(super) fn popup(
    title: &str,
    lines: &[Line<'_>],
    top: usize,
    theme: Theme,
    screen: Rect,
    buffer: &mut Buffer,
) {
    let area = place(title, lines, screen);
    clear_halves(area, buffer);
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.quiet())
        .title(format!(" {title} "))
        .title_style(theme.strong());
    let inner = block.inner(area);
    block.render(area, buffer);
    let room = usize::from(inner.height);
    let top = top.min(lines.len().saturating_sub(room));
    let below = lines.len().saturating_sub(top + room);
    let cut = Line::styled(format!("… {} more: ↓", below + 1), theme.quiet());
    let is_cut = |place: usize| below > 0 && place + 1 == room;
    let seen = lines.iter().skip(top).enumerate();
    for ((place, text), y) in seen.zip(inner.top()..inner.bottom()) {
        let text = if is_cut(place) { &cut } else { text };
        let row = Rect::new(inner.x + 1, y, inner.width.saturating_sub(1), 1);
        line(buffer, row, text);
    }
}

/// Where on the screen these lines are.
pub(super) fn place(title: &str, lines: &[Line<'_>], screen: Rect) -> Rect {
    let widths = lines.iter().map(Line::width);
    let wide = widths.max().unwrap_or(0).max(title.len()) + 4;
    let columns = u16::try_from(wide).unwrap_or(u16::MAX).min(screen.width);
    let height = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let (x, y) = ((screen.width - columns) / 2, (screen.height - height) / 2);
    Rect::new(screen.x + x, screen.y + y, columns, height)
}

/// The line of a popup of so many lines that is drawn in a row of the screen.
pub(in crate::ui) fn line_at(lines: usize, top: usize, screen: Size, y: u16) -> Option<usize> {
    let height = u16::try_from(lines + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let first = (screen.height - height) / 2 + 1;
    let room = height.saturating_sub(2);
    let row = y.checked_sub(first).filter(|row| *row < room)?;
    let top = top.min(lines.saturating_sub(usize::from(room)));
    Some(top + usize::from(row)).filter(|line| *line < lines)
}

/// A wide symbol whose right half the frame hides goes as a whole.
pub(super) fn clear_halves(area: Rect, buffer: &mut Buffer) {
    let Some(before) = area.left().checked_sub(1) else {
        return;
    };
    for y in area.top()..area.bottom() {
        if let Some(cell) = buffer
            .cell_mut((before, y))
            .filter(|cell| width(cell.symbol()) > 1)
        {
            cell.set_symbol(" ");
        }
    }
}
