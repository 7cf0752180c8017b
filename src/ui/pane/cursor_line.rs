use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::event::Stage;
use crate::message::width;
use crate::ui::screen::{Areas, View};
use crate::ui::widget::{fill, put};

/// A moment of the run, drawn through all rows and lanes, with its time on the axis.
pub(in crate::ui) struct CursorLine<'a> {
    pub(in crate::ui) view: &'a View<'a>,
    pub(in crate::ui) areas: Areas,
}

impl Widget for CursorLine<'_> {
    fn render(self, _: Rect, buffer: &mut Buffer) {
        let (view, areas) = (self.view, self.areas);
        let Some(at) = view.state.line else { return };
        let (from, to) = view.scale.range();
        if at < from || at > to || view.scale.columns() == 0 {
            return;
        }
        let start = view.columns.total() + 1;
        let x = start + view.scale.column(at);
        for area in [areas.table, areas.slots] {
            for y in area.top()..area.bottom() {
                let Some(cell) = buffer.cell_mut((x, y)) else {
                    continue;
                };
                if cell.symbol() == " " {
                    cell.set_char('┆').set_style(view.theme.accent());
                } else {
                    fill(buffer, Rect::new(x, y, 1, 1), view.theme.selected());
                }
            }
        }
        if let Some(label) = Label::of(view).filter(|_| areas.axis.height > 0) {
            let left = start + label.column;
            let area = Rect::new(left, areas.axis.y, label.columns, 1);
            put(
                buffer,
                (left, area.y),
                area.width,
                &label.words,
                view.theme.accent(),
            );
            fill(buffer, area, view.theme.selected());
        }
    }
}

/// The line's time, on the axis where the line meets it.
pub(super) struct Label {
    words: String,
    /// The column of the axis that it begins in.
    pub(super) column: u16,
    pub(super) columns: u16,
}

impl Label {
    pub(super) fn of(view: &View<'_>) -> Option<Self> {
        let at = view.state.line?;
        let (from, to) = view.scale.range();
        if at < from || at > to {
            return None;
        }
        let words = format!(" {} ", view.scale.label(at));
        let taken = u16::try_from(width(&words)).unwrap_or(u16::MAX);
        let columns = view.scale.columns().min(taken);
        let last = view.scale.columns() - columns;
        let column = view.scale.column(at).saturating_sub(columns / 2).min(last);
        Some(Self {
            words,
            column,
            columns,
        })
    }
}

/// What went on at the line's moment, in all rows: `at 512 ms: 6 receive · 12 queue`.
pub(in crate::ui) fn going_on(view: &View<'_>) -> Option<String> {
    let at = view.state.line?;
    let activity = view.model.activity();
    let stages = Stage::ALL.iter().rev();
    let busy: Vec<String> = stages
        .map(|stage| (stage, activity.at(*stage, at)))
        .filter(|(_, count)| *count > 0)
        .map(|(stage, count)| format!("{count} {}", stage.card().name))
        .collect();
    let busy = if busy.is_empty() {
        "nothing went on".to_owned()
    } else {
        busy.join(" · ")
    };
    Some(format!("at {}: {busy}", view.scale.label(at)))
}
