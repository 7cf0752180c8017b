use std::fmt;

use serde::{Deserialize, Serialize};

use super::Failure;

/// Why a connection ended, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Ending {
    /// It never opened.
    Unopened {
        /// Why not.
        failure: Failure,
    },
    /// We closed it, as the exchange was over and could not be followed by another.
    ByUs {
        /// Why not, as a sentence.
        words: String,
    },
    /// The server closed it.
    ByServer {
        /// When, in words: while idle, or in the middle of what.
        words: String,
    },
}

impl Ending {
    /// What is said of a connection that the end of the run ended.
    pub const RUN_OVER: &str = "the run was over";
    /// What is said of a connection on which the server spoke between two requests.
    pub const UNASKED: &str = "the server spoke without being asked";
    /// What is said of a connection that the server closed between two requests, and more behind it.
    pub const WHILE_IDLE: &str = "while it was idle";

    /// Whether it ended between two requests, and not because of one.
    pub fn is_of_idle(&self) -> bool {
        match self {
            Self::ByUs { words } => words == Self::RUN_OVER || words == Self::UNASKED,
            Self::ByServer { words } => words.starts_with(Self::WHILE_IDLE),
            Self::Unopened { .. } => false,
        }
    }
}

/// By whom, and why.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unopened { failure } => write!(f, "never opened: {}", failure.words),
            Self::ByUs { words } => write!(f, "by us: {words}"),
            Self::ByServer { words } => write!(f, "by the server: {words}"),
        }
    }
}
