use std::collections::VecDeque;
use std::time::Duration;

use crate::event::{ConnectionId, Moment, RequestId};
use crate::message::Group;

use super::Connection;

/// A group with its connections and the line of those that wait for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Which.
    pub group: Group,
    /// Every connection to it, in the order they were dialled.
    pub connections: Vec<ConnectionId>,
    /// Those of them that are not over, in that order.
    pub(super) alive: Vec<ConnectionId>,
    /// The request that ended last of those whose connections are over, and when.
    pub(super) freed: Option<(Moment, RequestId)>,
    /// The requests in line, the first in front.
    pub waiting: VecDeque<RequestId>,
    /// How many of them wait because all connections are in use, not for one being opened.
    pub crowd: usize,
    /// How many did so, from when on.
    pub line: Vec<(Moment, u32)>,
    /// The most of these counts but the last, which may still change.
    most: u32,
    /// How many of those that are over waited for a connection in use, and for how long in all.
    pub waited: (usize, Duration),
    /// Connections that are open or being opened now.
    pub open: usize,
    /// Connections that carry a request or are being opened now.
    pub busy: usize,
}

/// So many neighbours of a connection are kept: as many as there are connections at a time by default.
const NEIGHBOURS: usize = 256;

impl Host {
    pub(super) fn new(group: Group) -> Self {
        Self {
            group,
            connections: Vec::new(),
            alive: Vec::new(),
            freed: None,
            waiting: VecDeque::new(),
            crowd: 0,
            line: Vec::new(),
            most: 0,
            waited: (0, Duration::ZERO),
            open: 0,
            busy: 0,
        }
    }

    /// Takes note of how many wait for connections in use, from `at` on.
    pub(super) fn note_crowd(&mut self, crowd: usize, at: Moment) {
        self.crowd = crowd;
        let count = u32::try_from(crowd).unwrap_or(u32::MAX);
        let (last, known) = self.line.last().copied().unwrap_or_default();
        match self.line.last_mut() {
            Some(step) if last == at => step.1 = count,
            _ => {
                self.most = self.most.max(known);
                self.line.push((at, count));
            }
        }
    }

    /// How many waited for connections in use at most.
    pub fn most_waited(&self) -> u32 {
        let last = self.line.last().map_or(0, |(_, count)| *count);
        self.most.max(last)
    }

    /// How many waited for connections in use at `moment`.
    pub fn waited_at(&self, moment: Moment) -> u32 {
        let after = self.line.partition_point(|(at, _)| *at <= moment);
        let step = after.checked_sub(1).and_then(|place| self.line.get(place));
        step.map_or(0, |(_, count)| *count)
    }

    /// Those that a connection planned now has beside it, where they are few.
    pub(super) fn neighbours(&self) -> Option<Box<[ConnectionId]>> {
        (self.alive.len() <= NEIGHBOURS).then(|| self.alive.as_slice().into())
    }

    /// The connections that were not over when `later` was planned, and it: all that went before it
    /// where it is not known which.
    pub(super) fn beside(&self, later: &Connection) -> Vec<ConnectionId> {
        match &later.neighbours {
            Some(neighbours) => neighbours.iter().copied().chain([later.id]).collect(),
            None => self.connections.clone(),
        }
    }

    /// The place of a connection among those of the group.
    pub fn place_of(&self, connection: ConnectionId) -> Option<usize> {
        // They are numbered as they are dialled, but for a record that was mended by hand.
        let place = self.connections.binary_search(&connection).ok();
        place.or_else(|| self.connections.iter().position(|one| *one == connection))
    }

    /// How many are ahead of `request` in line.
    pub fn ahead(&self, request: RequestId) -> Option<usize> {
        self.waiting.iter().position(|waiting| *waiting == request)
    }
}
