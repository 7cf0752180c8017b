use serde::{Deserialize, Serialize};

/// The way that a connection takes to its server, where that is not the straight one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Road {
    /// The proxy that it goes through, without its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The host and port that it goes to, where `--connect-to` names others than the URL's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}
