use url::Url;

use crate::event::{Body, ConnectionId, Moment, PerStage, Replacement, RequestId, WithheldCookie};
use crate::message::{Headers, ResponseHead};

/// When stages began, and when they ended.
pub(super) type Spans = PerStage<Option<(Moment, Option<Moment>)>>;

/// One request of another program's as the engine makes it: a redirect is the next.
#[derive(Debug, Default)]
pub(super) struct Hop {
    pub(super) request: Option<RequestId>,
    pub(super) url: Option<Url>,
    pub(super) began: PerStage<Moment>,
    pub(super) dns: Option<(Moment, Moment)>,
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

impl Hop {
    /// Whether it got a 504 that the cache made.
    pub(super) fn is_timeout(&self) -> bool {
        self.replacement == Some(Replacement::GatewayTimeout)
    }
}
