use serde::{Deserialize, Serialize};

use super::{RequestId, Stage};

/// An HTTP archive (HAR 1.2) that a run was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// The program that wrote it, and its version.
    pub creator: String,
    /// The browser whose requests these are, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Entries that could not be read, and are not here.
    #[serde(default)]
    pub left_out: u32,
}

/// What an archive says of a request beside what happened, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which request.
    pub request: RequestId,
    /// Stages that it did not live, as the archive says (-1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_lived: Vec<Stage>,
    /// Stages that took no time, as the archive says: many tools write 0 for what did not happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_no_time: Vec<Stage>,
    /// What the archive does not say, in a few words each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsaid: Vec<String>,
    /// Cookies that went along and stand in no header of the archive, as `Cookie` would have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookie: Option<String>,
    /// Cookies that were set and stand in no header of the archive, as `Set-Cookie` would have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_cookies: Vec<String>,
}

impl Entry {
    /// What is said where the size of a body is not.
    pub const SIZE: &str = "how large the body was on the wire";
}
