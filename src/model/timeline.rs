use std::time::Duration;

use crate::event::{End, Moment, Stage, Times};

/// One stage of one life, open or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which stage.
    pub stage: Stage,
    /// When it began.
    pub began: Moment,
    /// When and how it ended, once it has.
    pub ended: Option<(Moment, End)>,
    /// The kernel's own times of it, which are those above where there are any.
    pub timed: Times,
}

impl Span {
    fn time(&mut self, times: Times) {
        if let Some(began) = times.began {
            (self.began, self.timed.began) = (began, Some(began));
        }
        self.timed.ended = times.ended.or(self.timed.ended);
        if let Some((at, _)) = &mut self.ended {
            *at = self.timed.ended.unwrap_or(*at).max(self.began);
        }
    }

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
            timed: Times::default(),
        });
    }

    /// Ends the open span of `stage`; false if there is none.
    pub(super) fn end(&mut self, stage: Stage, at: Moment, end: End) -> bool {
        let is_open = |span: &&mut Span| span.stage == stage && span.ended.is_none();
        let open = self.spans.iter_mut().rev().find(is_open);
        let ended = |span: &mut Span| {
            let at = span.timed.ended.unwrap_or(at);
            span.ended = Some((at.max(span.began), end));
        };
        open.map(ended).is_some()
    }

    /// Takes the kernel's times of the last span of `stage`; false if there is none.
    ///
    /// Where one stage begins as another ends, that is the other's end too.
    pub(super) fn time(&mut self, stage: Stage, times: Times) -> bool {
        let Some(place) = self.spans.iter().rposition(|span| span.stage == stage) else {
            return false;
        };
        if let (Some(began), Some(before)) = (times.began, place.checked_sub(1))
            && let Some(before) = self.spans.get_mut(before)
            && before.timed.ended.is_none()
        {
            before.time(Times {
                began: None,
                ended: Some(began),
            });
        }
        self.spans[place].time(times);
        true
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

#[cfg(test)]
mod tests {
    use super::*;

    fn times(began: Option<u64>, ended: Option<u64>) -> Times {
        let [began, ended] = [began, ended].map(|at| at.map(Moment));
        Times { began, ended }
    }

    fn lived(timeline: &Timeline) -> Vec<(u64, u64)> {
        let spans = timeline.spans().iter();
        spans
            .map(|span| (span.began.0, span.until(Moment(99)).0))
            .collect()
    }

    #[test]
    fn the_kernels_times_are_better_than_ours() {
        let mut timeline = Timeline::default();
        timeline.begin(Stage::Send, Moment(10));
        assert!(timeline.time(Stage::Send, times(None, Some(12))));
        assert!(timeline.end(Stage::Send, Moment(14), End::Done));
        timeline.begin(Stage::Wait, Moment(15));
        assert!(timeline.time(Stage::Wait, times(Some(12), Some(20))));
        assert_eq!(lived(&timeline), [(10, 12), (12, 99)], "it goes on still");
        assert!(timeline.end(Stage::Wait, Moment(30), End::Done));
        assert_eq!(lived(&timeline), [(10, 12), (12, 20)]);
        assert!(!timeline.time(Stage::Receive, times(None, Some(1))));
    }

    #[test]
    fn a_stage_that_was_timed_late_mends_the_one_before_it() {
        let mut timeline = Timeline::default();
        timeline.begin(Stage::Send, Moment(10));
        timeline.end(Stage::Send, Moment(11), End::Done);
        timeline.begin(Stage::Wait, Moment(11));
        timeline.end(Stage::Wait, Moment(40), End::Done);
        timeline.time(Stage::Wait, times(Some(13), Some(30)));
        assert_eq!(lived(&timeline), [(10, 13), (13, 30)]);
    }

    #[test]
    fn no_time_of_anyone_makes_a_stage_end_before_it_began() {
        let mut timeline = Timeline::default();
        timeline.begin(Stage::Send, Moment(10));
        timeline.time(Stage::Send, times(None, Some(5)));
        timeline.end(Stage::Send, Moment(20), End::Done);
        assert_eq!(lived(&timeline), [(10, 10)]);
        timeline.time(Stage::Send, times(Some(15), None));
        assert_eq!(lived(&timeline), [(15, 15)]);
    }
}
