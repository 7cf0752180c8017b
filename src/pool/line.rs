use std::collections::{BTreeMap, HashMap};

use crate::event::RequestId;
use crate::message::Priority;

/// Requests in line: those of a higher priority first, and in turn within one.
///
/// Every question and every change costs the logarithm of the number waiting, at most.
#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: BTreeMap<Place, RequestId>,
    places: HashMap<RequestId, Place>,
    counts: [usize; 3],
    back: i64,
    front: i64,
}

/// Where a request stands: its priority, and its turn within it.
type Place = (Priority, i64);

impl Line {
    /// `request` joins at the end of its priority; how many are ahead of it.
    pub(super) fn join(&mut self, request: RequestId, priority: Priority) -> usize {
        self.back += 1;
        self.insert(request, (priority, self.back));
        self.up_to(priority) - 1
    }

    /// `request` goes back to the head of its priority; how many are ahead of it.
    pub(super) fn rejoin(&mut self, request: RequestId, priority: Priority) -> usize {
        self.front -= 1;
        self.insert(request, (priority, self.front));
        self.up_to(priority) - self.counts[priority as usize]
    }

    /// Whose turn it is.
    pub(super) fn first(&self) -> Option<(Priority, RequestId)> {
        let ((priority, _), request) = self.waiting.first_key_value()?;
        Some((*priority, *request))
    }

    /// Takes out whose turn it is.
    pub(super) fn pop(&mut self) -> Option<(Priority, RequestId)> {
        let first = self.first()?;
        self.leave(first.1);
        Some(first)
    }

    /// `request` leaves; false if it was not there.
    pub(super) fn leave(&mut self, request: RequestId) -> bool {
        let Some(place) = self.places.remove(&request) else {
            return false;
        };
        self.waiting.remove(&place);
        self.counts[place.0 as usize] -= 1;
        true
    }

    /// Whether `request` is in line.
    pub(super) fn has(&self, request: RequestId) -> bool {
        self.places.contains_key(&request)
    }

    /// How many are in line.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nobody is.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many are in line with `priority` or a higher one.
    fn up_to(&self, priority: Priority) -> usize {
        self.counts.iter().take(priority as usize + 1).sum()
    }

    fn insert(&mut self, request: RequestId, place: Place) {
        self.leave(request);
        self.waiting.insert(place, request);
        self.places.insert(request, place);
        self.counts[place.0 as usize] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Priority::{Auto, High, Low};

    #[test]
    fn higher_priorities_go_first_and_within_one_it_is_by_turns() {
        let mut line = Line::default();
        let joined = [(1, Low), (2, Auto), (3, High), (4, Auto), (5, High)];
        let ahead = joined.map(|(n, priority)| line.join(RequestId(n), priority));
        assert_eq!(ahead, [0, 0, 0, 2, 1]);
        assert_eq!(line.rejoin(RequestId(6), Auto), 2);
        assert!(line.leave(RequestId(2)) && !line.leave(RequestId(2)));
        let order = std::iter::from_fn(|| line.pop()).map(|(_, request)| request.0);
        assert_eq!(order.collect::<Vec<_>>(), [3, 5, 6, 4, 1]);
        assert!(line.is_empty());
    }
}
