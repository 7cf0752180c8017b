use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::message::clip;
use crate::model::{Model, Request, Scale, bar, duration, stretches};
use crate::ui::link::linked;
use crate::ui::screen::View;
use crate::ui::state::State;
use crate::ui::theme::Theme;
use crate::ui::widget::painted;

use super::popup::{place, popup};

/// The run as it was and as it would have been, on one time axis.
pub(in crate::ui) struct WhatIf<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// Columns of what stands before a bar.
const NAME: u16 = 26;

impl Widget for WhatIf<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let lines = self.lines(area);
        let (top, theme) = (self.view.state.unrolled, *self.view.theme);
        popup(TITLE, &lines, top, theme, area, buffer);
    }
}

const TITLE: &str = "What if";

/// Whether a place of the screen is within it.
pub(in crate::ui) fn is_in_what_if(
    state: &State,
    model: &Model,
    screen: Rect,
    at: Position,
) -> bool {
    let theme = Theme::mono();
    let view = View::of(state, model, model.latest(), &theme);
    let lines = WhatIf { view: &view }.lines(screen);
    place(TITLE, &lines, screen).contains(at)
}

impl WhatIf<'_> {
    fn lines(&self, area: Rect) -> Vec<Line<'static>> {
        let (theme, state) = (*self.view.theme, self.view.state);
        let Some(imagined) = &state.imagined else {
            return vec![Line::styled("the run is scheduled again …", theme.quiet())];
        };
        let words = imagined.words.split("; ").map(str::to_owned);
        let mut lines: Vec<Line<'static>> = words
            .map(|part| Line::styled(part, theme.strong()))
            .collect();
        lines.push(Line::styled(
            "each request as it was, and below as it would have been",
            theme.quiet(),
        ));
        let name = if area.width < 60 { 6 } else { NAME };
        let scale = self.scale(&imagined.model, area.width.saturating_sub(name + 5));
        lines.push(Line::styled(
            format!(
                "{:width$}│0 … {}",
                "",
                duration(scale.moment(scale.columns()).since(scale.moment(0))),
                width = usize::from(name)
            ),
            theme.quiet(),
        ));
        for request in self.view.model.requests() {
            let label = format!("{} {}", request.id, request.path());
            lines.push(self.row(&label, request, self.view.model, (name, &scale)));
            if let Some(other) = imagined.model.request(request.id) {
                lines.push(self.row("", other, &imagined.model, (name, &scale)));
            }
        }
        lines
    }

    /// From the first request to the later of the two ends.
    fn scale(&self, imagined: &Model, columns: u16) -> Scale {
        let (real, now) = (self.view.model, self.view.now);
        let from = real.requests().iter().map(|request| request.planned).min();
        let from = from.unwrap_or_default();
        let longest = real.total(now).max(imagined.total(imagined.latest()));
        Scale::new(from, from + longest + longest / 100, columns)
    }

    fn row(
        &self,
        label: &str,
        request: &Request,
        model: &Model,
        (name, scale): (u16, &Scale),
    ) -> Line<'static> {
        let theme = *self.view.theme;
        let now = self.view.now.max(model.latest());
        let label = clip(label, usize::from(name - 1)).into_owned();
        let blanks = usize::from(name).saturating_sub(crate::message::width(&label));
        let mut spans = linked(&label, theme.plain(), None, &theme);
        spans.push(Span::styled(
            format!("{}│", " ".repeat(blanks)),
            theme.quiet(),
        ));
        for cell in bar(&stretches(request, model, now), scale) {
            let (glyph, style) = cell.map_or((' ', Style::new()), |cell| painted(cell, theme));
            spans.push(Span::styled(glyph.to_string(), style));
        }
        Line::from(spans)
    }
}
