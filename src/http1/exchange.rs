use std::mem;
use std::ops::Range;

use crate::message::{Method, ResponseHead, Version};

use super::chunked::{Chunked, Piece};
use super::head::{MAX_HEAD, could_be_http, end_of_head, isomorphic, read_head};
use super::{Fate, Framing, ProtocolError};

/// As many interim answers as are read before the final one.
const MAX_INTERIM: usize = 32;

/// What a piece of input brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing complete yet: hand in more, or say that it ended.
    More,
    /// An answer before the answer.
    Interim(ResponseHead),
    /// The head of the answer.
    Head {
        /// What it says.
        head: ResponseHead,
        /// Its bytes.
        bytes: u64,
        /// How the body is framed.
        framing: Framing,
    },
    /// This part of the input is body.
    Body(Range<usize>),
    /// The answer is complete.
    Done,
}

/// One request and its answer: bytes in, steps out (RFC 9112).
#[derive(Debug)]
pub struct Exchange {
    method: Method,
    state: State,
    buffer: Vec<u8>,
    interim: usize,
    came: u64,
    fate: Fate,
}

#[derive(Debug)]
enum State {
    Head,
    Length { left: u64, announced: u64 },
    Chunked(Chunked),
    UntilClose,
    Done,
}

impl Exchange {
    /// The exchange begun by a `method` request.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            state: State::Head,
            buffer: Vec::new(),
            interim: 0,
            came: 0,
            fate: Fate::Broken,
        }
    }

    /// Takes some of `input`: how many bytes, and what they brought.
    ///
    /// Call it again with the rest, an empty rest too, until it says `More` or `Done`.
    pub fn receive(&mut self, input: &[u8]) -> Result<(usize, Step), ProtocolError> {
        match &mut self.state {
            State::Head => self.receive_head(input),
            State::Done => Ok((0, Step::Done)),
            State::UntilClose if input.is_empty() => Ok((0, Step::More)),
            State::UntilClose => {
                self.came += input.len() as u64;
                Ok((input.len(), Step::Body(0..input.len())))
            }
            State::Length { left: 0, .. } => {
                self.state = State::Done;
                Ok((0, Step::Done))
            }
            State::Length { .. } if input.is_empty() => Ok((0, Step::More)),
            State::Length { left, .. } => {
                let taken = input
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                self.came += taken as u64;
                Ok((taken, Step::Body(0..taken)))
            }
            State::Chunked(chunked) => {
                let (used, piece) = chunked.decode(input)?;
                Ok((used, self.chunk(piece)))
            }
        }
    }

    /// The connection ended: completes a body that ends so, and says what is missing otherwise.
    pub fn ended(&mut self) -> Result<Step, ProtocolError> {
        match self.state {
            State::Head if self.buffer.is_empty() => Err(ProtocolError::Empty),
            State::Head => Err(ProtocolError::HeadCut(self.buffer.len())),
            State::Length { left: 0, .. } | State::UntilClose | State::Done => {
                self.state = State::Done;
                Ok(Step::Done)
            }
            State::Length { announced, .. } => Err(ProtocolError::BodyCut {
                came: self.came,
                announced,
            }),
            State::Chunked(_) => Err(ProtocolError::ChunksCut(self.came)),
        }
    }

    /// What becomes of the connection, with `after` bytes left over behind the answer.
    pub fn fate(&self, after: usize) -> Fate {
        match self.state {
            State::Done if after > 0 && self.fate == Fate::Reuse => Fate::BytesAfterEnd(after),
            State::Done => self.fate.clone(),
            State::Head => Fate::Broken,
            State::Length { .. } | State::Chunked(_) | State::UntilClose => Fate::Unread,
        }
    }

    fn receive_head(&mut self, input: &[u8]) -> Result<(usize, Step), ProtocolError> {
        let known = self.buffer.len();
        let room = MAX_HEAD.saturating_sub(known);
        self.buffer
            .extend_from_slice(input.get(..input.len().min(room)).unwrap_or(input));
        if !could_be_http(&self.buffer) {
            let start = self
                .buffer
                .get(..self.buffer.len().min(24))
                .unwrap_or_default();
            return Err(ProtocolError::NotHttp(isomorphic(start)));
        }
        let Some(end) = end_of_head(&self.buffer, known) else {
            if self.buffer.len() >= MAX_HEAD {
                return Err(ProtocolError::HeadTooLarge { limit: MAX_HEAD });
            }
            return Ok((input.len(), Step::More));
        };
        let mut bytes = mem::take(&mut self.buffer);
        bytes.truncate(end);
        let head = read_head(&bytes)?;
        let used = end - known;
        if head.is_interim() {
            self.interim += 1;
            if self.interim > MAX_INTERIM {
                return Err(ProtocolError::TooManyInterim { limit: MAX_INTERIM });
            }
            return Ok((used, Step::Interim(head)));
        }
        let framing = Framing::of(&self.method, &head)?;
        self.begin_body(framing, &head);
        Ok((
            used,
            Step::Head {
                head,
                bytes: end as u64,
                framing,
            },
        ))
    }

    fn begin_body(&mut self, framing: Framing, head: &ResponseHead) {
        self.state = match framing {
            Framing::Empty => State::Done,
            Framing::Length(length) => State::Length {
                left: length,
                announced: length,
            },
            Framing::Chunked => State::Chunked(Chunked::default()),
            Framing::UntilClose => State::UntilClose,
        };
        self.fate = match (framing, persistence(head)) {
            _ if head.status == 101 => Fate::Switched,
            (Framing::UntilClose, _) => Fate::EndedByClose,
            (_, Some(fate)) => fate,
            (Framing::Empty | Framing::Length(_) | Framing::Chunked, None) => Fate::Reuse,
        };
    }

    fn chunk(&mut self, piece: Piece) -> Step {
        match piece {
            Piece::More => Step::More,
            Piece::Data(range) => {
                self.came += range.len() as u64;
                Step::Body(range)
            }
            Piece::Done => {
                self.state = State::Done;
                Step::Done
            }
        }
    }
}

/// Why the connection does not persist after `head`, if it does not (RFC 9112 §9.3).
fn persistence(head: &ResponseHead) -> Option<Fate> {
    let options = || head.headers.members("connection");
    let says = |option: &str| options().any(|member| member.eq_ignore_ascii_case(option));
    if says("close") {
        return Some(Fate::ServerSaysClose);
    }
    // RFC 9112 §6.1: whoever said HTTP/1.0 with Transfer-Encoding cannot be relied on.
    let is_faulty = head.headers.first("transfer-encoding").is_some();
    let persists = says("keep-alive") && !is_faulty;
    (head.version == Version::Http10 && !persists).then_some(Fate::Http10)
}
