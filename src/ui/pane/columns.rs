use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::ui::layout::Placed;
use crate::ui::order::By;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;

use super::popup::{place, popup};

/// The columns, to be chosen, carried, made wider and sorted by.
pub(in crate::ui) struct ColumnList<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for ColumnList<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, *self.view.theme);
        let top = top_of_columns(state.choosing, area.as_size());
        popup(TITLE, &lines(state, theme), top, theme, area, buffer);
    }
}

const TITLE: &str = "Columns";

/// The first line that is seen; where not all fit, the last says how many more there are.
pub(in crate::ui) fn top_of_columns(chosen: usize, screen: Size) -> usize {
    let room = usize::from(screen.height.saturating_sub(2));
    (chosen + 2).saturating_sub(room)
}

/// Whether the boxes are drawn in a column of the screen.
pub(in crate::ui) fn is_box(state: &State, screen: Rect, x: u16) -> bool {
    let lines = lines(state, Theme::mono());
    let start = place(TITLE, &lines, screen).x + 3;
    (start..start + 3).contains(&x)
}

fn lines(state: &State, theme: Theme) -> Vec<Line<'static>> {
    let placed = state.layout().columns().iter().enumerate();
    placed
        .map(|(n, placed)| line(n, *placed, state, theme))
        .collect()
}

fn line(place: usize, placed: Placed, state: &State, theme: Theme) -> Line<'static> {
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
