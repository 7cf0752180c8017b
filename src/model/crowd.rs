use crate::event::{Moment, RequestId};
use crate::message::{Group, Priority};

use super::Model;

/// Who stands in line for the connections of a host.
impl Model {
    /// A request gets in line, behind those of its priority and before those of a lower one.
    pub(super) fn join_line(&mut self, group: &Group, id: RequestId, priority: Priority) {
        let is_lower = |other: &RequestId| {
            let other = self.request(*other);
            other.is_some_and(|other| other.priority > priority)
        };
        let waiting = self.host(group).map(|host| &host.waiting);
        let lower = waiting.map_or(0, |line| {
            line.iter().rev().take_while(|id| is_lower(id)).count()
        });
        let line = &mut self.host_mut(group).waiting;
        line.insert(line.len().saturating_sub(lower), id);
    }

    /// A request waits because all connections are in use.
    pub(super) fn join_crowd(&mut self, id: RequestId, at: Moment) -> Option<()> {
        let group = self.request(id)?.group()?;
        let host = self.host_mut(&group);
        host.note_crowd(host.crowd + 1, at);
        self.totals.waiting += 1;
        Some(())
    }

    /// A request waits no longer: it was served, or gave up.
    pub(super) fn leave_line(&mut self, group: &Group, id: RequestId, at: Moment) {
        let was_crowded = self
            .request_mut(id)
            .is_some_and(|request| std::mem::take(&mut request.is_crowded));
        let host = self.host_mut(group);
        if let Some(place) = host.ahead(id) {
            host.waiting.remove(place);
        }
        if was_crowded {
            host.note_crowd(host.crowd.saturating_sub(1), at);
            self.totals.waiting = self.totals.waiting.saturating_sub(1);
        }
    }
}
