use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::message::{visible, width};
use crate::ui::keys::Bound;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;

use super::popup::{place, popup};

/// The keys, from the one table of keys; those of the place where one was come first.
pub(in crate::ui) struct Help<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Help<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, *self.view.theme);
        let lines = lines(state, theme, area.as_size());
        let title = title(state);
        popup(&title, &lines, state.unrolled, theme, area, buffer);
    }
}

impl Help<'_> {
    /// Where the next letter goes.
    pub(in crate::ui) fn cursor(&self, screen: Rect) -> Position {
        let state = self.view.state;
        let lines = lines(state, *self.view.theme, screen.as_size());
        let frame = place(&title(state), &lines, screen);
        let typed = u16::try_from(state.help.search.visual_cursor()).unwrap_or(u16::MAX);
        let x = (frame.x + 2 + BEFORE).saturating_add(typed);
        Position::new(x.min(frame.right().saturating_sub(1)), frame.y)
    }
}

/// What stands before what is searched for.
const SEARCH: &str = "Keys / ";
/// Its columns.
const BEFORE: u16 = 7;

/// What it is, and what is searched for in it.
fn title(state: &State) -> String {
    let typed = visible(state.help.search.value());
    if typed.is_empty() {
        format!("{SEARCH}type to search")
    } else {
        format!("{SEARCH}{typed}")
    }
}

/// How many lines there are.
pub(in crate::ui) fn lines_of_help(state: &State) -> usize {
    lines(state, Theme::mono(), state.size()).len()
}

fn lines(state: &State, theme: Theme, screen: Size) -> Vec<Line<'static>> {
    let rows = usize::from(screen.height.saturating_sub(2));
    let one = column(state, theme, usize::MAX);
    if one.len() <= rows || usize::from(screen.width) < 2 * COLUMN + 4 {
        return one;
    }
    side_by_side(column(state, theme, WORDS))
}

/// Columns for the keys and what stands behind them.
const KEYS: usize = 16;
/// Columns for what they do, where two lists stand side by side.
const WORDS: usize = 46;
/// Columns of a list that stands beside another.
const COLUMN: usize = KEYS + WORDS + 2;

/// The keys of each place, what they do in `room` columns.
fn column(state: &State, theme: Theme, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for section in state.help_sections() {
        lines.push(Line::styled(section.mode.words(), theme.quiet()));
        let rows = section.rows.iter();
        lines.extend(rows.flat_map(|bound| row(bound, theme, room)));
    }
    if lines.is_empty() {
        let words = "no key, and nothing that one does, is called so";
        lines.push(Line::styled(words, theme.quiet()));
    }
    lines
}

fn row(bound: &Bound, theme: Theme, room: usize) -> Vec<Line<'static>> {
    let mut keys = bound.keys.join(" ");
    let mut lines = Vec::new();
    for words in wrapped(bound.binding.words, room) {
        let keys = format!("{:>1$}  ", std::mem::take(&mut keys), KEYS - 2);
        lines.push(Line::from(vec![
            Span::styled(keys, theme.accent()),
            words.into(),
        ]));
    }
    lines
}

/// Words in lines of `room` columns at most.
fn wrapped(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The second half of the lines beside the first.
fn side_by_side(mut lines: Vec<Line<'static>>) -> Vec<Line<'static>> {
    let second = lines.split_off(lines.len().div_ceil(2));
    let second = second.into_iter().map(Some).chain(std::iter::repeat(None));
    let join = |(left, right): (Line<'static>, Option<Line<'static>>)| {
        let Some(right) = right else { return left };
        let pad = " ".repeat(COLUMN.saturating_sub(left.width()));
        let (style, mut spans) = (left.style, left.spans);
        for span in &mut spans {
            span.style = style.patch(span.style);
        }
        spans.push(pad.into());
        let of_right = right.spans.into_iter();
        spans
            .extend(of_right.map(|span| Span::styled(span.content, right.style.patch(span.style))));
        Line::from(spans)
    };
    lines.into_iter().zip(second).map(join).collect()
}
