use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use crate::content::{Blocks, Ink, Kind, Text, Tree};
use crate::event::Tone;
use crate::message::{clip, width};
use crate::ui::tail::{BYTES, Tail};
use crate::ui::theme::Theme;

use super::page::{Page, said};

/// As many columns of a value as are looked at.
const COLUMNS: usize = 1_000;
/// Deeper than so many levels, nothing moves to the right any more.
const DEEPEST: u32 = 30;

/// A line of a body, made when it is looked at.
pub(super) fn tail_line(tail: &Tail, line: usize, page: &Page<'_>) -> Line<'static> {
    match tail {
        Tail::Text(text) => text_line(text, line, page),
        Tail::Tree(tree, rows) => match rows.get(line) {
            Some(place) => value_line(tree, *place as usize, page),
            None => Line::default(),
        },
        Tail::Bytes(bytes) => bytes_line(bytes, line, page),
        Tail::Blocks(blocks) => blocks_line(blocks, line, page),
    }
}

/// A line of text in its colours, from the column on to which it is moved.
fn text_line(text: &Text, place: usize, page: &Page<'_>) -> Line<'static> {
    let Some((line, range)) = text.line(place) else {
        return Line::default();
    };
    let (skipped, seen) = window(line, page.browsing.panned, usize::from(page.width));
    let (from, to) = (range.start + skipped, range.start + skipped + seen);
    let mut spans = vec![Span::raw("  ")];
    let mut at = from;
    let mut put = |start: usize, end: usize, style: Style| {
        let piece = text.text.get(start..end).unwrap_or_default();
        if !piece.is_empty() {
            spans.push(said(&piece.replace('\t', "    "), style));
        }
    };
    for stroke in text.strokes(from..to) {
        let range = stroke.range();
        let (start, end) = (range.start.max(from), range.end.min(to));
        put(at, start, page.theme.plain());
        put(start, end, ink(stroke.ink, *page.theme));
        at = end;
    }
    put(at, to, page.theme.plain());
    Line::from(spans)
}

/// How many bytes of a line are left of the window, and how many are in it.
fn window(line: &str, panned: usize, columns: usize) -> (usize, usize) {
    let (mut column, mut skipped) = (0, None);
    for (at, c) in line.char_indices() {
        if skipped.is_none() && column >= panned {
            skipped = Some(at);
        }
        if column > panned + columns {
            let skipped = skipped.unwrap_or(0);
            return (skipped, at - skipped);
        }
        column += width(c.encode_utf8(&mut [0; 4])).max(usize::from(c == '\t'));
    }
    let skipped = skipped.unwrap_or(if panned == 0 { 0 } else { line.len() });
    (skipped, line.len() - skipped)
}

fn ink(ink: Ink, theme: Theme) -> Style {
    let tone = |tone| Style::new().fg(theme.tone(tone));
    match ink {
        Ink::Name => tone(Tone::Lookup),
        Ink::Quoted => theme.good(),
        Ink::Value => theme.warning(),
        Ink::Keyword => tone(Tone::Secure),
        Ink::Comment => theme.quiet(),
    }
}

/// A value of JSON, with how many there are in it.
fn value_line(tree: &Tree, place: usize, page: &Page<'_>) -> Line<'static> {
    let Some(node) = tree.nodes().get(place) else {
        return Line::default();
    };
    let theme = page.theme;
    let indent = usize::try_from(node.depth.min(DEEPEST)).unwrap_or(0) * 2;
    let is_folded = page.browsing.is_folded(place);
    let mark = match (node.size, is_folded) {
        (0, _) => "  ",
        (_, true) => "▸ ",
        (_, false) => "▾ ",
    };
    let mut spans = vec![Span::raw(" ".repeat(indent)), Span::raw(mark)];
    if let Some(key) = tree.key(node) {
        spans.push(said(&short(key), ink(Ink::Name, *theme)));
        spans.push(Span::raw(": "));
    }
    let counted = |one: &str, many: &str| {
        let words = if node.size == 1 { one } else { many };
        format!("{} {words}", node.size)
    };
    spans.push(match node.kind {
        Kind::Object if node.size == 0 => said("{}", theme.quiet()),
        Kind::Array if node.size == 0 => said("[]", theme.quiet()),
        Kind::Object => said(
            &format!("{{{}}}", counted("member", "members")),
            theme.quiet(),
        ),
        Kind::Array => said(&format!("[{}]", counted("item", "items")), theme.quiet()),
        Kind::String => said(&short(tree.value(node)), ink(Ink::Quoted, *theme)),
        Kind::Number | Kind::Word => said(&short(tree.value(node)), ink(Ink::Value, *theme)),
    });
    Line::from(spans)
}

/// A value may be the whole body: no more of it is measured than can be seen.
fn short(text: &str) -> String {
    let end = text.char_indices().nth(4 * COLUMNS);
    let seen = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    clip(seen, COLUMNS).into_owned()
}

fn bytes_line(bytes: &[u8], line: usize, page: &Page<'_>) -> Line<'static> {
    let row = bytes.chunks(BYTES).nth(line).unwrap_or_default();
    let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = |byte: &u8| {
        if byte.is_ascii_graphic() {
            char::from(*byte)
        } else {
            '.'
        }
    };
    let text: String = row.iter().map(shown).collect();
    Line::from(vec![
        said(&format!("  {:08x}  ", line * BYTES), page.theme.quiet()),
        said(&format!("{:<49}", hex.join(" ")), page.theme.plain()),
        said(&text, page.theme.quiet()),
    ])
}

/// A row of a picture: two pixels in a cell; without colour, how bright they are.
fn blocks_line(blocks: &Blocks, line: usize, page: &Page<'_>) -> Line<'static> {
    let columns = usize::from(blocks.columns.max(1));
    let row = blocks.cells.chunks(columns).nth(line).unwrap_or_default();
    let mut spans = vec![Span::raw("  ")];
    if !page.theme.has_colour() {
        let shades: String = row
            .iter()
            .map(|(upper, lower)| shade(*upper, *lower))
            .collect();
        spans.push(Span::raw(shades));
        return Line::from(spans);
    }
    let colour = |rgb: [u8; 3]| {
        if page.has_true_colour {
            Color::Rgb(rgb[0], rgb[1], rgb[2])
        } else {
            Color::Indexed(cube(rgb))
        }
    };
    let cell = |(upper, lower): &([u8; 3], [u8; 3])| {
        Span::styled("▀", Style::new().fg(colour(*upper)).bg(colour(*lower)))
    };
    spans.extend(row.iter().map(cell));
    Line::from(spans)
}

/// A sign as bright as two pixels.
fn shade(upper: [u8; 3], lower: [u8; 3]) -> char {
    const SHADES: [char; 9] = [' ', '.', ':', '-', '=', '+', '*', '#', '@'];
    let sum: usize = upper
        .iter()
        .chain(&lower)
        .map(|part| usize::from(*part))
        .sum();
    let place = sum * (SHADES.len() - 1) / (6 * 255);
    SHADES.get(place).copied().unwrap_or(' ')
}

/// The nearest of the 216 colours that terminals of 256 have in a cube.
fn cube([r, g, b]: [u8; 3]) -> u8 {
    let step = |part: u8| match part {
        0..48 => 0,
        48..115 => 1,
        115.. => (part - 35) / 40,
    };
    16 + 36 * step(r) + 6 * step(g) + step(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_columns_and_never_cuts_a_character() {
        assert_eq!(window("abcdef", 2, 2), (2, 3));
        assert_eq!(window("日本語", 1, 2), (3, 3));
        assert_eq!(window("ab", 9, 5), (2, 0));
        assert_eq!(window("", 0, 5), (0, 0));
    }

    #[test]
    fn colours_and_shades_are_near() {
        assert_eq!(cube([255, 255, 255]), 231);
        assert_eq!(cube([0, 0, 0]), 16);
        assert_eq!(cube([255, 0, 95]), 16 + 36 * 5 + 1);
        assert_eq!(shade([255; 3], [255; 3]), '@');
        assert_eq!(shade([0; 3], [0; 3]), ' ');
    }
}
