use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::ui::menu::Menu;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;

use super::popup::{place, popup};

/// What can be taken from a menu.
pub(in crate::ui) struct MenuPane<'a> {
    pub(in crate::ui) view: &'a View<'a>,
    pub(in crate::ui) menu: Menu,
}

impl Widget for MenuPane<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        let (state, menu) = (self.view.state, self.menu);
        let lines = lines(menu, state, *theme);
        let top = top(lines.len(), state, area);
        popup(menu.title(), &lines, top, *theme, area, buffer);
    }
}

fn lines(menu: Menu, state: &State, theme: Theme) -> Vec<Line<'static>> {
    let rows = menu.rows().iter().enumerate();
    let line = |(place, row): (usize, &crate::ui::menu::Row)| {
        let is_chosen = place == state.pointed;
        let mark = if is_chosen { "▸ " } else { "  " };
        let words = Span::raw(row.words);
        Line::from(vec![
            Span::styled(mark, theme.accent()),
            Span::styled(format!("{}  ", row.letter), theme.accent()),
            if is_chosen {
                words.style(theme.strong())
            } else {
                words
            },
        ])
    };
    rows.map(line).collect()
}

/// The first row that is seen, so that the one that is pointed at is.
fn top(rows: usize, state: &State, screen: Rect) -> usize {
    let room = usize::from(screen.height.saturating_sub(2));
    // The last line may say that there are more.
    let seen = if rows > room {
        room.saturating_sub(1)
    } else {
        room
    };
    (state.pointed + 1).saturating_sub(seen)
}

/// The row of the menu at a place of the screen.
pub(in crate::ui) fn row_at(
    menu: Menu,
    state: &State,
    screen: Rect,
    at: Position,
) -> Option<usize> {
    let lines = lines(menu, state, Theme::mono());
    let area = place(menu.title(), &lines, screen);
    let is_inside = (area.left() + 1..area.right().saturating_sub(1)).contains(&at.x)
        && (area.top() + 1..area.bottom().saturating_sub(1)).contains(&at.y);
    let row = top(lines.len(), state, screen) + usize::from(at.y.saturating_sub(area.y + 1));
    (is_inside && row < lines.len()).then_some(row)
}
