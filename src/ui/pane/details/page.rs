use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::event::{Moment, Stage};
use crate::message::{Hidden, visible};
use crate::model::{Cell, Model, Scale, Stretch, bar};
use crate::ui::browsing::Browsing;
use crate::ui::folds::Folds;
use crate::ui::secrets::Secrets;
use crate::ui::theme::Theme;
use crate::ui::unpacked::Unpacked;
use crate::ui::widget::painted;

/// What the tabs look at besides the request.
pub(super) struct Page<'a> {
    pub(super) model: &'a Model,
    /// The body without its codings, once it is there.
    pub(super) unpacked: Option<&'a Unpacked>,
    pub(super) folds: &'a Folds,
    /// How bodies are looked at.
    pub(super) browsing: &'a Browsing,
    /// Whether the terminal has more than 256 colours.
    pub(super) has_true_colour: bool,
    pub(super) now: Moment,
    pub(super) theme: &'a Theme,
    pub(super) width: u16,
    /// Whether values that look like secrets are shown.
    pub(super) secrets: Secrets,
}

/// What stands for a value that looks like a secret; `v` shows it.
pub(in crate::ui::pane) const VEIL: Hidden<'_> = Hidden::Likely("••••••");

impl Page<'_> {
    /// What a calendar and a clock say, in milliseconds since 1970.
    pub(super) fn wall_ms(&self) -> u64 {
        let run = self.now.since(Moment::START).as_millis();
        let run = u64::try_from(run).unwrap_or(u64::MAX);
        self.model.run().wall_ms.saturating_add(run)
    }

    /// A header's value as it is shown.
    pub(super) fn shown_header(&self, name: &str, value: &str) -> String {
        let veiled = VEIL
            .header(name, value)
            .filter(|_| self.secrets == Secrets::Hidden);
        veiled.unwrap_or_else(|| read(value))
    }

    /// A cookie's value as it is shown.
    pub(super) fn shown_cookie(&self, name: &str, value: &str) -> String {
        let veiled = VEIL
            .cookie(name, value)
            .filter(|_| self.secrets == Secrets::Hidden);
        veiled.unwrap_or_else(|| read(value))
    }
}

/// Text of anybody's, made safe to show.
pub(super) fn said(text: &str, style: Style) -> Span<'static> {
    Span::styled(visible(text).into_owned(), style)
}

/// Header text is isomorphic: where its bytes are UTF-8, that is how it is read.
pub(in crate::ui::pane) fn read(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| text.to_owned())
}

/// A name and what is said of it, the names all of one width.
pub(super) fn pair(page: &Page<'_>, name: &str, value: &str) -> Line<'static> {
    Line::from(vec![
        said(&format!("  {name:<14} "), page.theme.quiet()),
        said(value, page.theme.plain()),
    ])
}

/// A name, a small bar of one stage to `scale`, and what is said of it.
pub(super) fn drawn(
    page: &Page<'_>,
    name: &str,
    (stage, from, to): (Stage, Moment, Moment),
    scale: &Scale,
    value: &str,
) -> Line<'static> {
    let mut spans = vec![said(&format!("  {name:<14} "), page.theme.quiet())];
    if scale.columns() > 0 {
        let stretch = Stretch {
            stage,
            from,
            to,
            connection: None,
            failure: None,
        };
        let cells = bar(&[stretch], scale).into_iter();
        spans.extend(cells.map(|cell| cell_span(cell, *page.theme)));
        spans.push(Span::raw(" "));
    }
    spans.push(said(value, page.theme.plain()));
    Line::from(spans)
}

/// How long small bars are: nothing where there is no room.
pub(super) const fn bar_columns(page: &Page<'_>) -> u16 {
    match page.width {
        ..70 => 0,
        70..110 => 12,
        _ => 24,
    }
}

/// A column of a bar.
pub(super) fn cell_span(cell: Option<Cell>, theme: Theme) -> Span<'static> {
    let Some(cell) = cell else {
        return Span::raw(" ");
    };
    let (glyph, style) = painted(cell, theme);
    Span::styled(glyph.to_string(), style)
}

/// A sentence about something that went wrong.
pub(super) fn trouble(page: &Page<'_>, words: &str) -> Line<'static> {
    Line::from(said(&format!("  {words}"), page.theme.bad()))
}

/// A sentence in place of a table that would be empty.
pub(super) fn remark(page: &Page<'_>, words: &str) -> Line<'static> {
    Line::from(said(&format!("  {words}"), page.theme.quiet()))
}
