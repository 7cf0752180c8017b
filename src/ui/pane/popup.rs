use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

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
    let width = u16::try_from(wide).unwrap_or(u16::MAX).min(screen.width);
    let height = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let (x, y) = ((screen.width - width) / 2, (screen.height - height) / 2);
    let area = Rect::new(screen.x + x, screen.y + y, width, height);
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.quiet())
        .title(format!(" {title} "))
        .title_style(theme.strong());
    let inner = block.inner(area);
    block.render(area, buffer);
    for (text, y) in lines.iter().zip(inner.top()..inner.bottom()) {
        line(
            buffer,
            Rect::new(inner.x + 1, y, inner.width.saturating_sub(1), 1),
            text,
        );
    }
}
