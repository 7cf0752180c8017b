use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::Wire;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From us to the server.
    Out,
    /// From the server to us.
    In,
}

/// Whoever counts what passes.
pub(super) type Watch = Rc<dyn Fn(Way, usize)>;

/// A wire on which every byte is counted, for as long as somebody counts.
pub(super) struct Watched {
    wire: Wire,
    watch: Option<Watch>,
}

impl Watched {
    pub(super) fn new(wire: Wire, watch: Watch) -> Self {
        let watch = Some(watch);
        Self { wire, watch }
    }

    /// Nobody counts any more.
    pub(super) fn stop(&mut self) {
        self.watch = None;
    }

    fn tell(&self, way: Way, bytes: usize) {
        if let Some(watch) = self.watch.as_ref().filter(|_| bytes > 0) {
            watch(way, bytes);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.wire).poll_read(context, buffer);
        if read.is_ready() {
            self.tell(Way::In, buffer.filled().len() - before);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.wire).poll_write(context, bytes);
        if let Poll::Ready(Ok(bytes)) = &written {
            self.tell(Way::Out, *bytes);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(context)
    }
}
