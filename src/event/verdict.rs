use serde::{Deserialize, Serialize};

use super::Failure;

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// With an answer from the network, or a 504 that the cache made as there was none.
    Answered,
    /// With a stored answer.
    Stored,
    /// With a failure.
    Failed(Failure),
}
