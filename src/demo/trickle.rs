use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Interval, interval};

use super::line::Orders;

/// A body that comes in pieces at an even pace.
#[derive(Debug)]
pub(super) struct Trickle {
    pieces: VecDeque<Bytes>,
    pace: Interval,
    promised: Option<u64>,
    cut: Option<Arc<Orders>>,
}

impl Trickle {
    /// `content` in at most so many even pieces, the first at once, the others `every` so often.
    ///
    /// `promised` is the `Content-Length`; without it the body is chunked.
    pub(super) fn new(
        mut content: Bytes,
        pieces: usize,
        every: Duration,
        promised: Option<u64>,
    ) -> Self {
        let size = content.len().div_ceil(pieces.max(1)).max(1);
        let mut queue = VecDeque::new();
        while !content.is_empty() {
            queue.push_back(content.split_to(size.min(content.len())));
        }
        Self {
            pieces: queue,
            pace: interval(every.max(Duration::from_millis(1))),
            promised,
            cut: None,
        }
    }

    /// The same body, its line reset one pace after the last piece.
    pub(super) fn cut(mut self, orders: Arc<Orders>) -> Self {
        self.cut = Some(orders);
        self
    }
}

impl Body for Trickle {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        ready!(self.pace.poll_tick(cx));
        if let Some(piece) = self.pieces.pop_front() {
            let bytes = piece.len() as u64;
            self.promised = self.promised.map(|left| left.saturating_sub(bytes));
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        Poll::Ready(self.cut.take().map(|orders| {
            orders.reset();
            Err(io::ErrorKind::ConnectionAborted.into())
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.promised
            .map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
