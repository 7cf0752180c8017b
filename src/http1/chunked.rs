use std::ops::Range;

use crate::message::Headers;

use super::ProtocolError;
use super::head::read_trailers;

/// The longest size line that is read, extensions included.
const MAX_LINE: usize = 16 * 1024;
/// The largest trailer section that is read.
const MAX_TRAILER: usize = 64 * 1024;

/// Takes the chunk framing off a body (RFC 9112 §7.1).
#[derive(Debug, Default)]
pub(super) struct Chunked {
    state: State,
    line: Vec<u8>,
    section: Vec<u8>,
    trailers: Headers,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Size,
    Data(u64),
    DataEnd,
    Trailer,
    Done,
}

/// What a piece of input held.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Framing only; more is to come.
    More,
    /// This part of the input is body.
    Data(Range<usize>),
    /// The body is complete, and these fields came after it (RFC 9112 §7.1.2).
    Done(Headers),
}

impl Chunked {
    /// Takes some of `input`: how many bytes, and what they held.
    pub(super) fn decode(&mut self, input: &[u8]) -> Result<(usize, Piece), ProtocolError> {
        let mut used = 0;
        loop {
            let rest = input.get(used..).unwrap_or_default();
            if let State::Done = self.state {
                return Ok((used, Piece::Done(std::mem::take(&mut self.trailers))));
            }
            if rest.is_empty() {
                return Ok((used, Piece::More));
            }
            if let State::Data(left) = self.state {
                let taken = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left - taken as u64;
                self.state = if left == 0 {
                    State::DataEnd
                } else {
                    State::Data(left)
                };
                return Ok((used + taken, Piece::Data(used..used + taken)));
            }
            let (taken, is_whole) = self.gather(rest)?;
            used += taken;
            if is_whole {
                let line = std::mem::take(&mut self.line);
                self.state = self.next(&line)?;
            }
        }
    }

    /// Gathers a line; how many bytes were taken, and whether the line is whole.
    fn gather(&mut self, rest: &[u8]) -> Result<(usize, bool), ProtocolError> {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(rest.len(), |end| end + 1);
        self.line
            .extend_from_slice(rest.get(..taken).unwrap_or_default());
        match self.state {
            State::Size if self.line.len() > MAX_LINE => {
                return Err(ProtocolError::ChunkLineTooLong { limit: MAX_LINE });
            }
            State::DataEnd if self.line.len() > 2 => return Err(ProtocolError::ChunkEnd),
            State::Trailer if self.section.len() + self.line.len() > MAX_TRAILER => {
                return Err(ProtocolError::TrailerTooLarge { limit: MAX_TRAILER });
            }
            State::Size | State::Data(_) | State::DataEnd | State::Trailer | State::Done => {}
        }
        Ok((taken, end.is_some()))
    }

    fn next(&mut self, whole: &[u8]) -> Result<State, ProtocolError> {
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self.state {
            State::Size => match size(line)? {
                0 => Ok(State::Trailer),
                size => Ok(State::Data(size)),
            },
            // To the letter: a size that is one too large would else take the CR for a byte of it.
            State::DataEnd if whole == b"\r\n" => Ok(State::Size),
            State::DataEnd => Err(ProtocolError::ChunkEnd),
            State::Trailer => {
                self.section.extend_from_slice(whole);
                if !line.is_empty() {
                    return Ok(State::Trailer);
                }
                self.trailers = read_trailers(&self.section)?;
                Ok(State::Done)
            }
            State::Data(_) | State::Done => Ok(State::Done),
        }
    }
}

/// The size in a size line; extensions are passed over, as a recipient may (RFC 9112 §7.1.1).
fn size(line: &[u8]) -> Result<u64, ProtocolError> {
    let digits = line
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let (digits, rest) = line.split_at(digits);
    let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t');
    let first = rest.iter().find(|byte| !blank(byte));
    let is_text = |byte: &u8| !byte.is_ascii_control() || *byte == b'\t';
    let is_extension = first.is_none_or(|byte| *byte == b';') && rest.iter().all(is_text);
    // However many noughts come first, the number is what counts.
    let digits = str::from_utf8(digits).ok().filter(|_| is_extension);
    let size = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    size.ok_or(ProtocolError::ChunkSize)
}
