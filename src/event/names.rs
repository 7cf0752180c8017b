use serde::{Deserialize, Serialize};

/// How addresses became known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// The URL has an address for a host; nobody is asked.
    Literal,
    /// `localhost` is this machine; nobody is asked (RFC 6761 §6.3).
    Localhost,
    /// `--resolve` says where the host is; nobody is asked.
    Given,
    /// The hosts file of the system says where the host is; nobody is asked.
    Hosts,
    /// The proxy looks it up; the addresses are the proxy's own.
    ByProxy,
    /// Asked for this request.
    Asked {
        /// For how long the answer may be kept, in milliseconds.
        ttl_ms: u64,
    },
    /// Another request had already asked, and this one waited for the same answer.
    Shared {
        /// For how long the answer may be kept, in milliseconds.
        ttl_ms: u64,
    },
    /// An earlier answer was still valid.
    Kept {
        /// How old the answer is, in milliseconds.
        age_ms: u64,
        /// For how long the answer may be kept, in milliseconds.
        ttl_ms: u64,
    },
}

/// How a request comes to what a look-up found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sought {
    /// It began the look-up.
    Asked,
    /// Another request had begun it, and both wait.
    Shared,
    /// It is over, and what it found is still good.
    Kept,
}
