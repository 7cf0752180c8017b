use std::collections::HashMap;

use crate::event::{ConnectionId, Moment, QueueReason, RequestId, Retirement};
use crate::message::{Group, Priority, Proxy};

use super::delayable::Delayable;
use super::host_pool::{HostPool, Room, Wear, count};
use super::limits::Limits;
use super::moves::Move;
use super::ranking::Ranking;
use super::ways::Ways;

/// An idle connection, and the group that it is of, by its place.
type Idle = (usize, ConnectionId);

/// The pools of all groups, under one limit for them together.
#[derive(Debug, Default)]
pub struct Pools {
    limits: Limits,
    places: HashMap<Group, usize>,
    hosts: Vec<(Group, HostPool)>,
    ways: Ways,
    /// The group of each connection, and of each request in line.
    owners: HashMap<ConnectionId, usize>,
    lines: HashMap<RequestId, usize>,
    delayable: Delayable,
    expiries: Ranking<Moment>,
    backups: Ranking<Moment>,
    dialled: u32,
}

impl Pools {
    /// No connections yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            ways: Ways::new(limits.per_proxy),
            ..Self::default()
        }
    }

    /// Connections of `group` go through `proxy`; to be said before the first of them is wanted.
    pub fn goes_through(&mut self, group: &Group, proxy: &Proxy) {
        if self.places.contains_key(group) {
            return;
        }
        let host = self.place(group);
        self.ways.lead(host, &proxy.to_string());
    }

    /// `request` wants a connection of `group`.
    pub fn wanted(
        &mut self,
        group: &Group,
        request: RequestId,
        priority: Priority,
        now: Moment,
    ) -> Vec<Move> {
        let host = self.place(group);
        let mut moves = self.retire_expired(now);
        if priority == Priority::Low
            && let Err(ahead) = self.delayable.admit(request, host, &self.limits)
        {
            let limit = count(self.limits.low);
            moves.push(Move::Queue(request, ahead, QueueReason::LowFull { limit }));
            return moves;
        }
        self.join(host, request, priority, now, &mut moves);
        moves
    }

    /// `connection` is open as far as TCP goes.
    pub fn connected(&mut self, connection: ConnectionId) {
        if let Some(host) = self.owner(connection) {
            self.change(host, |pool| pool.connected(connection));
        }
    }

    /// `connection` was opened, or was given back.
    pub fn ready(&mut self, connection: ConnectionId, wear: Wear, now: Moment) -> Vec<Move> {
        let Some(host) = self.owner(connection) else {
            return Vec::new();
        };
        let over = self.carried(connection);
        let granted = self.change(host, |pool| pool.ready(connection, wear, now));
        self.after(granted, over, now)
    }

    /// `connection`, granted a moment ago, had died: its request is the next of its priority.
    pub fn stale(&mut self, connection: ConnectionId, now: Moment) -> Vec<Move> {
        let Some(host) = self.disown(connection) else {
            return Vec::new();
        };
        if let Some(request) = self.carried_in(host, connection) {
            self.lines.insert(request, host);
        }
        let granted = self.change(host, |pool| pool.stale(connection, now));
        self.after(granted, None, now)
    }

    /// `connection` could not be opened.
    pub fn failed(&mut self, connection: ConnectionId, now: Moment) -> Vec<Move> {
        let Some(host) = self.disown(connection) else {
            return Vec::new();
        };
        let refused = self.change(host, |pool| pool.failed(connection));
        let over = match &refused {
            Some(Move::Refuse(request, _)) => Some(*request),
            _ => None,
        };
        self.after(refused, over, now)
    }

    /// `connection` was closed.
    pub fn closed(&mut self, connection: ConnectionId, now: Moment) -> Vec<Move> {
        let over = self.carried(connection);
        let Some(host) = self.disown(connection) else {
            return Vec::new();
        };
        self.change(host, |pool| pool.closed(connection));
        self.after(None, over, now)
    }

    /// `request` no longer wants a connection.
    ///
    /// A connection that is being opened for it goes on, unless another group has need of its room.
    pub fn withdrawn(&mut self, request: RequestId, now: Moment) -> Vec<Move> {
        let mut moves = Vec::new();
        let Some(host) = self.lines.remove(&request) else {
            self.delayable.ended(request, &self.limits);
            return moves;
        };
        let unneeded = self.change(host, |pool| {
            pool.withdrawn(request);
            pool.unneeded()
        });
        if let Some(connection) = unneeded.filter(|_| self.room(host) == Room::None) {
            self.retire(host, connection);
            moves.push(Move::Retire(connection, Retirement::Unneeded));
        }
        moves.extend(self.after(None, Some(request), now));
        moves
    }

    /// When there is next something to do without anything having happened.
    pub fn due(&self) -> Option<Moment> {
        self.backups.first().map(|(due, _)| due)
    }

    /// It is that time: where a first connection takes long, another is tried beside it.
    pub fn overdue(&mut self, now: Moment) -> Vec<Move> {
        let mut moves = Vec::new();
        while let Some((due, host)) = self.backups.first()
            && due <= now
        {
            let room = self.room(host);
            if let Some(slow) = self.change(host, |pool| pool.backup(room, now)) {
                moves.extend(self.dial(host, Some(slow), now));
            }
        }
        moves
    }

    /// How many connections there are, open or being opened.
    pub fn connections(&self) -> usize {
        self.owners.len()
    }

    /// The pool of `group`, once a request was made for it.
    pub fn host(&self, group: &Group) -> Option<&HostPool> {
        let place = self.places.get(group)?;
        self.hosts.get(*place).map(|(_, pool)| pool)
    }

    fn place(&mut self, group: &Group) -> usize {
        if let Some(place) = self.places.get(group) {
            return *place;
        }
        let place = self.hosts.len();
        self.hosts.push((group.clone(), HostPool::new(self.limits)));
        self.places.insert(group.clone(), place);
        place
    }

    fn owner(&self, connection: ConnectionId) -> Option<usize> {
        self.owners.get(&connection).copied()
    }

    fn carried(&self, connection: ConnectionId) -> Option<RequestId> {
        self.carried_in(self.owner(connection)?, connection)
    }

    fn carried_in(&self, host: usize, connection: ConnectionId) -> Option<RequestId> {
        self.hosts.get(host)?.1.carried(connection)
    }

    fn room(&self, host: usize) -> Room {
        if self.owners.len() < self.limits.all.max(1) && !self.ways.is_full(host) {
            Room::Some
        } else {
            Room::None
        }
    }

    /// Forgets whose `connection` was: the group, by its place.
    fn disown(&mut self, connection: ConnectionId) -> Option<usize> {
        let host = self.owners.remove(&connection)?;
        self.ways.lose(host);
        Some(host)
    }

    /// Changes a group's pool, and its ranks with it.
    fn change<T: Default>(&mut self, host: usize, change: impl FnOnce(&mut HostPool) -> T) -> T {
        let Some((_, pool)) = self.hosts.get_mut(host) else {
            return T::default();
        };
        let result = change(pool);
        self.ways.rank(host, pool);
        self.expiries.set(host, pool.expiry());
        self.backups.set(host, pool.backup_due());
        result
    }

    fn join(
        &mut self,
        host: usize,
        request: RequestId,
        priority: Priority,
        now: Moment,
        moves: &mut Vec<Move>,
    ) {
        self.lines.insert(request, host);
        let (ahead, granted) = self.change(host, |pool| pool.wanted(request, priority, now));
        moves.extend(granted);
        self.settle(now, moves);
        self.note_granted(moves);
        if let Some((_, pool)) = self.hosts.get(host)
            && pool.is_waiting(request)
        {
            let mut reason = pool.reason(ahead);
            let is_of_all = matches!(reason, QueueReason::AllFull { .. });
            if is_of_all && self.ways.is_full(host) {
                let limit = count(self.limits.per_proxy);
                reason = QueueReason::ProxyFull { limit };
            }
            moves.push(Move::Queue(request, ahead, reason));
        }
    }

    /// What follows from a change: `over` is the request that it ended, as far as pools go.
    fn after(&mut self, first: Option<Move>, over: Option<RequestId>, now: Moment) -> Vec<Move> {
        let mut moves: Vec<Move> = first.into_iter().collect();
        self.settle(now, &mut moves);
        self.note_granted(&moves);
        // Whoever waits again, as its connection had died, is not over.
        if let Some(over) = over.filter(|over| !self.lines.contains_key(over)) {
            self.delayable.ended(over, &self.limits);
        }
        while let Some((request, host)) = self.delayable.next(&self.limits) {
            self.join(host, request, Priority::Low, now, &mut moves);
        }
        moves
    }

    /// Whoever was granted or refused a connection is in line no more.
    fn note_granted(&mut self, moves: &[Move]) {
        for decided in moves {
            if let Move::Grant(request, ..) | Move::Refuse(request, _) = decided {
                self.lines.remove(request);
            }
        }
    }

    /// Dials what those in line can use, the first turn first.
    fn settle(&mut self, now: Moment, moves: &mut Vec<Move>) {
        while let Some((request, host, evicted)) = self.next_to_dial() {
            if let Some((other, idle)) = evicted {
                self.retire(other, idle);
                moves.push(Move::Retire(idle, Retirement::Evicted { request }));
            }
            moves.extend(self.dial(host, None, now));
        }
    }

    /// The first turn that can be served, and who has to make room for it.
    fn next_to_dial(&self) -> Option<(RequestId, usize, Option<Idle>)> {
        let mut former = None;
        while let Some((turn, host)) = self.ways.turn_after(former) {
            let (_, request) = turn;
            if self.room(host) == Room::Some {
                return Some((request, host, None));
            }
            let other = self.ways.idlest_but(host);
            let idlest = other.and_then(|other| Some((other, self.hosts.get(other)?.1.idlest()?)));
            if let Some((other, (_, _, idle))) = idlest {
                return Some((request, host, Some((other, idle))));
            }
            former = Some(turn);
        }
        None
    }

    /// Chromium looks for what has been idle for too long whenever a connection is wanted.
    fn retire_expired(&mut self, now: Moment) -> Vec<Move> {
        let mut moves = Vec::new();
        while let Some((expiry, host)) = self.expiries.first()
            && expiry <= now
        {
            let expired = self
                .hosts
                .get(host)
                .map(|(_, pool)| pool.expired(now))
                .unwrap_or_default();
            for decided in &expired {
                if let Move::Retire(connection, _) = decided {
                    self.retire(host, *connection);
                }
            }
            moves.extend(expired);
        }
        moves
    }

    fn retire(&mut self, host: usize, connection: ConnectionId) {
        self.disown(connection);
        self.change(host, |pool| pool.closed(connection));
    }

    fn dial(&mut self, host: usize, beside: Option<ConnectionId>, now: Moment) -> Option<Move> {
        let group = self.hosts.get(host)?.0.clone();
        self.dialled += 1;
        let connection = ConnectionId(self.dialled);
        self.owners.insert(connection, host);
        self.ways.gain(host);
        self.change(host, |pool| pool.dialled(connection, now));
        Some(Move::Dial(connection, group, beside))
    }
}
