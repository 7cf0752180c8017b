/// Bytes asked of a decoder at a time.
pub(super) const PIECE: usize = 64 * 1024;

/// Where decoded bytes go; it takes no more than it may.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) bytes: Vec<u8>,
    most: usize,
}

/// How a coding ended, where nothing was wrong with what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Bytes that belonged to it.
    pub(super) used: usize,
    /// Whether it said that it is over; otherwise there should have been more bytes.
    pub(super) is_whole: bool,
    /// Whether the checksum, where there is one, is that of what came out.
    pub(super) is_sound: bool,
}

/// Why decoding stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// More would come out than may.
    Full,
    /// The byte at this place cannot be, and why.
    Broken(usize, String),
}

impl End {
    /// Nothing more came after so many bytes.
    pub(super) const fn cut(used: usize) -> Self {
        Self {
            used,
            is_whole: false,
            is_sound: true,
        }
    }
}

impl Stop {
    pub(super) fn broken(at: usize, why: impl Into<String>) -> Self {
        Self::Broken(at, why.into())
    }

    /// The same, where the bytes that were looked at began at `start`.
    pub(super) fn after(self, start: usize) -> Self {
        match self {
            Self::Broken(at, why) => Self::Broken(start + at, why),
            Self::Full => Self::Full,
        }
    }
}

impl Sink {
    pub(super) const fn new(most: usize) -> Self {
        Self {
            bytes: Vec::new(),
            most,
        }
    }

    /// Takes a piece, unless that would be too much.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Stop> {
        if piece.len() > self.most - self.bytes.len() {
            return Err(Stop::Full);
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}
