use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::message::width;
use crate::ui::theme::Theme;
use crate::ui::widget::line;

/// Lines in a frame on top of everything, as large as they need and there is room for.
pub(super) fn popup(
    title: &str,
    lines: &[Line<'_>],
    theme: Theme,
    screen: Rect,
    buffer: &mut Buffer,
) {
    let wide = lines
        .iter()
        .map(Line::width)
        .max()
        .unwrap_or(0)
        .max(title.len())
        + 4;
    let columns = u16::try_from(wide).unwrap_or(u16::MAX).min(screen.width);
    let height = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let (x, y) = ((screen.width - columns) / 2, (screen.height - height) / 2);
    let area = Rect::new(screen.x + x, screen.y + y, columns, height);
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
    let cut = format!(
        "… {} more in a higher window",
        (lines.len() + 1).saturating_sub(room)
    );
    let cut = Line::styled(cut, theme.quiet());
    let is_cut = |place: usize| lines.len() > room && place + 1 == room;
    for ((place, text), y) in lines.iter().enumerate().zip(inner.top()..inner.bottom()) {
        let text = if is_cut(place) { &cut } else { text };
        line(
            buffer,
            Rect::new(inner.x + 1, y, inner.width.saturating_sub(1), 1),
            text,
        );
    }
}

/// A wide symbol whose right half the frame hides goes as a whole.
fn clear_halves(area: Rect, buffer: &mut Buffer) {
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
