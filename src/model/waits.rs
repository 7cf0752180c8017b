use std::time::Duration;

use crate::event::{Moment, QueueReason, RequestId, Stage};
use crate::message::Group;

use super::{Model, Request, stretches};

/// How much was waited for the connections of one group, all of them in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Whose.
    pub group: Group,
    /// How many requests waited.
    pub requests: usize,
    /// For how long, all together.
    pub in_all: Duration,
}

/// Who was waited for by `now`, the most first.
pub fn waits(model: &Model, now: Moment) -> Vec<Waits> {
    let mut found: Vec<Waits> = Vec::new();
    for request in model.requests() {
        let waited = waited(request, model, now);
        let Some(group) = request.group().filter(|_| !waited.is_zero()) else {
            continue;
        };
        match found.iter_mut().find(|waits| waits.group == group) {
            Some(waits) => {
                waits.requests += 1;
                waits.in_all += waited;
            }
            None => found.push(Waits {
                group,
                requests: 1,
                in_all: waited,
            }),
        }
    }
    found.sort_by_key(|waits| std::cmp::Reverse(waits.in_all));
    found
}

impl Model {
    /// A request is over: what it waited for connections in use counts for its group.
    pub(super) fn note_wait(&mut self, id: RequestId, at: Moment) {
        let waited = self.request(id).map(|request| {
            let waited = waited(request, self, at);
            let group = request.group().filter(|_| !waited.is_zero());
            (group, waited)
        });
        if let Some((Some(group), waited)) = waited {
            let host = self.host_mut(&group);
            host.waited.0 += 1;
            host.waited.1 += waited;
        }
    }
}

/// For how long `request` waited while all connections that it could have had were in use.
pub(super) fn waited(request: &Request, model: &Model, now: Moment) -> Duration {
    let is_crowded = |reason: &QueueReason| *reason != QueueReason::Opening;
    if !request
        .queued
        .is_some_and(|(_, reason)| is_crowded(&reason))
    {
        return Duration::ZERO;
    }
    let stretches = stretches(request, model, now);
    let queued = stretches
        .iter()
        .filter(|stretch| stretch.stage == Stage::Queue && stretch.connection.is_none());
    queued.map(|stretch| stretch.to.since(stretch.from)).sum()
}
