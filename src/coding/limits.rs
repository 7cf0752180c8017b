/// How much may come out of a body, so that a small one cannot fill the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that may come out, whatever went in.
    pub bytes: usize,
    /// How many bytes may come out for each that went in.
    pub ratio: usize,
    /// Bytes that may come out whatever the ratio.
    pub free: usize,
}

impl Default for Limits {
    /// 64 MiB, and a thousand for one beyond the first MiB: text and pictures stay far below.
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            ratio: 1_000,
            free: 1 << 20,
        }
    }
}

/// The limit that applies to a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// So many bytes.
    Bytes(usize),
    /// So many bytes, which is so many for each on the wire.
    Ratio(usize, usize),
}

impl Limits {
    /// The limit that is reached first by a body of so many bytes on the wire.
    pub(super) fn of(&self, wire: usize) -> Limit {
        let dense = self.free.max(wire.saturating_mul(self.ratio));
        if dense < self.bytes {
            Limit::Ratio(dense, self.ratio)
        } else {
            Limit::Bytes(self.bytes)
        }
    }
}

impl Limit {
    /// Bytes that may come out.
    pub(super) const fn most(self) -> usize {
        match self {
            Self::Bytes(most) | Self::Ratio(most, _) => most,
        }
    }
}
