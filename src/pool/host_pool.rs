use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::event::{Choice, ConnectionId, Moment, QueueReason, RequestId, Retirement};
use crate::message::Priority;

use super::limits::Limits;
use super::line::Line;
use super::moves::Move;

/// The connections of one group and the requests waiting for one.
///
/// A request never waits for a particular connection: it waits for its turn, and whichever
/// connection is ready first takes the request whose turn it is.
#[derive(Debug)]
pub struct HostPool {
    limits: Limits,
    line: Line,
    slots: HashMap<ConnectionId, Slot>,
    opening: BTreeMap<ConnectionId, Reach>,
    used: BTreeSet<Rest>,
    unused: BTreeSet<Rest>,
    rests: u64,
    backup_due: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Opening,
    Busy(RequestId, Priority),
    Idle(Rest, Wear),
}

/// How far a connection that is being opened has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Dialled,
    Connected,
}

/// Since when a connection is idle; the count tells apart what happened in one moment.
type Rest = (Moment, u64, ConnectionId);

/// Whether an exchange ran on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wear {
    /// None ever did.
    Fresh,
    /// One did.
    Used,
}

/// The groups that could use a connection are served by the first in line of each.
pub(super) type Turn = (Priority, RequestId);

impl HostPool {
    /// An empty pool with room for one connection at least.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            line: Line::default(),
            slots: HashMap::new(),
            opening: BTreeMap::new(),
            used: BTreeSet::new(),
            unused: BTreeSet::new(),
            rests: 0,
            backup_due: None,
        }
    }

    /// `request` wants a connection: it gets an idle one, or joins the line behind so many.
    pub fn wanted(
        &mut self,
        request: RequestId,
        priority: Priority,
        now: Moment,
    ) -> (usize, Option<Move>) {
        let ahead = self.line.join(request, priority);
        (ahead, self.serve_idle(now))
    }

    /// `connection` had died before it was used: its request is the next of its priority.
    pub fn stale(&mut self, connection: ConnectionId, now: Moment) -> Option<Move> {
        if let Some(Slot::Busy(request, priority)) = self.forget(connection) {
            self.line.rejoin(request, priority);
        }
        self.serve_idle(now)
    }

    /// `connection` is being opened.
    pub fn dialled(&mut self, connection: ConnectionId, now: Moment) {
        if self.slots.is_empty() && self.line.len() <= 1 {
            self.backup_due = Some(now + self.limits.backup_after);
        }
        self.slots.insert(connection, Slot::Opening);
        self.opening.insert(connection, Reach::Dialled);
    }

    /// `connection` is open as far as TCP goes.
    pub fn connected(&mut self, connection: ConnectionId) {
        if let Some(reach) = self.opening.get_mut(&connection) {
            *reach = Reach::Connected;
        }
    }

    /// `connection` was opened, or was given back: whose turn it is gets it.
    pub fn ready(&mut self, connection: ConnectionId, wear: Wear, now: Moment) -> Option<Move> {
        let choice = match self.forget(connection)? {
            Slot::Opening => Choice::Opened,
            Slot::Busy(..) | Slot::Idle(..) => Choice::Freed,
        };
        if self.line.is_empty() {
            self.rest(connection, wear, now);
            return None;
        }
        self.grant(connection, choice)
    }

    /// `connection` could not be opened: the request whose turn it is bears it.
    pub fn failed(&mut self, connection: ConnectionId) -> Option<Move> {
        self.forget(connection)?;
        let (_, request) = self.line.pop()?;
        Some(Move::Refuse(request, connection))
    }

    /// `connection` was closed.
    pub fn closed(&mut self, connection: ConnectionId) {
        self.forget(connection);
    }

    /// `request` no longer wants a connection.
    pub fn withdrawn(&mut self, request: RequestId) {
        self.line.leave(request);
    }

    /// A connection that is being opened and that nobody in line waits for.
    pub fn unneeded(&self) -> Option<ConnectionId> {
        let is_unneeded = self.opening.len() > self.line.len();
        let first = self.opening.keys().next().copied();
        first.filter(|_| is_unneeded)
    }

    /// The connections that have been idle for too long by `now`.
    pub fn expired(&self, now: Moment) -> Vec<Move> {
        let old = |rests: &BTreeSet<Rest>, limit, wear| {
            let is_old = move |rest: &&Rest| rest.0 + limit <= now;
            let retire = move |rest: &Rest| {
                let idle_ms = u64::try_from(now.since(rest.0).as_millis()).unwrap_or(u64::MAX);
                let used = wear == Wear::Used;
                Move::Retire(rest.2, Retirement::Idle { idle_ms, used })
            };
            rests
                .iter()
                .take_while(is_old)
                .map(retire)
                .collect::<Vec<_>>()
        };
        let mut moves = old(&self.used, self.limits.idle_used, Wear::Used);
        moves.extend(old(&self.unused, self.limits.idle_unused, Wear::Fresh));
        moves
    }

    /// When the first of them has been idle for too long.
    pub fn expiry(&self) -> Option<Moment> {
        let at = |rests: &BTreeSet<Rest>, limit| rests.first().map(|rest| rest.0 + limit);
        let used = at(&self.used, self.limits.idle_used);
        used.into_iter()
            .chain(at(&self.unused, self.limits.idle_unused))
            .min()
    }

    /// When it is time to ask whether another connection is to be tried beside the first.
    pub const fn backup_due(&self) -> Option<Moment> {
        self.backup_due
    }

    /// It is that time: the connection beside which another is to be tried, if one is.
    ///
    /// Only TCP is tried twice; without `room`, it is asked again later.
    pub fn backup(&mut self, room: Room, now: Moment) -> Option<ConnectionId> {
        self.backup_due = None;
        let (first, reach) = self.opening.first_key_value()?;
        if *reach == Reach::Connected {
            return None;
        }
        if room == Room::None || self.slots.len() >= self.limit() {
            self.backup_due = Some(now + self.limits.backup_after);
            return None;
        }
        Some(*first).filter(|_| !self.line.is_empty())
    }

    /// Whether `request` is in line.
    pub fn is_waiting(&self, request: RequestId) -> bool {
        self.line.has(request)
    }

    /// The request that `connection` carries.
    pub fn carried(&self, connection: ConnectionId) -> Option<RequestId> {
        match self.slots.get(&connection)? {
            Slot::Busy(request, _) => Some(*request),
            Slot::Opening | Slot::Idle(..) => None,
        }
    }

    /// Why the request with `ahead` others before it has to wait.
    pub fn reason(&self, ahead: usize) -> QueueReason {
        if ahead < self.opening.len() {
            QueueReason::Opening
        } else if self.slots.len() >= self.limit() {
            QueueReason::HostFull {
                limit: count(self.limit()),
            }
        } else {
            QueueReason::AllFull {
                limit: count(self.limits.all),
            }
        }
    }

    /// How many more connections the waiting requests could use now.
    pub fn shortfall(&self) -> usize {
        let wanted = self.line.len().saturating_sub(self.opening.len());
        wanted.min(self.limit().saturating_sub(self.slots.len()))
    }

    /// Whose turn it is, if another connection would be of use.
    pub(super) fn need(&self) -> Option<Turn> {
        self.line.first().filter(|_| self.shortfall() > 0)
    }

    /// The connection that has been idle longest.
    pub(super) fn idlest(&self) -> Option<Rest> {
        let first = |rests: &BTreeSet<Rest>| rests.first().copied();
        first(&self.used)
            .into_iter()
            .chain(first(&self.unused))
            .min()
    }

    fn limit(&self) -> usize {
        self.limits.per_host.max(1)
    }

    /// Chromium's choice: the connection that was used last; among the never used, the oldest.
    fn serve_idle(&mut self, now: Moment) -> Option<Move> {
        if self.line.is_empty() {
            return None;
        }
        let idle = |since: Moment| u64::try_from(now.since(since).as_millis()).unwrap_or(u64::MAX);
        let (connection, choice) = match (self.used.last(), self.unused.first()) {
            (Some((since, _, connection)), _) => {
                let idle_ms = idle(*since);
                (*connection, Choice::Idle { idle_ms })
            }
            (None, Some((since, _, connection))) => {
                let idle_ms = idle(*since);
                (*connection, Choice::Unused { idle_ms })
            }
            (None, None) => return None,
        };
        self.forget(connection);
        self.grant(connection, choice)
    }

    fn grant(&mut self, connection: ConnectionId, choice: Choice) -> Option<Move> {
        let (priority, request) = self.line.pop()?;
        self.slots.insert(connection, Slot::Busy(request, priority));
        Some(Move::Grant(request, connection, choice))
    }

    fn rest(&mut self, connection: ConnectionId, wear: Wear, now: Moment) {
        self.rests += 1;
        let rest = (now, self.rests, connection);
        self.slots.insert(connection, Slot::Idle(rest, wear));
        self.rests_of(wear).insert(rest);
    }

    /// Takes a connection out of wherever it stands.
    fn forget(&mut self, connection: ConnectionId) -> Option<Slot> {
        let slot = self.slots.remove(&connection)?;
        match slot {
            Slot::Idle(rest, wear) => {
                self.rests_of(wear).remove(&rest);
            }
            Slot::Opening => {
                self.opening.remove(&connection);
                if self.opening.is_empty() {
                    self.backup_due = None;
                }
            }
            Slot::Busy(..) => {}
        }
        Some(slot)
    }

    const fn rests_of(&mut self, wear: Wear) -> &mut BTreeSet<Rest> {
        match wear {
            Wear::Used => &mut self.used,
            Wear::Fresh => &mut self.unused,
        }
    }
}

/// Whether the run may have one more connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It may.
    Some,
    /// It has as many as it may have.
    None,
}

/// A limit as facts have it.
pub(super) fn count(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
