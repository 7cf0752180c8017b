use std::fmt;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::event::{ConnectionId, RequestId};

use super::theme::Theme;

/// What a word on the screen leads to: `#7` to a request, `c3` to a connection.
///
/// Links are underlined, and what is underlined is a link: so a click needs no other book of where
/// they are than the screen itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// To a row, and its details.
    Request(RequestId),
    /// To a lane, and what is known of the connection.
    Connection(ConnectionId),
}

/// As it is named.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(id) => id.fmt(f),
            Self::Connection(id) => id.fmt(f),
        }
    }
}

impl Link {
    /// The link that a whole word is.
    fn read(word: &str) -> Option<Self> {
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_plain)
        };
        if let Some(digits) = word.strip_prefix('#') {
            return number(digits).map(|n| Self::Request(RequestId(n)));
        }
        let digits = word.strip_prefix('c')?;
        number(digits).map(|n| Self::Connection(ConnectionId(n)))
    }

    /// The link that a piece of a line is.
    fn of(span: &Span<'_>) -> Option<Self> {
        let is_link = span.style.add_modifier.contains(Modifier::UNDERLINED);
        Self::read(&span.content).filter(|_| is_link)
    }

    /// The link that is drawn at a place of the screen.
    pub(super) fn at(buffer: &Buffer, at: Position) -> Option<Self> {
        let symbol = |x: u16| {
            let cell = buffer.cell((x, at.y))?;
            let is_link = cell.modifier.contains(Modifier::UNDERLINED);
            is_link.then(|| cell.symbol())
        };
        let before = (0..=at.x).rev().map_while(|x| symbol(x).map(|_| x));
        let first = before.last()?;
        let word: String = (first..).map_while(symbol).collect();
        Self::read(&word)
    }
}

/// The links of a line, in order.
pub(super) fn links_of(line: &Line<'_>) -> Vec<Link> {
    line.spans.iter().filter_map(Link::of).collect()
}

/// Gives the link of this number in a line another style.
pub(super) fn light_up(line: &mut Line<'_>, number: usize, style: Style) {
    let links = line
        .spans
        .iter_mut()
        .filter(|span| Link::of(span).is_some());
    if let Some(span) = links.into_iter().nth(number) {
        span.style = span.style.patch(style);
    }
}

/// A sentence of ours in which requests and connections are links, but for one that it is about.
pub(super) fn linked(
    text: &str,
    style: Style,
    own: Option<RequestId>,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(' ') {
        let (before, named, behind) = parts(word);
        let link = Link::read(named).filter(|link| own.map(Link::Request) != Some(*link));
        if link.is_none() {
            plain.push_str(word);
            continue;
        }
        plain.push_str(before);
        spans.push(Span::styled(std::mem::take(&mut plain), style));
        spans.push(Span::styled(named.to_owned(), theme.link(style)));
        plain.push_str(behind);
    }
    spans.push(Span::styled(plain, style));
    spans.retain(|span| !span.content.is_empty());
    spans
}

/// A word without what stands around it in a sentence; anything else around it and it is no name.
fn parts(word: &str) -> (&str, &str, &str) {
    let named = word.strip_prefix('(').unwrap_or(word);
    let before = word.strip_suffix(named).unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || c == '#';
    let end = named.find(|c: char| !is_name(c)).unwrap_or(named.len());
    let (named, behind) = named.split_at_checked(end).unwrap_or((named, ""));
    match behind.chars().next() {
        Some(c) if !" ,;:.)'".contains(c) => (word, "", ""),
        _ => (before, named, behind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Link> {
        let own = Some(RequestId(1));
        let line = Line::from(linked(text, Style::new(), own, &Theme::mono()));
        assert_eq!(line.to_string(), text, "nothing is lost");
        links_of(&line)
    }

    #[test]
    fn requests_and_connections_in_a_sentence_are_links() {
        let request = |n| Link::Request(RequestId(n));
        let connection = |n| Link::Connection(ConnectionId(n));
        for (text, links) in [
            ("got c3 when #7 ended", vec![connection(3), request(7)]),
            ("(#9, 92 % read)", vec![request(9)]),
            ("#2 #3 #4", vec![request(2), request(3), request(4)]),
            ("waits for #5's answer", vec![request(5)]),
            ("→ #38 · ! größer", vec![request(38)]),
            ("this is #1, and it stays so", vec![]),
            (
                "/a#7 b.test/c3?c4=#x c3/ c c1d #1d ##2 abc12 #99999999999",
                vec![],
            ),
            ("", vec![]),
        ] {
            assert_eq!(found(text), links, "{text}");
        }
    }
}
