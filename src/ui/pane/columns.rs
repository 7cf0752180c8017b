use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::ui::layout::Placed;
use crate::ui::order::By;
use crate::ui::screen::View;

use super::popup::popup;

/// The columns, to be chosen, carried, made wider and sorted by.
pub(in crate::ui) struct ColumnList<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for ColumnList<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let state = self.view.state;
        let placed = state.layout().columns().iter().enumerate();
        let lines: Vec<Line<'_>> = placed.map(|(n, placed)| self.line(n, *placed)).collect();
        let top = top_of_columns(state.choosing, area.as_size());
        popup("Columns", &lines, top, *self.view.theme, area, buffer);
    }
}

/// The first line that is seen; where not all fit, the last says how many more there are.
pub(in crate::ui) fn top_of_columns(chosen: usize, screen: Size) -> usize {
    let room = usize::from(screen.height.saturating_sub(2));
    (chosen + 2).saturating_sub(room)
}

impl ColumnList<'_> {
    fn line(&self, place: usize, placed: Placed) -> Line<'static> {
        let (theme, state) = (self.view.theme, self.view.state);
        let card = placed.column.card();
        let order = state.layout().order;
        let sign = match (order.by == By::Column(placed.column), order.is_reversed) {
            (true, false) => '▲',
            (true, true) => '▼',
            (false, _) => ' ',
        };
        let mark = if placed.is_shown { "[x]" } else { "[ ]" };
        let width = placed
            .width
            .map_or_else(String::new, |width| width.to_string());
        let name = format!(" {mark} {:<12}", card.name);
        let (style, quiet) = if place == state.choosing {
            (theme.selected(), theme.selected())
        } else if placed.is_shown {
            (theme.plain(), theme.quiet())
        } else {
            (theme.quiet(), theme.quiet())
        };
        Line::from(vec![
            Span::styled(name, style),
            Span::styled(format!("{width:>4} {sign} "), style),
            Span::styled(format!("{:<40}", card.words), quiet),
        ])
    }
}
