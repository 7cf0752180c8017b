use crate::event::{ConnectionId, End, Fact, Failure, FailureKind, Moment, Road, Stage, Subject};
use crate::message::Group;
use crate::pool::Wear;

use super::simulation::{Happening, Simulation};
use super::task::{After, Attempt, Opening};

/// What is known of a connection.
#[derive(Debug)]
pub(super) struct WireState {
    /// As which connection it is told: many streams are one connection.
    pub(super) told_as: ConnectionId,
    pub(super) opening: Opening,
    pub(super) served: u32,
    pub(super) grants: u32,
}

/// The lives of connections.
impl Simulation<'_> {
    pub(super) fn dial(
        &mut self,
        connection: ConnectionId,
        group: Group,
        beside: Option<ConnectionId>,
        now: Moment,
    ) {
        let count = self.dialled.entry(group.clone()).or_default();
        let mut opening = self.work.opening(&group, *count);
        *count += 1;
        if self.change.is_tls_free {
            opening.tls = std::time::Duration::ZERO;
        }
        let mut told_as = connection;
        if self.change.is_multiplexed {
            let open = now + opening.connect + opening.tls;
            let (trunk, open) = *self
                .trunks
                .entry(group.clone())
                .or_insert((connection, open));
            told_as = trunk;
            if trunk != connection {
                opening.connect = open.since(now);
                opening.tls = std::time::Duration::ZERO;
            }
        }
        if told_as == connection {
            let planned = Fact::ConnectionPlanned {
                connection,
                group: Box::new(group),
                beside,
                road: Road::default(),
            };
            self.teller.say(now, planned);
            self.teller
                .began(Subject::Connection(connection), Stage::Connect, now);
        }
        let wire = WireState {
            told_as,
            opening,
            served: 0,
            grants: 0,
        };
        self.wires.insert(connection, wire);
        let connected = now + opening.connect;
        let is_done_then = opening.tls.is_zero();
        match (opening.is_failed, is_done_then) {
            (true, _) => {
                let failed = connected + opening.tls;
                self.note(failed, Happening::Unopened(connection));
            }
            (false, true) => self.note(connected, Happening::Opened(connection)),
            (false, false) => {
                self.note(connected, Happening::Connected(connection));
                let secured = connected + opening.tls;
                self.note(secured, Happening::Opened(connection));
            }
        }
    }

    pub(super) fn told_as(&self, connection: ConnectionId) -> ConnectionId {
        let wire = self.wires.get(&connection);
        wire.map_or(connection, |wire| wire.told_as)
    }

    pub(super) fn connected(&mut self, connection: ConnectionId, now: Moment) {
        if self.told_as(connection) == connection && self.wires.contains_key(&connection) {
            let subject = Subject::Connection(connection);
            self.teller.ended(subject, Stage::Connect, End::Done, now);
            self.teller.began(subject, Stage::Tls, now);
        }
        self.pools.connected(connection);
    }

    pub(super) fn opened(&mut self, connection: ConnectionId, now: Moment) {
        let Some(wire) = self.wires.get(&connection) else {
            return;
        };
        if wire.told_as == connection {
            let stage = if wire.opening.tls.is_zero() {
                Stage::Connect
            } else {
                Stage::Tls
            };
            let subject = Subject::Connection(connection);
            self.teller.ended(subject, stage, End::Done, now);
            let nowhere = std::net::SocketAddr::from(([0, 0, 0, 0], 0));
            let opened = Fact::SocketOpened {
                connection,
                local: nowhere,
                peer: nowhere,
            };
            self.teller.say(now, opened);
        }
        let moves = self.pools.ready(connection, Wear::Fresh, now);
        self.carry_out(moves, now);
    }

    pub(super) fn unopened(&mut self, connection: ConnectionId, now: Moment) {
        if self.wires.remove(&connection).is_none() {
            return;
        }
        let words = "as it failed in the recording";
        let failure = Failure::new(Stage::Connect, FailureKind::System, words);
        let failed = End::Failed(failure.clone());
        let subject = Subject::Connection(connection);
        self.teller.ended(subject, Stage::Connect, failed, now);
        let moves = self.pools.failed(connection, now);
        self.carry_out(moves, now);
        self.teller.unopened(connection, failure, now);
    }

    pub(super) fn released(&mut self, connection: ConnectionId, attempt: &Attempt, now: Moment) {
        let is_reused_by_none = self.change.is_keep_alive_off && !self.change.is_multiplexed;
        let is_over =
            (attempt.is_stale || attempt.after == After::Closed) && !self.change.is_multiplexed;
        if is_over || is_reused_by_none {
            let words = "the exchange was over";
            self.part(connection, words, now);
            let moves = self.pools.closed(connection, now);
            self.carry_out(moves, now);
            return;
        }
        let Some(wire) = self.wires.get_mut(&connection) else {
            return;
        };
        wire.served += 1;
        let grants = wire.grants;
        if let After::KeptFor(idle) = attempt.after {
            let ended = Happening::IdleEnded(connection, grants, attempt.recorded);
            self.note(now + idle, ended);
        }
        let moves = self.pools.ready(connection, Wear::Used, now);
        self.carry_out(moves, now);
    }

    pub(super) fn part(&mut self, connection: ConnectionId, words: &str, now: Moment) {
        if let Some(wire) = self.wires.remove(&connection)
            && wire.told_as == connection
        {
            self.teller.part(connection, words, now);
        }
    }

    pub(super) fn close_all(&mut self, now: Moment) {
        let mut open: Vec<_> = self.wires.keys().copied().collect();
        open.sort_unstable();
        for connection in open {
            self.part(connection, "the run was over", now);
        }
    }
}
