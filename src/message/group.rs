use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Credentials, Origin};

/// What makes connections interchangeable: an origin, and whether credentials may go over them.
///
/// Chromium's groups have a privacy mode for this: what is fetched without credentials could be
/// told to be the same person's by the connection it came over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Group {
    /// Scheme, host and port.
    pub origin: Origin,
    /// Whether no credentials go over its connections.
    #[serde(
        rename = "anonymous",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub is_anonymous: bool,
}

impl Group {
    /// The group that a request to `origin` belongs to.
    pub const fn new(origin: Origin, credentials: Credentials) -> Self {
        Self {
            origin,
            is_anonymous: credentials.is_omitted(),
        }
    }
}

impl From<Origin> for Group {
    fn from(origin: Origin) -> Self {
        Self::new(origin, Credentials::Include)
    }
}

/// `host:port`, and whether it is for requests without credentials.
impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.is_anonymous {
            " without credentials"
        } else {
            ""
        };
        write!(f, "{}{words}", self.origin)
    }
}
