use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::engine::cookies;
use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::engine::lease::{Lease, Outcome};
use crate::event::{Body, Content, Fact, Failure, FailureKind, Moment, Stage};
use crate::http1::{Exchange, Fate, Framing, Step, encode};
use crate::message::ResponseHead;
use crate::net::Wire;

/// A complete answer.
pub(in crate::engine) struct Answer {
    pub(in crate::engine) head: ResponseHead,
    /// The body, where all of it was kept.
    pub(in crate::engine) body: Option<Arc<[u8]>>,
}

/// Bytes that are asked for at a time.
const READ: usize = 64 * 1024;
/// A head and a body that are no larger than this leave in one piece, as browsers send them.
const TOGETHER: usize = 16 * 1024;
/// The server's patience was over before a request came (RFC 9110 §15.5.9).
const REQUEST_TIMEOUT: u16 = 408;
/// Progress is told no more often than this.
const PROGRESS: Duration = Duration::from_millis(40);

/// Sends the request and reads its answer over a leased connection.
///
/// Nothing, if the connection turned out to be dead before there was an answer, and another may be
/// tried: a reused connection that the server closed in the same moment (RFC 9112 §9.3.1).
pub(in crate::engine) async fn run(
    request: &Request,
    mut lease: Lease,
    engine: &Engine,
) -> Result<Option<Answer>, Failure> {
    let (connection, is_reused) = (lease.connection, lease.is_reused);
    let mut reading = Reading::new(request, engine);
    reading.is_reused = is_reused;
    let Some(wire) = lease.wire() else {
        return Ok(None);
    };
    match talk(request, wire, &mut reading, engine).await {
        Ok(fate) => {
            lease.give_back(Outcome::Complete(fate));
            Ok(reading.finish())
        }
        Err(failure) => {
            lease.give_back(Outcome::Lost(failure.clone()));
            if is_reused && reading.was_dead(&failure) {
                let id = request.id;
                engine.reporter.say(Fact::AttemptFailed {
                    request: id,
                    connection,
                    failure,
                });
                return Ok(None);
            }
            Err(failure)
        }
    }
}

async fn talk(
    request: &Request,
    wire: &mut Wire,
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<Fate, Failure> {
    request
        .stage(Stage::Send, engine, send(request, wire, engine))
        .await?;
    let mut buffer = vec![0; READ];
    let waiting = first_bytes(wire, &mut buffer, &mut reading.exchange);
    let first = request.stage(Stage::Wait, engine, waiting).await?;
    let receiving = receive(wire, &mut buffer, first, reading, engine);
    request.receive(engine, receiving).await
}

/// The first bytes of the answer; that there are none is a failure.
async fn first_bytes(
    wire: &mut Wire,
    buffer: &mut [u8],
    exchange: &mut Exchange,
) -> Result<usize, Failure> {
    let first = read(Stage::Wait, wire, buffer).await?;
    if first == 0 {
        let ended = exchange.ended();
        ended.map_err(|error| failing::of_rule(Stage::Wait, &error))?;
    }
    Ok(first)
}

async fn send(request: &Request, wire: &mut Wire, engine: &Engine) -> Result<(), Failure> {
    let head = &request.head;
    let mut bytes = encode(head)
        .map_err(|error| Failure::new(Stage::Send, FailureKind::Protocol, error.to_string()))?;
    let trouble = |error| failing::of_wire(Stage::Send, &error);
    let payload = request.saying.payload.as_ref();
    let mut body: &[u8] = payload.map_or(&[], |payload| &payload.bytes);
    let written = bytes.len() + body.len();
    if written <= TOGETHER {
        bytes.extend_from_slice(body);
        body = &[];
    }
    wire.write_all(&bytes).await.map_err(trouble)?;
    wire.write_all(body).await.map_err(trouble)?;
    wire.flush().await.map_err(trouble)?;
    let (head, bytes) = (head.clone(), written as u64);
    engine.reporter.say(Fact::RequestSent {
        request: request.id,
        head,
        bytes,
    });
    Ok(())
}

async fn read(stage: Stage, wire: &mut Wire, buffer: &mut [u8]) -> Result<usize, Failure> {
    wire.read(buffer)
        .await
        .map_err(|error| failing::of_wire(stage, &error))
}

async fn receive(
    wire: &mut Wire,
    buffer: &mut [u8],
    first: usize,
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<Fate, Failure> {
    let limit = engine.settings.timeouts[Stage::Receive];
    let mut came = first;
    loop {
        let piece = buffer.get(..came).unwrap_or_default();
        if let ControlFlow::Break(fate) = reading.take(piece)? {
            return Ok(fate);
        }
        let more = read(Stage::Receive, wire, buffer);
        came = failing::within(limit, Stage::Receive, more).await?;
        if came == 0 {
            let ended = reading.exchange.ended();
            ended.map_err(|error| failing::of_rule(Stage::Receive, &error))?;
            return Ok(reading.exchange.fate(0));
        }
    }
}

/// An answer as far as it has been read.
struct Reading<'a> {
    request: &'a Request,
    engine: &'a Engine,
    exchange: Exchange,
    is_reused: bool,
    has_begun: bool,
    is_late: bool,
    head: Option<ResponseHead>,
    kept: Vec<u8>,
    bytes: u64,
    told: Option<Moment>,
}

impl<'a> Reading<'a> {
    fn new(request: &'a Request, engine: &'a Engine) -> Self {
        Self {
            request,
            engine,
            exchange: Exchange::new(request.head.method.clone()),
            is_reused: false,
            has_begun: false,
            is_late: false,
            head: None,
            kept: Vec::new(),
            bytes: 0,
            told: None,
        }
    }

    /// Takes what came; breaks with the connection's fate when the answer is complete.
    fn take(&mut self, input: &[u8]) -> Result<ControlFlow<Fate>, Failure> {
        self.has_begun = true;
        let mut rest = input;
        loop {
            let (used, step) = self
                .exchange
                .receive(rest)
                .map_err(|error| failing::of_rule(Stage::Receive, &error))?;
            let taken = rest;
            rest = rest.get(used..).unwrap_or_default();
            match step {
                Step::More => return Ok(ControlFlow::Continue(())),
                Step::Interim(head) => {
                    let request = self.request.id;
                    cookies::offer(self.request, &head, self.engine);
                    self.engine
                        .reporter
                        .say(Fact::InterimReceived { request, head });
                }
                Step::Head { head, .. } if self.is_reused && head.status == REQUEST_TIMEOUT => {
                    self.is_late = true;
                    let words = "the server had waited too long for a request (408)";
                    return Err(Failure::new(Stage::Receive, FailureKind::CutShort, words));
                }
                Step::Head {
                    head,
                    bytes,
                    framing,
                } => self.begin(head, bytes, framing),
                Step::Body(range) => self.grow(taken.get(range).unwrap_or_default()),
                Step::Done => return Ok(ControlFlow::Break(self.exchange.fate(rest.len()))),
            }
        }
    }

    /// Whether the connection had died, as far as can be told, before the server took the request.
    ///
    /// Chromium's rule: nothing of an answer came, or a reset before its head was complete, or 408.
    fn was_dead(&self, failure: &Failure) -> bool {
        let is_reset = failure.kind == FailureKind::Reset && self.head.is_none();
        let is_cut = failure.kind == FailureKind::CutShort && !self.has_begun;
        is_reset || is_cut || self.is_late
    }

    fn begin(&mut self, head: ResponseHead, bytes: u64, framing: Framing) {
        let length = match framing {
            Framing::Length(length) => Some(length),
            Framing::Empty => Some(0),
            Framing::Chunked | Framing::UntilClose => None,
        };
        self.head = Some(head.clone());
        let request = self.request.id;
        self.engine.reporter.say(Fact::HeadReceived {
            request,
            head,
            bytes,
            length,
        });
        if let Some(head) = &self.head {
            cookies::offer(self.request, head, self.engine);
        }
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

    /// Tells what was kept of the body; the answer, if it has a head.
    fn finish(&mut self) -> Option<Answer> {
        let head = self.head.take()?;
        let kept = self.kept.len() as u64;
        let content: Arc<[u8]> = mem::take(&mut self.kept).into();
        let whole = (kept == self.bytes).then(|| Arc::clone(&content));
        let body = Body {
            bytes: self.bytes,
            kept,
            content: Some(Content(content)),
        };
        self.engine.reporter.say(Fact::BodyKept {
            request: self.request.id,
            body,
        });
        Some(Answer { head, body: whole })
    }
}

/// Whoever gives the request up half-way sees what had come: of an endless body there is no more.
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}
