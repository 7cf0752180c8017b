use std::fmt;

/// A fault in an answer that is passed over, as browsers do, and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leniency {
    /// The connection ended within the head.
    HeadCut {
        /// Bytes of the head that came.
        came: usize,
    },
    /// There is no status line: HTTP/0.9, or no HTTP at all.
    NoHead,
    /// Lines of the head end in LF alone.
    BareLineFeed,
    /// `Content-Length` is said several times, always the same.
    LengthRepeated,
    /// An answer that can have no body says how its body is framed.
    FramedNothing {
        /// Its status code.
        status: u16,
    },
    /// `Transfer-Encoding` in an HTTP/1.0 answer.
    CodingInHttp10,
    /// Something came after the end of the answer.
    BytesAfterEnd(usize),
}

/// Which faults may be passed over; others are so everywhere or nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// A head that the end of the connection cuts, as browsers allow over `http`.
    pub cut_head: bool,
    /// A body without a head, as browsers allow on port 80.
    pub bare_body: bool,
}

/// What was wrong, as a sentence.
impl fmt::Display for Leniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadCut { came } => write!(
                f,
                "the server closed the connection within the headers, after {came} bytes; \
                 the lines that came whole are taken for all, as browsers do over http"
            ),
            Self::NoHead => f.write_str(
                "the answer has no status line; as browsers do on port 80, all of it is taken \
                 for the body (HTTP/0.9)",
            ),
            Self::BareLineFeed => {
                f.write_str("lines of the headers end in LF, not in CR LF (RFC 9112 §2.2)")
            }
            Self::LengthRepeated => f.write_str(
                "Content-Length is said more than once, with the same number (RFC 9112 §6.3)",
            ),
            Self::FramedNothing { status } => write!(
                f,
                "a {status} answer has no body, and yet says how long it is (RFC 9112 §6.2)"
            ),
            Self::CodingInHttp10 => f.write_str(
                "an HTTP/1.0 answer says Transfer-Encoding, which is passed over (RFC 9112 §6.1)",
            ),
            Self::BytesAfterEnd(bytes) => {
                let s = if *bytes == 1 { "" } else { "s" };
                write!(
                    f,
                    "{bytes} byte{s} came after the end of the answer; they are dropped, and the \
                     connection with them"
                )
            }
        }
    }
}
