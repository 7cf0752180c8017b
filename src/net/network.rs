use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::message::{Family, Question, Reply};

use super::{NetError, Tap};

/// Work under way; it lives on the engine's thread.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, NetError>> + 'a>>;

/// The world outside, as the engine needs it: the internet, or a script in a test.
pub trait Network {
    /// The addresses of one family that a name has, which is neither an address nor `localhost`.
    ///
    /// `told` hears of each question as it goes out and of what came of it.
    fn ask<'a>(&'a self, host: &'a str, family: Family, told: &'a dyn Fn(Heard))
    -> Work<'a, Found>;

    /// The addresses of a host and a port that are known without asking anybody, and who says so.
    fn known(&self, _host: &str, _port: u16) -> Option<(Vec<IpAddr>, KnownBy)> {
        None
    }

    /// The same addresses in the order to try them (RFC 6724).
    fn ordered(&self, mut addresses: Vec<IpAddr>) -> Vec<IpAddr> {
        addresses.sort_by_key(IpAddr::is_ipv4);
        addresses
    }

    /// The run is over: closes what is kept open for the next question.
    fn close(&self) {}

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

/// What name servers know of a name, of one family of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The addresses, in the order of the answer; none if there are none of the family.
    pub addresses: Vec<IpAddr>,
    /// For how long this may be kept, addresses or not.
    pub ttl: Duration,
    /// Whether the name does not exist at all.
    pub is_missing: bool,
}

/// What happens while a name is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A question goes out.
    Sent(Question),
    /// TCP is open to the server, which has a line for its questions.
    Connected,
    /// TLS is on the line, too.
    Secured {
        /// Such as `TLS 1.3`.
        version: String,
        /// What ALPN chose.
        alpn: Option<String>,
    },
    /// It is over.
    Ended(Reply),
}

/// Who says where a host is, so that nobody has to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// A person.
    Given,
    /// The hosts file of the system.
    Hosts,
}

/// A stream of bytes to and from a peer, in clear or over TLS.
pub type Wire = Box<dyn Stream>;

/// What a [`Wire`] has to be able to do.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + 'static> Stream for T {}
