use crate::event::{ConnectionId, End, Failure, Moment, Stage};

use super::{Connection, Model, Request, Span};

/// A piece of a request's bar: a stage as the request lived it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Which stage.
    pub stage: Stage,
    /// From when.
    pub from: Moment,
    /// Until when; `now` while it goes on.
    pub to: Moment,
    /// The connection whose stage it is, where it is not the request's own.
    pub connection: Option<ConnectionId>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

/// What the bar of `request` shows: its own stages, with the wait for a connection split by the
/// part of that connection's opening that it waited for.
///
/// This is Chromium's rule (`LoadTimingInfo`): what happened on a connection before the request
/// needed it does not count, so a reused connection has no connect time. The stretches are in
/// order and never overlap.
pub fn stretches(request: &Request, model: &Model, now: Moment) -> Vec<Stretch> {
    // Whatever a record lacks, nothing of a request is after its end.
    let now = request.until(now);
    let opening = opening_for(request, model);
    let mut found = Vec::with_capacity(8);
    for span in request.timeline.spans() {
        match (span.stage, opening) {
            (Stage::Queue, Some(connection)) => split(span, connection, now, &mut found),
            _ => found.push(whole(span, now)),
        }
    }
    in_order(found, request.planned, now)
}

/// The stages of `request` alone, in order and apart, the wait for a connection as one: what
/// [`stretches`] come to where it is not asked whose time they are.
pub(super) fn own_stretches(
    request: &Request,
    now: Moment,
) -> impl Iterator<Item = (Stage, Moment, Moment)> {
    let now = request.until(now);
    let spans = request.timeline.spans();
    // Only a record may have them out of order.
    let mut sorted: Vec<&Span> = Vec::new();
    if !spans.is_sorted_by_key(|span| span.began) {
        sorted.extend(spans);
        sorted.sort_by_key(|span| span.began);
    }
    let as_they_are = if sorted.is_empty() { spans } else { &[] };
    let mut at = request.planned;
    let spans = as_they_are.iter().chain(sorted);
    spans.map(move |span| {
        let from = span.began.max(at).min(now);
        let to = span.until(now).max(from).min(now);
        at = to;
        (span.stage, from, to)
    })
}

/// The connection whose opening `request` waited for, or seems to be waiting for.
fn opening_for<'a>(request: &Request, model: &'a Model) -> Option<&'a Connection> {
    if let Some(connection) = request.connection {
        return model.connection(connection).filter(|_| !request.is_reused);
    }
    let host = model.host(&request.group()?)?;
    // Whichever opens first serves the first in line; until then they are paired in order, and
    // nobody behind as many as there are connections is paired at all.
    let line = host.waiting.iter().take(host.busy);
    let ahead = line.into_iter().position(|id| *id == request.id)?;
    let alive = host.alive.iter();
    let connections = alive.filter_map(|id| model.connection(*id));
    connections
        .filter(|connection| connection.is_opening())
        .nth(ahead)
}

fn whole(span: &Span, now: Moment) -> Stretch {
    Stretch {
        stage: span.stage,
        from: span.began,
        to: span.until(now),
        connection: None,
        failure: failure(span),
    }
}

/// The wait `queue`, with the stages of `connection` that fell into it cut out.
fn split(queue: &Span, connection: &Connection, now: Moment, found: &mut Vec<Stretch>) {
    let end = queue.until(now);
    let mut at = queue.began;
    let opening = |span: &&Span| matches!(span.stage, Stage::Connect | Stage::Proxy | Stage::Tls);
    for span in connection.timeline.spans().iter().filter(opening) {
        let (from, to) = (span.began.max(at), span.until(now).min(end));
        if from >= to {
            continue;
        }
        if from > at {
            found.push(Stretch {
                from: at,
                to: from,
                failure: None,
                ..whole(queue, now)
            });
        }
        let connection = Some(connection.id);
        found.push(Stretch {
            from,
            to,
            connection,
            ..whole(span, now)
        });
        at = to;
    }
    if at < end || found.is_empty() {
        found.push(Stretch {
            from: at,
            to: end,
            ..whole(queue, now)
        });
    }
}

fn failure(span: &Span) -> Option<Failure> {
    match &span.ended {
        Some((_, End::Failed(failure))) => Some(failure.clone()),
        _ => None,
    }
}

/// Facts from a file may be in any order; bars are not, and stay between `start` and `end`.
fn in_order(mut found: Vec<Stretch>, start: Moment, end: Moment) -> Vec<Stretch> {
    found.sort_by_key(|stretch| stretch.from);
    let mut at = start;
    for stretch in &mut found {
        stretch.from = stretch.from.max(at).min(end);
        stretch.to = stretch.to.max(stretch.from).min(end);
        at = stretch.to;
    }
    found
}
