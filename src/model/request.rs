use std::net::IpAddr;

use url::Url;

use crate::event::{
    Because, Body, Choice, ConnectionId, Content, Entry, Failure, LookUpId, Moment, Names,
    QueueReason, Replacement, RequestId, Sought, Stage, StoredVerdict, Verdict,
};
use crate::message::{
    Credentials, Group, Headers, Method, Origin, Priority, RequestHead, ResponseHead, Shared,
    unescaped,
};

use super::{Arrival, Chosen, Judged, Timeline};

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub id: RequestId,
    /// With which method.
    pub method: Method,
    /// From where.
    pub url: Shared<Url>,
    /// Whom the URL names; nothing for a URL that cannot be fetched.
    pub origin: Option<Origin>,
    /// Why it is made.
    pub because: Because,
    /// Whether cookies go along.
    pub credentials: Credentials,
    /// How soon it gets a connection.
    pub priority: Priority,
    /// When it joined the run.
    pub planned: Moment,
    /// Its own stages; connect, TLS and close are its connection's.
    pub timeline: Timeline,
    /// What the cache said before.
    pub cached: Option<StoredVerdict>,
    /// The request whose answer it waited for, as it may be its own too.
    pub waited_on: Option<RequestId>,
    /// What the cache said afterwards.
    pub stored: Option<String>,
    /// The cookies that were chosen for it, where its site has any.
    pub chosen: Option<Chosen>,
    /// What became of the cookies that its answers set.
    pub judged: Vec<Judged>,
    /// The look-up of its host's name, where one was needed, and how it came to it.
    pub sought: Option<(LookUpId, Sought)>,
    /// Where its host is, and how that became known.
    pub names: Option<(Vec<IpAddr>, Names)>,
    /// How many were ahead of it when it got in line, and why it had to.
    pub queued: Option<(u32, QueueReason)>,
    /// As which fact of the run it got in line first.
    pub lined_as: Option<u64>,
    /// As which fact of the run it ended.
    pub ended_as: Option<u64>,
    /// Whether it waits now because all connections are in use.
    pub is_crowded: bool,
    /// The connection that it runs on, or was denied.
    pub connection: Option<ConnectionId>,
    /// Whether an exchange ran on that connection before.
    pub is_reused: bool,
    /// Why it got that connection and no other.
    pub choice: Option<Choice>,
    /// When it got the connection; nothing if it was denied.
    pub granted: Option<Moment>,
    /// Connections that turned out to be dead.
    pub attempts: Vec<(Moment, ConnectionId, Failure)>,
    /// What was said, and in how many bytes.
    pub sent: Option<(RequestHead, u64)>,
    /// The body that was sent, where there was one and the record has it.
    pub sent_body: Option<Content>,
    /// The answers before the answer.
    pub interim: Vec<ResponseHead>,
    /// The head of the answer.
    pub head: Option<ResponseHead>,
    /// Bytes of that head on the wire, before TLS.
    pub head_bytes: u64,
    /// Bytes of the body as the head announced them.
    pub length: Option<u64>,
    /// Bytes of the body so far.
    pub bytes: u64,
    /// How the body came over time.
    pub arrival: Arrival,
    /// The fields that came after the body.
    pub trailers: Option<Headers>,
    /// What else is worth knowing, in the order in which it was noticed.
    pub remarks: Vec<String>,
    /// The body as it was kept, once it is over.
    pub body: Option<Body>,
    /// What it got in place of what came.
    pub replaced: Option<Replaced>,
    /// When and how it ended.
    pub ended: Option<(Moment, Verdict)>,
    /// The request that its answer led to.
    pub led_to: Option<RequestId>,
    /// The place of the request before for the same URL, or for another one of the same hash.
    pub(super) former_of_url: Option<usize>,
    /// What the archive that it was read from says of it beside all that.
    pub entry: Option<Box<Entry>>,
}

/// What a request got in place of what came: the cache made an answer of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What was made.
    pub replacement: Replacement,
    /// Why, as a sentence.
    pub words: String,
    /// Its head.
    pub head: ResponseHead,
    /// Its body.
    pub body: Body,
}

impl Request {
    pub(super) fn planned(
        id: RequestId,
        method: Method,
        url: Shared<Url>,
        because: Because,
        at: Moment,
    ) -> Self {
        Self {
            id,
            method,
            origin: Origin::of(&url),
            url,
            because,
            credentials: Credentials::default(),
            priority: Priority::default(),
            planned: at,
            timeline: Timeline::default(),
            cached: None,
            waited_on: None,
            stored: None,
            chosen: None,
            judged: Vec::new(),
            sought: None,
            names: None,
            queued: None,
            lined_as: None,
            ended_as: None,
            is_crowded: false,
            connection: None,
            is_reused: false,
            choice: None,
            granted: None,
            attempts: Vec::new(),
            sent: None,
            sent_body: None,
            interim: Vec::new(),
            head: None,
            head_bytes: 0,
            length: None,
            bytes: 0,
            arrival: Arrival::default(),
            trailers: None,
            remarks: Vec::new(),
            body: None,
            replaced: None,
            ended: None,
            led_to: None,
            former_of_url: None,
            entry: None,
        }
    }

    /// The group whose connections it may use; nothing for a URL that cannot be fetched.
    pub fn group(&self) -> Option<Group> {
        Some(Group::new(self.origin.clone()?, self.credentials))
    }

    /// Whether it runs on a connection, ran on it, or tried to.
    pub fn ran_on(&self, connection: ConnectionId) -> bool {
        let tried = |(_, id, _): &(Moment, ConnectionId, Failure)| *id == connection;
        self.connection == Some(connection) || self.attempts.iter().any(tried)
    }

    /// The status code that came, or that of what the cache made where none came.
    pub fn status(&self) -> Option<u16> {
        let came = self.head.as_ref();
        came.or_else(|| self.given_head()).map(|head| head.status)
    }

    /// The status code, with a mark behind it where there is a remark.
    pub fn marked(&self, status: u16) -> String {
        let mark = if self.remarks.is_empty() { "" } else { " !" };
        format!("{status}{mark}")
    }

    /// The head of what it got: what came, or what the cache made of it.
    pub fn given_head(&self) -> Option<&ResponseHead> {
        let replaced = self.replaced.as_ref().map(|replaced| &replaced.head);
        replaced.or(self.head.as_ref())
    }

    /// The body of what it got.
    pub fn given_body(&self) -> Option<&Body> {
        let replaced = self.replaced.as_ref().map(|replaced| &replaced.body);
        replaced.or(self.body.as_ref())
    }

    /// The codings that are still on the bytes of that body, in the order in which they were put on.
    pub fn codings_left(&self) -> Vec<&str> {
        let is_off = self.given_body().is_some_and(|body| body.is_decoded);
        let head = self.given_head().filter(|_| !is_off);
        head.into_iter().flat_map(ResponseHead::codings).collect()
    }

    /// Whether an archive that does not say how large its body was is all that is known of it.
    pub fn has_no_size(&self) -> bool {
        let is_unsaid = |entry: &Entry| entry.unsaid.iter().any(|words| words == Entry::SIZE);
        self.entry.as_deref().is_some_and(is_unsaid)
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.ended {
            Some((_, Verdict::Failed(failure))) => Some(failure),
            _ => None,
        }
    }

    /// Whether it was answered from the cache.
    pub const fn is_stored(&self) -> bool {
        matches!(self.ended, Some((_, Verdict::Stored)))
    }

    /// When it ended, or `now` while it goes on.
    pub fn until(&self, now: Moment) -> Moment {
        self.ended
            .as_ref()
            .map_or(now, |(at, _)| *at)
            .max(self.planned)
    }

    /// When the answer began; nothing where none came over the wire.
    pub fn answered(&self) -> Option<Moment> {
        self.head.as_ref()?;
        let waited = self.timeline.of(Stage::Wait).last();
        let received = || {
            self.timeline
                .of(Stage::Receive)
                .next()
                .map(|span| span.began)
        };
        let ended = waited.and_then(|span| span.ended.as_ref());
        ended.map(|(at, _)| *at).or_else(received)
    }

    /// Bytes that came over the wire, heads counted; none for an answer from the cache.
    pub const fn transferred(&self) -> u64 {
        if self.is_stored() {
            0
        } else {
            self.head_bytes.saturating_add(self.bytes)
        }
    }

    /// Path and query, as the URL has them.
    pub fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// Path and query as a person reads them.
    pub fn name(&self) -> String {
        unescaped(&self.path()).into_owned()
    }

    /// How much of the body is here, from 0 to 100, where its length is known.
    pub fn percent(&self) -> Option<u64> {
        let length = self.length.filter(|length| *length > 0)?;
        let percent = u128::from(self.bytes.min(length)) * 100 / u128::from(length);
        u64::try_from(percent).ok()
    }
}
