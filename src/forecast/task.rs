use std::time::Duration;

use crate::event::{End, Moment, RequestId, Stage};
use crate::message::Group;
use crate::model::Request;

/// What a request asked of the world in the recorded run.
#[derive(Debug)]
pub(super) struct Task<'a> {
    /// The request itself.
    pub(super) request: &'a Request,
    /// Whose connections it could use.
    pub(super) group: Option<Group>,
    /// When it joined the run.
    pub(super) start: Start,
    /// Its stages before it was in line, from its start.
    pub(super) before: Vec<Piece>,
    /// How long after its start it got in line; nothing if it never did.
    pub(super) lined: Option<Duration>,
    /// What it did with each connection that it had, in order.
    pub(super) attempts: Vec<Attempt>,
    /// When it was given up in line, if it was.
    pub(super) given_up: Option<Moment>,
    /// How long after its start it ended, if it never was in line.
    pub(super) whole: Duration,
}

/// When a request joins the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At this moment.
    At(Moment),
    /// So long after the end of another, which led to it.
    After(RequestId, Duration),
}

/// A stage, counted from something else's beginning.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) stage: Stage,
    pub(super) from: Duration,
    pub(super) took: Duration,
    pub(super) end: End,
}

/// What a request did with a connection.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    /// For how long it had it.
    pub(super) took: Duration,
    /// Its stages meanwhile.
    pub(super) pieces: Vec<Piece>,
    /// Whether the connection turned out to be dead.
    pub(super) is_stale: bool,
    /// What became of the connection.
    pub(super) after: After,
    /// Which fact of the recording it was that ended the connection then.
    pub(super) recorded: Option<u64>,
}

/// What becomes of a connection after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It could serve another.
    Kept,
    /// It could, until the server closed it after being idle for so long.
    KeptFor(Duration),
    /// It could not.
    Closed,
}

/// How the opening of a connection went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// How long until TCP was open, or until it failed.
    pub(super) connect: Duration,
    /// How long the TLS handshake took then.
    pub(super) tls: Duration,
    /// Whether it failed.
    pub(super) is_failed: bool,
    /// Which fact of the recording its end was.
    pub(super) recorded: Option<u64>,
}
