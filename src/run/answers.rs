use std::mem;

/// What a terminal says when it is asked; nobody types it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The colour of its background: red, green, blue (OSC 11).
    Background([u16; 3]),
    /// It draws pictures in Kitty's way.
    KittyGraphics,
    /// A cell is so many pixels wide and high (CSI 16 t).
    Cell(u16, u16),
    /// Its name and version (XTVERSION), which no old terminal tells.
    Name(String),
    /// What it is (DA1); whatever was asked before has been answered, or will not be.
    Attributes(Vec<u16>),
    /// Something that nobody asked for.
    Other,
}

/// A piece of what comes from a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Keys and the mouse, as bytes.
    Keys(Vec<u8>),
    /// A bracketed paste.
    Paste(String),
    /// What the terminal says.
    Answer(Answer),
}

/// Tells what a terminal says from what a person types, however the bytes are cut.
///
/// An answer that comes late, over a slow link, must not be taken for keys.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// What may be the beginning of something.
    held: Vec<u8>,
    /// What has been pasted so far.
    paste: Option<Vec<u8>>,
}

const PASTE: &[u8] = b"\x1b[200~";
const END_OF_PASTE: &[u8] = b"\x1b[201~";
/// No answer is longer.
const MOST: usize = 4_096;

impl Sieve {
    /// Takes in what came, and gives what is whole.
    pub(super) fn sift(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut all = mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let (mut pieces, mut keys, mut rest) = (Vec::new(), Vec::new(), all.as_slice());
        while let [first, others @ ..] = rest {
            if let Some(paste) = &mut self.paste {
                let Some(behind) = pasted(paste, rest) else {
                    self.held = unended(paste);
                    rest = &[];
                    continue;
                };
                let text = String::from_utf8_lossy(paste).into_owned();
                (self.paste, rest) = (None, behind);
                pieces.push(Piece::Paste(text));
                continue;
            }
            match begun(rest) {
                Begun::Keys => {
                    keys.push(*first);
                    rest = others;
                    continue;
                }
                Begun::Part if rest.len() < MOST => {
                    self.held = rest.to_vec();
                    rest = &[];
                }
                Begun::Part => rest = &[],
                Begun::Paste => {
                    self.paste = Some(Vec::new());
                    rest = rest.get(PASTE.len()..).unwrap_or_default();
                }
                Begun::Answer(answer, behind) => {
                    flush(&mut keys, &mut pieces);
                    pieces.push(Piece::Answer(answer));
                    rest = behind;
                }
            }
            flush(&mut keys, &mut pieces);
        }
        flush(&mut keys, &mut pieces);
        pieces
    }

    /// Whether something has begun of which more may come, other than a paste.
    pub(super) fn held(&self) -> &[u8] {
        if self.paste.is_some() {
            &[]
        } else {
            &self.held
        }
    }

    /// Nothing more came: what had begun was typed.
    pub(super) fn give_up(&mut self) -> Vec<u8> {
        mem::take(&mut self.held)
    }
}

fn flush(keys: &mut Vec<u8>, pieces: &mut Vec<Piece>) {
    if !keys.is_empty() {
        pieces.push(Piece::Keys(mem::take(keys)));
    }
}

/// Takes `bytes` up to the end of the paste; what is behind it, if the end has come.
fn pasted<'a>(paste: &mut Vec<u8>, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let before = paste.len();
    paste.extend_from_slice(bytes);
    let from = before.saturating_sub(END_OF_PASTE.len());
    let new = paste.get(from..).unwrap_or_default();
    let mut windows = new.windows(END_OF_PASTE.len());
    let end = from + windows.position(|window| window == END_OF_PASTE)?;
    let behind = paste.len() - end - END_OF_PASTE.len();
    paste.truncate(end);
    bytes.get(bytes.len() - behind..)
}

/// The end of a paste may be cut as well: what could be its beginning is held.
fn unended(paste: &mut Vec<u8>) -> Vec<u8> {
    let could = |count: &usize| paste.ends_with(END_OF_PASTE.get(..*count).unwrap_or_default());
    let count = (1..END_OF_PASTE.len()).rev().find(could).unwrap_or(0);
    paste.split_off(paste.len() - count)
}

/// What bytes begin with.
enum Begun<'a> {
    /// A key, or something else that is not ours to know.
    Keys,
    /// Too little to tell.
    Part,
    /// A paste.
    Paste,
    /// An answer, and what is behind it.
    Answer(Answer, &'a [u8]),
}

fn begun(bytes: &[u8]) -> Begun<'_> {
    match bytes {
        [0x1b] | [0x1b, b'[' | b']' | b'_' | b'P' | b'O'] => Begun::Part,
        [0x1b, b'[', rest @ ..] => control(bytes, rest),
        [0x1b, b']', b'0'..=b'9', ..] | [0x1b, b'_', b'G', ..] | [0x1b, b'P', b'>', ..] => {
            string(bytes)
        }
        _ => Begun::Keys,
    }
}

/// A control sequence, `rest` being what is behind its CSI (ECMA-48 §5.4).
fn control<'a>(bytes: &'a [u8], rest: &'a [u8]) -> Begun<'a> {
    let Some(end) = rest.iter().position(|byte| !(0x20..0x40).contains(byte)) else {
        return Begun::Part;
    };
    let (said, behind) = rest.split_at(end);
    let [last, behind @ ..] = behind else {
        return Begun::Part;
    };
    let numbers = || {
        let text = String::from_utf8_lossy(said).into_owned();
        let parts = text.trim_start_matches('?').split(';');
        parts
            .filter_map(|part| part.parse().ok())
            .collect::<Vec<u16>>()
    };
    match (said.first(), last) {
        _ if bytes.starts_with(PASTE) => Begun::Paste,
        (Some(b'?'), b'c') => Begun::Answer(Answer::Attributes(numbers()), behind),
        (Some(_), b't') => match numbers().as_slice() {
            [6, high, wide] => Begun::Answer(Answer::Cell(*wide, *high), behind),
            _ => Begun::Answer(Answer::Other, behind),
        },
        (Some(b'?'), b'u' | b'n' | b'y') | (Some(b'0' | b'3'), b'n') => {
            Begun::Answer(Answer::Other, behind)
        }
        _ => Begun::Keys,
    }
}

/// A string of a command (OSC, APC, DCS), up to its end.
fn string(bytes: &[u8]) -> Begun<'_> {
    let body = bytes.get(2..).unwrap_or_default();
    let Some(end) = body.iter().position(|byte| [0x07, 0x1b].contains(byte)) else {
        return Begun::Part;
    };
    let (said, behind) = body.split_at(end);
    let behind = match behind {
        [0x1b] => return Begun::Part,
        // Old versions of rxvt-unicode end it with half of the sign for it.
        [0x1b, b'\\', behind @ ..] | [0x07 | 0x1b, behind @ ..] => behind,
        other => other,
    };
    let said = String::from_utf8_lossy(said);
    let answer = if let Some(colour) = said.strip_prefix("11;") {
        colour_of(colour).map_or(Answer::Other, Answer::Background)
    } else if let (b"\x1bP", Some(name)) =
        (bytes.get(..2).unwrap_or_default(), said.strip_prefix(">|"))
    {
        Answer::Name(name.to_owned())
    } else if said.starts_with('G') && said.ends_with(";OK") {
        Answer::KittyGraphics
    } else {
        Answer::Other
    };
    Begun::Answer(answer, behind)
}

/// A colour as X11 writes it, such as `rgb:ffff/0000/80`.
fn colour_of(said: &str) -> Option<[u16; 3]> {
    let (_, parts) = said
        .split_once(':')
        .filter(|(kind, _)| kind.starts_with("rgb"))?;
    let mut parts = parts.split('/').map(|part| {
        let most = match part.len() {
            count @ 1..=4 => (1_u32 << (4 * count)) - 1,
            _ => return None,
        };
        let value = u32::from_str_radix(part, 16).ok()?;
        u16::try_from(value * 0xffff / most).ok()
    });
    Some([parts.next()??, parts.next()??, parts.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Piece {
        Piece::Keys(bytes.to_vec())
    }

    /// The same, however the bytes are cut: pieces of keys are joined.
    fn sifted(pieces: &[&[u8]]) -> Vec<Piece> {
        let mut sieve = Sieve::default();
        let mut all: Vec<Piece> = Vec::new();
        for piece in pieces.iter().flat_map(|bytes| sieve.sift(bytes)) {
            match (all.last_mut(), piece) {
                (Some(Piece::Keys(before)), Piece::Keys(more)) => before.extend(more),
                (_, piece) => all.push(piece),
            }
        }
        all
    }

    #[test]
    fn answers_of_real_terminals_are_told_from_keys() {
        let xterm = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1bP>|XTerm(379)\x1b\\\x1b[?2026;0$y\x1b[?63;1;2;4;6;9c";
        let kitty =
            b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[6;18;9t\x1b_Gi=31;OK\x1b\\\x1b[?0u\x1b[?62;c";
        let st = b"\x1b]11;rgb:0000/0000/0000\x07\x1b[?6c";
        let rxvt = b"\x1b]11;rgb:1d/1f/21\x1b\x1b[?1;2c";
        let (white, black) = (Answer::Background([0xffff; 3]), Answer::Background([0; 3]));
        for (bytes, answers) in [
            (
                &xterm[..],
                vec![
                    white,
                    Answer::Name("XTerm(379)".to_owned()),
                    Answer::Other,
                    Answer::Attributes(vec![63, 1, 2, 4, 6, 9]),
                ],
            ),
            (
                kitty,
                vec![
                    black.clone(),
                    Answer::Cell(9, 18),
                    Answer::KittyGraphics,
                    Answer::Other,
                    Answer::Attributes(vec![62]),
                ],
            ),
            (st, vec![black, Answer::Attributes(vec![6])]),
            (
                rxvt,
                vec![
                    Answer::Background([0x1d1d, 0x1f1f, 0x2121]),
                    Answer::Attributes(vec![1, 2]),
                ],
            ),
        ] {
            let mut expected = vec![keys(b"a")];
            expected.extend(answers.into_iter().map(Piece::Answer));
            expected.push(keys(b"\x1b[Ab"));
            let all = [b"a", bytes, b"\x1b[Ab"].concat();
            assert_eq!(sifted(&[&all]), expected);
            for cut in 0..all.len() {
                let (first, second) = all.split_at(cut);
                assert_eq!(sifted(&[first, second]), expected, "cut at {cut}");
            }
        }
    }

    #[test]
    fn keys_stay_keys() {
        for typed in [
            &b"jk"[..],
            b"\x1bj",
            b"\x1b[A",
            b"\x1b[1;5C",
            b"\x1b[3~",
            b"\x1b[[A",
            b"\x1b[Z",
            b"\x1bOP",
            b"\x1b]q",
            b"\x1b_q",
            b"\x1bPq",
            b"\x1b\x1bq",
            b"\x1b[<0;10;20M",
            b"\x1b[97;5u",
            "é日".as_bytes(),
        ] {
            assert_eq!(sifted(&[typed]), [keys(typed)]);
        }
    }

    #[test]
    fn what_may_go_on_is_held_until_it_is_given_up() {
        let mut sieve = Sieve::default();
        assert_eq!(sieve.sift(b"j\x1b"), [keys(b"j")]);
        assert_eq!(sieve.held(), b"\x1b");
        assert_eq!(sieve.give_up(), b"\x1b");
        assert_eq!(sieve.sift(b"[A"), [keys(b"[A")]);
    }

    #[test]
    fn a_paste_is_one_piece_however_it_is_cut() {
        let all = b"x\x1b[200~one\r\x1b[20two\x1b[201~y";
        let expected = [
            keys(b"x"),
            Piece::Paste("one\r\x1b[20two".to_owned()),
            keys(b"y"),
        ];
        for cut in 0..all.len() {
            let (first, second) = all.split_at(cut);
            assert_eq!(sifted(&[first, second]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(sifted(&single), expected);
    }
}
