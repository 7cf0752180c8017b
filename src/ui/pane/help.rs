use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::ui::binding::Mode;
use crate::ui::screen::View;

use super::popup::popup;

/// The keys, from the one table of keys.
pub(in crate::ui) struct Help<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Help<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let mut lines = Vec::new();
        for mode in Mode::ALL {
            lines.push(Line::styled(mode.words(), self.view.theme.quiet()));
            lines.extend(self.keys(*mode));
        }
        let lines = self.folded(lines, area);
        popup(
            "Keys",
            &lines,
            self.view.state.unrolled,
            *self.view.theme,
            area,
            buffer,
        );
    }
}

impl Help<'_> {
    fn keys(&self, mode: Mode) -> impl Iterator<Item = Line<'static>> {
        let theme = self.view.theme;
        self.view.state.keys.at(mode).map(move |bound| {
            let keys = bound.keys.join(" ");
            let words = format!("{:<48}", bound.binding.words);
            Line::from(vec![
                Span::styled(format!("{keys:>14}  "), theme.accent()),
                words.into(),
            ])
        })
    }

    /// Two columns where one would be too long and two are not too wide.
    fn folded(&self, mut lines: Vec<Line<'static>>, area: Rect) -> Vec<Line<'static>> {
        let rows = usize::from(area.height.saturating_sub(2));
        if lines.len() <= rows || area.width < 2 * 66 {
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
        let _ = self;
        lines
            .into_iter()
            .zip(second)
            .map(join)
            .map(trimmed)
            .collect()
    }
}

/// A line without the blanks at its end.
fn trimmed(mut line: Line<'static>) -> Line<'static> {
    if let Some(last) = line.spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    line
}
