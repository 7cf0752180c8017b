use serde::{Deserialize, Serialize};

use crate::message::Conditions;

/// The network is made out to be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttled {
    /// How it is from now on.
    pub to: Conditions,
}
