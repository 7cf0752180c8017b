use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use crate::message::{visible, width};
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::widget::{fill, put, put_right};

use super::popup::clear_halves;

/// What could be typed, under the line in which a filter is typed.
pub(in crate::ui) struct CompletionList<'a> {
    pub(in crate::ui) view: &'a View<'a>,
    /// The line above.
    pub(in crate::ui) line: Rect,
}

/// So many candidates are seen at a time.
const SEEN: usize = 8;

impl Widget for CompletionList<'_> {
    fn render(self, screen: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        let completion = &state.filtering.completion;
        if state.focus != Focus::Filter || completion.candidates.is_empty() {
            return;
        }
        let first = (completion.picked + 1).saturating_sub(SEEN);
        let seen: Vec<_> = completion
            .candidates
            .iter()
            .skip(first)
            .take(SEEN)
            .collect();
        let widest = seen.iter().map(|one| width(&visible(&one.word))).max();
        let columns = u16::try_from(widest.unwrap_or(0) + 8).unwrap_or(u16::MAX);
        let columns = columns.min(screen.width);
        let wanted = self.line.x + 2 + u16::try_from(completion.start).unwrap_or(u16::MAX / 2);
        let left = wanted.min(screen.right().saturating_sub(columns));
        let top = self.line.bottom();
        let rows = u16::try_from(seen.len()).unwrap_or(0);
        let rows = rows.min(screen.bottom().saturating_sub(top));
        let area = Rect::new(left, top, columns, rows);
        clear_halves(area, buffer);
        Clear.render(area, buffer);
        for (n, (candidate, y)) in seen.iter().zip(area.top()..area.bottom()).enumerate() {
            let row = Rect::new(area.x, y, columns, 1);
            let room = columns.saturating_sub(2);
            let style = theme.plain();
            put(buffer, (area.x + 1, y), room, &candidate.word, style);
            if let Some(count) = candidate.count {
                let count = count.to_string();
                put_right(buffer, (area.x + 1, y), room, &count, theme.quiet());
            }
            let is_picked = first + n == completion.picked;
            if is_picked {
                fill(buffer, row, theme.selected());
            }
        }
    }
}
