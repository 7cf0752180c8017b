use std::cmp::Ordering;
use std::ops::Range;

use crate::event::RequestId;
use crate::model::{Model, Request};

use super::column::Column;
use super::order::{By, Key, Order};
use crate::query::Filter;

/// So many changed rows are put in their places one by one; more, all at once.
const FEW: usize = 16;

/// As few and as many requests are looked at before a key is listened for and a frame drawn.
const STEP: (usize, usize) = if cfg!(test) { (16, 16) } else { (2_048, 8_192) };
/// Of many requests at least this part is looked at each time: what was found is merged as often.
const PART: usize = 64;

/// Which requests are shown in which order, kept up as facts come: only what changed is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    order: Order,
    filter: Filter,
    /// The places of the requests that are shown, in order.
    places: Vec<usize>,
    /// By place: what the request is sorted by, as it was when it got its row.
    keys: Vec<Key>,
    /// By place: whether it is shown.
    shown: Vec<bool>,
    /// The first place that was not looked at yet.
    next: usize,
    /// How many changes of the model are in these rows.
    seen: u64,
    /// Whether order or filter are others than those of these rows.
    is_stale: bool,
}

impl Rows {
    pub(super) fn filter_by(&mut self, filter: Filter) {
        self.filter = filter;
        self.is_stale = true;
    }

    /// The picture is another one, so that no row is known to be as it was.
    pub(super) const fn forget(&mut self) {
        self.is_stale = true;
    }

    pub(super) fn sort_by(&mut self, order: Order) {
        if self.order != order {
            self.order = order;
            self.is_stale = true;
        }
    }

    /// Whether every request has the row of its place, so that there is nothing to keep.
    fn is_plain(&self) -> bool {
        self.filter.is_empty() && self.order.is_usual()
    }

    /// Facts came, or another order or filter.
    ///
    /// Of rows that are all to be made anew, some are made at a time: see [`Self::is_behind`].
    pub(super) fn refresh(&mut self, model: &Model) {
        let count = model.requests().len();
        let changed = model.journal().since(self.seen);
        let is_new = std::mem::take(&mut self.is_stale) || count < self.next || self.is_plain();
        match changed {
            Some(changed) if !is_new => {
                let mut changed: Vec<usize> = changed.filter(|place| *place < self.next).collect();
                changed.sort_unstable();
                changed.dedup();
                self.update(&changed, model);
            }
            _ => {
                (self.places, self.keys, self.shown) = (Vec::new(), Vec::new(), Vec::new());
                self.next = 0;
            }
        }
        self.seen = model.journal().len();
        if !self.is_plain() {
            let step = (count / PART).clamp(STEP.0, STEP.1);
            let until = count.min(self.next + step);
            self.look_at(self.next..until, model);
            self.next = until;
        }
    }

    /// Whether there are requests that were not looked at yet; another look takes the next of them.
    pub(super) fn is_behind(&self, model: &Model) -> bool {
        !self.is_plain() && self.next < model.requests().len()
    }

    /// Takes in the rows of requests that have not been looked at.
    fn look_at(&mut self, places: Range<usize>, model: &Model) {
        let mut come = Vec::new();
        let requests = model.requests().part(places.clone());
        for (place, request) in places.zip(requests) {
            let is_shown = self.filter.lets_through(request);
            self.shown.push(is_shown);
            if !self.is_by_place() {
                // Nobody asks for the key of a row that is not there.
                let key = is_shown.then(|| Key::of(self.order.by, request, model));
                self.keys.push(key.unwrap_or(Key::Unknown));
            }
            if is_shown {
                come.push(place);
            }
        }
        self.put_in(come);
    }

    fn update(&mut self, changed: &[usize], model: &Model) {
        let mut moved = Vec::new();
        for place in changed.iter().copied() {
            let Some(request) = model.requests().get(place) else {
                continue;
            };
            let is_shown = self.filter.lets_through(request);
            let was_shown = self.shown.get(place).copied().unwrap_or(false);
            let key =
                (is_shown && !self.is_by_place()).then(|| Key::of(self.order.by, request, model));
            let is_same = is_shown == was_shown
                && key
                    .as_ref()
                    .is_none_or(|key| self.keys.get(place) == Some(key));
            if !is_same {
                moved.push((place, is_shown, was_shown, key));
            }
        }
        let gone: Vec<usize> = moved
            .iter()
            .filter(|(_, _, was_shown, _)| *was_shown)
            .map(|(place, ..)| *place)
            .collect();
        self.take_out(&gone);
        let mut come = Vec::new();
        for (place, is_shown, _, key) in moved {
            if let Some(shown) = self.shown.get_mut(place) {
                *shown = is_shown;
            }
            if let (Some(known), Some(key)) = (self.keys.get_mut(place), key) {
                *known = key;
            }
            if is_shown {
                come.push(place);
            }
        }
        self.put_in(come);
    }

    /// Takes rows out; their keys are still as they were.
    fn take_out(&mut self, gone: &[usize]) {
        if gone.len() <= FEW {
            for place in gone {
                if let Ok(row) = self.find(*place) {
                    self.places.remove(row);
                }
            }
            return;
        }
        for place in gone {
            if let Some(shown) = self.shown.get_mut(*place) {
                *shown = false;
            }
        }
        let shown = &self.shown;
        self.places
            .retain(|place| shown.get(*place).copied().unwrap_or(false));
    }

    /// Puts rows in where they belong.
    fn put_in(&mut self, mut come: Vec<usize>) {
        if come.len() <= FEW {
            for place in come {
                if let Err(row) = self.find(place) {
                    self.places.insert(row, place);
                }
            }
            return;
        }
        come.sort_unstable_by(|a, b| self.compare(*a, *b));
        let is_behind = |(last, first): (&usize, &usize)| self.compare(*last, *first).is_lt();
        if self.places.last().zip(come.first()).is_none_or(is_behind) {
            self.places.extend(come);
            return;
        }
        let mut merged = Vec::with_capacity(self.places.len() + come.len());
        let mut come = come.into_iter().peekable();
        for place in &self.places {
            while let Some(next) = come.next_if(|next| self.compare(*next, *place).is_lt()) {
                merged.push(next);
            }
            merged.push(*place);
        }
        merged.extend(come);
        self.places = merged;
    }

    fn is_by_place(&self) -> bool {
        self.order.by == By::Column(Column::Number)
    }

    /// The row of a place, or where it would be.
    fn find(&self, place: usize) -> Result<usize, usize> {
        self.places
            .binary_search_by(|other| self.compare(*other, place))
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let turned = |order: Ordering| {
            if self.order.is_reversed {
                order.reverse()
            } else {
                order
            }
        };
        if self.is_by_place() {
            return turned(a.cmp(&b));
        }
        let key = |place: usize| self.keys.get(place).unwrap_or(&Key::Unknown);
        let by_key = match (key(a), key(b)) {
            (Key::Unknown, _) | (_, Key::Unknown) => key(a).cmp(key(b)),
            (known, other) => turned(known.cmp(other)),
        };
        by_key.then(a.cmp(&b))
    }

    /// How many rows there are.
    pub(super) fn count(&self, model: &Model) -> usize {
        if self.is_plain() {
            model.requests().len()
        } else {
            self.places.len()
        }
    }

    /// The request in a row.
    pub(super) fn row<'a>(&self, row: usize, model: &'a Model) -> Option<&'a Request> {
        let place = if self.is_plain() {
            row
        } else {
            *self.places.get(row)?
        };
        model.requests().get(place)
    }

    /// The row of a request, if it is shown.
    pub(super) fn row_of(&self, request: RequestId, model: &Model) -> Option<usize> {
        let place = model.place(request)?;
        if self.is_plain() {
            return Some(place);
        }
        let is_shown = self.shown.get(place).copied().unwrap_or(false);
        is_shown.then(|| self.find(place).ok()).flatten()
    }

    /// The row nearest to where a request that is not shown would be.
    pub(super) fn row_near(&self, request: RequestId, model: &Model) -> usize {
        let last = self.count(model).saturating_sub(1);
        let Some(place) = model.place(request) else {
            return 0;
        };
        if self.is_by_place() {
            return self.find(place).unwrap_or_else(|row| row).min(last);
        }
        let Some(request) = model.requests().get(place) else {
            return 0;
        };
        let key = Key::of(self.order.by, request, model);
        let is_before = |other: &usize| {
            let other = self.keys.get(*other).unwrap_or(&Key::Unknown);
            if self.order.is_reversed && *other != Key::Unknown && key != Key::Unknown {
                *other > key
            } else {
                *other < key
            }
        };
        self.places.partition_point(is_before).min(last)
    }
}
