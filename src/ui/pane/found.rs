use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use crate::ui::screen::{Areas, View};
use crate::ui::widget::fill;

/// What is searched for, made to stand out wherever it can be seen.
pub(in crate::ui) struct FoundMarks<'a> {
    pub(in crate::ui) view: &'a View<'a>,
    pub(in crate::ui) areas: Areas,
}

impl Widget for FoundMarks<'_> {
    fn render(self, _: Rect, buffer: &mut Buffer) {
        let table = self.areas.table;
        // Bars are no text, though a figure on a lane may look like it.
        let columns = self.view.columns.total().min(table.width);
        let columns = Rect::new(table.x, table.y, columns, table.height);
        let details = self.areas.details;
        for area in [columns, details] {
            for y in area.top()..area.bottom() {
                self.row(Rect::new(area.x, y, area.width, 1), buffer);
            }
        }
    }
}

impl FoundMarks<'_> {
    fn row(&self, area: Rect, buffer: &mut Buffer) {
        let Some(needle) = &self.view.state.search.needle else {
            return;
        };
        let (mut text, mut starts) = (String::new(), Vec::new());
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell((x, area.y)) {
                starts.push((text.len(), x));
                text.push_str(cell.symbol());
            }
        }
        for place in needle.places(&text) {
            let is_in = |(start, _): &&(usize, u16)| place.contains(start);
            for (_, x) in starts.iter().filter(is_in) {
                fill(buffer, Rect::new(*x, area.y, 1, 1), self.style());
            }
        }
    }

    fn style(&self) -> Style {
        self.view
            .theme
            .warning()
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }
}
