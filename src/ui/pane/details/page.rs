use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::event::{Moment, RequestId, Stage};
use crate::message::{Hidden, visible, width};
use crate::model::{Cell, Model, Scale, Stretch, bar};
use crate::ui::browsing::Browsing;
use crate::ui::folds::Folds;
use crate::ui::link::linked;
use crate::ui::secrets::Secrets;
use crate::ui::theme::Theme;
use crate::ui::unpacked::Unpacked;
use crate::ui::widget::painted;

/// What the tabs look at besides the request.
pub(super) struct Page<'a> {
    pub(super) model: &'a Model,
    /// The request that the tabs are about; where it is named, that leads nowhere.
    pub(super) own: RequestId,
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

/// The same where the words are ours: requests and connections in them are links.
pub(super) fn linked_pair(page: &Page<'_>, name: &str, words: &str) -> Vec<Line<'static>> {
    let name = |at: usize| if at == 0 { name } else { "" };
    let parts = fitted(words, room(page, BEHIND_NAME));
    let line = |(at, part): (usize, &String)| {
        let name = format!("  {:<14} ", name(at));
        let mut spans = ours(page, &name, page.theme.quiet());
        spans.extend(ours(page, part, page.theme.plain()));
        Line::from(spans)
    };
    parts.iter().enumerate().map(line).collect()
}

/// A sentence of ours, in which requests and connections are links.
pub(super) fn ours(page: &Page<'_>, words: &str, style: Style) -> Vec<Span<'static>> {
    linked(&visible(words), style, Some(page.own), page.theme)
}

/// The same, in as many lines as it takes.
pub(super) fn pairs(page: &Page<'_>, name: &str, value: &str) -> Vec<Line<'static>> {
    let lines = fitted(value, room(page, BEHIND_NAME));
    let line = |(at, part): (usize, &String)| pair(page, if at == 0 { name } else { "" }, part);
    lines.iter().enumerate().map(line).collect()
}

/// A name, a small bar of one stage to `scale`, and what is said of it, in as many lines as it takes.
pub(super) fn drawn(
    page: &Page<'_>,
    name: &str,
    stretch: (Stage, Moment, Moment),
    scale: &Scale,
    value: &str,
) -> Vec<Line<'static>> {
    let bar = match scale.columns() {
        0 => 0,
        columns => usize::from(columns) + 1,
    };
    let before = BEHIND_NAME + bar;
    let parts = fitted(value, room(page, before));
    let mut parts = parts.iter();
    let first = parts.next().map(String::as_str).unwrap_or_default();
    let mut lines = vec![with_bar(page, name, stretch, scale, first)];
    lines.extend(parts.map(|part| {
        let indent = Span::raw(" ".repeat(before));
        Line::from(vec![indent, said(part, page.theme.plain())])
    }));
    lines
}

/// Columns that are left behind so many, and behind the cursor's own.
fn room(page: &Page<'_>, before: usize) -> usize {
    usize::from(page.width).saturating_sub(1 + before)
}

/// Words in lines of so many columns: broken at ` · ` where that will do, else at a space.
fn fitted(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in words.split(SIGN) {
        add(&mut lines, piece, SIGN, room);
    }
    lines
}

/// Adds to the last line what fits there behind the sign, and begins others for the rest.
fn add(lines: &mut Vec<String>, piece: &str, sign: &str, room: usize) {
    let piece = visible(piece);
    let Some(last) = lines.last_mut() else {
        return;
    };
    let sign = if last.is_empty() { "" } else { sign };
    let is_one_word = !piece.contains(' ');
    if width(last) + width(sign) + width(&piece) <= room || (is_one_word && last.is_empty()) {
        *last = format!("{last}{sign}{piece}");
    } else if width(&piece) <= room || is_one_word {
        lines.push(piece.into_owned());
    } else {
        if !last.is_empty() {
            lines.push(String::new());
        }
        for word in piece.split(' ') {
            add(lines, word, " ", room);
        }
    }
}

/// What stands before a value: the name and the spaces around it.
const BEHIND_NAME: usize = 17;
const SIGN: &str = " · ";

/// A name, a small bar of one stage to `scale`, and what is said of it.
fn with_bar(
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

/// A sentence in place of a table that would be empty, or below one; its links lead somewhere.
pub(super) fn remark(page: &Page<'_>, words: &str) -> Line<'static> {
    Line::from(ours(page, &format!("  {words}"), page.theme.quiet()))
}

/// Fewer columns beside a figure are too few for a sentence.
const BESIDE: usize = 30;
/// How far sentences below a figure are moved to the right.
const BELOW: usize = 6;

/// A sentence of ours behind something, in as many lines as it takes; below it where there is little
/// room beside it.
pub(super) fn source(
    page: &Page<'_>,
    before: Vec<Span<'static>>,
    words: &str,
) -> Vec<Line<'static>> {
    let taken: usize = before.iter().map(|span| width(&span.content)).sum();
    let beside = room(page, taken);
    let is_below = beside < BESIDE && width(words) > beside;
    let indent = if is_below { BELOW } else { taken };
    let line = |part: &String| {
        let mut line = vec![Span::raw(" ".repeat(indent))];
        line.extend(ours(page, part, page.theme.quiet()));
        line
    };
    let parts = fitted(words, room(page, indent));
    let mut lines: Vec<_> = parts.iter().map(line).collect();
    match lines.first_mut() {
        Some(first) if !is_below => drop(first.splice(..1, before)),
        _ => lines.insert(0, before),
    }
    lines.into_iter().map(Line::from).collect()
}

/// The same, in as many lines as it takes.
pub(super) fn remarks(page: &Page<'_>, words: &str) -> Vec<Line<'static>> {
    let parts = fitted(words, room(page, 2));
    parts.iter().map(|part| remark(page, part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_where_they_belong_apart() {
        let words = "20 ms · 10.0.0.53:53 over UDP · 1 address, good for 5 min · rd ra";
        assert_eq!(fitted(words, 80), [words]);
        assert_eq!(
            fitted(words, 40),
            [
                "20 ms · 10.0.0.53:53 over UDP",
                "1 address, good for 5 min · rd ra"
            ]
        );
        assert_eq!(
            fitted(words, 20),
            [
                "20 ms",
                "10.0.0.53:53 over",
                "UDP",
                "1 address, good for",
                "5 min · rd ra"
            ]
        );
        assert_eq!(fitted("", 20), [""]);
        assert_eq!(
            fitted("a-long-word", 4),
            ["a-long-word"],
            "it is cut where it ends"
        );
    }
}
