use std::collections::VecDeque;

/// So many changes are remembered: more than come between two looks at a run under way.
const REMEMBERED: usize = 32_768;

/// Which requests changed lately, so that whoever keeps an index of them need not look at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    places: VecDeque<usize>,
    forgotten: u64,
}

impl Journal {
    /// The number of changes so far.
    pub fn len(&self) -> u64 {
        self.forgotten + self.places.len() as u64
    }

    /// Whether nothing ever changed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The places of the requests that changed after the first `seen` changes, one more than once
    /// where it changed so; nothing if they are forgotten, or if there never were so many.
    pub fn since(&self, seen: u64) -> Option<impl Iterator<Item = usize>> {
        let skipped = usize::try_from(seen.checked_sub(self.forgotten)?).ok()?;
        (skipped <= self.places.len()).then(|| self.places.range(skipped..).copied())
    }

    pub(super) fn note(&mut self, place: usize) {
        if self.places.len() == REMEMBERED {
            self.places.pop_front();
            self.forgotten += 1;
        }
        self.places.push_back(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_once_and_forgotten_in_the_end() {
        let mut journal = Journal::default();
        assert!(journal.is_empty());
        for place in [3, 4, 3] {
            journal.note(place);
        }
        let since = |seen| journal.since(seen).map(Iterator::collect::<Vec<_>>);
        assert_eq!(since(0), Some(vec![3, 4, 3]));
        assert_eq!(since(2), Some(vec![3]));
        assert_eq!(since(3), Some(vec![]));
        assert_eq!(since(4), None, "another run");
        let mut journal = journal.clone();
        for _ in 0..REMEMBERED {
            journal.note(7);
        }
        assert_eq!(journal.len(), 3 + REMEMBERED as u64);
        assert!(journal.since(2).is_none());
        assert_eq!(journal.since(3).unwrap().count(), REMEMBERED);
    }
}
