use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

use crate::message::{visible, width};
use crate::ui::screen::{Areas, View};
use crate::ui::state::{Focus, State};
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

/// Where the candidates stand, one a row, and which of them is the first.
fn list(state: &State, line: Rect, screen: Rect) -> Option<(Rect, usize)> {
    let completion = &state.filtering.completion;
    if state.focus != Focus::Filter || completion.candidates.is_empty() {
        return None;
    }
    let first = (completion.picked + 1).saturating_sub(SEEN);
    let seen = completion.candidates.iter().skip(first).take(SEEN);
    let rows = u16::try_from(seen.len()).unwrap_or(0);
    let widest = seen.map(|one| width(&visible(&one.word))).max();
    let columns = u16::try_from(widest.unwrap_or(0) + 8).unwrap_or(u16::MAX);
    let columns = columns.min(screen.width);
    let wanted = line.x + 2 + u16::try_from(completion.start).unwrap_or(u16::MAX / 2);
    let left = wanted.min(screen.right().saturating_sub(columns));
    let top = line.bottom();
    let rows = rows.min(screen.bottom().saturating_sub(top));
    Some((Rect::new(left, top, columns, rows), first))
}

/// The candidate that stands at a place of the screen.
pub(in crate::ui) fn candidate_at(state: &State, areas: &Areas, at: Position) -> Option<usize> {
    let screen = Rect::from(state.size());
    let (area, first) = list(state, areas.address, screen)?;
    area.contains(at)
        .then(|| first + usize::from(at.y - area.y))
}

impl Widget for CompletionList<'_> {
    fn render(self, screen: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        let Some((area, first)) = list(state, self.line, screen) else {
            return;
        };
        let completion = &state.filtering.completion;
        let seen = completion.candidates.iter().skip(first);
        clear_halves(area, buffer);
        Clear.render(area, buffer);
        for (n, (candidate, y)) in seen.zip(area.top()..area.bottom()).enumerate() {
            let row = Rect::new(area.x, y, area.width, 1);
            let room = area.width.saturating_sub(2);
            let style = theme.plain();
            put(buffer, (area.x + 1, y), room, &candidate.word, style);
            if let Some(count) = candidate.count {
                let count = count.to_string();
                put_right(buffer, (area.x + 1, y), room, &count, theme.quiet());
            }
            if first + n == completion.picked {
                fill(buffer, row, theme.selected());
            }
        }
    }
}
