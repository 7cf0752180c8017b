use std::borrow::Cow;

use crate::event::{Event, Moment};
use crate::model::Model;
use crate::ui::{Held, Pace, Wind};

use super::screen::Screen;

/// A run has so many parts when it is gone through quickly.
const PARTS: u32 = 50;

/// The screen at any fact of the run.
impl Screen {
    /// Takes a fact in; it is shown unless the screen stands still.
    pub(super) fn apply(&mut self, event: Event) {
        self.tape.push(event, &mut self.model);
        match &mut self.state.pace {
            Pace::Live => self.tape.wind(usize::MAX, &mut self.model),
            Pace::Held(held) => held.count = self.tape.len(),
            Pace::Playing(_) => {}
        }
    }

    /// The moment that is drawn when it is `now`.
    pub(super) fn moment(&self, now: Moment) -> Moment {
        self.state.pace.held().map_or(now, |held| held.at)
    }

    /// Stands still at `now`, what is known at that moment on the screen.
    pub(super) fn hold(&mut self, now: Moment) {
        self.stand(now);
    }

    /// Shows all that is known again.
    pub(super) fn release(&mut self) {
        self.state.pace = Pace::Live;
        self.go_to(usize::MAX);
    }

    /// Goes through the facts; whatever goes on stands still.
    pub(super) fn wind(&mut self, wind: Wind, now: Moment) {
        if self.tape.is_empty() {
            self.state.tell("nothing has happened yet");
            return;
        }
        let place = self.tape.place();
        let to = match wind {
            Wind::Hold => place,
            Wind::Facts(by) => place.saturating_add_signed(by),
            Wind::Parts(by) => self.part(by, self.moment(now)),
        };
        if to > self.tape.len() {
            self.state.tell("this is the latest fact");
        }
        self.go_to(to.max(1));
        let at = self.tape.shown().map_or(now, |event| event.at);
        self.stand(at);
    }

    /// How many facts there are `by` parts of the run away, one at least.
    fn part(&self, by: isize, from: Moment) -> usize {
        let last = self.tape.len().checked_sub(1);
        let ends = (
            self.tape.event(0),
            last.and_then(|last| self.tape.event(last)),
        );
        let (Some(first), Some(last)) = ends else {
            return 0;
        };
        let far = last.at.since(first.at) / PARTS;
        let (place, is_back) = (self.tape.place(), by < 0);
        if is_back {
            if from <= first.at + far {
                return 1;
            }
            let to = Moment(from.0.saturating_sub(Moment::from(far).0));
            self.tape.place_at(to).min(place.saturating_sub(1))
        } else {
            self.tape.place_at(from + far).max(place + 1)
        }
    }

    /// The picture of so many facts; what a person selected stays selected where it is there.
    pub(super) fn go_to(&mut self, place: usize) {
        if self.state.selected != self.settled {
            self.wanted = self.state.selected;
        }
        self.tape.wind(place, &mut self.model);
        let is_there = |id: &_| self.model.request(*id).is_some();
        if let Some(wanted) = self.wanted.filter(is_there) {
            self.state.selected = Some(wanted);
        }
        self.state.look_again();
        self.state.settle(&self.model);
        self.settled = self.state.selected;
        // What could be saved is reckoned again, once all is shown.
        self.reckoned = 0;
    }

    /// Whether all that is known is shown.
    pub(super) fn is_whole(&self) -> bool {
        self.tape.place() == self.tape.len()
    }

    /// Whether something on the screen grows with time.
    pub(super) fn is_moving(&self) -> bool {
        self.state.pace == Pace::Live && self.model.is_moving()
    }

    /// The picture of all that is known, whatever is shown.
    pub(super) fn whole(&self) -> Cow<'_, Model> {
        if self.is_whole() {
            return Cow::Borrowed(&self.model);
        }
        Cow::Owned(self.tape.whole(self.model.clone()))
    }

    fn stand(&mut self, at: Moment) {
        self.state.pace = Pace::Held(Held {
            at,
            place: self.tape.place(),
            count: self.tape.len(),
            words: self
                .tape
                .shown()
                .map(|event| event.fact.to_string())
                .unwrap_or_default(),
        });
    }
}
