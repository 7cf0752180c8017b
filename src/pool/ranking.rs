use std::collections::BTreeSet;

/// Which group comes first by some figure, kept up as the figures change.
#[derive(Debug)]
pub(super) struct Ranking<T> {
    known: Vec<Option<T>>,
    order: BTreeSet<(T, usize)>,
}

impl<T> Default for Ranking<T> {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            order: BTreeSet::new(),
        }
    }
}

impl<T: Ord + Copy> Ranking<T> {
    /// The figure of the group numbered `group` is `figure` now; without one it has no rank.
    pub(super) fn set(&mut self, group: usize, figure: Option<T>) {
        if self.known.len() <= group {
            self.known.resize(group + 1, None);
        }
        let Some(known) = self.known.get_mut(group) else {
            return;
        };
        if *known == figure {
            return;
        }
        if let Some(former) = std::mem::replace(known, figure) {
            self.order.remove(&(former, group));
        }
        if let Some(figure) = figure {
            self.order.insert((figure, group));
        }
    }

    /// The group with the least figure.
    pub(super) fn first(&self) -> Option<(T, usize)> {
        self.order.first().copied()
    }

    /// The group with the least figure, of all but `group`.
    pub(super) fn first_but(&self, group: usize) -> Option<(T, usize)> {
        self.order
            .iter()
            .find(|(_, ranked)| *ranked != group)
            .copied()
    }
}
