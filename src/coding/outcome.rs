use std::fmt;

/// A body without its codings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes that came out.
    pub bytes: Vec<u8>,
    /// What there is to say about it, the outermost coding first.
    pub notes: Vec<Note>,
}

/// Something odd about a coded body that did not keep it from being decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The coding ends before it says that it is over.
    Cut {
        /// Which coding.
        coding: &'static str,
    },
    /// Bytes follow the end of the coding.
    LeftOver {
        /// Which coding.
        coding: &'static str,
        /// How many.
        bytes: usize,
    },
    /// The checksum is not that of the decoded bytes.
    Unsound {
        /// Which coding.
        coding: &'static str,
    },
}

/// Why a body cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodingError {
    /// Nobody has said what this coding is.
    #[error("the coding `{0}` is not known")]
    Unknown(String),
    /// More codings than anybody needs.
    #[error("{0} codings on top of each other are too many")]
    TooMany(usize),
    /// Bytes that the coding cannot have.
    #[error("{coding} is broken at byte {at}: {why}")]
    Broken {
        /// Which coding.
        coding: &'static str,
        /// The place where that was noticed, in the bytes as this coding got them, from 0.
        at: usize,
        /// What is wrong.
        why: String,
    },
    /// More would come out than is allowed.
    #[error("more than {bytes} bytes come out of {coding}: decoding was stopped")]
    TooLarge {
        /// Which coding.
        coding: &'static str,
        /// The limit.
        bytes: usize,
    },
    /// More would come out for what went in than is allowed.
    #[error("{coding} makes more than {ratio} bytes of one, a bomb: decoding was stopped")]
    TooDense {
        /// Which coding.
        coding: &'static str,
        /// The limit.
        ratio: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut { coding } => {
                write!(f, "{coding} ends too early: this is as far as it goes")
            }
            Self::LeftOver { coding, bytes } => {
                let s = if *bytes == 1 { "" } else { "s" };
                write!(f, "{bytes} byte{s} after the end of {coding}, left out")
            }
            Self::Unsound { coding } => {
                write!(f, "the checksum of {coding} is another: bytes were changed")
            }
        }
    }
}
