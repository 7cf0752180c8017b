use std::fmt;

/// What becomes of a connection after an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Another exchange may follow.
    Reuse,
    /// The server said `Connection: close`.
    ServerSaysClose,
    /// The proxy said `Proxy-Connection: close`.
    ProxySaysClose,
    /// We said `Connection: close`, after which nothing more may be asked (RFC 9112 §9.6).
    RequestSaysClose,
    /// Our own head said something else of our body's end than was so.
    Misframed,
    /// HTTP/1.0 without `Connection: keep-alive` (RFC 9112 §9.3).
    Http10,
    /// The body ended with the connection.
    EndedByClose,
    /// The server sent something after the end of the answer.
    BytesAfterEnd(usize),
    /// The answer came before the request was sent whole, and the rest was left unsent.
    Unsent,
    /// The answer was not read to its end.
    Unread,
    /// The exchange failed.
    Broken,
    /// The protocol was switched (RFC 9110 §15.2.2).
    Switched,
}

/// Why, as a sentence.
impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reuse => f.write_str("kept for the next request"),
            Self::ServerSaysClose => f.write_str("the server said Connection: close"),
            Self::ProxySaysClose => f.write_str("the proxy said Proxy-Connection: close"),
            Self::RequestSaysClose => f.write_str("the request said Connection: close"),
            Self::Misframed => f.write_str("the request was wrong about where its body ends"),
            Self::Http10 => f.write_str("HTTP/1.0 without Connection: keep-alive"),
            Self::EndedByClose => f.write_str("the end of the body was the end of the connection"),
            Self::BytesAfterEnd(bytes) => {
                let s = if *bytes == 1 { "" } else { "s" };
                write!(f, "{bytes} byte{s} came after the end of the answer")
            }
            Self::Unsent => f.write_str("the request was not sent to its end"),
            Self::Unread => f.write_str("the answer was not read to its end"),
            Self::Broken => f.write_str("the exchange on it failed"),
            Self::Switched => f.write_str("the server switched to another protocol"),
        }
    }
}
