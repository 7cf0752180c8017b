use serde::{Deserialize, Serialize};

use crate::message::{Certificate, Staple};

use super::Moment;

/// What a TLS handshake agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// Such as `TLS 1.3`.
    pub version: String,
    /// The cipher suite's name.
    pub cipher: String,
    /// The key exchange group's name, if one was used.
    pub group: Option<String>,
    /// The protocol chosen by ALPN, if any.
    pub alpn: Option<String>,
    /// Whether an earlier session was taken up again.
    pub resumed: bool,
    /// Whether the certificate was found good; with `-k` it need not be.
    pub verified: bool,
}

/// A TLS handshake as it went, complete or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// The host that our hello named in clear (SNI, RFC 6066 §3); none for an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sni: Option<String>,
    /// The versions that our hello offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    /// The protocols that our hello offered (ALPN, RFC 7301).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// What went to and fro, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flights: Vec<Flight>,
    /// The server's certificates, its own first; those of the first handshake if it was resumed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Certificate>,
    /// Against whose roots they were checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roots: Option<String>,
    /// Why they are not to be trusted, if they are not; with `-k` the connection goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// What the server showed of its certificate's standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staple: Option<Staple>,
    /// What we showed when the server asked who we are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// Bytes that went one way, until some went the other way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flight {
    /// Who sent them.
    pub by: Side,
    /// How many.
    pub bytes: u64,
    /// When the first of them went or came.
    pub at: Moment,
    /// When the last of them went or came.
    pub until: Moment,
}

/// An end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Ours.
    Us,
    /// Theirs.
    Server,
}

/// What we showed to a server that asked who we are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Nothing: `--cert` was not given, or credentials are left out.
    Nobody,
    /// The certificate of this subject.
    Shown(String),
}
