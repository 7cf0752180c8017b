use std::fmt;
use std::time::Duration;

use crate::event::{Because, ConnectionId, Moment, RequestId};

use super::amount::duration;
use super::waits::waited;
use super::{Connection, Model, Request};

/// A link of the chain that made a run as long as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who was waited for.
    pub request: RequestId,
    /// From when.
    pub from: Moment,
    /// Until when: there the next link begins, or the run ends.
    pub to: Moment,
    /// What it waited for before that.
    pub link: Link,
}

/// How a link hangs on the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is the first.
    First,
    /// The one before gave back this connection.
    Freed(ConnectionId),
    /// The one before cost its connection, and this one was opened in its place.
    Replaced(ConnectionId),
    /// The answer to the one before led here.
    Led,
}

impl Step {
    /// How much of the run it is.
    pub fn took(&self) -> Duration {
        self.to.since(self.from)
    }
}

/// The chain of waits that ends with the last end by `now`, its first link first.
///
/// Whoever waited in line began, as far as the run is concerned, when another made room; before
/// that, it is that other who was waited for.
pub fn critical_path(model: &Model, now: Moment) -> Vec<Step> {
    // No chain has more links than there are requests, whatever a record says.
    critical_end(model, now, model.requests().len())
}

/// The end of that chain: `most` links of it at most.
pub fn critical_end(model: &Model, now: Moment, most: usize) -> Vec<Step> {
    let Some(last) = model.last_over(now) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    let (mut request, mut to) = (last, last.until(now));
    for _ in 0..most {
        let (link, from, before) = before(request, model, (to, now));
        let from = from.min(to);
        steps.push(Step {
            request: request.id,
            from,
            to,
            link,
        });
        let Some(before) = before else { break };
        (request, to) = (before, from);
    }
    steps.reverse();
    steps
}

/// What `request` hangs on, since when it is itself that is waited for, and on whom it hangs.
fn before<'a>(
    request: &Request,
    model: &'a Model,
    (to, now): (Moment, Moment),
) -> (Link, Moment, Option<&'a Request>) {
    let is_crowded = !waited(request, model, now).is_zero();
    // Where it was waited for on a connection that turned out to be dead, what came later is not it.
    let is_then = request.granted.is_some_and(|granted| granted < to);
    let on = request.connection.filter(|_| is_crowded && is_then);
    if let Some(connection) = on.and_then(|id| model.connection(id)) {
        if let (Some(granted), Some(former)) = (request.granted, connection.carried_before(request))
        {
            return (Link::Freed(connection.id), granted, model.request(former));
        }
        if let Some(former) = made_room(connection, model) {
            return (
                Link::Replaced(connection.id),
                connection.planned,
                Some(former),
            );
        }
    }
    if let Because::Redirected { from } = request.because {
        return (Link::Led, request.planned, model.request(from));
    }
    (Link::First, request.planned, None)
}

/// Who ended last of those whose connections were gone when `connection` was dialled.
fn made_room<'a>(connection: &Connection, model: &'a Model) -> Option<&'a Request> {
    // Some were about to go.
    let beside = model.host(&connection.group)?.beside(connection);
    let gone = beside
        .iter()
        .filter_map(|id| model.connection(*id))
        .filter(|other| other.ended.is_some());
    let last = gone.filter_map(|other| {
        let carried = other.carried.last()?;
        Some((carried.until?, carried.request))
    });
    let all = last.chain(connection.freed_before);
    let (_, former) = all
        .filter(|(until, _)| *until <= connection.planned)
        .max()?;
    model.request(former)
}

/// As a line of the chain.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (request, took) = (self.request, duration(self.took()));
        match self.link {
            Link::First => write!(f, "{request} {took}"),
            Link::Freed(connection) => write!(f, "{request} {took}, on {connection} when free"),
            Link::Replaced(connection) => {
                write!(f, "{request} {took}, on {connection} opened in its place")
            }
            Link::Led => write!(f, "{request} {took}, where that led"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_requests_has_no_path() {
        assert_eq!(critical_path(&Model::default(), Moment::START), []);
    }
}
