use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::message::visible;
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
    let mut lines = Vec::new();
    for section in state.help_sections() {
        lines.push(Line::styled(section.mode.words(), theme.quiet()));
        lines.extend(section.rows.iter().map(|bound| row(bound, theme)));
    }
    if lines.is_empty() {
        let words = format!("{:<50}", "no key, and nothing that one does, is called so");
        lines.push(Line::styled(words, theme.quiet()));
    }
    folded(lines, screen)
}

fn row(bound: &Bound, theme: Theme) -> Line<'static> {
    let keys = bound.keys.join(" ");
    let words = format!("{:<48}", bound.binding.words);
    Line::from(vec![
        Span::styled(format!("{keys:>14}  "), theme.accent()),
        words.into(),
    ])
}

/// Two columns where one would be too long and two are not too wide.
fn folded(mut lines: Vec<Line<'static>>, screen: Size) -> Vec<Line<'static>> {
    let rows = usize::from(screen.height.saturating_sub(2));
    if lines.len() <= rows || screen.width < 2 * 66 {
        return lines.into_iter().map(trimmed).collect();
    }
    let second = lines.split_off(lines.len().div_ceil(2));
    let second = second.into_iter().map(Some).chain(std::iter::repeat(None));
    let join = |(left, right): (Line<'static>, Option<Line<'static>>)| {
        let pad = " ".repeat(64_usize.saturating_sub(left.width()));
        let mut spans = left.spans;
        spans.push(pad.into());
        spans.extend(right.map(|line| line.spans).unwrap_or_default());
        Line::from(spans)
    };
    lines
        .into_iter()
        .zip(second)
        .map(join)
        .map(trimmed)
        .collect()
}

/// A line without the blanks at its end.
fn trimmed(mut line: Line<'static>) -> Line<'static> {
    if let Some(last) = line.spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    line
}
