use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, split};
use tokio::time::timeout;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::event::{Content, Fact, Failure, FailureKind, Stage};
use crate::http1::{Fate, encode};
use crate::net::Wire;

use super::reading::Reading;

/// A head and a body that are no larger than this leave in one piece, as browsers send them.
const TOGETHER: usize = 16 * 1024;
/// How long a body waits for the server's 100, as curl has it (RFC 9110 §10.1.1).
const CONTINUE: Duration = Duration::from_secs(1);
/// So long a server that no longer listens is heard out; what it said is here by then.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// A body that is larger is not on record: nobody edits it, and a record should not double it.
const MOST_TOLD: usize = 1 << 20;

/// How a request got out.
pub(super) struct Sent {
    /// Whether all of it did.
    pub(super) is_whole: bool,
    /// What came meanwhile.
    pub(super) flow: ControlFlow<Fate>,
}

impl Sent {
    const WHOLE: Self = Self {
        is_whole: true,
        flow: ControlFlow::Continue(()),
    };

    const fn answered(flow: ControlFlow<Fate>) -> Self {
        Self {
            is_whole: false,
            flow,
        }
    }
}

/// Writes the request.
///
/// A large body, or one that waits for a 100, ends early when the server answers that it is of no use.
pub(super) async fn send(
    request: &Request,
    wire: &mut Wire,
    buffer: &mut [u8],
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<Sent, Failure> {
    let mut bytes = encode(&request.head)
        .map_err(|error| Failure::new(Stage::Send, FailureKind::Protocol, error.to_string()))?;
    let head = bytes.len();
    let payload = request.saying.payload.as_ref();
    let body: &[u8] = payload.map_or(&[], |payload| &payload.bytes);
    let is_expecting = !body.is_empty() && request.head.expects_continue();
    let is_small = head + body.len() <= TOGETHER && !is_expecting;
    if is_small {
        bytes.extend_from_slice(body);
    }
    let written = async {
        wire.write_all(&bytes).await?;
        wire.flush().await
    };
    if let Err(error) = written.await {
        let sent = heard_out(wire, buffer, &error, reading).await?;
        tell(request, 0, engine);
        let words = "the server answered and stopped listening before it had heard the request";
        request.remark(words.to_owned(), engine);
        return Ok(sent);
    }
    if is_small {
        tell(request, bytes.len(), engine);
        return Ok(Sent::WHOLE);
    }
    let mut left = body;
    let refused = if is_expecting {
        expect(request, wire, buffer, reading, engine).await?
    } else {
        None
    };
    let sent = match refused {
        Some(flow) => Sent::answered(flow),
        None => upload(wire, &mut left, buffer, reading).await?,
    };
    let written = body.len() - left.len();
    tell(request, head + written, engine);
    if !sent.is_whole {
        let all = body.len();
        let words = format!(
            "the answer came when {written} of {all} bytes of the body were sent; \
             the rest was left unsent"
        );
        request.remark(words, engine);
    }
    Ok(sent)
}

fn tell(request: &Request, bytes: usize, engine: &Engine) {
    let payload = request.saying.payload.as_ref();
    let told = payload.filter(|payload| (1..=MOST_TOLD).contains(&payload.bytes.len()));
    engine.reporter.say(Fact::RequestSent {
        request: request.id,
        head: request.head.clone(),
        bytes: bytes as u64,
        content: told.map(|payload| Content(payload.bytes.clone())),
    });
}

/// Waits until the server wants the body; what came, if it does not want it.
async fn expect(
    request: &Request,
    wire: &mut Wire,
    buffer: &mut [u8],
    reading: &mut Reading<'_>,
    engine: &Engine,
) -> Result<Option<ControlFlow<Fate>>, Failure> {
    let asking = async {
        while reading.interim != Some(100) {
            let came = wire.read(buffer).await;
            let came = came.map_err(|error| failing::of_wire(Stage::Send, &error))?;
            if came == 0 {
                return reading.end(Stage::Send).map(ControlFlow::Break).map(Some);
            }
            let flow = reading.take(buffer.get(..came).unwrap_or_default())?;
            if reading.head.is_some() {
                return Ok(Some(flow));
            }
        }
        Ok(None)
    };
    timeout(CONTINUE, asking).await.unwrap_or_else(|_| {
        let words = "the server said no 100 Continue within 1 s; the body was sent all the same";
        request.remark(words.to_owned(), engine);
        Ok(None)
    })
}

/// Writes `left`, and listens meanwhile: a server may answer before it has heard all.
async fn upload(
    wire: &mut Wire,
    left: &mut &[u8],
    buffer: &mut [u8],
    reading: &mut Reading<'_>,
) -> Result<Sent, Failure> {
    let (mut from, mut to) = split(wire);
    let mut flow = ControlFlow::Continue(());
    while !left.is_empty() {
        tokio::select! {
            biased;
            written = to.write(left) => match written {
                Ok(written) => *left = left.get(written..).unwrap_or_default(),
                Err(error) => return heard_out(&mut from, buffer, &error, reading).await,
            },
            came = from.read(buffer) => {
                let came = came.map_err(|error| failing::of_wire(Stage::Send, &error))?;
                if came == 0 {
                    let fate = reading.end(Stage::Send)?;
                    return Ok(Sent::answered(ControlFlow::Break(fate)));
                }
                flow = reading.take(buffer.get(..came).unwrap_or_default())?;
                let is_refused = reading.head.as_ref().is_some_and(|head| head.status >= 400);
                if is_refused || flow.is_break() {
                    return Ok(Sent::answered(flow));
                }
            }
        }
    }
    if let Err(error) = to.flush().await {
        return heard_out(&mut from, buffer, &error, reading).await;
    }
    Ok(Sent {
        flow,
        ..Sent::WHOLE
    })
}

/// What a server said before it stopped listening: an answer, or by TLS why there is none.
async fn heard_out(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &mut [u8],
    broken: &io::Error,
    reading: &mut Reading<'_>,
) -> Result<Sent, Failure> {
    let said = last_words(from, buffer, broken).await?;
    if reading.is_reused {
        // It may be about something else: another connection is asked.
        return Err(failing::of_wire(Stage::Send, broken));
    }
    reading.take(said).map(Sent::answered)
}

async fn last_words<'a>(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &'a mut [u8],
    broken: &io::Error,
) -> Result<&'a [u8], Failure> {
    let failure = failing::of_wire(Stage::Send, broken);
    let came = timeout(LAST_WORDS, from.read(buffer)).await;
    match came.unwrap_or(Ok(0)) {
        Ok(0) => Err(failure),
        Ok(came) => buffer.get(..came).ok_or(failure),
        Err(error) => {
            let reason = failing::of_wire(Stage::Send, &error);
            let is_told = matches!(reason.kind, FailureKind::Tls | FailureKind::Certificate);
            Err(if is_told { reason } else { failure })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use rustls::{AlertDescription, Error};
    use tokio::io::ReadBuf;

    use super::*;

    /// A line on which reading fails so.
    struct Failing(fn() -> io::Error);

    impl AsyncRead for Failing {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err((self.0)()))
        }
    }

    async fn told(mut from: impl AsyncRead + Unpin) -> Result<Vec<u8>, String> {
        let broken = io::Error::from(io::ErrorKind::BrokenPipe);
        let said = last_words(&mut from, &mut [0; 16], &broken)
            .await
            .map(<[u8]>::to_vec);
        said.map_err(|failure| failure.words)
    }

    #[tokio::test(start_paused = true)]
    async fn why_a_server_hung_up_is_told_where_it_said_so() {
        let alert = || {
            let alert = Error::AlertReceived(AlertDescription::CertificateRequired);
            io::Error::new(io::ErrorKind::InvalidData, alert)
        };
        let words = "the server wants to know who asks: give a certificate with --cert";
        assert_eq!(told(Failing(alert)).await, Err(words.to_owned()));
        let closed = "the server closed the connection";
        let reset = || io::ErrorKind::ConnectionReset.into();
        assert_eq!(told(Failing(reset)).await, Err(closed.to_owned()));
        assert_eq!(told(&b""[..]).await, Err(closed.to_owned()));
        assert_eq!(told(&b"busy"[..]).await, Ok(b"busy".to_vec()));
        let (silent, _held) = tokio::io::duplex(1);
        assert_eq!(told(silent).await, Err(closed.to_owned()));
    }
}
