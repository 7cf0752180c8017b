use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::message::{
    Cookie, CookieKey, Credentials, Group, Headers, Method, Priority, Question, Replied,
    RequestHead, ResponseHead, Shared,
};

use super::{
    Archive, Because, Body, CacheContents, CacheUse, Choice, ConnectionId, Content, CookieFate,
    End, Ending, Entry, Failure, Handshake, KernelWord, LookUpId, Names, QueueReason, Replacement,
    RequestId, Retirement, Road, Security, Sought, Stage, StoredVerdict, Subject, Throttled, Times,
    Verdict, WithheldCookie,
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// The run began; always the first fact.
    RunStarted {
        /// The version of this format.
        version: u32,
        /// Wall time at moment 0, in milliseconds since 1970.
        wall_ms: u64,
        /// Connections at a time to one origin, at most.
        per_host: u32,
        /// Connections at a time in all, at most.
        max_connections: u32,
    },
    /// The run was read from an HTTP archive; the second fact of such a run.
    ArchiveRead(Archive),
    /// What the archive says of a request beside what happened, and what it does not say.
    EntryRead(Entry),
    /// A request joined the run.
    RequestPlanned {
        /// Which.
        request: RequestId,
        /// With which method.
        method: Method,
        /// From where.
        url: Shared<Url>,
        /// Why.
        because: Because,
        /// Whether cookies go along; left out where they do.
        #[serde(default, skip_serializing_if = "Credentials::is_usual")]
        credentials: Credentials,
        /// How soon it gets a connection; left out where it is the usual.
        #[serde(default, skip_serializing_if = "Priority::is_usual")]
        priority: Priority,
    },
    /// A stage began.
    StageBegan {
        /// Whose.
        #[serde(flatten)]
        subject: Subject,
        /// Which.
        stage: Stage,
    },
    /// A stage ended.
    StageEnded {
        /// Whose.
        #[serde(flatten)]
        subject: Subject,
        /// Which.
        stage: Stage,
        /// How.
        end: End,
    },
    /// The kernel timed a stage: better than by when we heard of it.
    StageTimed {
        /// Whose.
        #[serde(flatten)]
        subject: Subject,
        /// Which.
        stage: Stage,
        /// When.
        #[serde(flatten)]
        times: Times,
    },
    /// What is stored to begin with, and where; not told of an empty cache in memory.
    CacheOpened(CacheContents),
    /// The cache is used in another way by the requests that are planned from now on.
    CacheSwitched {
        /// How.
        to: CacheUse,
    },
    /// The network is made out to be like this from now on.
    NetworkThrottled(Throttled),
    /// The cache was asked.
    CacheAnswered {
        /// For whom.
        request: RequestId,
        /// What it said.
        verdict: StoredVerdict,
    },
    /// A request waits for the answer to another, which may be its own too.
    CacheWaited {
        /// Which request.
        request: RequestId,
        /// For whose answer.
        of: RequestId,
    },
    /// The cache was offered an answer.
    CacheStored {
        /// Whose.
        request: RequestId,
        /// Whether it was stored, and why not.
        words: String,
    },
    /// The cookies that go along with a request were chosen; not told where there are none.
    CookiesChosen {
        /// With which.
        request: RequestId,
        /// Those that go, in order.
        sent: Vec<Cookie>,
        /// The others of its site, and why not.
        withheld: Vec<WithheldCookie>,
    },
    /// A `Set-Cookie` line of an answer was judged.
    CookieJudged {
        /// Whose answer.
        request: RequestId,
        /// The line, without its name.
        line: String,
        /// What became of it.
        fate: CookieFate,
        /// That in words, with the rule that decided.
        words: String,
        /// When the cookie expires, in milliseconds since 1970; nothing if it is a session cookie.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<u64>,
    },
    /// A cookie is in the jar now, in place of the same one.
    CookieKept {
        /// The cookie.
        cookie: Box<Cookie>,
        /// What somebody registered of its domain: the label below a public suffix.
        site: String,
    },
    /// A cookie is no longer in the jar.
    CookieDropped {
        /// Which.
        #[serde(flatten)]
        key: Box<CookieKey>,
        /// Why.
        words: String,
    },
    /// A request needs the addresses of a name that somebody has to be asked for.
    NameSought {
        /// Which request.
        request: RequestId,
        /// The look-up that finds them out.
        lookup: LookUpId,
        /// The name.
        host: String,
        /// How it comes to the look-up.
        how: Sought,
    },
    /// A question went out to a name server.
    QuerySent {
        /// For which look-up.
        lookup: LookUpId,
        /// Which of its questions, counted from 1.
        query: u32,
        /// What was asked, and whom.
        #[serde(flatten)]
        question: Box<Question>,
    },
    /// A question was answered, or given up.
    QueryEnded {
        /// Of which look-up.
        lookup: LookUpId,
        /// Which of its questions.
        query: u32,
        /// What came of it.
        #[serde(flatten)]
        replied: Box<Replied>,
    },
    /// The addresses of a request's host became known.
    NameResolved {
        /// For whom.
        request: RequestId,
        /// The addresses, in the order they are tried.
        addresses: Vec<IpAddr>,
        /// How they became known.
        names: Names,
    },
    /// A request has to wait for a connection.
    RequestQueued {
        /// Which.
        request: RequestId,
        /// How many stand before it in the line of its origin.
        ahead: u32,
        /// Why it has to wait.
        reason: QueueReason,
    },
    /// A connection joined the run.
    ConnectionPlanned {
        /// Which.
        connection: ConnectionId,
        /// To whom, and for whom.
        #[serde(flatten)]
        group: Box<Group>,
        /// The connection beside which it is tried, as that takes long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<ConnectionId>,
        /// The way that it takes.
        #[serde(flatten)]
        road: Road,
    },
    /// An address of a connection's peer is being tried.
    AddressTried {
        /// By which connection.
        connection: ConnectionId,
        /// Which address.
        address: SocketAddr,
    },
    /// An address did not answer as hoped.
    AddressFailed {
        /// By which connection.
        connection: ConnectionId,
        /// Which address.
        address: SocketAddr,
        /// What happened.
        failure: Failure,
    },
    /// A connection's socket is open.
    SocketOpened {
        /// Which connection's.
        connection: ConnectionId,
        /// Our end.
        local: SocketAddr,
        /// Their end.
        peer: SocketAddr,
    },
    /// A connection's proxy opened the way on.
    ProxyAnswered {
        /// Which connection's.
        connection: ConnectionId,
        /// What it was asked.
        asked: String,
        /// What it answered.
        answer: String,
    },
    /// A connection's TLS handshake is over, complete or not.
    HandshakeEnded {
        /// Which connection's.
        connection: ConnectionId,
        /// How it went.
        #[serde(flatten)]
        handshake: Box<Handshake>,
    },
    /// The kernel was asked about a connection.
    KernelTold {
        /// Which.
        connection: ConnectionId,
        /// What it said.
        #[serde(flatten)]
        word: KernelWord,
    },
    /// A connection's TLS handshake is complete.
    ConnectionSecured {
        /// Which connection's.
        connection: ConnectionId,
        /// What was agreed.
        security: Box<Security>,
    },
    /// A request got its connection.
    ConnectionGranted {
        /// To whom.
        request: RequestId,
        /// Which.
        connection: ConnectionId,
        /// Whether an exchange ran on it before.
        reused: bool,
        /// Why this one; older records do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<Choice>,
    },
    /// The connection that a request would have got could not be opened.
    ConnectionDenied {
        /// To whom.
        request: RequestId,
        /// Which.
        connection: ConnectionId,
    },
    /// A reused connection turned out to be closed; the request goes back in line.
    AttemptFailed {
        /// Which request.
        request: RequestId,
        /// On which connection.
        connection: ConnectionId,
        /// What happened.
        failure: Failure,
    },
    /// The request is written.
    RequestSent {
        /// Which.
        request: RequestId,
        /// What was said.
        head: RequestHead,
        /// Bytes written, before TLS.
        bytes: u64,
        /// The body that went with it, where there was one and the record has it.
        #[serde(flatten)]
        content: Option<Content>,
    },
    /// An interim answer came (RFC 9110 §15.2).
    InterimReceived {
        /// For whom.
        request: RequestId,
        /// What was said.
        head: ResponseHead,
    },
    /// The head of the answer is complete.
    HeadReceived {
        /// For whom.
        request: RequestId,
        /// What was said.
        head: ResponseHead,
        /// Bytes of the head, before TLS.
        bytes: u64,
        /// Bytes of the body, where the head says so.
        length: Option<u64>,
    },
    /// More of the body came.
    BodyGrew {
        /// Whose.
        request: RequestId,
        /// Bytes of the body so far, chunk framing left out.
        bytes: u64,
    },
    /// The part of the body that is kept, once it is all here.
    BodyKept {
        /// Whose.
        request: RequestId,
        /// What is kept.
        #[serde(flatten)]
        body: Body,
    },
    /// The pool has no use for a connection, and closes it.
    ConnectionRetired {
        /// Which.
        connection: ConnectionId,
        /// Why.
        reason: Retirement,
    },
    /// Fields came after the body (RFC 9110 §6.5).
    TrailersReceived {
        /// For whom.
        request: RequestId,
        /// The fields.
        trailers: Headers,
    },
    /// Something about a request is worth knowing, though it did not make it fail.
    Remarked {
        /// Which request.
        request: RequestId,
        /// What, as a sentence.
        words: String,
    },
    /// What came is not what the request gets: the cache made an answer of it.
    AnswerReplaced {
        /// Which request.
        request: RequestId,
        /// What was made.
        replacement: Replacement,
        /// Why, as a sentence.
        words: String,
        /// The head of what the request gets.
        head: ResponseHead,
        /// Its body.
        #[serde(flatten)]
        body: Body,
    },
    /// A request is over.
    RequestEnded {
        /// Which.
        request: RequestId,
        /// How.
        verdict: Verdict,
    },
    /// A connection is over.
    ConnectionEnded {
        /// Which.
        connection: ConnectionId,
        /// Why, and by whom.
        ending: Ending,
    },
    /// The run is over; always the last fact.
    RunEnded,
}
