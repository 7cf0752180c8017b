use std::time::Duration;

use crate::event::{
    Body, ConnectionId, End, Ending, Event, FORMAT_VERSION, Fact, Failure, Moment, RequestId,
    Stage, Subject, Verdict, Wanted,
};
use crate::model::{Request, Run};

use super::task::{Attempt, Piece};

/// Tells what would have happened, as facts.
#[derive(Debug, Default)]
pub(super) struct Teller {
    events: Vec<Event>,
}

impl Teller {
    /// The facts of a run with these limits begin.
    pub(super) fn begin(run: &Run, per_host: u32) -> Self {
        let mut teller = Self::default();
        let started = Fact::RunStarted {
            version: FORMAT_VERSION,
            wall_ms: run.wall_ms,
            per_host,
            max_connections: run.max_connections,
        };
        teller.say(Moment::START, started);
        teller
    }

    pub(super) fn say(&mut self, at: Moment, fact: Fact) {
        self.events.push(Event { at, fact });
    }

    pub(super) fn plan(&mut self, request: &Request, at: Moment) {
        let wanted = Wanted {
            credentials: request.credentials,
            priority: request.priority,
            ..Wanted::plain(
                request.method.clone(),
                (*request.url).clone(),
                request.because.clone(),
            )
        };
        self.say(at, Fact::planned(request.id, &wanted));
    }

    pub(super) fn began(&mut self, subject: Subject, stage: Stage, at: Moment) {
        self.say(at, Fact::StageBegan { subject, stage });
    }

    pub(super) fn ended(&mut self, subject: Subject, stage: Stage, end: End, at: Moment) {
        self.say(
            at,
            Fact::StageEnded {
                subject,
                stage,
                end,
            },
        );
    }

    /// A stage as it went, counted from `since`.
    pub(super) fn piece(&mut self, request: RequestId, piece: &Piece, since: Moment) {
        let subject = Subject::Request(request);
        let from = since + piece.from;
        self.began(subject, piece.stage, from);
        self.ended(subject, piece.stage, piece.end.clone(), from + piece.took);
    }

    /// What a request does with its connection, from `at` on.
    pub(super) fn exchange(&mut self, request: &Request, attempt: &Attempt, at: Moment) {
        for piece in &attempt.pieces {
            self.piece(request.id, piece, at);
        }
        let is_receive = |piece: &&Piece| piece.stage == Stage::Receive;
        let received = attempt.pieces.iter().find(is_receive);
        if let (Some(head), Some(piece)) = (&request.head, received) {
            let (began, ended) = (at + piece.from, at + piece.from + piece.took);
            self.say(
                began,
                Fact::HeadReceived {
                    request: request.id,
                    head: head.clone(),
                    bytes: request.head_bytes,
                    length: request.length,
                },
            );
            let body = request.body.as_ref().map(Body::without_content);
            let body = body.unwrap_or_default();
            let request = request.id;
            self.say(ended, Fact::BodyKept { request, body });
        }
    }

    pub(super) fn end(&mut self, request: RequestId, verdict: Verdict, at: Moment) {
        self.say(at, Fact::RequestEnded { request, verdict });
    }

    pub(super) fn part(&mut self, connection: ConnectionId, words: &str, at: Moment) {
        let ending = Ending::ByUs {
            words: words.to_owned(),
        };
        self.say(at, Fact::ConnectionEnded { connection, ending });
    }

    pub(super) fn unopened(&mut self, connection: ConnectionId, failure: Failure, at: Moment) {
        let ending = Ending::Unopened { failure };
        self.say(at, Fact::ConnectionEnded { connection, ending });
    }

    /// The facts in the order in which they would have happened.
    pub(super) fn finish(mut self) -> Vec<Event> {
        self.events.sort_by_key(|event| event.at);
        let last = self.events.last().map_or(Moment::START, |event| event.at);
        self.say(last + Duration::ZERO, Fact::RunEnded);
        self.events
    }
}
