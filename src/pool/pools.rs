use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::event::{ConnectionId, Moment, QueueReason, RequestId};
use crate::message::Group;

use super::host_pool::{HostPool, Move};

/// How many connections may be open at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To one origin.
    pub per_host: usize,
    /// In all.
    pub all: usize,
}

/// A browser's limits: six and 256.
impl Default for Limits {
    fn default() -> Self {
        Self {
            per_host: 6,
            all: 256,
        }
    }
}

/// The pools of all origins, under one limit for them together.
#[derive(Debug, Default)]
pub struct Pools {
    limits: Limits,
    hosts: BTreeMap<Group, HostPool>,
    origins: HashMap<ConnectionId, Group>,
    stalled: BTreeSet<Group>,
    dialled: u32,
}

impl Pools {
    /// No connections yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// `request` wants a connection to `origin`.
    pub fn wanted(&mut self, origin: &Group, request: RequestId) -> Vec<Move> {
        let granted = self.host(origin).wanted(request);
        self.settle(origin.clone(), granted)
    }

    /// The connection that `request` was granted had died meanwhile.
    pub fn bounced(&mut self, origin: &Group, request: RequestId) -> Vec<Move> {
        let granted = self.host(origin).bounced(request);
        self.settle(origin.clone(), granted)
    }

    /// `connection` was opened, or was given back.
    pub fn ready(&mut self, connection: ConnectionId, now: Moment) -> Vec<Move> {
        let Some(origin) = self.origins.get(&connection).cloned() else {
            return Vec::new();
        };
        let granted = self.host(&origin).ready(connection, now);
        self.settle(origin, granted)
    }

    /// `connection` could not be opened.
    pub fn failed(&mut self, connection: ConnectionId) -> Vec<Move> {
        let Some(origin) = self.origins.remove(&connection) else {
            return Vec::new();
        };
        let refused = self.host(&origin).failed(connection);
        self.settle(origin, refused)
    }

    /// `connection` was closed.
    pub fn closed(&mut self, connection: ConnectionId) -> Vec<Move> {
        let Some(origin) = self.origins.remove(&connection) else {
            return Vec::new();
        };
        self.host(&origin).closed(connection);
        self.settle(origin, None)
    }

    /// `request` no longer wants a connection to `origin`.
    pub fn withdrawn(&mut self, origin: &Group, request: RequestId) {
        if let Some(host) = self.hosts.get_mut(origin) {
            host.withdrawn(request);
        }
    }

    /// How many requests are ahead of `request`, and why it waits; nothing if it does not.
    pub fn queued(&self, origin: &Group, request: RequestId) -> Option<(usize, QueueReason)> {
        let host = self.hosts.get(origin)?;
        let ahead = host.ahead(request)?;
        Some((ahead, host.reason(ahead, self.limits.all)))
    }

    fn host(&mut self, origin: &Group) -> &mut HostPool {
        let limit = self.limits.per_host;
        self.hosts
            .entry(origin.clone())
            .or_insert_with(|| HostPool::new(limit))
    }

    /// Dials what `origin` and those stalled by the limit can use, the longest waiting first.
    fn settle(&mut self, origin: Group, first: Option<Move>) -> Vec<Move> {
        let mut moves: Vec<Move> = first.into_iter().collect();
        self.stalled.insert(origin);
        while let Some(origin) = self.neediest() {
            if self.origins.len() >= self.limits.all.max(1) {
                let Some(idle) = self.spare(&origin) else {
                    break;
                };
                self.retire(idle);
                moves.push(Move::Retire(idle));
            }
            moves.push(self.dial(origin));
        }
        moves
    }

    /// The origin whose first request has waited longest, of those that could use a connection.
    fn neediest(&mut self) -> Option<Group> {
        let hosts = &mut self.hosts;
        self.stalled
            .retain(|origin| hosts.get(origin).is_some_and(|host| host.shortfall() > 0));
        let first = |origin: &&Group| hosts.get(*origin).and_then(HostPool::first);
        self.stalled.iter().min_by_key(first).cloned()
    }

    /// The connection of another origin that has been idle longest.
    fn spare(&self, needy: &Group) -> Option<ConnectionId> {
        let others = self.hosts.iter().filter(|(origin, _)| *origin != needy);
        others
            .filter_map(|(_, host)| host.idlest())
            .min()
            .map(|(_, connection)| connection)
    }

    fn retire(&mut self, connection: ConnectionId) {
        if let Some(origin) = self.origins.remove(&connection) {
            self.host(&origin).closed(connection);
        }
    }

    fn dial(&mut self, origin: Group) -> Move {
        self.dialled += 1;
        let connection = ConnectionId(self.dialled);
        self.host(&origin).dialled(connection);
        self.origins.insert(connection, origin.clone());
        Move::Dial(connection, origin)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::message::{Origin, Scheme};

    fn origin(n: u8) -> Group {
        Group::from(Origin {
            scheme: Scheme::Http,
            host: format!("h{n}.test"),
            port: 80,
        })
    }

    #[derive(Clone, Debug)]
    enum Operation {
        Want(u8),
        Open(usize),
        GiveBack(usize),
        Close(usize),
        Fail(usize),
        Bounce(usize),
        Withdraw(usize),
    }

    fn operations() -> impl Strategy<Value = Vec<Operation>> {
        let one = prop_oneof![
            4 => (0_u8..4).prop_map(Operation::Want),
            3 => any::<usize>().prop_map(Operation::Open),
            3 => any::<usize>().prop_map(Operation::GiveBack),
            1 => any::<usize>().prop_map(Operation::Close),
            1 => any::<usize>().prop_map(Operation::Fail),
            1 => any::<usize>().prop_map(Operation::Bounce),
            1 => any::<usize>().prop_map(Operation::Withdraw),
        ];
        proptest::collection::vec(one, 1..200)
    }

    /// The pools, and what their driver knows.
    struct World {
        pools: Pools,
        now: u64,
        asked: u32,
        opening: Vec<ConnectionId>,
        busy: BTreeMap<ConnectionId, RequestId>,
        waiting: BTreeMap<Group, Vec<RequestId>>,
        done: usize,
    }

    impl World {
        fn new(limits: Limits) -> Self {
            Self {
                pools: Pools::new(limits),
                now: 0,
                asked: 0,
                opening: vec![],
                busy: BTreeMap::new(),
                waiting: BTreeMap::new(),
                done: 0,
            }
        }

        fn pick_busy(&mut self, n: usize) -> Option<(ConnectionId, RequestId)> {
            let key = *self.busy.keys().nth(n % self.busy.len().max(1))?;
            self.busy.remove(&key).map(|request| (key, request))
        }

        fn pick_opening(&mut self, n: usize) -> Option<ConnectionId> {
            let count = self.opening.len();
            (count > 0).then(|| self.opening.swap_remove(n % count))
        }

        fn step(&mut self, operation: &Operation) {
            self.now += 1;
            let now = Moment(self.now);
            let moves = match *operation {
                Operation::Want(n) => {
                    self.asked += 1;
                    let request = RequestId(self.asked);
                    self.waiting.entry(origin(n)).or_default().push(request);
                    self.pools.wanted(&origin(n), request)
                }
                Operation::Open(n) => self
                    .pick_opening(n)
                    .map_or(vec![], |c| self.pools.ready(c, now)),
                Operation::Fail(n) => self
                    .pick_opening(n)
                    .map_or(vec![], |c| self.pools.failed(c)),
                Operation::GiveBack(n) => self.pick_busy(n).map_or(vec![], |(c, _)| {
                    self.done += 1;
                    self.pools.ready(c, now)
                }),
                Operation::Close(n) => self.pick_busy(n).map_or(vec![], |(c, _)| {
                    self.done += 1;
                    self.pools.closed(c)
                }),
                Operation::Bounce(n) => self.pick_busy(n).map_or(vec![], |(c, request)| {
                    let origin = self.pools.origins[&c].clone();
                    self.waiting
                        .entry(origin.clone())
                        .or_default()
                        .insert(0, request);
                    let mut moves = self.pools.closed(c);
                    moves.extend(self.pools.bounced(&origin, request));
                    moves
                }),
                Operation::Withdraw(n) => {
                    let lines = self.waiting.iter_mut().filter(|(_, line)| !line.is_empty());
                    if let Some((origin, line)) = lines.last() {
                        let request = line.remove(n % line.len());
                        self.done += 1;
                        self.pools.withdrawn(origin, request);
                    }
                    vec![]
                }
            };
            for order in moves {
                self.obey(order);
            }
        }

        fn obey(&mut self, order: Move) {
            match order {
                Move::Dial(c, origin) => {
                    let host = &self.pools.hosts[&origin];
                    assert!(!host.waiting_is_empty(), "dialled for nobody");
                    self.opening.push(c);
                }
                Move::Grant(r, c) => {
                    self.take_turn(r, c);
                    assert!(self.busy.insert(c, r).is_none(), "granted twice");
                }
                Move::Refuse(r, _) => {
                    let line = self.waiting.values_mut().find(|l| l.first() == Some(&r));
                    line.expect("out of turn").remove(0);
                    self.done += 1;
                }
                Move::Retire(c) => assert!(!self.busy.contains_key(&c), "retired in use"),
            }
        }

        fn take_turn(&mut self, r: RequestId, c: ConnectionId) {
            let line = self
                .waiting
                .get_mut(&self.pools.origins[&c])
                .expect("never asked");
            assert_eq!(line.first(), Some(&r), "out of turn");
            line.remove(0);
        }

        fn check(&self, limits: Limits) {
            assert!(
                self.pools.origins.len() <= limits.all,
                "over the limit of all"
            );
            let full = self.pools.origins.len() == limits.all;
            let mut waiting = 0;
            for (origin, host) in &self.pools.hosts {
                let slots = self.pools.origins.values().filter(|o| *o == origin).count();
                assert!(slots <= limits.per_host, "over the limit of a host");
                let line = self.waiting.get(origin).map_or(0, Vec::len);
                waiting += line;
                assert!(
                    line == 0 || host.idlest().is_none(),
                    "idle while someone waits"
                );
                let spare = self.pools.spare(origin).is_some();
                assert!(host.shortfall() == 0 || (full && !spare), "forgotten");
            }
            let accounted = waiting + self.busy.len() + self.done;
            assert_eq!(accounted, self.asked as usize, "lost");
        }
    }

    impl HostPool {
        fn waiting_is_empty(&self) -> bool {
            self.first().is_none()
        }
    }

    proptest! {
        #[test]
        fn the_laws_hold_whatever_happens(
            operations in operations(), per_host in 1_usize..4, all in 1_usize..8,
        ) {
            let limits = Limits { per_host, all };
            let mut world = World::new(limits);
            for operation in &operations {
                world.step(operation);
                world.check(limits);
            }
        }
    }

    #[test]
    fn the_seventh_waits_and_is_told_why() {
        let mut pools = Pools::new(Limits::default());
        for n in 1..=8 {
            pools.wanted(&origin(0), RequestId(n));
        }
        assert_eq!(
            pools.queued(&origin(0), RequestId(6)),
            Some((5, QueueReason::Opening))
        );
        let full = QueueReason::HostFull { limit: 6 };
        assert_eq!(pools.queued(&origin(0), RequestId(8)), Some((7, full)));
    }

    #[test]
    fn the_connection_used_last_is_used_again() {
        let mut pools = Pools::new(Limits::default());
        for n in 1..=3 {
            pools.wanted(&origin(0), RequestId(n));
        }
        for n in 1..=3 {
            pools.ready(ConnectionId(n), Moment(u64::from(n)));
        }
        for (n, at) in [(2, 10), (1, 11), (3, 12)] {
            pools.ready(ConnectionId(n), Moment(at));
        }
        let moves = pools.wanted(&origin(0), RequestId(4));
        assert_eq!(moves, [Move::Grant(RequestId(4), ConnectionId(3))]);
    }

    #[test]
    fn at_the_limit_of_all_an_idle_connection_elsewhere_gives_way() {
        let mut pools = Pools::new(Limits {
            per_host: 6,
            all: 1,
        });
        pools.wanted(&origin(0), RequestId(1));
        pools.ready(ConnectionId(1), Moment(1));
        assert_eq!(pools.wanted(&origin(1), RequestId(2)), []);
        let full = QueueReason::AllFull { limit: 1 };
        assert_eq!(pools.queued(&origin(1), RequestId(2)), Some((0, full)));
        let moves = pools.ready(ConnectionId(1), Moment(2));
        let wanted = [
            Move::Retire(ConnectionId(1)),
            Move::Dial(ConnectionId(2), origin(1)),
        ];
        assert_eq!(moves, wanted);
    }
}
