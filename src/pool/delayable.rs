use std::collections::HashMap;

use crate::event::RequestId;
use crate::message::Priority;

use super::limits::Limits;
use super::line::Line;
use super::ranking::Ranking;

/// The requests of low priority, of which only so many are let into the lines at a time.
///
/// Chromium's rule for what it calls delayable: ten in all, six to a host, and one more for each
/// that ends.
#[derive(Debug, Default)]
pub(super) struct Delayable {
    under_way: HashMap<RequestId, usize>,
    groups: Vec<Held>,
    next: Ranking<u64>,
    turns: u64,
    held: HashMap<RequestId, usize>,
}

/// What there is of one group.
#[derive(Debug, Default)]
struct Held {
    under_way: usize,
    line: Line,
    /// In which order those in the line came, over all groups.
    turns: HashMap<RequestId, u64>,
}

impl Delayable {
    /// Lets `request` of the group numbered `group` in; or the number held before it, if it is held.
    pub(super) fn admit(
        &mut self,
        request: RequestId,
        group: usize,
        limits: &Limits,
    ) -> Result<(), usize> {
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, Held::default);
        }
        if self.under_way.contains_key(&request) {
            return Ok(());
        }
        if self.has_room(group, limits) {
            self.let_in(request, group);
            return Ok(());
        }
        self.turns += 1;
        let ahead = self.held.len();
        self.held.insert(request, group);
        if let Some(held) = self.groups.get_mut(group) {
            held.line.join(request, Priority::Low);
            held.turns.insert(request, self.turns);
        }
        self.rank(group, limits);
        Err(ahead)
    }

    /// `request` is over, or is not wanted any more.
    pub(super) fn ended(&mut self, request: RequestId, limits: &Limits) {
        let group = if let Some(group) = self.under_way.remove(&request) {
            if let Some(held) = self.groups.get_mut(group) {
                held.under_way -= 1;
            }
            group
        } else if let Some(group) = self.held.remove(&request) {
            if let Some(held) = self.groups.get_mut(group) {
                held.line.leave(request);
                held.turns.remove(&request);
            }
            group
        } else {
            return;
        };
        self.rank(group, limits);
    }

    /// The next that is let in, and its group; nothing while there are as many as may be.
    pub(super) fn next(&mut self, limits: &Limits) -> Option<(RequestId, usize)> {
        if self.under_way.len() >= limits.low.max(1) {
            return None;
        }
        let (_, group) = self.next.first()?;
        let held = self.groups.get_mut(group)?;
        let (_, request) = held.line.pop()?;
        held.turns.remove(&request);
        self.held.remove(&request);
        self.let_in(request, group);
        self.rank(group, limits);
        Some((request, group))
    }

    fn has_room(&self, group: usize, limits: &Limits) -> bool {
        let of_group = self.groups.get(group).map_or(0, |held| held.under_way);
        self.under_way.len() < limits.low.max(1) && of_group < limits.low_per_host.max(1)
    }

    fn let_in(&mut self, request: RequestId, group: usize) {
        self.under_way.insert(request, group);
        if let Some(held) = self.groups.get_mut(group) {
            held.under_way += 1;
        }
    }

    /// A group's rank is the turn of its first, as long as it may have one more.
    fn rank(&mut self, group: usize, limits: &Limits) {
        let Some(held) = self.groups.get(group) else {
            return;
        };
        let first = held.line.first();
        let turn = first.and_then(|(_, request)| held.turns.get(&request).copied());
        let is_open = held.under_way < limits.low_per_host.max(1);
        self.next.set(group, turn.filter(|_| is_open));
    }
}
