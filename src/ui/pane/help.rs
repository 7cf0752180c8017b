use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::message::{visible, width};
use crate::ui::action::Action;
use crate::ui::binding::Mode;
use crate::ui::keys::Bound;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;

use super::popup::{line_at, place, popup};

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
    lines(state, Theme::mono(), state.room_on_top().as_size()).len()
}

fn lines(state: &State, theme: Theme, screen: Size) -> Vec<Line<'static>> {
    let (left, right) = columns(state, theme, screen);
    let Some(right) = right else {
        return left.into_iter().map(|told| told.line).collect();
    };
    side_by_side(left, right)
}

/// The lines, in two lists where one is too long and there is room for both.
fn columns(state: &State, theme: Theme, screen: Size) -> (Vec<Told>, Option<Vec<Told>>) {
    let rows = usize::from(screen.height.saturating_sub(2));
    let one = column(state, theme, usize::MAX);
    if one.len() <= rows || usize::from(screen.width) < 2 * COLUMN + 4 {
        return (one, None);
    }
    let mut first = column(state, theme, WORDS);
    let second = first.split_off(first.len().div_ceil(2));
    (first, Some(second))
}

/// What the row at a place of the screen is about, and where that can be done.
pub(in crate::ui) fn help_at(state: &State, screen: Rect, at: Position) -> Option<(Mode, Action)> {
    let size = screen.as_size();
    let all = lines(state, Theme::mono(), size);
    let frame = place(&title(state), &all, screen);
    let row = line_at(all.len(), state.unrolled, size, at.y)?;
    let (left, right) = columns(state, Theme::mono(), size);
    let split = usize::from(frame.x) + 2 + COLUMN;
    let list = right.filter(|_| usize::from(at.x) >= split).unwrap_or(left);
    list.get(row)?.does
}

/// Whether a place of the screen is within help.
pub(in crate::ui) fn is_in_help(state: &State, screen: Rect, at: Position) -> bool {
    let all = lines(state, Theme::mono(), screen.as_size());
    place(&title(state), &all, screen).contains(at)
}

/// A line, and what it tells of.
struct Told {
    line: Line<'static>,
    does: Option<(Mode, Action)>,
}

/// Columns for the keys and what stands behind them.
const KEYS: usize = 16;
/// Columns for what they do, where two lists stand side by side.
const WORDS: usize = 46;
/// Columns of a list that stands beside another.
const COLUMN: usize = KEYS + WORDS + 2;

/// The keys of each place, what they do in `room` columns.
fn column(state: &State, theme: Theme, room: usize) -> Vec<Told> {
    let title = |words: &'static str| Told {
        line: Line::styled(words, theme.quiet()),
        does: None,
    };
    let mut lines = Vec::new();
    for section in state.help_sections() {
        lines.push(title(section.mode.words()));
        let rows = section.rows.iter();
        lines.extend(rows.flat_map(|bound| row(bound, theme, room)));
    }
    if lines.is_empty() {
        lines.push(title("no key, and nothing that one does, is called so"));
    }
    lines
}

fn row(bound: &Bound, theme: Theme, room: usize) -> Vec<Told> {
    let mut keys = bound.keys.join(" ");
    let binding = bound.binding;
    let line = |words: String| {
        let keys = format!("{:>1$}  ", std::mem::take(&mut keys), KEYS - 2);
        let spans = vec![Span::styled(keys, theme.accent()), words.into()];
        Told {
            line: Line::from(spans),
            does: Some((binding.mode, binding.action)),
        }
    };
    wrapped(binding.words, room).into_iter().map(line).collect()
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

/// Two lists, the second to the right of the first.
fn side_by_side(left: Vec<Told>, right: Vec<Told>) -> Vec<Line<'static>> {
    let right = right
        .into_iter()
        .map(Some)
        .chain(std::iter::repeat_with(|| None));
    let join = |(left, right): (Told, Option<Told>)| {
        let (left, right) = match right {
            Some(right) => (left.line, right.line),
            None => return left.line,
        };
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
    left.into_iter().zip(right).map(join).collect()
}
