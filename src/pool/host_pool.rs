use std::collections::{BTreeMap, VecDeque};

use crate::event::{ConnectionId, Moment, QueueReason, RequestId};
use crate::message::Group;

/// What the pool decided, for the engine to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Open this connection.
    Dial(ConnectionId, Group),
    /// This request may use this connection.
    Grant(RequestId, ConnectionId),
    /// The connection that this request would have got could not be opened.
    Refuse(RequestId, ConnectionId),
    /// Close this idle connection: another origin needs the room.
    Retire(ConnectionId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Opening,
    Busy,
    Idle { since: Moment, used: bool },
}

/// The connections to one origin and the requests waiting for one.
///
/// A request never waits for a particular connection: it waits for its turn, and whichever
/// connection is ready first takes the request that has waited longest.
#[derive(Debug)]
pub struct HostPool {
    limit: usize,
    slots: BTreeMap<ConnectionId, Slot>,
    waiting: VecDeque<RequestId>,
}

impl HostPool {
    /// An empty pool with room for `limit` connections, one at least.
    pub fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            slots: BTreeMap::new(),
            waiting: VecDeque::new(),
        }
    }

    /// `request` wants a connection: it gets an idle one, or joins the end of the line.
    pub fn wanted(&mut self, request: RequestId) -> Option<Move> {
        self.waiting.push_back(request);
        self.serve_idle()
    }

    /// The connection that `request` was granted had died meanwhile: it goes to the head of the line.
    pub fn bounced(&mut self, request: RequestId) -> Option<Move> {
        self.waiting.push_front(request);
        self.serve_idle()
    }

    /// `connection` is being opened.
    pub fn dialled(&mut self, connection: ConnectionId) {
        self.slots.insert(connection, Slot::Opening);
    }

    /// `connection` was opened, or was given back.
    pub fn ready(&mut self, connection: ConnectionId, now: Moment) -> Option<Move> {
        let used = self
            .slots
            .get(&connection)
            .is_some_and(|slot| *slot != Slot::Opening);
        self.slots
            .insert(connection, Slot::Idle { since: now, used });
        let request = self.waiting.pop_front()?;
        self.slots.insert(connection, Slot::Busy);
        Some(Move::Grant(request, connection))
    }

    /// `connection` could not be opened: the request at the head of the line bears it.
    pub fn failed(&mut self, connection: ConnectionId) -> Option<Move> {
        self.slots.remove(&connection);
        let request = self.waiting.pop_front()?;
        Some(Move::Refuse(request, connection))
    }

    /// `connection` was closed.
    pub fn closed(&mut self, connection: ConnectionId) {
        self.slots.remove(&connection);
    }

    /// `request` no longer wants a connection.
    pub fn withdrawn(&mut self, request: RequestId) {
        self.waiting.retain(|waiting| *waiting != request);
    }

    /// How many requests are ahead of `request`, while it waits.
    pub fn ahead(&self, request: RequestId) -> Option<usize> {
        self.waiting.iter().position(|waiting| *waiting == request)
    }

    /// Why the request with `ahead` others before it has to wait.
    pub fn reason(&self, ahead: usize, all: usize) -> QueueReason {
        let words = |limit| u32::try_from(limit).unwrap_or(u32::MAX);
        if ahead < self.opening() {
            QueueReason::Opening
        } else if self.slots.len() >= self.limit {
            QueueReason::HostFull {
                limit: words(self.limit),
            }
        } else {
            QueueReason::AllFull { limit: words(all) }
        }
    }

    /// How many more connections the waiting requests could use now.
    pub fn shortfall(&self) -> usize {
        let wanted = self.waiting.len().saturating_sub(self.opening());
        wanted.min(self.limit.saturating_sub(self.slots.len()))
    }

    /// The request that has waited longest.
    pub fn first(&self) -> Option<RequestId> {
        self.waiting.front().copied()
    }

    /// The connection that has been idle longest, and since when.
    pub fn idlest(&self) -> Option<(Moment, ConnectionId)> {
        self.idle().map(|(id, since, _)| (since, id)).min()
    }

    /// Whether there is neither a connection nor a request.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.waiting.is_empty()
    }

    /// Chromium's choice: the connection that was used last; among the never used, the oldest.
    fn serve_idle(&mut self) -> Option<Move> {
        let used = self
            .idle()
            .filter(|(_, _, used)| *used)
            .map(|(id, since, _)| (since, id))
            .max();
        let (_, connection) = used.or_else(|| self.idlest())?;
        let request = self.waiting.pop_front()?;
        self.slots.insert(connection, Slot::Busy);
        Some(Move::Grant(request, connection))
    }

    fn idle(&self) -> impl Iterator<Item = (ConnectionId, Moment, bool)> {
        self.slots.iter().filter_map(|(id, slot)| match slot {
            Slot::Idle { since, used } => Some((*id, *since, *used)),
            Slot::Opening | Slot::Busy => None,
        })
    }

    fn opening(&self) -> usize {
        self.slots
            .values()
            .filter(|slot| **slot == Slot::Opening)
            .count()
    }
}
