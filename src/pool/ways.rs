use std::collections::HashMap;

use crate::event::Moment;

use super::host_pool::{HostPool, Turn};
use super::ranking::Ranking;

/// The ways out of this machine: directly, and through each proxy.
#[derive(Debug)]
pub(super) struct Ways {
    /// The direct one is the first.
    all: Vec<Way>,
    /// Which way each group takes that takes another than the direct one.
    roads: HashMap<usize, usize>,
    per_proxy: usize,
}

/// A way, and the groups that take it, by what they need and have to give.
#[derive(Debug, Default)]
struct Way {
    proxy: Option<String>,
    connections: usize,
    needy: Ranking<Turn>,
    idlest: Ranking<(Moment, u64)>,
}

impl Ways {
    /// The direct way; through each proxy there may be so many connections.
    pub(super) fn new(per_proxy: usize) -> Self {
        Self {
            all: vec![Way::default()],
            roads: HashMap::new(),
            per_proxy,
        }
    }

    /// The group numbered `group` goes through `proxy`.
    pub(super) fn lead(&mut self, group: usize, proxy: &str) {
        let is_it = |way: &Way| way.proxy.as_deref() == Some(proxy);
        let known = self.all.iter().position(is_it);
        let way = known.unwrap_or_else(|| {
            self.all.push(Way {
                proxy: Some(proxy.to_owned()),
                ..Way::default()
            });
            self.all.len() - 1
        });
        self.roads.insert(group, way);
    }

    /// A group has one connection more.
    pub(super) fn gain(&mut self, group: usize) {
        if let Some(way) = self.way_mut(group) {
            way.connections += 1;
        }
    }

    /// A group has one connection less.
    pub(super) fn lose(&mut self, group: usize) {
        if let Some(way) = self.way_mut(group) {
            way.connections = way.connections.saturating_sub(1);
        }
    }

    /// Whether the proxy of a group has all the connections that it may have.
    pub(super) fn is_full(&self, group: usize) -> bool {
        let way = self.all.get(self.road(group));
        let way = way.filter(|way| way.proxy.is_some());
        way.is_some_and(|way| way.connections >= self.per_proxy.max(1))
    }

    /// Ranks a group by what its pool needs and has to give now.
    pub(super) fn rank(&mut self, group: usize, pool: &HostPool) {
        if let Some(way) = self.way_mut(group) {
            way.needy.set(group, pool.need());
            let idlest = pool.idlest().map(|(since, count, _)| (since, count));
            way.idlest.set(group, idlest);
        }
    }

    /// The first turn behind `former` of those that are the first on their ways, and whose group's.
    pub(super) fn turn_after(&self, former: Option<Turn>) -> Option<(Turn, usize)> {
        let turns = self.all.iter().filter_map(|way| way.needy.first());
        let is_behind = |(turn, _): &(Turn, usize)| former.is_none_or(|former| *turn > former);
        turns.filter(is_behind).min()
    }

    /// The group that can best make room for another: on the same way where that is full.
    pub(super) fn idlest_but(&self, group: usize) -> Option<usize> {
        let (road, is_full) = (self.road(group), self.is_full(group));
        let ways = self.all.iter().enumerate();
        let meant = ways.filter(|(place, _)| !is_full || *place == road);
        let idlest = meant.filter_map(|(_, way)| way.idlest.first_but(group));
        idlest.min().map(|(_, other)| other)
    }

    fn road(&self, group: usize) -> usize {
        self.roads.get(&group).copied().unwrap_or_default()
    }

    fn way_mut(&mut self, group: usize) -> Option<&mut Way> {
        let road = self.road(group);
        self.all.get_mut(road)
    }
}

/// The direct way alone.
impl Default for Ways {
    fn default() -> Self {
        Self::new(usize::MAX)
    }
}
