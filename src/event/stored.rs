use serde::{Deserialize, Serialize};

/// What the cache said, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredVerdict {
    /// Whether the stored answer is used.
    pub hit: bool,
    /// How it is used, where the record says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Hit>,
    /// The decision with its arithmetic.
    pub words: String,
    /// What browsers do instead, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browsers: Option<String>,
    /// What is known of the stored answer: names and words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<(String, String)>,
}

/// How a stored answer is used without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hit {
    /// It is fresh.
    Fresh,
    /// It is stale, and may be used so.
    Stale,
    /// It came while this request waited for it.
    Shared,
}

/// What is stored from earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheContents {
    /// Whether it is on the disk, and not in memory.
    pub on_disk: bool,
    /// For how many URLs something is stored.
    pub urls: u64,
    /// Bytes that this takes.
    pub bytes: u64,
    /// Bytes that may be taken.
    pub limit: u64,
    /// What a person should know of it, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How the cache is used by the requests that are planned from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheUse {
    /// As each request wants it.
    #[default]
    On,
    /// Nothing is used and nothing is stored.
    Off,
    /// Whatever is stored is used, and nobody is asked: what is not stored is a failure.
    Offline,
}

/// What the cache made of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// The stored answer: the server says that it is still good.
    Validated,
    /// The stored part and the part that came, together.
    Completed,
    /// The stored answer, stale, as the server failed.
    Stale,
    /// A 504: the stored answer may not be used unasked, and nobody could be asked.
    GatewayTimeout,
}
