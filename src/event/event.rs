use serde::{Deserialize, Serialize};

use super::{Fact, Moment, RequestId, Wanted};

/// The version of the names and shapes below, as NDJSON carries them.
pub const FORMAT_VERSION: u32 = 1;

/// A fact and when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in nanoseconds since the run began.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

impl Fact {
    /// A request joined the run as it is wanted.
    pub fn planned(request: RequestId, wanted: &Wanted) -> Self {
        Self::RequestPlanned {
            request,
            method: wanted.method.clone(),
            url: wanted.url.clone().into(),
            because: wanted.because.clone(),
            credentials: wanted.credentials,
            priority: wanted.priority,
        }
    }
}
