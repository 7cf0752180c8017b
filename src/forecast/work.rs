use std::collections::HashMap;
use std::time::Duration;

use crate::event::{Because, End, Ending, FailureKind, Moment, RequestId, Stage, Verdict};
use crate::message::Group;
use crate::model::{Carried, Connection, Model, Request, Span};
use crate::pool::Limits;

use super::task::{After, Attempt, Opening, Piece, Start, Task};

/// Everything that a run asked of the world, and how long the world took.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) tasks: Vec<Task<'a>>,
    openings: HashMap<Group, Vec<Option<Opening>>>,
    pub(super) limits: Limits,
}

impl<'a> Work<'a> {
    /// What `model` did.
    pub(super) fn of(model: &'a Model) -> Self {
        let run = model.run();
        let most = |count: u32, usual: usize| match count {
            0 => usual,
            count => usize::try_from(count).unwrap_or(usize::MAX),
        };
        let usual = Limits::default();
        let limits = Limits {
            per_host: most(run.per_host, usual.per_host),
            all: most(run.max_connections, usual.all),
            ..usual
        };
        let mut openings: HashMap<Group, Vec<Option<Opening>>> = HashMap::new();
        for connection in model.connections() {
            let known = openings.entry(connection.group.clone()).or_default();
            known.push(opening(connection));
        }
        let now = model.latest();
        let mut attempts = attempts(model, now);
        let requests = model.requests().iter();
        let tasks = requests.map(|request| {
            let attempts = attempts.remove(&request.id).unwrap_or_default();
            task(request, model, attempts, now)
        });
        Self {
            tasks: tasks.collect(),
            openings,
            limits,
        }
    }

    /// How the opening of the connection goes that is the `count`th of its group, from 0.
    ///
    /// As it went; of those that there never were, as that in the middle of those that opened.
    pub(super) fn opening(&self, group: &Group, count: usize) -> Opening {
        let known = self.openings.get(group).map_or(&[][..], Vec::as_slice);
        if let Some(Some(opening)) = known.get(count) {
            return *opening;
        }
        let known = known.iter().flatten();
        let mut opened: Vec<_> = known.clone().filter(|opening| !opening.is_failed).collect();
        opened.sort_by_key(|opening| opening.connect + opening.tls);
        let middle = opened.get(opened.len() / 2).copied();
        middle.or_else(|| known.last()).copied().unwrap_or_default()
    }

    /// For how long a request has a connection that it never had in the recording.
    pub(super) fn usual_time(&self, group: &Group) -> Duration {
        let of_group = self
            .tasks
            .iter()
            .filter(|task| task.group.as_ref() == Some(group));
        let mut times: Vec<_> = of_group
            .filter_map(|task| Some(task.attempts.last()?.took))
            .collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

/// Nothing for a connection that was given up before it was open.
fn opening(connection: &Connection) -> Option<Opening> {
    let span = |stage| connection.timeline.of(stage).last();
    let end = |span: &Span| span.ended.as_ref().map(|(at, end)| (*at, end.clone()));
    let direct = span(Stage::Connect).and_then(end)?;
    // What a proxy takes to open the way on is part of the way.
    let (connected, how) = span(Stage::Proxy).and_then(end).unwrap_or(direct);
    let connect = connected.since(connection.planned);
    let mut opening = Opening {
        connect,
        recorded: connection.opened_as,
        ..Opening::default()
    };
    let how = match span(Stage::Tls).and_then(end) {
        Some((secured, how)) => {
            opening.tls = secured.since(connected);
            how
        }
        None => how,
    };
    opening.is_failed = matches!(how, End::Failed(_));
    (how != End::Abandoned).then_some(opening)
}

/// What each request did with the connections that it had, in order.
fn attempts(model: &Model, now: Moment) -> HashMap<RequestId, Vec<Attempt>> {
    let mut found: HashMap<RequestId, Vec<(Moment, Attempt)>> = HashMap::new();
    for connection in model.connections() {
        let followers = connection.carried.iter().skip(1).map(Some).chain([None]);
        for (carried, next) in connection.carried.iter().zip(followers) {
            if let Some(request) = model.request(carried.request) {
                let attempt = attempt(request, connection, carried, next, now);
                let all = found.entry(request.id).or_default();
                all.push((carried.from, attempt));
            }
        }
    }
    let in_order = |(request, mut all): (RequestId, Vec<(Moment, Attempt)>)| {
        all.sort_by_key(|(from, _)| *from);
        (
            request,
            all.into_iter().map(|(_, attempt)| attempt).collect(),
        )
    };
    found.into_iter().map(in_order).collect()
}

fn attempt(
    request: &Request,
    connection: &Connection,
    carried: &Carried,
    next: Option<&Carried>,
    now: Moment,
) -> Attempt {
    let until = carried.until.unwrap_or(now).max(carried.from);
    let is_during = |span: &&Span| {
        let is_later = span.stage > Stage::Tls && span.stage < Stage::Close;
        is_later && span.began >= carried.from && span.began <= until
    };
    let spans = request.timeline.spans().iter().filter(is_during);
    let is_its = |(_, on, _): &(Moment, _, _)| *on == connection.id;
    let is_stale = request.attempts.iter().any(is_its);
    let after = match (next, end_of(connection)) {
        (Some(_), _) | (None, None | Some((_, Idle::ByUs))) => After::Kept,
        (None, Some((_, Idle::No))) => After::Closed,
        (None, Some((at, Idle::ByServer))) => After::KeptFor(at.since(until)),
    };
    Attempt {
        took: until.since(carried.from),
        pieces: spans.map(|span| piece(span, carried.from, now)).collect(),
        is_stale,
        after,
        recorded: connection.ended_as,
    }
}

/// Whether a connection ended while it was idle, and by whom.
enum Idle {
    No,
    ByServer,
    ByUs,
}

fn end_of(connection: &Connection) -> Option<(Moment, Idle)> {
    let (ended, ending) = connection.ended.as_ref()?;
    let parted = connection.timeline.of(Stage::Close).next();
    let at = parted.map_or(*ended, |span| span.began);
    let idle = match ending {
        _ if connection.retired.is_some() => Idle::ByUs,
        Ending::ByServer { .. } if ending.is_of_idle() => Idle::ByServer,
        Ending::ByUs { .. } if ending.is_of_idle() => Idle::ByUs,
        Ending::ByServer { .. } | Ending::ByUs { .. } | Ending::Unopened { .. } => Idle::No,
    };
    Some((at, idle))
}

fn task<'a>(request: &'a Request, model: &Model, attempts: Vec<Attempt>, now: Moment) -> Task<'a> {
    let start = match request.because {
        Because::Redirected { from }
        | Because::Resumed { from }
        | Because::Refreshing { of: from } => {
            let former = model.request(from).and_then(|former| former.ended.as_ref());
            former.map_or(Start::At(request.planned), |(end, _)| {
                Start::After(from, request.planned.since(*end))
            })
        }
        Because::Typed
        | Because::Listed { .. }
        | Because::Piped { .. }
        | Because::Again { .. }
        | Because::Archived { .. } => Start::At(request.planned),
    };
    let queue = request.timeline.of(Stage::Queue).next();
    let lined = queue.map(|span| span.began.since(request.planned));
    let is_before = |span: &&Span| span.stage < Stage::Queue;
    let before = request.timeline.spans().iter().filter(is_before);
    let was_given_up = match &request.ended {
        Some((at, Verdict::Failed(failure))) => {
            let is_own = matches!(failure.kind, FailureKind::Cancelled | FailureKind::TimedOut);
            (is_own && failure.stage == Stage::Queue && attempts.is_empty()).then_some(*at)
        }
        _ => None,
    };
    Task {
        request,
        group: request.group(),
        start,
        before: before
            .map(|span| piece(span, request.planned, now))
            .collect(),
        lined,
        attempts,
        given_up: was_given_up,
        whole: request.until(now).since(request.planned),
    }
}

fn piece(span: &Span, since: Moment, now: Moment) -> Piece {
    let end = span
        .ended
        .as_ref()
        .map_or(End::Done, |(_, end)| end.clone());
    Piece {
        stage: span.stage,
        from: span.began.since(since),
        took: span.until(now).since(span.began),
        end,
    }
}
