use std::mem;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::cookies;
use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::engine::{redirect, resume};
use crate::event::{Body, Content, Fact, Failure, FailureKind, Moment, Stage};
use crate::http1::{Exchange, Fate, Framing, Leniency, Step, Tolerance};
use crate::message::{ResponseHead, Scheme};

use super::exchange::Answer;
use super::keep::head_came;

/// Progress is told no more often than this.
const PROGRESS: Duration = Duration::from_millis(40);

/// An answer as far as it has been read.
pub(super) struct Reading<'a> {
    request: &'a Request,
    engine: &'a Rc<Engine>,
    exchange: Exchange,
    /// Whether another request had the connection before.
    pub(super) is_reused: bool,
    is_late: bool,
    /// Whether a byte of the answer came.
    pub(super) has_begun: bool,
    /// The final head, once it is here.
    pub(super) head: Option<ResponseHead>,
    /// The status of the last answer before the answer.
    pub(super) interim: Option<u16>,
    /// Whether the answer led to another request, once that is known.
    followed: Option<bool>,
    kept: Vec<u8>,
    /// Bytes of those that came with a former request.
    before: u64,
    bytes: u64,
    told: Option<Moment>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(request: &'a Request, engine: &'a Rc<Engine>, is_reused: bool) -> Self {
        let is_plain = request.origin().scheme == Scheme::Http;
        let tolerance = Tolerance {
            cut_head: is_plain,
            bare_body: is_plain && request.origin().port == 80 && !is_reused,
        };
        Self {
            request,
            engine,
            exchange: Exchange::new(request.head.method.clone()).tolerating(tolerance),
            is_reused,
            is_late: false,
            has_begun: false,
            head: None,
            interim: None,
            followed: None,
            kept: Vec::new(),
            before: 0,
            bytes: 0,
            told: None,
        }
    }

    /// Takes what came; breaks with the connection's fate when the answer is complete.
    pub(super) fn take(&mut self, input: &[u8]) -> Result<ControlFlow<Fate>, Failure> {
        self.has_begun = true;
        let mut rest = input;
        loop {
            let (used, step) = self
                .exchange
                .receive(rest)
                .map_err(|error| failing::of_rule(Stage::Receive, &error))?;
            let taken = rest;
            rest = rest.get(used..).unwrap_or_default();
            if step == Step::More {
                return Ok(ControlFlow::Continue(()));
            }
            if step == Step::Done {
                return Ok(ControlFlow::Break(self.complete(rest.len())));
            }
            if self.is_reused && is_request_timeout(&step) {
                self.is_late = true;
                let words = "the server had waited too long for a request (408)";
                return Err(Failure::new(Stage::Receive, FailureKind::CutShort, words));
            }
            self.hear(step, taken);
        }
    }

    /// Whether the connection had died, as far as can be told, before the server took the request.
    ///
    /// Chromium's rule: nothing of an answer came, or a reset before its head was complete, or 408.
    pub(super) fn was_dead(&self, failure: &Failure) -> bool {
        let is_reset = failure.kind == FailureKind::Reset && self.head.is_none();
        let is_cut = failure.kind == FailureKind::CutShort && !self.has_begun;
        is_reset || is_cut || self.is_late
    }

    /// The server ended the connection: the answer is complete by that, or cut.
    pub(super) fn end(&mut self, stage: Stage) -> Result<Fate, Failure> {
        loop {
            match self.exchange.ended() {
                Ok(Step::Done) => return Ok(self.complete(0)),
                Ok(step) => self.hear(step, &[]),
                Err(error) => return Err(failing::of_rule(stage, &error)),
            }
        }
    }

    fn hear(&mut self, step: Step, taken: &[u8]) {
        let request = self.request.id;
        let say = |fact| self.engine.reporter.say(fact);
        match step {
            Step::More | Step::Done => {}
            Step::Interim(head) => {
                cookies::offer(self.request, &head, self.engine);
                self.interim = Some(head.status);
                say(Fact::InterimReceived { request, head });
            }
            Step::Head {
                head,
                bytes,
                framing,
            } => self.begin(head, bytes, framing),
            Step::Body(range) => self.grow(taken.get(range).unwrap_or_default()),
            Step::Held(bytes) => self.grow(&bytes),
            Step::Trailers(trailers) => say(Fact::TrailersReceived { request, trailers }),
        }
    }

    fn begin(&mut self, head: ResponseHead, bytes: u64, framing: Framing) {
        let length = match framing {
            Framing::Length(length) => Some(length),
            Framing::Empty => Some(0),
            Framing::Chunked | Framing::UntilClose => None,
        };
        head_came(self.request, &head, self.engine);
        self.engine.reporter.say(Fact::HeadReceived {
            request: self.request.id,
            head: head.clone(),
            bytes,
            length,
        });
        cookies::offer(self.request, &head, self.engine);
        if let Some(part) = self.request.trail.part() {
            match resume::joins(part, &head) {
                Ok(()) => {
                    self.kept.extend_from_slice(&part.content);
                    self.before = part.content.len() as u64;
                }
                Err(words) => self.request.remark(words, self.engine),
            }
        }
        self.head = Some(head);
    }

    /// Asks for the rest of what `failure` cut, if that can be done; whether it is.
    pub(super) fn take_up(&self, failure: &Failure) -> bool {
        let is_kept = self.kept.len() as u64 == self.before + self.bytes;
        self.head.as_ref().filter(|_| is_kept).is_some_and(|head| {
            resume::take_up(self.request, head, &self.kept, failure, self.engine)
        })
    }

    /// Goes where the answer leads, if its head is here and it leads anywhere; whether it does.
    pub(super) fn follow(&mut self) -> Result<bool, Failure> {
        if let (None, Some(head)) = (self.followed, &self.head) {
            self.followed = Some(redirect::follow(self.request, head, self.engine)?);
        }
        Ok(self.followed == Some(true))
    }

    fn grow(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        let room = self
            .engine
            .settings
            .max_body
            .saturating_sub(self.kept.len() as u64);
        let taken = piece.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.kept
            .extend_from_slice(piece.get(..taken).unwrap_or_default());
        let now = self.engine.reporter.now();
        if self.told.is_none_or(|told| now.since(told) >= PROGRESS) {
            self.told = Some(now);
            let (request, bytes) = (self.request.id, self.bytes);
            self.engine.reporter.say(Fact::BodyGrew { request, bytes });
        }
    }

    /// The answer is complete: says what was passed over, and what becomes of the connection.
    fn complete(&self, after: usize) -> Fate {
        for leniency in self.exchange.passed_over() {
            self.request.remark(leniency.to_string(), self.engine);
        }
        let fate = self.exchange.fate(after);
        if let Fate::BytesAfterEnd(bytes) = fate {
            let leniency = Leniency::BytesAfterEnd(bytes);
            self.request.remark(leniency.to_string(), self.engine);
        }
        fate
    }

    /// Bytes of the body that came so far.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Tells what was kept of the body; the answer, if it has a head.
    ///
    /// Only a body that `is_whole`, and was kept so, is one to keep for others.
    pub(super) fn finish(&mut self, is_whole: bool) -> Option<Answer> {
        let head = self.head.take()?;
        let kept = self.kept.len() as u64;
        let content: Arc<[u8]> = mem::take(&mut self.kept).into();
        let came = (self.before == 0 && kept == self.bytes).then(|| Arc::clone(&content));
        let whole = (is_whole && kept == self.before + self.bytes).then(|| Arc::clone(&content));
        let body = Body {
            is_decoded: false,
            bytes: self.before + self.bytes,
            kept,
            before: self.before,
            content: Some(Content(content)),
            ..Body::default()
        };
        self.engine.reporter.say(Fact::BodyKept {
            request: self.request.id,
            body,
        });
        Some(Answer {
            head,
            body: whole,
            came,
        })
    }
}

/// The server's patience was over before a request came (RFC 9110 §15.5.9).
fn is_request_timeout(step: &Step) -> bool {
    matches!(step, Step::Head { head, .. } if head.status == 408)
}

/// Whoever gives the request up half-way sees what had come: of an endless body there is no more.
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if let Some(answer) = self.finish(false) {
            self.request.leave(answer);
        }
    }
}
