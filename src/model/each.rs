use std::iter::Map;
use std::ops::{Index, Range};
use std::slice;

use crate::message::Shared;

/// All requests or connections of a picture, in order; other pictures may have some of them too.
#[derive(Debug)]
pub struct Each<'a, T>(pub(super) &'a [Shared<T>]);

impl<T> Clone for Each<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Each<'_, T> {}

impl<'a, T> Each<'a, T> {
    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The one at a place, counted from 0.
    #[inline]
    pub fn get(self, place: usize) -> Option<&'a T> {
        self.0.get(place).map(|one| &**one)
    }

    /// Those at some places; none where these are not all there.
    #[must_use]
    pub fn part(self, places: Range<usize>) -> Self {
        Self(self.0.get(places).unwrap_or_default())
    }

    /// The first.
    pub fn first(self) -> Option<&'a T> {
        self.get(0)
    }

    /// The last.
    pub fn last(self) -> Option<&'a T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// One after the other.
    pub fn iter(self) -> <Self as IntoIterator>::IntoIter {
        self.0.iter().map(|one| &**one)
    }
}

/// The one at a place that is there.
impl<T> Index<usize> for Each<'_, T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.0[place]
    }
}

impl<'a, T> IntoIterator for Each<'a, T> {
    type Item = &'a T;
    type IntoIter = Map<slice::Iter<'a, Shared<T>>, fn(&'a Shared<T>) -> &'a T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
