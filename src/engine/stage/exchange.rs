use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::engine::kernel::Stamps;
use crate::engine::lease::{Lease, Outcome};
use crate::event::{Fact, Failure, Stage};
use crate::http1::Fate;
use crate::message::ResponseHead;
use crate::net::Wire;

use super::reading::Reading;
use super::send::send;

/// A complete answer.
pub(in crate::engine) struct Answer {
    pub(in crate::engine) head: ResponseHead,
    /// The body, where all of it was kept.
    pub(in crate::engine) body: Option<Arc<[u8]>>,
    /// What came of it, where all of that was kept.
    pub(in crate::engine) came: Option<Arc<[u8]>>,
}

/// Bytes that are asked for at a time.
const READ: usize = 64 * 1024;
/// As much of an answer that leads elsewhere is read, so that its connection can be used again.
const DRAIN: u64 = 16 * 1024;
/// And for as long.
const DRAINING: Duration = Duration::from_secs(5);

/// Sends the request and reads its answer over a leased connection.
///
/// Nothing, if the connection turned out to be dead before there was an answer, and another may be
/// tried: a reused connection that the server closed in the same moment (RFC 9112 §9.3.1).
pub(in crate::engine) async fn run(
    request: &Request,
    mut lease: Lease,
    engine: &Rc<Engine>,
) -> Result<Option<Answer>, Failure> {
    let (connection, is_reused) = (lease.connection, lease.is_reused);
    let mut reading = Reading::new(request, engine, is_reused);
    let mut stamps = Stamps::new(request, lease.tap(), engine);
    let Some(wire) = lease.wire() else {
        return Ok(None);
    };
    match talk(request, wire, &mut reading, &mut stamps, engine).await {
        Ok(fate) => {
            let is_whole = !matches!(fate, Fate::Unread | Fate::Broken);
            lease.give_back(Outcome::Complete(fate));
            // The connection is free again before the next request looks for one.
            reading.follow()?;
            Ok(reading.finish(is_whole))
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
            if reading.take_up(&failure) {
                return Ok(reading.finish(false));
            }
            Err(failure)
        }
    }
}

async fn talk(
    request: &Request,
    wire: &mut Wire,
    reading: &mut Reading<'_>,
    stamps: &mut Stamps<'_>,
    engine: &Engine,
) -> Result<Fate, Failure> {
    if !is_framed(request) {
        let words = "what the request says of its body's length is not so: the rest may be taken \
                     for another request (RFC 9112 §6.3)";
        request.remark(words.to_owned(), engine);
    }
    let mut buffer = vec![0; READ];
    let sending = async {
        let sent = send(request, wire, &mut buffer, reading, engine).await?;
        stamps.written();
        Ok(sent)
    };
    let sent = request.stage(Stage::Send, engine, sending).await?;
    let came = if reading.head.is_some() {
        None
    } else {
        let waiting = first_bytes(wire, &mut buffer, reading, stamps);
        Some(request.stage(Stage::Wait, engine, waiting).await?)
    };
    let receiving = async {
        let flow = match came {
            None => sent.flow,
            Some(0) => ControlFlow::Break(reading.end(Stage::Receive)?),
            Some(came) => reading.take(buffer.get(..came).unwrap_or_default())?,
        };
        let fate = receive(wire, &mut buffer, flow, reading, engine).await?;
        stamps.read();
        Ok(fate)
    };
    let fate = request.receive(engine, receiving).await?;
    if !sent.is_whole {
        return Ok(Fate::Unsent);
    }
    let own = after_asking(request);
    Ok(if fate == Fate::Reuse { own } else { fate })
}

/// What becomes of a connection for what was asked on it, whatever the answer.
fn after_asking(request: &Request) -> Fate {
    if !is_framed(request) {
        Fate::Misframed
    } else if request.head.says_close() {
        Fate::RequestSaysClose
    } else {
        Fate::Reuse
    }
}

fn is_framed(request: &Request) -> bool {
    let payload = request.saying.payload.as_ref();
    let bytes = payload.map_or(0, |payload| payload.bytes.len());
    request.head.frames(bytes)
}

/// The first bytes of the answer; that there are none is a failure.
async fn first_bytes(
    wire: &mut Wire,
    buffer: &mut [u8],
    reading: &mut Reading<'_>,
    stamps: &mut Stamps<'_>,
) -> Result<usize, Failure> {
    stamps.expect();
    let first = read(Stage::Wait, wire, buffer).await?;
    stamps.heard();
    if first == 0 && !reading.has_begun {
        reading.end(Stage::Wait)?;
    }
    Ok(first)
}

async fn read(stage: Stage, wire: &mut Wire, buffer: &mut [u8]) -> Result<usize, Failure> {
    wire.read(buffer)
        .await
        .map_err(|error| failing::of_wire(stage, &error))
}

/// Reads on after `flow`: to the end, or to where an answer that leads elsewhere is given up.
async fn receive(
    wire: &mut Wire,
    buffer: &mut [u8],
    mut flow: ControlFlow<Fate>,
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<Fate, Failure> {
    loop {
        if let ControlFlow::Break(fate) = flow {
            return Ok(fate);
        }
        // Browsers go where an answer leads before they have read the rest of it.
        if reading.follow()? {
            return Ok(drain(wire, buffer, reading).await);
        }
        flow = receive_more(wire, buffer, reading, engine).await?;
    }
}

async fn receive_more(
    wire: &mut Wire,
    buffer: &mut [u8],
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<ControlFlow<Fate>, Failure> {
    let limit = engine.settings.timeouts[Stage::Receive];
    let more = read(Stage::Receive, wire, buffer);
    match failing::within(limit, Stage::Receive, more).await? {
        0 => reading.end(Stage::Receive).map(ControlFlow::Break),
        came => reading.take(buffer.get(..came).unwrap_or_default()),
    }
}

/// Reads what is left of an answer that was followed already: a little of it, for a little while.
///
/// Nothing that goes wrong here is of interest: the next request is under way.
async fn drain(wire: &mut Wire, buffer: &mut [u8], reading: &mut Reading<'_>) -> Fate {
    let draining = async {
        while reading.bytes() <= DRAIN {
            let came = read(Stage::Receive, wire, buffer).await.ok()?;
            if came == 0 {
                return reading.end(Stage::Receive).ok();
            }
            let flow = reading.take(buffer.get(..came).unwrap_or_default()).ok()?;
            if let ControlFlow::Break(fate) = flow {
                return Some(fate);
            }
        }
        Some(Fate::Unread)
    };
    let drained = timeout(DRAINING, draining).await;
    drained
        .unwrap_or(Some(Fate::Unread))
        .unwrap_or(Fate::Broken)
}
