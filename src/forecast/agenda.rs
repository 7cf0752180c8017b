use std::collections::BTreeMap;

use crate::event::Moment;

/// What is to happen when.
///
/// What falls on one moment happens in the order in which it was recorded, and what was never
/// recorded after that, in the order in which it was noted.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    entries: BTreeMap<(Moment, u64, u64), T>,
    noted: u64,
}

impl<T> Agenda<T> {
    pub(super) const fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            noted: 0,
        }
    }

    /// `what` is to happen at `at`; in the recording it was fact number `recorded`.
    pub(super) fn note(&mut self, at: Moment, recorded: Option<u64>, what: T) {
        self.noted += 1;
        let order = recorded.unwrap_or(u64::MAX);
        self.entries.insert((at, order, self.noted), what);
    }

    /// The next that happens.
    pub(super) fn next(&mut self) -> Option<(Moment, T)> {
        let ((at, ..), what) = self.entries.pop_first()?;
        Some((at, what))
    }
}
