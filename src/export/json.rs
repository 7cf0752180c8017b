use std::borrow::Cow;
use std::time::Duration;

use serde::Serialize;

use crate::event::{
    Choice, ConnectionId, Ending, Failure, Handshake, Moment, QueueReason, RequestId, Security,
    Stage, Verdict,
};
use crate::message::{Group, Priority, visible};
use crate::model::{
    Blame, Connection, Help, Hits, Link, Model, Request, Wait, blame, critical_path, help, rivals,
    timings, waits,
};
use crate::query::Judgement;

use super::looked_up::{LookedUp, Named, looked_up, named};
use super::ndjson::written;

/// The version of the shape below.
const VERSION: u32 = 1;

/// The run as one JSON object, for scripts: requests, connections, waits, the critical path.
pub fn report(model: &Model, judgements: &[Judgement]) -> String {
    let now = model.latest();
    let (totals, run) = (model.totals(), model.run());
    let report = Report {
        version: VERSION,
        wall_ms: run.wall_ms,
        total_ms: millis(model.total(now)),
        limits: Limits {
            per_host: run.per_host,
            max_connections: run.max_connections,
        },
        totals: Totals {
            requests: totals.requests,
            done: totals.done,
            failed: totals.failed,
            from_cache: totals.stored,
            cache: totals.hits,
            bytes: totals.bytes,
            connections: totals.connections,
            reused: totals.reused,
        },
        requests: model
            .requests()
            .iter()
            .map(|one| request(one, model, now))
            .collect(),
        look_ups: looked_up(model),
        connections: model.connections().iter().map(connection).collect(),
        waits: waits(model, now)
            .into_iter()
            .map(|wait| Crowd {
                group: wait.group,
                requests: wait.requests,
                waited_ms: millis(wait.in_all),
            })
            .collect(),
        one_more_connection_saves_ms: model.saving().map(millis),
        critical_path: critical_path(model, now).iter().map(step).collect(),
        assertions: judgements.iter().map(judged).collect(),
    };
    written(&report)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    wall_ms: u64,
    total_ms: f64,
    limits: Limits,
    totals: Totals,
    requests: Vec<Told<'a>>,
    look_ups: Vec<LookedUp<'a>>,
    connections: Vec<Line>,
    waits: Vec<Crowd>,
    one_more_connection_saves_ms: Option<f64>,
    critical_path: Vec<Chained>,
    assertions: Vec<Judged<'a>>,
}

#[derive(Serialize)]
struct Judged<'a> {
    claim: Cow<'a, str>,
    holds: bool,
    words: &'a str,
    requests: &'a [RequestId],
}

#[derive(Serialize)]
struct Limits {
    per_host: u32,
    max_connections: u32,
}

#[derive(Serialize)]
struct Totals {
    requests: usize,
    done: usize,
    failed: usize,
    from_cache: usize,
    cache: Hits,
    bytes: u64,
    connections: usize,
    reused: usize,
}

#[derive(Serialize)]
struct Told<'a> {
    request: RequestId,
    method: String,
    url: String,
    priority: Priority,
    status: Option<u16>,
    verdict: &'static str,
    cache: Option<Help>,
    failure: Option<Failure>,
    began_ms: f64,
    ended_ms: Option<f64>,
    bytes: u64,
    connection: Option<ConnectionId>,
    reused: bool,
    choice: Option<Choice>,
    led_to: Option<RequestId>,
    name: Option<Named<'a>>,
    timings: Vec<Timed>,
    blame: Option<Blamed>,
}

#[derive(Serialize)]
struct Timed {
    stage: &'static str,
    began_ms: Option<f64>,
    took_ms: Option<f64>,
    source: String,
}

#[derive(Serialize)]
struct Blamed {
    waited_ms: f64,
    place: usize,
    reason: QueueReason,
    busy: Vec<Busy>,
    freed_by: Option<Busy>,
    words: String,
}

#[derive(Serialize)]
struct Busy {
    connection: ConnectionId,
    request: Option<RequestId>,
}

#[derive(Serialize)]
struct Line {
    connection: ConnectionId,
    #[serde(flatten)]
    group: Group,
    beside: Option<ConnectionId>,
    via: Option<String>,
    to: Option<String>,
    security: Option<Security>,
    handshake: Option<Handshake>,
    planned_ms: f64,
    opened_ms: Option<f64>,
    ended_ms: Option<f64>,
    requests: Vec<RequestId>,
    ending: Option<Ending>,
}

#[derive(Serialize)]
struct Crowd {
    #[serde(flatten)]
    group: Group,
    requests: usize,
    waited_ms: f64,
}

#[derive(Serialize)]
struct Chained {
    request: RequestId,
    from_ms: f64,
    to_ms: f64,
    after: &'static str,
    connection: Option<ConnectionId>,
}

fn request<'a>(request: &'a Request, model: &Model, now: Moment) -> Told<'a> {
    let (verdict, failure) = match &request.ended {
        None => ("unfinished", None),
        Some((_, Verdict::Answered)) => ("answered", None),
        Some((_, Verdict::Stored)) => ("stored", None),
        Some((_, Verdict::Failed(failure))) => ("failed", Some(failure.clone())),
    };
    let timings = timings(request, model, now)
        .into_iter()
        .map(|timing| Timed {
            stage: timing.stage.card().name,
            began_ms: timing.began.map(at),
            took_ms: timing.took.map(millis),
            source: timing.source,
        });
    Told {
        request: request.id,
        method: request.method.to_string(),
        url: visible(request.url.as_str()).into_owned(),
        priority: request.priority,
        status: request.status(),
        verdict,
        cache: help(request),
        failure,
        began_ms: at(request.planned),
        ended_ms: request.ended.as_ref().map(|(moment, _)| at(*moment)),
        bytes: request.bytes,
        connection: request.connection,
        reused: request.is_reused,
        choice: request.choice,
        led_to: request.led_to,
        name: named(request),
        timings: timings.collect(),
        blame: blame(request, model, now).map(|blame| blamed(&blame, request, model)),
    }
}

fn judged(judgement: &Judgement) -> Judged<'_> {
    Judged {
        claim: visible(&judgement.claim),
        holds: judgement.holds,
        words: &judgement.words,
        requests: &judgement.requests,
    }
}

fn blamed(blame: &Blame, request: &Request, model: &Model) -> Blamed {
    let busy = rivals(request, model).into_iter().map(|rival| Busy {
        connection: rival.connection,
        request: rival.request,
    });
    let freed_by = match blame.end {
        Wait::Freed(connection, request) => Some(Busy {
            connection,
            request: Some(request),
        }),
        Wait::Opened(_) | Wait::Likely(..) | Wait::Open | Wait::Vain => None,
    };
    Blamed {
        waited_ms: millis(blame.waited),
        place: blame.place,
        reason: blame.reason,
        busy: busy.collect(),
        freed_by,
        words: blame.to_string(),
    }
}

fn connection(connection: &Connection) -> Line {
    let mut spans = connection.timeline.spans().iter();
    let opened = spans.rfind(|span| span.stage < Stage::Close);
    let opened = opened.and_then(|span| span.ended.as_ref());
    let opened = opened.filter(|_| connection.ends.is_some());
    Line {
        connection: connection.id,
        group: connection.group.clone(),
        beside: connection.beside,
        via: connection.road.via.clone(),
        to: connection.road.to.clone(),
        security: connection.security.clone(),
        handshake: connection.handshake.as_deref().cloned(),
        planned_ms: at(connection.planned),
        opened_ms: opened.map(|(moment, _)| at(*moment)),
        ended_ms: connection.ended.as_ref().map(|(moment, _)| at(*moment)),
        requests: connection
            .carried
            .iter()
            .map(|carried| carried.request)
            .collect(),
        ending: connection.ended.as_ref().map(|(_, ending)| ending.clone()),
    }
}

fn step(step: &crate::model::Step) -> Chained {
    let (after, connection) = match step.link {
        Link::First => ("nothing", None),
        Link::Freed(connection) => ("freed", Some(connection)),
        Link::Replaced(connection) => ("replaced", Some(connection)),
        Link::Led => ("redirect", None),
    };
    Chained {
        request: step.request,
        from_ms: at(step.from),
        to_ms: at(step.to),
        after,
        connection,
    }
}

/// Milliseconds since the run began.
pub(super) fn at(moment: Moment) -> f64 {
    millis(moment.since(Moment::START))
}

/// Milliseconds with the microseconds behind the point.
#[expect(
    clippy::cast_precision_loss,
    reason = "a run of 285 years would lose a microsecond"
)]
pub(super) fn millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
