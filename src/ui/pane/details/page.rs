use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::event::Moment;
use crate::message::visible;
use crate::model::Model;
use crate::ui::folds::Folds;
use crate::ui::theme::Theme;
use crate::ui::unpacked::Unpacked;

/// What the tabs look at besides the request.
pub(super) struct Page<'a> {
    pub(super) model: &'a Model,
    /// The body without its codings, once it is there.
    pub(super) unpacked: Option<&'a Unpacked>,
    pub(super) folds: &'a Folds,
    pub(super) now: Moment,
    pub(super) theme: &'a Theme,
    pub(super) width: u16,
}

/// Text of anybody's, made safe to show.
pub(super) fn said(text: &str, style: Style) -> Span<'static> {
    Span::styled(visible(text).into_owned(), style)
}

/// Header text is isomorphic: where its bytes are UTF-8, that is how it is read.
pub(super) fn read(text: &str) -> String {
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

/// A sentence about something that went wrong.
pub(super) fn trouble(page: &Page<'_>, words: &str) -> Line<'static> {
    Line::from(said(&format!("  {words}"), page.theme.bad()))
}

/// A sentence in place of a table that would be empty.
pub(super) fn remark(page: &Page<'_>, words: &str) -> Line<'static> {
    Line::from(said(&format!("  {words}"), page.theme.quiet()))
}
