use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::event::Stage;
use crate::ui::screen::View;
use crate::ui::theme::Theme;

use super::popup::popup;

/// What glyphs and colours mean, from the one table of stages.
pub(in crate::ui) struct Legend<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// The stages, a line each.
fn shown() -> impl Iterator<Item = Stage> {
    let all = Stage::ALL.iter().copied();
    all.filter(|stage| *stage != Stage::Close)
}

/// The stage that a line of the legend is of.
pub(in crate::ui) fn stage_of_line(line: usize) -> Option<Stage> {
    shown().nth(line)
}

impl Widget for Legend<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        let lines = lines(theme);
        popup(
            "Legend",
            &lines,
            self.view.state.unrolled,
            *theme,
            area,
            buffer,
        );
    }
}

/// How many lines the legend has.
pub(in crate::ui) fn lines_of_legend() -> usize {
    lines(&Theme::mono()).len()
}

fn lines(theme: &Theme) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = shown()
        .map(|stage| {
            let card = stage.card();
            let glyphs = card.glyph.to_string().repeat(4);
            Line::from(vec![
                Span::styled(glyphs, Style::new().fg(theme.tone(card.tone))),
                Span::styled(format!("  {:<8}", card.name), theme.strong()),
                Span::raw(card.words.trim()),
            ])
        })
        .collect();
    lines.push(Line::from(vec![
        Span::styled("✕   ", theme.bad()),
        Span::styled("  failed  ", theme.strong()),
        Span::raw("What went wrong stands beside the bar."),
    ]));
    lines.push(Line::default());
    lines.extend([
        Line::styled(
            "Bars are to scale. What was too short to be seen has an",
            theme.quiet(),
        ),
        Line::styled(
            "eighth of a column. Below, each connection has a lane:",
            theme.quiet(),
        ),
        Line::raw("◌ opening  ● in use  ○ idle  · closed  ✕ never opened"),
        Line::raw("─── idle between requests, which show their numbers"),
        Line::raw("┤ closed by us  ╡ by the server  ▸ ▾ folded and unfolded: H"),
        Line::raw("Click a stage to see first where it took longest."),
        Line::raw("▁▄█ how many stood in line for the host"),
    ]);
    lines
}
