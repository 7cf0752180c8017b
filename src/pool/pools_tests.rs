//! What holds for the pools, whatever happens to them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Limits, Move, Pools, Wear};
use crate::event::{Choice, ConnectionId, Moment, QueueReason, RequestId, Retirement};
use crate::message::{Credentials, Group, Origin, Priority, Scheme};

fn group(n: u8) -> Group {
    let origin = Origin {
        scheme: Scheme::Http,
        host: format!("h{}.test", n / 2),
        port: 80,
    };
    // Two groups to a host: with credentials, and without.
    let credentials = [Credentials::Include, Credentials::Omit];
    Group::new(origin, credentials[usize::from(n % 2)])
}

fn limits(per_host: usize, all: usize) -> Limits {
    Limits {
        per_host,
        all,
        low: 3,
        low_per_host: 2,
        ..Limits::default()
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Want(u8, Priority),
    Connect(usize),
    Open(usize),
    GiveBack(usize),
    Close(usize),
    Fail(usize),
    Stale(usize),
    Withdraw(usize),
    CloseIdle(usize),
    Wait(u64),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let priority = prop_oneof![
        3 => Just(Priority::Auto),
        1 => Just(Priority::High),
        2 => Just(Priority::Low),
    ];
    let one = prop_oneof![
        6 => (0_u8..6, priority).prop_map(|(n, priority)| Operation::Want(n, priority)),
        1 => any::<usize>().prop_map(Operation::Connect),
        4 => any::<usize>().prop_map(Operation::Open),
        4 => any::<usize>().prop_map(Operation::GiveBack),
        1 => any::<usize>().prop_map(Operation::Close),
        1 => any::<usize>().prop_map(Operation::Fail),
        1 => any::<usize>().prop_map(Operation::Stale),
        1 => any::<usize>().prop_map(Operation::Withdraw),
        1 => any::<usize>().prop_map(Operation::CloseIdle),
        1 => (1_u64..100_000).prop_map(Operation::Wait),
    ];
    proptest::collection::vec(one, 1..200)
}

/// What a request that waits is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    group: u8,
    priority: Priority,
    /// Its turn within its priority; whoever was bounced goes to the front.
    turn: i64,
    is_held: bool,
}

/// The pools, and what whoever drives them knows.
struct World {
    pools: Pools,
    limits: Limits,
    now: Moment,
    asked: u32,
    turns: (i64, i64),
    owners: BTreeMap<ConnectionId, u8>,
    opening: BTreeSet<ConnectionId>,
    idle: BTreeMap<ConnectionId, (Moment, Wear)>,
    busy: BTreeMap<ConnectionId, (RequestId, Priority)>,
    waiting: BTreeMap<RequestId, Waiting>,
    done: usize,
}

fn nth<K: Copy + Ord, V>(map: &BTreeMap<K, V>, n: usize) -> Option<K> {
    map.keys().nth(n % map.len().max(1)).copied()
}

impl World {
    fn new(limits: Limits) -> Self {
        Self {
            pools: Pools::new(limits),
            limits,
            now: Moment(0),
            asked: 0,
            turns: (0, 0),
            owners: BTreeMap::new(),
            opening: BTreeSet::new(),
            idle: BTreeMap::new(),
            busy: BTreeMap::new(),
            waiting: BTreeMap::new(),
            done: 0,
        }
    }

    fn pick_opening(&self, n: usize) -> Option<ConnectionId> {
        let count = self.opening.len().max(1);
        self.opening.iter().nth(n % count).copied()
    }

    fn step(&mut self, operation: &Operation) -> Option<()> {
        self.now.0 += 1_000;
        let now = self.now;
        let moves = match *operation {
            Operation::Want(n, priority) => self.want(n, priority),
            Operation::Connect(n) => {
                self.pools.connected(self.pick_opening(n)?);
                vec![]
            }
            Operation::Open(n) => {
                let connection = self.pick_opening(n)?;
                self.opening.remove(&connection);
                self.idle.insert(connection, (now, Wear::Fresh));
                self.pools.ready(connection, Wear::Fresh, now)
            }
            Operation::Fail(n) => {
                let connection = self.pick_opening(n)?;
                self.opening.remove(&connection);
                self.owners.remove(&connection);
                self.pools.failed(connection, now)
            }
            Operation::GiveBack(n) => {
                let connection = nth(&self.busy, n)?;
                self.busy.remove(&connection);
                self.done += 1;
                self.idle.insert(connection, (now, Wear::Used));
                self.pools.ready(connection, Wear::Used, now)
            }
            Operation::Close(n) => {
                let connection = nth(&self.busy, n)?;
                self.busy.remove(&connection);
                self.owners.remove(&connection);
                self.done += 1;
                self.pools.closed(connection, now)
            }
            Operation::Stale(n) => self.find_stale(n)?,
            Operation::CloseIdle(n) => {
                let connection = nth(&self.idle, n)?;
                self.idle.remove(&connection);
                self.owners.remove(&connection);
                self.pools.closed(connection, now)
            }
            Operation::Withdraw(n) => {
                let request = nth(&self.waiting, n)?;
                self.waiting.remove(&request);
                self.done += 1;
                self.pools.withdrawn(request, now)
            }
            Operation::Wait(millis) => {
                self.now.0 += millis * 1_000_000;
                self.pools.overdue(self.now)
            }
        };
        for order in moves {
            self.obey(order);
        }
        Some(())
    }

    fn find_stale(&mut self, n: usize) -> Option<Vec<Move>> {
        let connection = nth(&self.busy, n)?;
        let (request, priority) = self.busy.remove(&connection)?;
        self.turns.0 -= 1;
        let waiting = Waiting {
            group: self.owners.remove(&connection)?,
            priority,
            turn: self.turns.0,
            is_held: false,
        };
        self.waiting.insert(request, waiting);
        Some(self.pools.stale(connection, self.now))
    }

    fn want(&mut self, n: u8, priority: Priority) -> Vec<Move> {
        self.asked += 1;
        self.turns.1 += 1;
        let waiting = Waiting {
            group: n,
            priority,
            turn: self.turns.1,
            is_held: false,
        };
        let request = RequestId(self.asked);
        self.waiting.insert(request, waiting);
        self.pools.wanted(&group(n), request, priority, self.now)
    }

    fn obey(&mut self, order: Move) {
        match order {
            Move::Dial(c, to, beside) => {
                let n = (0..6).find(|n| group(*n) == to).unwrap();
                let is_wanted = self.waiting.values().any(|w| w.group == n);
                assert!(is_wanted, "dialled for nobody");
                let is_slow = |slow| self.opening.contains(&slow);
                assert!(beside.is_none_or(is_slow), "beside one that is open");
                assert!(self.owners.insert(c, n).is_none());
                self.opening.insert(c);
            }
            Move::Grant(request, c, choice) => {
                self.take_turn(request, c);
                self.check_choice(c, choice);
                let (_, waiting) = self.waiting.remove_entry(&request).unwrap();
                self.idle.remove(&c);
                let was = self.busy.insert(c, (request, waiting.priority));
                assert!(was.is_none(), "granted twice");
            }
            Move::Queue(request, ahead, reason) => {
                let is_held = matches!(reason, QueueReason::LowFull { .. });
                let waiting = self.waiting.get_mut(&request).unwrap();
                waiting.is_held = is_held;
                if !is_held {
                    self.turns.1 += 1;
                    // Whoever was held joins its line now, behind those that are there.
                    waiting.turn = self.turns.1;
                    let me = *waiting;
                    let goes_first = |w: &&Waiting| {
                        let before = (w.priority, w.turn) < (me.priority, me.turn);
                        w.group == me.group && !w.is_held && before
                    };
                    assert_eq!(self.waiting.values().filter(goes_first).count(), ahead);
                }
            }
            Move::Refuse(request, c) => {
                self.take_turn(request, c);
                self.waiting.remove(&request);
                self.owners.remove(&c);
                self.done += 1;
            }
            Move::Retire(c, reason) => {
                assert!(!self.busy.contains_key(&c), "retired in use");
                let was_idle = self.idle.remove(&c);
                let was_opening = self.opening.remove(&c);
                self.owners.remove(&c);
                match reason {
                    Retirement::Unneeded => assert!(was_opening),
                    Retirement::Evicted { .. } => assert!(was_idle.is_some()),
                    Retirement::Idle { used, .. } => {
                        let (since, wear) = was_idle.unwrap();
                        let limit = if used {
                            assert_eq!(wear, Wear::Used);
                            self.limits.idle_used
                        } else {
                            self.limits.idle_unused
                        };
                        assert!(self.now.since(since) >= limit, "retired too soon");
                    }
                }
            }
        }
    }

    /// Whoever is served has the highest priority of its group, and of that waits longest.
    fn take_turn(&self, request: RequestId, c: ConnectionId) {
        let me = self.waiting[&request];
        assert!(self.owners.get(&c).is_none_or(|n| *n == me.group));
        for (other, waiting) in &self.waiting {
            let is_rival = waiting.group == me.group && !waiting.is_held && *other != request;
            assert!(
                !is_rival || (waiting.priority, waiting.turn) > (me.priority, me.turn),
                "{request} overtook {other}"
            );
        }
    }

    fn check_choice(&self, c: ConnectionId, choice: Choice) {
        let of_group = |id: &ConnectionId| self.owners.get(id) == self.owners.get(&c);
        let rests = self.idle.iter().filter(|(id, _)| of_group(id));
        let of = |wear| rests.clone().filter(move |(_, rest)| rest.1 == wear);
        match choice {
            Choice::Idle { .. } => {
                let last = of(Wear::Used).max_by_key(|(_, rest)| rest.0);
                assert_eq!(self.idle[&c].0, last.unwrap().1.0, "not the one used last");
            }
            Choice::Unused { .. } => {
                assert_eq!(of(Wear::Used).count(), 0, "a used one was idle");
                let first = of(Wear::Fresh).min_by_key(|(_, rest)| rest.0);
                assert_eq!(self.idle[&c].0, first.unwrap().1.0, "not the oldest");
            }
            Choice::Opened | Choice::Freed => {}
        }
    }

    fn check(&self) {
        let Limits { per_host, all, .. } = self.limits;
        let counted = self.opening.len() + self.idle.len() + self.busy.len();
        assert_eq!(counted, self.owners.len(), "a slot was lost");
        assert_eq!(counted, self.pools.connections(), "a slot was lost");
        assert!(counted <= all, "over the limit of all");
        for n in 0..6 {
            let slots = self.owners.values().filter(|owner| **owner == n).count();
            assert!(slots <= per_host, "over the limit of a group");
            let line = self.waiting.values();
            let line = line.filter(|w| w.group == n && !w.is_held).count();
            let has_idle = |id: &&ConnectionId| self.owners[*id] == n;
            let idle = self.idle.keys().filter(has_idle).count();
            assert!(line == 0 || idle == 0, "idle while someone waits");
            let opening = self.opening.iter().filter(has_idle).count();
            let could_use = line.saturating_sub(opening).min(per_host - slots);
            let is_stuck = counted == all && self.idle.is_empty();
            assert!(could_use == 0 || is_stuck, "forgotten");
        }
        self.check_low();
        let accounted = self.waiting.len() + self.busy.len() + self.done;
        assert_eq!(accounted, self.asked as usize, "a request was lost");
    }

    fn check_low(&self) {
        let lined = self.waiting.values();
        let lined = lined.filter(|w| w.priority == Priority::Low && !w.is_held);
        let running = self.busy.values().filter(|(_, p)| *p == Priority::Low);
        let under_way = lined.count() + running.count();
        assert!(under_way <= self.limits.low, "too many of low priority");
        let held = self.waiting.values().filter(|w| w.is_held).count();
        assert!(held == 0 || under_way > 0, "held for nobody");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_laws_hold_whatever_happens(
        operations in operations(), per_host in 1_usize..4, all in 1_usize..8,
    ) {
        let mut world = World::new(limits(per_host, all));
        for operation in &operations {
            world.step(operation);
            world.check();
        }
    }
}

const A: u8 = 0;
const B: u8 = 2;
const START: Moment = Moment(0);

fn millis(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

fn want(pools: &mut Pools, to: u8, request: u32, at: u64) -> Vec<Move> {
    let request = RequestId(request);
    pools.wanted(&group(to), request, Priority::Auto, millis(at))
}

fn ready(pools: &mut Pools, connection: u32, wear: Wear, at: u64) -> Vec<Move> {
    pools.ready(ConnectionId(connection), wear, millis(at))
}

#[test]
fn the_seventh_waits_and_is_told_why() {
    let mut pools = Pools::new(Limits::default());
    let told: Vec<_> = (1..=8).map(|n| want(&mut pools, A, n, 0).pop()).collect();
    let queued = |n, ahead, reason| Some(Move::Queue(RequestId(n), ahead, reason));
    assert_eq!(told[5], queued(6, 5, QueueReason::Opening));
    let full = QueueReason::HostFull { limit: 6 };
    assert_eq!(told[7], queued(8, 7, full));
}

#[test]
fn the_connection_used_last_is_used_again_and_of_the_unused_the_oldest() {
    let mut pools = Pools::new(Limits::default());
    for n in 1..=3 {
        want(&mut pools, A, n, 0);
    }
    for n in 1..=3 {
        ready(&mut pools, n, Wear::Fresh, u64::from(n));
    }
    for (n, at) in [(2, 10), (1, 11), (3, 12)] {
        ready(&mut pools, n, Wear::Used, at);
    }
    let moves = want(&mut pools, A, 4, 20);
    let choice = Choice::Idle { idle_ms: 8 };
    let granted = Move::Grant(RequestId(4), ConnectionId(3), choice);
    assert_eq!(moves, [granted]);
    let mut pools = Pools::new(Limits::default());
    for n in 1..=3 {
        want(&mut pools, A, n, 0);
    }
    for n in 2..=3 {
        pools.withdrawn(RequestId(n), START);
    }
    for n in 1..=3 {
        ready(&mut pools, n, Wear::Fresh, u64::from(n));
    }
    let moves = want(&mut pools, A, 4, 20);
    let choice = Choice::Unused { idle_ms: 18 };
    assert_eq!(moves, [Move::Grant(RequestId(4), ConnectionId(2), choice)]);
}

#[test]
fn at_the_limit_of_all_an_idle_connection_elsewhere_gives_way() {
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    ready(&mut pools, 1, Wear::Fresh, 1);
    let full = QueueReason::AllFull { limit: 1 };
    let moves = want(&mut pools, B, 2, 1);
    assert_eq!(moves, [Move::Queue(RequestId(2), 0, full)]);
    let evicted = Retirement::Evicted {
        request: RequestId(2),
    };
    let wanted = [
        Move::Retire(ConnectionId(1), evicted),
        Move::Dial(ConnectionId(2), group(B), None),
    ];
    assert_eq!(ready(&mut pools, 1, Wear::Used, 2), wanted);
}

#[test]
fn at_the_limit_of_all_a_connection_that_nobody_waits_for_is_given_up() {
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    want(&mut pools, B, 2, 0);
    let moves = pools.withdrawn(RequestId(1), millis(5));
    let wanted = [
        Move::Retire(ConnectionId(1), Retirement::Unneeded),
        Move::Dial(ConnectionId(2), group(B), None),
    ];
    assert_eq!(moves, wanted);
}

#[test]
fn a_first_connection_that_takes_long_is_tried_again_beside_itself() {
    let mut pools = Pools::new(Limits::default());
    want(&mut pools, A, 1, 0);
    assert_eq!(pools.due(), Some(millis(250)));
    assert_eq!(pools.overdue(millis(249)), []);
    let beside = Some(ConnectionId(1));
    let moves = pools.overdue(millis(250));
    assert_eq!(moves, [Move::Dial(ConnectionId(2), group(A), beside)]);
    assert_eq!(pools.due(), None);
    let moves = ready(&mut pools, 2, Wear::Fresh, 270);
    let granted = Move::Grant(RequestId(1), ConnectionId(2), Choice::Opened);
    assert_eq!(moves, [granted]);
    // The first goes on, and is idle when it is open.
    assert_eq!(ready(&mut pools, 1, Wear::Fresh, 1_020), []);
    assert_eq!(pools.connections(), 2);
}

#[test]
fn only_tcp_is_tried_twice_and_only_where_there_is_room() {
    let mut pools = Pools::new(Limits::default());
    want(&mut pools, A, 1, 0);
    pools.connected(ConnectionId(1));
    assert_eq!(pools.overdue(millis(250)), []);
    assert_eq!(pools.due(), None);
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    assert_eq!(pools.overdue(millis(250)), []);
    assert_eq!(pools.due(), Some(millis(500)));
}

#[test]
fn idle_connections_have_their_time_and_are_looked_at_when_one_is_wanted() {
    let mut pools = Pools::new(Limits::default());
    for n in 1..=2 {
        want(&mut pools, A, n, 0);
    }
    pools.withdrawn(RequestId(2), START);
    ready(&mut pools, 1, Wear::Fresh, 0);
    ready(&mut pools, 2, Wear::Fresh, 0);
    ready(&mut pools, 1, Wear::Used, 0);
    let retired =
        |n, used, idle_ms| Move::Retire(ConnectionId(n), Retirement::Idle { idle_ms, used });
    let moves = want(&mut pools, B, 3, 60_000);
    assert_eq!(moves[0], retired(2, false, 60_000));
    assert_eq!(pools.connections(), 2);
    let moves = want(&mut pools, A, 4, 300_000);
    assert_eq!(moves[0], retired(1, true, 300_000));
    assert!(matches!(moves[1], Move::Dial(..)), "{moves:?}");
}

#[test]
fn ten_of_low_priority_go_at_a_time_and_one_more_for_each_that_ends() {
    let mut pools = Pools::new(Limits::default());
    let mut held = vec![];
    for n in 1..=14 {
        let request = RequestId(n);
        let to = group(u8::try_from(n % 3).unwrap() * 2);
        let moves = pools.wanted(&to, request, Priority::Low, START);
        let is_held = |order: &&Move| {
            let reason = QueueReason::LowFull { limit: 10 };
            matches!(order, Move::Queue(_, _, why) if *why == reason)
        };
        held.extend(moves.iter().filter(is_held).cloned());
    }
    assert_eq!(held.len(), 4);
    let moves = ready(&mut pools, 1, Wear::Fresh, 20);
    assert_eq!(moves.len(), 1, "a grant, and no more: {moves:?}");
    let moves = ready(&mut pools, 1, Wear::Used, 100);
    let let_in = |order: &Move| matches!(order, Move::Dial(_, to, None) if *to == group(4));
    assert!(moves.iter().any(let_in), "{moves:?}");
    // Others do not wait for them.
    let moves = want(&mut pools, A, 99, 100);
    assert!(!held.contains(&moves[0]), "{moves:?}");
}
