use std::fmt;

use serde::{Deserialize, Serialize};

use super::RequestId;

/// Why a request has to wait for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueReason {
    /// A connection is being opened for it.
    Opening,
    /// Every connection that its group may have is in use.
    HostFull {
        /// How many that is.
        limit: u32,
    },
    /// Every connection that the run may have is in use.
    AllFull {
        /// How many that is.
        limit: u32,
    },
    /// Every connection that may go through its proxy is in use.
    ProxyFull {
        /// How many that is.
        limit: u32,
    },
    /// As many requests of low priority are under way as may be.
    LowFull {
        /// How many that is.
        limit: u32,
    },
}

/// How a request came to its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// It was opened just then.
    Opened,
    /// Another request gave it back just then.
    Freed,
    /// It was idle, and of those that carried a request it had been used last.
    Idle {
        /// For how long, in milliseconds.
        idle_ms: u64,
    },
    /// It was idle and had never been used, and none that had was idle.
    Unused {
        /// For how long, in milliseconds.
        idle_ms: u64,
    },
}

/// Why the pool closes a connection that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retirement {
    /// The run had as many as it may have, and this request of another group had need of one.
    Evicted {
        /// Which.
        request: RequestId,
    },
    /// It was being opened, nobody waited for it any more, and others had need of its room.
    Unneeded,
    /// Nobody had needed it for too long.
    Idle {
        /// For how long, in milliseconds.
        idle_ms: u64,
        /// Whether it ever carried a request.
        used: bool,
    },
}

/// As an idle connection's end is told.
impl fmt::Display for Retirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evicted { request } => {
                write!(f, "another host needed the room, for {request}")
            }
            Self::Unneeded => f.write_str("nobody waited for it any more"),
            Self::Idle { idle_ms, used } => {
                let seconds = idle_ms / 1000;
                let never = if *used { "" } else { ", nor ever" };
                write!(f, "nobody needed it for {seconds} s{never}")
            }
        }
    }
}
