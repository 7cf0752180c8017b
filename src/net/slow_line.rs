use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf, ReadHalf, WriteHalf, split};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::AbortHandle;
use tokio::time::{Instant, Sleep, sleep_until};

/// Pieces that may be under way at a time; past that the peer is slowed down.
const IN_FLIGHT: usize = 256;
/// What a read brought; no bytes at the end.
type Piece = io::Result<Vec<u8>>;
/// Bytes a piece has at most.
const PIECE_SIZE: usize = 16 * 1024;

/// A stream whose bytes arrive later by a fixed delay, as over a longer way.
///
/// The whole of the added round trip is put on what comes in; what goes out leaves at once.
pub struct SlowLine<T> {
    out: WriteHalf<T>,
    arriving: Receiver<(Instant, Piece)>,
    due: Option<(Pin<Box<Sleep>>, Piece)>,
    here: VecDeque<u8>,
    reader: AbortHandle,
    is_over: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin + 'static> SlowLine<T> {
    /// Puts `delay` on every answer of `line`.
    ///
    /// Must be called within a `LocalSet`: a task reads ahead, so that arrivals are stamped on time.
    pub fn new(line: T, delay: Duration) -> Self {
        let (inward, out) = split(line);
        let (pieces, arriving) = channel(IN_FLIGHT);
        let reader = tokio::task::spawn_local(read_ahead(inward, pieces, delay)).abort_handle();
        Self {
            out,
            arriving,
            due: None,
            here: VecDeque::new(),
            reader,
            is_over: false,
        }
    }
}

async fn read_ahead<T: AsyncRead + Unpin>(
    mut inward: ReadHalf<T>,
    pieces: Sender<(Instant, Piece)>,
    delay: Duration,
) {
    loop {
        let mut piece = vec![0; PIECE_SIZE];
        let came = inward.read(&mut piece).await.map(|bytes| {
            piece.truncate(bytes);
            piece
        });
        let is_last = came.as_ref().map_or(true, Vec::is_empty);
        // The timer's own clock: a paused test moves it along.
        let due = sleep_until_delay(delay);
        if pieces.send((due, came)).await.is_err() || is_last {
            return;
        }
    }
}

fn sleep_until_delay(delay: Duration) -> Instant {
    tokio::time::sleep(delay).deadline()
}

impl<T> AsyncRead for SlowLine<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let line = &mut *self;
        while line.here.is_empty() && !line.is_over {
            if line.due.is_none() {
                let Some((at, piece)) = ready!(line.arriving.poll_recv(context)) else {
                    line.is_over = true;
                    break;
                };
                line.due = Some((Box::pin(sleep_until(at)), piece));
            }
            if let Some((timer, _)) = &mut line.due {
                ready!(timer.as_mut().poll(context));
            }
            if let Some((_, piece)) = line.due.take() {
                let piece = piece?;
                line.is_over = piece.is_empty();
                line.here.extend(piece);
            }
        }
        let (front, _) = line.here.as_slices();
        let taken = front.len().min(buffer.remaining());
        buffer.put_slice(front.get(..taken).unwrap_or_default());
        line.here.drain(..taken);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite> AsyncWrite for SlowLine<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.out).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.out).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.out).poll_shutdown(context)
    }
}

impl<T> Drop for SlowLine<T> {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
