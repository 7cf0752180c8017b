use std::time::Duration;

use crate::event::{End, Moment, Stage};

/// One stage of one life, open or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which stage.
    pub stage: Stage,
    /// When it began.
    pub began: Moment,
    /// When and how it ended, once it has.
    pub ended: Option<(Moment, End)>,
}

impl Span {
    /// When it ended, or `now` while it goes on.
    pub fn until(&self, now: Moment) -> Moment {
        self.ended
            .as_ref()
            .map_or(now, |(at, _)| *at)
            .max(self.began)
    }
}

/// The spans of one life, in the order they began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    spans: Vec<Span>,
}

impl Timeline {
    pub(super) fn begin(&mut self, stage: Stage, at: Moment) {
        self.spans.push(Span {
            stage,
            began: at,
            ended: None,
        });
    }

    /// Ends the open span of `stage`; false if there is none.
    pub(super) fn end(&mut self, stage: Stage, at: Moment, end: End) -> bool {
        let is_open = |span: &&mut Span| span.stage == stage && span.ended.is_none();
        let open = self.spans.iter_mut().rev().find(is_open);
        open.map(|span| span.ended = Some((at.max(span.began), end)))
            .is_some()
    }

    /// Whether `stage` was begun and not yet ended.
    pub(super) fn is_open(&self, stage: Stage) -> bool {
        self.of(stage).any(|span| span.ended.is_none())
    }

    /// The spans so far.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The spans of `stage`.
    pub fn of(&self, stage: Stage) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(move |span| span.stage == stage)
    }

    /// The span that goes on, if one does.
    pub fn open(&self) -> Option<&Span> {
        self.spans.iter().rev().find(|span| span.ended.is_none())
    }

    /// Time spent in `stage` by `now`; nothing if it was never begun.
    pub fn spent(&self, stage: Stage, now: Moment) -> Option<Duration> {
        self.of(stage)
            .map(|span| span.until(now).since(span.began))
            .reduce(|sum, more| sum + more)
    }
}
