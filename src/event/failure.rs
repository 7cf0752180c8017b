use std::fmt;

use serde::{Deserialize, Serialize};

use super::Stage;

/// Why a request or a connection did not succeed: a result like any other, for a row to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where it failed.
    pub stage: Stage,
    /// What class of failure it is.
    pub kind: FailureKind,
    /// What happened, as a sentence for people.
    pub words: String,
}

/// The class of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The name is not known to the name server.
    NoSuchName,
    /// The name server could not be asked, or would not answer.
    NameServer,
    /// Nobody listens on the port.
    Refused,
    /// There is no way to the address.
    Unreachable,
    /// The stage took longer than it may.
    TimedOut,
    /// The peer's certificate was not accepted.
    Certificate,
    /// The TLS handshake broke off.
    Tls,
    /// The proxy would not open the way on.
    Proxy,
    /// What came back is not HTTP, or breaks its rules.
    Protocol,
    /// The peer ended the connection before the answer was complete.
    CutShort,
    /// The peer reset the connection.
    Reset,
    /// Browsers fetch nothing from the port.
    UnsafePort,
    /// A limit of ours was reached.
    TooBig,
    /// A redirect could not be followed.
    Redirect,
    /// It was to come from the cache, and nothing is stored.
    NotStored,
    /// The person or the end of the run stopped it.
    Cancelled,
    /// Anything else that the operating system reported.
    System,
}

impl Failure {
    /// A failure of `stage`.
    pub fn new(stage: Stage, kind: FailureKind, words: impl Into<String>) -> Self {
        Self {
            stage,
            kind,
            words: words.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage.card().name, self.words)
    }
}

impl std::error::Error for Failure {}
