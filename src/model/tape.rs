use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use crate::event::{Body, Event, Fact, Moment};

use super::Model;
use super::taped::{Lately, Taped};

/// A run's facts, and how many of them a picture was made of.
///
/// Going on folds what comes next. Going back begins at a picture that was kept on an earlier way
/// back, at one of the last two of a long run, or at the beginning.
/// Bodies are kept up to [`BODIES`] bytes; those that came first are let go for those that come.
#[derive(Debug)]
pub struct Tape {
    facts: Facts,
    lately: Lately,
    place: usize,
    /// Pictures, by how many facts they were made of.
    kept: BTreeMap<usize, Model>,
    /// The facts with bodies, and how large these are.
    bodies: VecDeque<(usize, u64)>,
    bytes: u64,
    room: u64,
}

/// So many bytes of bodies are kept of a run that is looked at.
pub const BODIES: u64 = 256_000_000;

/// So many pictures are kept at most, evenly over the run.
const PICTURES: usize = 8;
/// One more is kept so many facts back, for the next step.
const NEAR: usize = 256;
/// Of a run under way two are kept that are so many facts apart: whoever holds a long run mostly
/// steps back from where it is.
const LATE: usize = 65_536;

impl Tape {
    /// Takes a fact in; the picture is as before, but for bodies that are let go.
    pub fn push(&mut self, mut event: Event, model: &mut Model) {
        let bytes = content_of(&event.fact);
        if bytes > 0 {
            self.bodies.push_back((self.facts.len, bytes));
            self.bytes += bytes;
        }
        self.lately.share(&mut event.fact);
        self.facts.push(event);
        // The one that came just now stays, whatever its size.
        while self.bytes > self.room && self.bodies.len() > 1 {
            self.let_go_first(model);
        }
    }

    fn let_go_first(&mut self, model: &mut Model) {
        let Some((place, bytes)) = self.bodies.pop_front() else {
            return;
        };
        self.bytes -= bytes;
        // What was kept of the picture has it too.
        self.kept.clear();
        if let Some(Taped::Other(event)) = self.facts.get_mut(place) {
            if let Some(body) = body_of(&mut event.fact) {
                body.let_go();
            }
            if place < self.place {
                model.let_go(&event.fact);
            }
        }
    }

    /// How many facts there are so far.
    pub const fn len(&self) -> usize {
        self.facts.len
    }

    /// Whether nothing has happened yet.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every fact so far.
    pub fn events(&self) -> impl Iterator<Item = Cow<'_, Event>> {
        (0..self.len()).filter_map(|place| self.event(place))
    }

    /// The fact at a place, counted from 0.
    pub fn event(&self, place: usize) -> Option<Cow<'_, Event>> {
        self.facts.get(place).map(Taped::event)
    }

    /// How many facts the picture was made of.
    pub const fn place(&self) -> usize {
        self.place
    }

    /// How many facts there are up to a moment.
    pub fn place_at(&self, moment: Moment) -> usize {
        self.facts.until(moment)
    }

    /// The latest fact of the picture.
    pub fn shown(&self) -> Option<Cow<'_, Event>> {
        self.event(self.place.checked_sub(1)?)
    }

    /// The picture of all facts, made of `model`, which is the picture of [`Self::place`] of them.
    #[must_use]
    pub fn whole(&self, mut model: Model) -> Model {
        for place in self.place..self.len() {
            if let Some(event) = self.event(place) {
                model.apply(&event);
            }
        }
        model
    }

    /// Makes of `model`, which is the picture of [`Self::place`] facts, the picture of `place`.
    pub fn wind(&mut self, place: usize, model: &mut Model) {
        let place = place.min(self.len());
        let is_back = place < self.place;
        if is_back {
            let kept = self.kept.range(..=place).next_back();
            let (from, picture) =
                kept.map_or_else(Default::default, |(from, kept)| (*from, kept.clone()));
            (self.place, *model) = (from, picture);
        }
        // A run that goes on meanwhile does not make other places of it.
        let stride = (self.len() / PICTURES).max(NEAR).next_power_of_two();
        let near = place.saturating_sub(NEAR);
        let is_near = |at: usize| at <= place && at + 2 * NEAR > place;
        if is_back {
            self.kept.retain(|at, _| {
                at.is_multiple_of(stride) || at.is_multiple_of(LATE) || is_near(*at)
            });
        }
        while self.place < place
            && let Some(fact) = self.facts.get(self.place)
        {
            if is_back
                && self.place > 0
                && (self.place.is_multiple_of(stride) || self.place == near)
            {
                self.kept.entry(self.place).or_insert_with(|| model.clone());
            }
            model.apply(&fact.event());
            self.place += 1;
            if !is_back && self.place.is_multiple_of(LATE) {
                self.keep_late(model);
            }
        }
    }

    fn keep_late(&mut self, model: &Model) {
        let place = self.place;
        self.kept
            .retain(|at, _| !at.is_multiple_of(LATE) || at + LATE >= place);
        self.kept.insert(place, model.clone());
    }
}

/// So many facts are in a piece.
const PIECE: usize = 4_096;

/// Facts in pieces, so that none is ever moved, and no room is taken for many that may not come.
#[derive(Debug, Default)]
struct Facts {
    pieces: Vec<Vec<Taped>>,
    len: usize,
}

impl Facts {
    fn push(&mut self, event: Event) {
        if self.len.is_multiple_of(PIECE) {
            let room = if self.len == 0 { 0 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(event.into());
            self.len += 1;
        }
    }

    fn get(&self, place: usize) -> Option<&Taped> {
        self.pieces.get(place / PIECE)?.get(place % PIECE)
    }

    fn get_mut(&mut self, place: usize) -> Option<&mut Taped> {
        self.pieces.get_mut(place / PIECE)?.get_mut(place % PIECE)
    }

    /// How many there are up to a moment.
    fn until(&self, moment: Moment) -> usize {
        let is_before = |piece: &Vec<Taped>| piece.last().is_some_and(|last| last.at() <= moment);
        let whole = self.pieces.partition_point(is_before);
        let rest = self.pieces.get(whole);
        let rest = rest.map_or(0, |piece| piece.partition_point(|fact| fact.at() <= moment));
        (whole * PIECE + rest).min(self.len)
    }
}

/// Nothing, and room for the bodies of a long run.
impl Default for Tape {
    fn default() -> Self {
        Self {
            facts: Facts::default(),
            lately: Lately::default(),
            place: 0,
            kept: BTreeMap::new(),
            bodies: VecDeque::new(),
            bytes: 0,
            room: BODIES,
        }
    }
}

/// How many bytes of a body a fact has.
fn content_of(fact: &Fact) -> u64 {
    let (Fact::BodyKept { body, .. } | Fact::AnswerReplaced { body, .. }) = fact else {
        return 0;
    };
    let content = body.content.as_ref();
    content.map_or(0, |content| content.0.len() as u64)
}

fn body_of(fact: &mut Fact) -> Option<&mut Body> {
    let (Fact::BodyKept { body, .. } | Fact::AnswerReplaced { body, .. }) = fact else {
        return None;
    };
    Some(body)
}

impl Model {
    /// The body that a fact told of is kept no longer.
    fn let_go(&mut self, fact: &Fact) -> Option<()> {
        if let Fact::BodyKept { request, .. } = fact {
            self.request_mut(*request)?.body.as_mut()?.let_go();
        } else if let Fact::AnswerReplaced { request, .. } = fact {
            self.request_mut(*request)?.replaced.as_mut()?.body.let_go();
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Because, Content, RequestId, Wanted};

    /// A tape with room for ten bytes of bodies, and a picture of what is on it.
    fn run_of(bodies: &[usize]) -> (Tape, Model) {
        let (mut model, mut tape) = (Model::default(), Tape::default());
        tape.room = 10;
        for (n, bytes) in (1..).zip(bodies) {
            let request = RequestId(n);
            let url = "http://a.test/".parse().unwrap();
            let planned = Fact::planned(request, &Wanted::get(url, Because::Typed));
            let body = Body {
                bytes: *bytes as u64,
                kept: *bytes as u64,
                content: Some(Content(vec![0; *bytes].into())),
                ..Body::default()
            };
            for fact in [planned, Fact::BodyKept { request, body }] {
                let at = Moment(u64::from(n));
                tape.push(Event { at, fact }, &mut model);
                tape.wind(usize::MAX, &mut model);
            }
        }
        (tape, model)
    }

    fn kept(model: &Model) -> Vec<(bool, bool)> {
        let bodies = model.requests().iter().flat_map(|request| &request.body);
        bodies
            .map(|body| (body.content.is_some(), body.is_let_go))
            .collect()
    }

    #[test]
    fn the_first_bodies_are_let_go_for_those_that_come_and_that_is_known_at_every_fact() {
        let (mut tape, mut model) = run_of(&[4, 4, 0, 4, 50]);
        let (here, gone) = ((true, false), (false, true));
        assert_eq!(kept(&model), [gone, gone, here, gone, here]);
        tape.wind(5, &mut model);
        assert_eq!(kept(&model), [gone, gone]);
        let (_, model) = run_of(&[4, 4, 2]);
        assert_eq!(kept(&model), [here; 3], "there is room for all of them");
    }

    #[test]
    fn pictures_are_few_however_often_one_goes_back() {
        let (mut tape, mut model) = (Tape::default(), Model::default());
        for at in 0..10_000 {
            let (at, fact) = (Moment(at), Fact::RunEnded);
            tape.push(Event { at, fact }, &mut model);
        }
        tape.wind(10_000, &mut model);
        assert!(tape.kept.is_empty(), "nobody went back");
        for place in (1..10_000).rev().step_by(7) {
            tape.wind(place, &mut model);
            assert_eq!(tape.place(), place);
            assert!(tape.kept.len() <= PICTURES + 1, "{}", tape.kept.len());
        }
    }
}
