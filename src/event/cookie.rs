use serde::{Deserialize, Serialize};

use crate::message::CookieKey;

/// A cookie of the jar that does not go along with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithheldCookie {
    /// Which.
    #[serde(flatten)]
    pub key: CookieKey,
    /// Why, in words that begin with the attribute that decided.
    pub words: String,
}

/// What became of a `Set-Cookie` line, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CookieFate {
    /// There is a new cookie in the jar.
    Stored,
    /// A cookie in the jar is as the line says now.
    Replaced,
    /// There is no such cookie in the jar any more.
    Deleted,
    /// The jar did not take it.
    Refused,
}
