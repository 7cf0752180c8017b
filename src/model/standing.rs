use std::fmt;

use crate::event::{FailureKind, Hit, Moment, Replacement, RequestId, Stage, Verdict};

use super::amount::{bytes, ordinal};
use super::{Model, Request};

/// How a request stands, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has just been planned, or asks the cache.
    Beginning,
    /// Its name is being looked up.
    LookingUp,
    /// It is in line.
    Waiting {
        /// How many are ahead of it.
        ahead: usize,
    },
    /// Its connection is being opened.
    Connecting(Stage),
    /// It is being sent, or is sent and not yet answered.
    Sent,
    /// It is being answered.
    Receiving {
        /// How much is here, from 0 to 100, where that is known.
        percent: Option<u64>,
        /// Bytes so far.
        bytes: u64,
    },
    /// It was answered.
    Done,
    /// It was answered from the cache.
    FromCache(Option<Hit>),
    /// What came, the cache made an answer of.
    Replaced(Replacement),
    /// It waits for the answer to another request, which may be its own too.
    Sharing(RequestId),
    /// It was answered with the way to another.
    Redirected(Option<RequestId>),
    /// It was given up.
    Cancelled,
    /// It failed.
    Failed(Stage),
}

/// How `request` stands at `now`.
pub fn standing(request: &Request, model: &Model, now: Moment) -> Standing {
    match &request.ended {
        Some((_, Verdict::Failed(failure))) if failure.kind == FailureKind::Cancelled => {
            Standing::Cancelled
        }
        Some((_, Verdict::Failed(failure))) => Standing::Failed(failure.stage),
        Some(_) if request.led_to.is_some() => Standing::Redirected(request.led_to),
        Some((_, Verdict::Stored | Verdict::Answered))
            if let Some(replaced) = &request.replaced =>
        {
            Standing::Replaced(replaced.replacement)
        }
        Some((_, Verdict::Stored)) => {
            Standing::FromCache(request.cached.as_ref().and_then(|cached| cached.how))
        }
        Some((_, Verdict::Answered)) => Standing::Done,
        None => under_way(request, model, now),
    }
}

fn under_way(request: &Request, model: &Model, now: Moment) -> Standing {
    match request.timeline.open().map(|span| span.stage) {
        Some(Stage::Dns) => Standing::LookingUp,
        Some(Stage::Queue) => in_line(request, model, now),
        Some(stage @ (Stage::Connect | Stage::Proxy | Stage::Tls)) => Standing::Connecting(stage),
        Some(Stage::Send | Stage::Wait) => Standing::Sent,
        Some(Stage::Receive) => Standing::Receiving {
            percent: request.percent(),
            bytes: request.bytes,
        },
        Some(Stage::Cache) if let Some(of) = request.waited_on => Standing::Sharing(of),
        Some(Stage::Cache | Stage::Close) | None => Standing::Beginning,
    }
}

/// In line: is a connection being opened for it, or do all others go first?
fn in_line(request: &Request, model: &Model, now: Moment) -> Standing {
    let bar = super::stretches(request, model, now);
    match bar.last() {
        Some(last) if last.connection.is_some() => Standing::Connecting(last.stage),
        _ if !request.is_crowded => Standing::Connecting(Stage::Connect),
        _ => {
            let ahead = model.ahead(request).unwrap_or_default();
            Standing::Waiting { ahead }
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beginning => f.write_str("beginning"),
            Self::LookingUp => f.write_str("looking up the name"),
            Self::Waiting { ahead: 0 } => f.write_str("next in line"),
            Self::Waiting { ahead } => write!(f, "{} in line", ordinal(ahead + 1)),
            Self::Connecting(Stage::Proxy) => f.write_str("asking the proxy"),
            Self::Connecting(Stage::Tls) => f.write_str("shaking hands"),
            Self::Connecting(_) => f.write_str("connecting"),
            Self::Sent => f.write_str("sent"),
            Self::Receiving {
                percent: Some(percent),
                ..
            } => write!(f, "{percent} %"),
            Self::Receiving { bytes: so_far, .. } => write!(f, "{} so far", bytes(*so_far)),
            Self::Done => f.write_str("done"),
            Self::FromCache(how) => f.write_str(match how {
                Some(Hit::Stale) => "from cache, stale",
                Some(Hit::Shared) => "from cache, shared",
                Some(Hit::Fresh) | None => "from cache",
            }),
            Self::Replaced(replacement) => f.write_str(match replacement {
                Replacement::Validated => "cache still good",
                Replacement::Completed => "completed the cache",
                Replacement::Stale => "from cache, stale: the server failed",
                Replacement::GatewayTimeout => "504: nobody to ask",
            }),
            Self::Sharing(of) => write!(f, "waits for {of}'s answer"),
            Self::Redirected(Some(to)) => write!(f, "→ {to}"),
            Self::Redirected(None) => f.write_str("redirected"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Failed(stage) => write!(f, "failed: {}", stage.card().name),
        }
    }
}
