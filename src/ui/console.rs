use ratatui::buffer::Buffer;

/// Draws with what the fonts of a text console have: those of the IBM PC, 256 signs and no more.
///
/// Bars keep their places, though a column then has two parts and not eight.
pub fn for_console(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let mut signs = cell.symbol().chars();
        if let (Some(sign), None) = (signs.next(), signs.next())
            && let Some(other) = known(sign)
        {
            cell.set_char(other);
        }
    }
}

/// What stands for a sign that those fonts lack; nothing for one that they have.
const fn known(sign: char) -> Option<char> {
    Some(match sign {
        '▏' | '▎' | '▍' => '▌',
        '▋' | '▊' | '▉' | '▅' | '▆' | '▇' | '┃' => '█',
        '▕' => '▐',
        '▁' | '▂' | '▃' => '▄',
        '╌' | '–' => '-',
        '┆' => '│',
        '▸' | '›' => '>',
        '‹' => '<',
        '▾' => 'v',
        '◆' => '♦',
        '▚' => '≡',
        '●' => '•',
        '○' | '◌' => 'o',
        '✕' | '×' => 'x',
        '…' => '~',
        '╭' => '┌',
        '╮' => '┐',
        '╰' => '└',
        '╯' => '┘',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn signs_that_a_console_lacks_become_signs_that_it_has() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        buffer.set_string(0, 0, "▸a│▎▊╌日", Style::new());
        for_console(&mut buffer);
        let shown: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(shown, ">a│▌█-日 ");
    }

    #[test]
    fn nothing_becomes_what_has_to_become_something_else() {
        for sign in '\u{2000}'..'\u{2800}' {
            if let Some(other) = known(sign) {
                assert_eq!(known(other), None, "{sign} {other}");
            }
        }
    }
}
