use url::Url;

use crate::event::{
    Body, ConnectionId, Moment, PerStage, Replacement, RequestId, Times, WithheldCookie,
};
use crate::message::{Headers, ResponseHead};

/// When a connection's stages began and ended, as we heard of it and as the kernel timed it.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans {
    pub(super) lived: PerStage<Option<(Moment, Option<Moment>)>>,
    pub(super) timed: PerStage<Times>,
}

/// A stage as it is told: from when until when, and whether the kernel timed it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lived {
    pub(super) from: Moment,
    pub(super) until: Moment,
    pub(super) is_kernels: bool,
}

impl Lived {
    /// From `from` until `until`, unless the kernel knows better.
    pub(super) fn new(from: Moment, until: Moment, timed: Times) -> Self {
        let from = timed.began.unwrap_or(from);
        Self {
            from,
            until: timed.ended.unwrap_or(until).max(from),
            is_kernels: timed.ended.is_some(),
        }
    }
}

/// One request of another program's as the engine makes it: a redirect is the next.
#[derive(Debug, Default)]
pub(super) struct Hop {
    pub(super) request: Option<RequestId>,
    pub(super) url: Option<Url>,
    pub(super) began: PerStage<Moment>,
    pub(super) timed: PerStage<Times>,
    pub(super) dns: Option<Lived>,
    pub(super) connection: Option<ConnectionId>,
    pub(super) is_reused: bool,
    pub(super) opening: Spans,
    pub(super) sent: Headers,
    pub(super) head: Option<ResponseHead>,
    pub(super) body: Option<Body>,
    pub(super) cache: String,
    pub(super) withheld: Vec<WithheldCookie>,
    pub(super) judged: Vec<(String, String)>,
    pub(super) trailers: Option<Headers>,
    pub(super) remarks: Vec<String>,
    pub(super) replacement: Option<Replacement>,
}
