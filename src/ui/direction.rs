use ratatui::buffer::{Buffer, Cell};

/// Keeps what is written from right to left from taking the columns beside it along.
///
/// Terminals that write both ways take a row for one text: a number behind an Arabic name would go to
/// the other side of it. A mark that is as wide as nothing ends the name (UAX #9, LRM).
pub fn keep_apart(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut last: Option<usize> = None;
        for at in 0..row.len() {
            if row.get(at).is_some_and(is_leftward) {
                last = Some(at);
            } else if row.get(at).is_some_and(is_latin) {
                last = None;
            } else if is_border(row.get(at..).unwrap_or_default()) {
                let end = last.take().and_then(|last| row.get_mut(last));
                if let Some(end) = end {
                    end.set_symbol(&format!("{}{MARK}", end.symbol()));
                }
            }
        }
    }
}

/// LEFT-TO-RIGHT MARK.
const MARK: char = '\u{200e}';

/// Whether a cell shows Hebrew, Arabic or another script that is written from right to left.
fn is_leftward(cell: &Cell) -> bool {
    let first = cell.symbol().chars().next();
    first.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// Whether a cell shows a letter that ends such a text by itself.
fn is_latin(cell: &Cell) -> bool {
    cell.symbol().starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether one text ends here, as far as that can be seen: two spaces, a number behind one, what was
/// left out, a line.
fn is_border(rest: &[Cell]) -> bool {
    let sign = |at: usize| rest.get(at).and_then(|cell| cell.symbol().chars().next());
    match (sign(0), sign(1)) {
        (Some(' '), second) => second.is_none_or(|c| c == ' ' || c.is_ascii_digit()),
        (Some('…' | '\u{2500}'..='\u{25ff}'), _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn kept(line: &str) -> String {
        let mut buffer = Buffer::with_lines([line]);
        buffer.set_string(0, 0, line, Style::new());
        keep_apart(&mut buffer);
        buffer.content.iter().map(Cell::symbol).collect()
    }

    #[test]
    fn a_name_ends_where_its_column_ends() {
        for (line, expected) in [
            ("/ab 1  2", "/ab 1  2"),
            ("/שלום   127.0.0.1", "/שלום\u{200e}   127.0.0.1"),
            ("/שלום 127.0.0.1", "/שלום\u{200e} 127.0.0.1"),
            ("/שלום/א… 1", "/שלום/א\u{200e}… 1"),
            ("/שלום?a=1 200", "/שלום?a=1 200"),
            ("שלום עולם", "שלום עולם"),
            ("א│ב  ", "א\u{200e}│ב\u{200e}  "),
        ] {
            assert_eq!(kept(line), expected);
        }
    }

    #[test]
    fn a_mark_takes_no_cell() {
        let mut buffer = Buffer::with_lines(["א  b"]);
        keep_apart(&mut buffer);
        assert_eq!(buffer[(3, 0)].symbol(), "b");
        let width: usize = buffer
            .content
            .iter()
            .map(|cell| crate::message::width(cell.symbol()))
            .sum();
        assert_eq!(width, 4);
    }
}
