use std::mem;
use std::ops::Range;

use crate::message::{Headers, Method, ResponseHead, Version};

use super::chunked::{Chunked, Piece};
use super::head::{
    MAX_HEAD, could_be_http, end_of_head, has_bare_line_feed, isomorphic, read_head, whole_lines,
};
use super::{Fate, Framing, Leniency, ProtocolError, Tolerance};

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
    /// These bytes, handed in before, turned out to be body.
    Held(Vec<u8>),
    /// Fields that came after the body (RFC 9110 §6.5).
    Trailers(Headers),
    /// The answer is complete.
    Done,
}

/// One request and its answer: bytes in, steps out (RFC 9112).
#[derive(Debug)]
pub struct Exchange {
    method: Method,
    tolerance: Tolerance,
    passed_over: Vec<Leniency>,
    state: State,
    buffer: Vec<u8>,
    interim: usize,
    came: u64,
    fate: Fate,
}

#[derive(Debug)]
enum State {
    Head,
    /// What is in the buffer is body.
    Held,
    Length {
        left: u64,
        announced: u64,
    },
    Chunked(Chunked),
    UntilClose,
    Done,
}

impl Exchange {
    /// The exchange begun by a `method` request.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            tolerance: Tolerance::default(),
            passed_over: Vec::new(),
            state: State::Head,
            buffer: Vec::new(),
            interim: 0,
            came: 0,
            fate: Fate::Broken,
        }
    }

    /// The same exchange, in which more than usual is passed over.
    #[must_use]
    pub const fn tolerating(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The faults that were passed over so far.
    pub fn passed_over(&self) -> &[Leniency] {
        &self.passed_over
    }

    /// Takes some of `input`: how many bytes, and what they brought.
    ///
    /// Call it again with the rest, an empty rest too, until it says `More` or `Done`.
    pub fn receive(&mut self, input: &[u8]) -> Result<(usize, Step), ProtocolError> {
        match &mut self.state {
            State::Head => self.receive_head(input),
            State::Done => Ok((0, Step::Done)),
            State::Held => {
                self.state = State::UntilClose;
                let held = mem::take(&mut self.buffer);
                self.came += held.len() as u64;
                Ok((0, Step::Held(held)))
            }
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
    ///
    /// Call it again until it says `Done` or fails: a head may be complete by this alone.
    pub fn ended(&mut self) -> Result<Step, ProtocolError> {
        match self.state {
            State::Head if self.buffer.is_empty() => Err(ProtocolError::Empty),
            State::Head => self.cut_head(),
            State::Held => self.receive(&[]).map(|(_, step)| step),
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
            State::Held | State::Length { .. } | State::Chunked(_) | State::UntilClose => {
                Fate::Unread
            }
        }
    }

    fn receive_head(&mut self, input: &[u8]) -> Result<(usize, Step), ProtocolError> {
        let known = self.buffer.len();
        let room = MAX_HEAD.saturating_sub(known);
        self.buffer
            .extend_from_slice(input.get(..input.len().min(room)).unwrap_or(input));
        if !could_be_http(&self.buffer) && self.may_be_bare() {
            self.buffer.truncate(known);
            return Ok((0, self.bare_body()));
        }
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
        let used = end - known;
        self.take_head(&bytes).map(|step| (used, step))
    }

    fn take_head(&mut self, bytes: &[u8]) -> Result<Step, ProtocolError> {
        let head = read_head(bytes)?;
        if head.is_interim() {
            self.interim += 1;
            if self.interim > MAX_INTERIM {
                return Err(ProtocolError::TooManyInterim { limit: MAX_INTERIM });
            }
            return Ok(Step::Interim(head));
        }
        if has_bare_line_feed(bytes) {
            self.passed_over.push(Leniency::BareLineFeed);
        }
        let framing = Framing::of(&self.method, &head, &mut self.passed_over)?;
        self.begin_body(framing, &head);
        Ok(Step::Head {
            head,
            bytes: bytes.len() as u64,
            framing,
        })
    }

    /// The connection ended within the head: what came whole is taken, where that is allowed.
    fn cut_head(&mut self) -> Result<Step, ProtocolError> {
        let came = self.buffer.len();
        if self.tolerance.cut_head
            && let Some(whole) = whole_lines(&self.buffer)
        {
            self.buffer.clear();
            let step = self.take_head(&whole)?;
            if matches!(step, Step::Head { .. }) {
                self.passed_over.push(Leniency::HeadCut { came });
                // Whatever it says of keeping the connection: it is over.
                self.fate = Fate::EndedByClose;
            }
            return Ok(step);
        }
        // A status line would have been `HTTP/` by now.
        if self.may_be_bare() && came < 5 {
            return Ok(self.bare_body());
        }
        Err(ProtocolError::HeadCut(came))
    }

    /// Whether an answer without a status line is one all the same.
    const fn may_be_bare(&self) -> bool {
        self.tolerance.bare_body && self.interim == 0
    }

    /// All that came and comes is body.
    fn bare_body(&mut self) -> Step {
        self.passed_over.push(Leniency::NoHead);
        self.state = if self.buffer.is_empty() {
            State::UntilClose
        } else {
            State::Held
        };
        self.fate = Fate::EndedByClose;
        Step::Head {
            head: ResponseHead {
                version: Version::Http09,
                status: 200,
                reason: String::new(),
                headers: Headers::new(),
            },
            bytes: 0,
            framing: Framing::UntilClose,
        }
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
            Piece::Done(trailers) => {
                self.state = State::Done;
                if trailers.is_empty() {
                    Step::Done
                } else {
                    Step::Trailers(trailers)
                }
            }
        }
    }
}

/// Why the connection does not persist after `head`, if it does not (RFC 9112 §9.3).
fn persistence(head: &ResponseHead) -> Option<Fate> {
    let says = |field: &str, option: &str| {
        let mut options = head.headers.members(field);
        options.any(|member| member.eq_ignore_ascii_case(option))
    };
    if says("connection", "close") {
        return Some(Fate::ServerSaysClose);
    }
    // What a proxy says so counts where nothing else is said, as in browsers.
    let is_kept = says("connection", "keep-alive");
    if !is_kept && says("proxy-connection", "close") {
        return Some(Fate::ProxySaysClose);
    }
    let is_kept = is_kept || says("proxy-connection", "keep-alive");
    // RFC 9112 §6.1: whoever said HTTP/1.0 with Transfer-Encoding cannot be relied on.
    let is_faulty = head.headers.first("transfer-encoding").is_some();
    let persists = is_kept && !is_faulty;
    (head.version == Version::Http10 && !persists).then_some(Fate::Http10)
}
