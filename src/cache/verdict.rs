use std::fmt;
use std::time::Duration;

use humantime::format_duration;

/// Whether a stored answer may be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may: it is younger than it may grow (RFC 9111 §4.2).
    Fresh {
        /// How old it is.
        age: Duration,
        /// How old it may grow.
        lifetime: Duration,
    },
    /// It may not: it is too old.
    Stale {
        /// How old it is.
        age: Duration,
        /// How old it might have grown.
        lifetime: Duration,
    },
    /// It may not: it was chosen by a request header that differs now (RFC 9111 §4.1).
    Varies {
        /// The header.
        name: String,
    },
    /// Nothing is stored for the URL.
    Missing,
    /// Only answers to GET are stored here.
    Method,
}

impl Verdict {
    /// Whether the stored answer is used.
    pub const fn is_hit(&self) -> bool {
        matches!(self, Self::Fresh { .. })
    }
}

/// The decision with its arithmetic.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |time: &Duration| format_duration(Duration::from_secs(time.as_secs()));
        match self {
            Self::Fresh { age, lifetime } => {
                write!(f, "fresh: age {} < max-age {}", whole(age), whole(lifetime))
            }
            Self::Stale { age, lifetime } => {
                write!(f, "stale: age {} ≥ max-age {}", whole(age), whole(lifetime))
            }
            Self::Varies { name } => write!(f, "not used: Vary on {name}, which differs"),
            Self::Missing => f.write_str("nothing stored for this URL"),
            Self::Method => f.write_str("not asked: only GET is answered from the cache"),
        }
    }
}

/// Why an answer was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unstored {
    /// Only answers to GET are.
    #[error("not stored: only answers to GET are")]
    Method,
    /// Only complete answers with these codes are, so far.
    #[error("not stored: the status is not 200, 301, 308, 404 or 410")]
    Status,
    /// The server forbids it.
    #[error("not stored: no-store")]
    NoStore,
    /// The server wants to be asked each time.
    #[error("not stored: no-cache, and stored answers are not validated yet")]
    NoCache,
    /// Nothing says for how long it could be used.
    #[error("not stored: no max-age")]
    NoLifetime,
    /// No request could ever match it.
    #[error("not stored: Vary: *")]
    VaryAll,
    /// It is larger than an entry may be.
    #[error("not stored: larger than an entry may be")]
    TooLarge,
}
