/// How an answer broke the rules of HTTP/1.1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// The first bytes are no status line.
    #[error("the answer is not HTTP: it begins with {0:?}")]
    NotHttp(String),
    /// The status line has a fault.
    #[error("the status line is malformed (RFC 9112 §4)")]
    StatusLine,
    /// A header field has a fault.
    #[error("a header line is malformed: {0}")]
    HeaderLine(&'static str),
    /// The head is larger than we read.
    #[error("the headers are larger than {limit} bytes, which is as much as is read")]
    HeadTooLarge {
        /// Bytes.
        limit: usize,
    },
    /// There are more header lines than we read.
    #[error("there are more than {limit} header lines, which is as many as are read")]
    TooManyHeaders {
        /// Lines.
        limit: usize,
    },
    /// More interim answers than anyone needs.
    #[error("the server sent more than {limit} interim answers")]
    TooManyInterim {
        /// Answers.
        limit: usize,
    },
    /// `Content-Length` is no number.
    #[error("Content-Length is not a number: {0:?} (RFC 9110 §8.6)")]
    Length(String),
    /// Two lengths that differ.
    #[error("two different Content-Length: {0} and {1} (RFC 9112 §6.3)")]
    TwoLengths(u64, u64),
    /// Both framings at once.
    #[error("both Transfer-Encoding and Content-Length, a way to smuggle answers (RFC 9112 §6.3)")]
    LengthAndCoding,
    /// A chunk's size line has a fault.
    #[error("a chunk's size line is malformed (RFC 9112 §7.1)")]
    ChunkSize,
    /// A chunk is not followed by a line end.
    #[error("a chunk does not end where its size says (RFC 9112 §7.1)")]
    ChunkEnd,
    /// The trailer section has a fault.
    #[error("the trailer section after the chunks is malformed (RFC 9112 §7.1.2)")]
    Trailer,
    /// The trailer section is larger than we read.
    #[error("the trailer section is larger than {limit} bytes, which is as much as is read")]
    TrailerTooLarge {
        /// Bytes.
        limit: usize,
    },
    /// A chunk's size line is longer than we read.
    #[error("a chunk's size line is longer than {limit} bytes, which is as much as is read")]
    ChunkLineTooLong {
        /// Bytes.
        limit: usize,
    },
    /// The connection ended before any byte of the answer.
    #[error("the server closed the connection without an answer")]
    Empty,
    /// The connection ended within the head.
    #[error("the server closed the connection in the middle of the headers, after {0} bytes")]
    HeadCut(usize),
    /// The connection ended before the announced length.
    #[error("the server closed the connection after {came} of {announced} bytes of the body")]
    BodyCut {
        /// Bytes that came.
        came: u64,
        /// Bytes that Content-Length announced.
        announced: u64,
    },
    /// The connection ended before the last chunk.
    #[error("the server closed the connection before the last chunk, after {0} bytes of the body")]
    ChunksCut(u64),
}

impl ProtocolError {
    /// Whether the peer ended the connection too early, rather than saying something wrong.
    pub const fn is_cut(&self) -> bool {
        matches!(
            self,
            Self::Empty | Self::HeadCut(_) | Self::BodyCut { .. } | Self::ChunksCut(_)
        )
    }

    /// Whether a limit of ours was reached.
    pub const fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::HeadTooLarge { .. }
                | Self::TooManyHeaders { .. }
                | Self::TooManyInterim { .. }
                | Self::TrailerTooLarge { .. }
                | Self::ChunkLineTooLong { .. }
        )
    }
}
