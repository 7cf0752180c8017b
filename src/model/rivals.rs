use crate::event::{ConnectionId, Moment, RequestId, Stage};

use super::{Connection, Model, Request};

/// What a connection was busy with when a request had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival {
    /// Which connection.
    pub connection: ConnectionId,
    /// The request that it carried; nothing while it was being opened.
    pub request: Option<RequestId>,
    /// Until when that went on, once it is over.
    pub until: Option<Moment>,
}

/// What each connection of its group was busy with when `request` got in line.
pub fn rivals(request: &Request, model: &Model) -> Vec<Rival> {
    let Some(queue) = request.timeline.of(Stage::Queue).last() else {
        return Vec::new();
    };
    let Some(host) = request.group().and_then(|group| model.host(&group)) else {
        return Vec::new();
    };
    let known = |id: &ConnectionId| model.connection(*id);
    let is_then = |id: &ConnectionId| known(id).is_some_and(|one| one.planned <= queue.began);
    // There may have been any number before: nobody looks at those that were over by then.
    let dialled = host.connections.partition_point(is_then);
    let last = dialled.checked_sub(1);
    let last = last.and_then(|place| known(host.connections.get(place)?));
    let beside = last.map(|last| host.beside(last)).unwrap_or_default();
    let connections = beside.iter().filter_map(known);
    connections
        .filter_map(|connection| busy(connection, request, queue.began))
        .collect()
}

fn busy(connection: &Connection, request: &Request, at: Moment) -> Option<Rival> {
    let is_then =
        |from: Moment, until: Option<Moment>| from <= at && until.is_none_or(|until| until > at);
    // One exchange at a time: only the last that began by then can have gone on.
    let begun = connection.carried.partition_point(|one| one.from <= at);
    let last = connection.carried.iter().take(begun).rev().take(2);
    let carried = last
        .into_iter()
        .find(|carried| carried.request != request.id && is_then(carried.from, carried.until));
    if let Some(carried) = carried {
        return Some(Rival {
            connection: connection.id,
            request: Some(carried.request),
            until: carried.until,
        });
    }
    let mut spans = connection.timeline.spans().iter();
    let opening = spans.rfind(|span| span.stage < Stage::Close);
    let opened = opening.and_then(|span| span.ended.as_ref());
    let opened = opened.map(|(at, _)| *at);
    let was_open_for_it = request.connection == Some(connection.id) && !request.is_reused;
    let is_opening = is_then(connection.planned, opened) && !was_open_for_it;
    is_opening.then_some(Rival {
        connection: connection.id,
        request: None,
        until: opened,
    })
}
