use std::io;

/// What the world answered instead of what was hoped for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NetError {
    /// What class of error it is.
    pub kind: NetErrorKind,
    /// What happened, as a sentence.
    pub words: String,
}

/// The class of a [`NetError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetErrorKind {
    /// The name does not exist, or has no address.
    NoSuchName,
    /// The name server could not be asked, or would not answer.
    NameServer,
    /// Nobody listens on the port.
    Refused,
    /// There is no way to the address.
    Unreachable,
    /// Nobody answered in time.
    TimedOut,
    /// The peer's certificate was not accepted.
    Certificate,
    /// The TLS handshake broke off.
    Tls,
    /// The proxy would not open the way on.
    Proxy,
    /// The peer reset the connection.
    Reset,
    /// The peer ended the connection in the middle of something.
    Closed,
    /// Anything else.
    System,
}

impl NetError {
    /// An error of `kind`.
    pub fn new(kind: NetErrorKind, words: impl Into<String>) -> Self {
        Self {
            kind,
            words: words.into(),
        }
    }

    /// What an error of a socket means.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the list of the standard library is open"
    )]
    pub fn of_socket(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let inner = error.get_ref();
        if let Some(fault) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return super::tls::explain(fault);
        }
        let (kind, words) = match error.kind() {
            Kind::ConnectionRefused => (NetErrorKind::Refused, "nobody listens there (refused)"),
            Kind::ConnectionReset | Kind::ConnectionAborted => {
                (NetErrorKind::Reset, "the server reset the connection")
            }
            Kind::BrokenPipe | Kind::UnexpectedEof | Kind::NotConnected => {
                (NetErrorKind::Closed, "the server closed the connection")
            }
            Kind::TimedOut => (NetErrorKind::TimedOut, "nobody answered"),
            Kind::HostUnreachable => (NetErrorKind::Unreachable, "the host cannot be reached"),
            Kind::NetworkUnreachable | Kind::AddrNotAvailable => {
                (NetErrorKind::Unreachable, "there is no way to its network")
            }
            _ => return Self::new(NetErrorKind::System, error.to_string()),
        };
        Self::new(kind, words)
    }
}
