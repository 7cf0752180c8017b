use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::ui::Placed;

/// Takes the picture away, and forgets it.
pub(super) const AWAY: &str = "\x1b_Ga=d,d=I,i=31,q=2\x1b\\";
/// What a picture begins with: one that stood elsewhere goes away.
const BEGIN: &str = "\x1b_G";
/// As much base64 as a piece of a picture may have.
const PIECE: usize = 4_096;

/// A PNG that is to fill so many cells, as Kitty's graphics protocol has it.
///
/// It is placed where the cursor is: Kitty before version 0.28, Konsole and others do not know the
/// signs that could stand for pictures in a text.
pub(super) fn placed(png: &[u8], cells: Size) -> Placed {
    let Size { width, height } = cells;
    let base64 = BASE64.encode(png);
    let pieces = base64.as_bytes().chunks(PIECE);
    let last = pieces.len().saturating_sub(1);
    let mut sequence = AWAY.to_owned();
    for _ in 0..height {
        // What stood there would show through the picture.
        let _ = write!(sequence, "\x1b[{width}X\x1b[1B");
    }
    let _ = write!(sequence, "\x1b[{height}A");
    for (n, piece) in pieces.enumerate() {
        let head = if n == 0 {
            format!("a=T,f=100,i=31,c={width},r={height},C=1,q=2,")
        } else {
            String::new()
        };
        let piece = String::from_utf8_lossy(piece);
        // Writing to a String cannot fail.
        let _ = write!(
            sequence,
            "{BEGIN}{head}m={};{piece}\x1b\\",
            u8::from(n < last)
        );
    }
    Placed { sequence, cells }
}

/// Whether such a picture is in what is drawn.
pub(super) fn is_in(buffer: &Buffer) -> bool {
    let mut cells = buffer.content.iter();
    cells.any(|cell| cell.symbol().starts_with(BEGIN))
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn a_picture_goes_in_pieces_and_takes_the_place_of_the_one_before() {
        let placed = placed(&[7; 5_000], Size::new(10, 2));
        let (away, sequence) = placed.sequence.split_at(AWAY.len());
        assert_eq!(away, AWAY);
        let (blank, pieces) = sequence.split_once(BEGIN).unwrap();
        assert_eq!(blank, "\x1b[10X\x1b[1B\x1b[10X\x1b[1B\x1b[2A");
        let pieces: Vec<&str> = pieces.split(BEGIN).collect();
        assert_eq!(pieces.len(), 2);
        let head = "a=T,f=100,i=31,c=10,r=2,C=1,q=2,m=1;";
        assert!(pieces[0].starts_with(head), "{}", pieces[0]);
        assert!(pieces[1].starts_with("m=0;"), "{}", pieces[1]);
        let said = pieces.iter().map(|piece| {
            let (_, base64) = piece.split_once(';').unwrap();
            base64.strip_suffix("\x1b\\").unwrap()
        });
        let base64: String = said.collect();
        assert_eq!(BASE64.decode(base64).unwrap(), [7; 5_000]);
    }

    #[test]
    fn it_is_found_in_what_is_drawn() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 2));
        assert!(!is_in(&buffer));
        buffer[(2, 1)].set_symbol(&placed(b"png", Size::new(1, 1)).sequence);
        assert!(is_in(&buffer));
    }
}
