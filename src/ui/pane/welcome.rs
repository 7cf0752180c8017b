use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::message::width;
use crate::ui::screen::View;
use crate::ui::widget::put;

/// What there is to do on an empty screen.
pub(in crate::ui) struct Welcome<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

const LINES: [&str; 7] = [
    "Type a URL and press Enter; paste a list to watch its queue.",
    "",
    "example.org                tried as https",
    "localhost:8080/x           addresses and localhost as http",
    "HEAD https://example.org   any method",
    "",
    "netwaterfall demo shows every stage without a network.",
];

impl Widget for Welcome<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let rows = u16::try_from(LINES.len()).unwrap_or(u16::MAX);
        let wide = LINES.iter().map(|line| width(line)).max().unwrap_or(0);
        let wide = u16::try_from(wide).unwrap_or(u16::MAX);
        let x = area.x + area.width.saturating_sub(wide) / 2;
        let y = area.y + area.height.saturating_sub(rows) / 2;
        for (line, y) in LINES.iter().zip(y..area.bottom()) {
            let room = area.right().saturating_sub(x);
            put(buffer, (x, y), room, line, self.view.theme.quiet());
        }
    }
}
