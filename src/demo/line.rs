use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// A TCP connection that parts as the site has ordered.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    orders: Arc<Orders>,
}

impl Line {
    /// A line whose site has ordered nothing yet.
    pub(super) fn new(stream: TcpStream) -> (Self, Arc<Orders>) {
        let orders = Arc::<Orders>::default();
        let line = Self {
            stream,
            orders: Arc::clone(&orders),
        };
        (line, orders)
    }
}

/// A reset needs `SO_LINGER` at zero when the socket is closed.
impl Drop for Line {
    fn drop(&mut self) {
        if self.orders.is_reset() {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// A line that will be reset says no orderly goodbye first.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.orders.is_reset() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// What a site wants done with the line it answers on.
#[derive(Debug, Default)]
pub(super) struct Orders {
    reset: AtomicBool,
    leave: Notify,
}

impl Orders {
    /// The line is to be reset when it is dropped.
    pub(super) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    /// The line is to be closed although it could be kept.
    pub(super) fn leave(&self) {
        self.leave.notify_one();
    }

    /// Ends when the site has ordered to leave.
    pub(super) async fn left(&self) {
        self.leave.notified().await;
    }

    fn is_reset(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }
}
