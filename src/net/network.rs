use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{NetError, Tap};

/// Work under way; it lives on the engine's thread.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, NetError>> + 'a>>;

/// The world outside, as the engine needs it: the internet, or a script in a test.
pub trait Network {
    /// The addresses of a name that is neither an address nor `localhost`.
    fn resolve<'a>(&'a self, host: &'a str) -> Work<'a, Answer>;

    /// The addresses that somebody gave for a host and a port beforehand: nobody is asked.
    fn given(&self, _host: &str, _port: u16) -> Option<Vec<IpAddr>> {
        None
    }

    /// An open stream to an address.
    fn connect(&self, address: SocketAddr) -> Work<'_, Opened>;
}

/// An open stream, and between which ends.
pub struct Opened {
    /// The stream.
    pub wire: Wire,
    /// Our end.
    pub local: SocketAddr,
    /// Their end.
    pub peer: SocketAddr,
    /// What the kernel tells of it beside the bytes; nothing where there is no kernel to ask.
    pub tap: Option<Tap>,
}

/// What a name server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The addresses, in the order to try them; never empty.
    pub addresses: Vec<IpAddr>,
    /// For how long the answer may be kept.
    pub ttl: Duration,
}

/// A stream of bytes to and from a peer, in clear or over TLS.
pub type Wire = Box<dyn Stream>;

/// What a [`Wire`] has to be able to do.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + 'static> Stream for T {}
