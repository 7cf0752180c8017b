use std::collections::BTreeMap;

use crate::event::{Event, Moment};

use super::Model;

/// A run's facts, and how many of them a picture was made of.
///
/// Going on folds what comes next. Going back begins at a picture that was kept on an earlier way
/// back, or at the beginning; a run that nobody goes back in keeps no pictures.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    events: Vec<Event>,
    place: usize,
    /// Pictures, by how many facts they were made of.
    kept: BTreeMap<usize, Model>,
}

/// So many pictures are kept at most, evenly over the run.
const PICTURES: usize = 8;
/// One more is kept so many facts back, for the next step.
const NEAR: usize = 256;

impl Tape {
    /// Takes a fact in; the picture is as before.
    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Every fact so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many facts the picture was made of.
    pub const fn place(&self) -> usize {
        self.place
    }

    /// How many facts there are up to a moment.
    pub fn place_at(&self, moment: Moment) -> usize {
        self.events.partition_point(|event| event.at <= moment)
    }

    /// The latest fact of the picture.
    pub fn shown(&self) -> Option<&Event> {
        self.events.get(self.place.checked_sub(1)?)
    }

    /// Makes of `model`, which is the picture of [`Self::place`] facts, the picture of `place`.
    pub fn wind(&mut self, place: usize, model: &mut Model) {
        let place = place.min(self.events.len());
        let is_back = place < self.place;
        if is_back {
            let kept = self.kept.range(..=place).next_back();
            let (from, picture) =
                kept.map_or_else(Default::default, |(from, kept)| (*from, kept.clone()));
            (self.place, *model) = (from, picture);
        }
        let stride = (self.events.len() / PICTURES).max(NEAR);
        let near = place.saturating_sub(NEAR);
        if is_back {
            self.kept
                .retain(|at, _| at.is_multiple_of(stride) || *at == near);
        }
        while let Some(event) = self.events.get(self.place).filter(|_| self.place < place) {
            if is_back
                && self.place > 0
                && (self.place.is_multiple_of(stride) || self.place == near)
            {
                self.kept.entry(self.place).or_insert_with(|| model.clone());
            }
            model.apply(event);
            self.place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Fact;

    #[test]
    fn pictures_are_few_however_often_one_goes_back() {
        let mut tape = Tape::default();
        for at in 0..10_000 {
            tape.push(Event {
                at: Moment(at),
                fact: Fact::RunEnded,
            });
        }
        let mut model = Model::default();
        tape.wind(10_000, &mut model);
        assert!(tape.kept.is_empty(), "nobody went back");
        for place in (1..10_000).rev().step_by(7) {
            tape.wind(place, &mut model);
            assert_eq!(tape.place(), place);
            assert!(tape.kept.len() <= PICTURES + 1, "{}", tape.kept.len());
        }
    }
}
