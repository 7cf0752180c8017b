//! Who gets which connection, whatever is asked, opened, given back, broken and given up.

use std::collections::{BTreeMap, BTreeSet};

use netwaterfall::event::{Choice, ConnectionId, Moment, QueueReason, RequestId, Retirement};
use netwaterfall::message::{Credentials, Group, Origin, Priority, Scheme};
use netwaterfall::pool::{Limits, Move, Pools, Wear};

/// The first two bytes are the limits, each two behind them an operation.
pub(super) fn law(bytes: &[u8]) {
    let Some(([per_host, all], operations)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let of = |byte: &u8, most: u8| usize::from(byte % most) + 1;
    let mut world = World::new(limits(of(per_host, 3), of(all, 7)));
    for operation in operations.chunks_exact(2).filter_map(operation) {
        world.step(&operation);
        world.check();
    }
}

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

/// Two bytes are an operation: what it is, and on which of those that there are.
fn operation(bytes: &[u8]) -> Option<Operation> {
    let [what, which] = *bytes else { return None };
    let n = usize::from(which);
    Some(match what % 24 {
        0..=2 => Operation::Want(which % 6, Priority::Auto),
        3 | 4 => Operation::Want(which % 6, Priority::Low),
        5 => Operation::Want(which % 6, Priority::High),
        6..=9 => Operation::Open(n),
        10..=13 => Operation::GiveBack(n),
        14 | 15 => Operation::Close(n),
        16 => Operation::Fail(n),
        17 | 18 => Operation::Stale(n),
        19 => Operation::Withdraw(n),
        20 => Operation::CloseIdle(n),
        21 => Operation::Connect(n),
        _ => Operation::Wait(u64::from(which) * 400),
    })
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
