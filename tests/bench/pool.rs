//! What a decision of the pool costs, however many wait.

use std::collections::VecDeque;

use netwaterfall::event::{ConnectionId, Moment, RequestId};
use netwaterfall::message::{Credentials, Group, Origin, Priority, Scheme};
use netwaterfall::pool::{Limits, Move, Pools, Wear};

use crate::stopwatch::{line, median};

/// Pools with some requests in line, and whoever drives them.
struct Driver {
    pools: Pools,
    groups: Vec<Group>,
    asked: u32,
    now: u64,
    busy: VecDeque<ConnectionId>,
    opening: VecDeque<ConnectionId>,
}

impl Driver {
    fn new(hosts: usize) -> Self {
        let group = |n: usize| {
            let origin = Origin {
                scheme: Scheme::Http,
                host: format!("host-{n}.test"),
                port: 80,
            };
            Group::new(origin, Credentials::Include)
        };
        Self {
            pools: Pools::new(Limits::default()),
            groups: (0..hosts).map(group).collect(),
            asked: 0,
            now: 0,
            busy: VecDeque::new(),
            opening: VecDeque::new(),
        }
    }

    /// Pools of so many hosts with so many requests in line, no connection open yet.
    fn with_line(hosts: usize, requests: usize) -> Self {
        let mut driver = Self::new(hosts);
        for _ in 0..requests {
            driver.want();
        }
        driver
    }

    fn want(&mut self) {
        self.asked += 1;
        self.now += 1;
        let place = usize::try_from(self.asked).unwrap_or(0) % self.groups.len();
        let priorities = [Priority::Auto, Priority::Auto, Priority::High];
        let priority = priorities[place % 3];
        let Some(group) = self.groups.get(place) else {
            return;
        };
        let moves = self
            .pools
            .wanted(group, RequestId(self.asked), priority, Moment(self.now));
        self.take(moves);
    }

    /// One connection opens or is given back; whether there was one.
    fn serve(&mut self) -> bool {
        self.now += 1;
        let now = Moment(self.now);
        let moves = if let Some(connection) = self.opening.pop_front() {
            self.pools.ready(connection, Wear::Fresh, now)
        } else if let Some(connection) = self.busy.pop_front() {
            self.pools.ready(connection, Wear::Used, now)
        } else {
            return false;
        };
        self.take(moves);
        true
    }

    fn take(&mut self, moves: Vec<Move>) {
        for decided in moves {
            match decided {
                Move::Dial(connection, ..) => self.opening.push_back(connection),
                Move::Grant(_, connection, _) => self.busy.push_back(connection),
                Move::Queue(..) | Move::Refuse(..) | Move::Retire(..) => {}
            }
        }
    }
}

/// One served and one more in line: the line stays as long as it is.
const STEPS: u32 = 2_000;

pub(crate) fn bench() {
    let mut first = None;
    for (name, waiting) in [("1 k", 1_000), ("10 k", 10_000), ("100 k", 100_000)] {
        for hosts in [1, 1_000] {
            let mut driver = Driver::with_line(hosts, waiting);
            let took = median(STEPS, || {
                driver.want();
                driver.serve()
            });
            let base = *first.get_or_insert(took);
            let what = format!("two decisions, {name} waiting for {hosts} hosts");
            line(&what, took, Some((base, "1 k, 1 host")));
        }
    }
    let took = median(1, || {
        let mut driver = Driver::with_line(1_000, 100_000);
        while driver.serve() {}
        driver.asked
    });
    line("100,000 requests over 1,000 hosts, all of it", took, None);
}
