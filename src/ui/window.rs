use std::time::Duration;

use crate::event::Moment;
use crate::model::{Model, Scale, duration};

use super::action::TimeAct;
use super::screen::scale;
use super::state::{Focus, State};

/// Which stretch of time the axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Window {
    /// The burst that the selected request is of.
    #[default]
    Burst,
    /// The whole run.
    Run,
    /// A part of it; times are counted from where they were before.
    Part {
        /// The left edge.
        from: Moment,
        /// The right edge.
        to: Moment,
        /// Where time is 0.
        origin: Moment,
    },
}

/// The shortest time that the axis shows, in nanoseconds.
const SHORTEST: u64 = 10_000;

/// Looking at a part of the run, and at a moment of it.
impl State {
    pub(super) fn act_on_time(&mut self, act: TimeAct, model: &Model) {
        if model.requests().is_empty() {
            self.tell("there is no time to look at yet");
            return;
        }
        match act {
            TimeAct::Zoom(by) => self.zoom(by, model),
            TimeAct::Pan(by) => self.pan(by, model),
            TimeAct::Whole => self.show_whole(model),
            TimeAct::Fit => self.fit(model),
            TimeAct::Line => self.toggle_line(model),
        }
    }

    /// Next tab in the details, later on the axis elsewhere.
    pub(super) fn turn(&mut self, by: isize, model: &Model) {
        if self.focus == Focus::Details {
            self.show(self.tab.turned(by));
        } else {
            self.pan(if by > 0 { 1 } else { -1 }, model);
        }
    }

    /// Fold and unfold in the details; along the axis elsewhere, or the line along it.
    pub(super) fn sideways(&mut self, by: i8, model: &Model) {
        if self.focus == Focus::Details {
            if !self.choose_link(by, model) {
                self.fold(Some(by < 0), model);
            }
        } else if self.focus == Focus::Lanes {
            self.go_along_lane(isize::from(by), model);
        } else if self.line.is_some() {
            self.move_line(i16::from(by), model);
        } else {
            self.pan(by, model);
        }
    }

    /// The time axis as it is drawn when nothing goes on.
    pub(super) fn scale(&self, model: &Model) -> Scale {
        scale(self.size(), model, self, model.latest())
    }

    fn zoom(&mut self, by: i8, model: &Model) {
        let scale = self.scale(model);
        let (from, to) = scale.range();
        let middle = Moment(from.0.midpoint(to.0));
        let at = self.line.filter(|at| (from..=to).contains(at));
        self.zoom_at(by, at.unwrap_or(middle), model);
    }

    /// Shows half the time, or twice as much, with `at` where it was.
    pub(super) fn zoom_at(&mut self, by: i8, at: Moment, model: &Model) {
        let (from, to) = self.scale(model).range();
        let (before, after) = (at.0.saturating_sub(from.0), to.0.saturating_sub(at.0));
        let shown = |time: u64| {
            if by > 0 {
                time / 2
            } else {
                time.saturating_mul(2)
            }
        };
        if by > 0 && shown(before + after) < SHORTEST {
            self.tell("this is as close as it gets");
            return;
        }
        let to = Moment(at.0.saturating_add(shown(after)));
        self.look_at(Moment(at.0.saturating_sub(shown(before))), to, model);
    }

    /// Moves the axis by so many quarters of what it shows.
    pub(super) fn pan(&mut self, by: i8, model: &Model) {
        let (from, to) = self.scale(model).range();
        let whole = to.0 - from.0;
        let step = whole / 4 * u64::from(by.unsigned_abs());
        let from = if by > 0 {
            from.0.saturating_add(step)
        } else {
            from.0.saturating_sub(step)
        };
        self.look_at(Moment(from), Moment(from.saturating_add(whole)), model);
    }

    /// Shows the time between two moments, kept within the run.
    pub(super) fn look_at(&mut self, from: Moment, to: Moment, model: &Model) {
        let origin = match self.window {
            Window::Part { origin, .. } => origin,
            Window::Burst | Window::Run => self.scale(model).origin(),
        };
        let (first, last) = whole(model);
        let longest = last.0 - first.0;
        let length = (to.0.saturating_sub(from.0)).clamp(SHORTEST, longest.max(SHORTEST));
        if length >= longest {
            self.window = Window::Run;
            return;
        }
        let from = from.0.clamp(first.0, last.0 - length);
        self.window = Window::Part {
            from: Moment(from),
            to: Moment(from + length),
            origin: origin.min(Moment(from)),
        };
    }

    /// The whole run; once more, the burst of the selected request.
    fn show_whole(&mut self, model: &Model) {
        let is_whole = self.window == Window::Run;
        self.window = if is_whole { Window::Burst } else { Window::Run };
        let (from, to) = whole(model);
        let (first, last) = model.burst(self.selected, model.latest());
        let words = if is_whole {
            format!("the burst of the selected: {}", duration(last.since(first)))
        } else {
            format!("the whole run: {}", duration(to.since(from)))
        };
        self.tell(words);
    }

    /// The time of the selected request, from edge to edge; once more, of its burst.
    fn fit(&mut self, model: &Model) {
        let Some(request) = self.current(model) else {
            return;
        };
        let (from, to) = (request.planned, request.until(model.latest()));
        let words = format!("the time of {}: {}", request.id, duration(to.since(from)));
        let hair = (to.0 - from.0) / 50 + 1;
        let before = self.window;
        self.look_at(
            Moment(from.0.saturating_sub(hair)),
            Moment(to.0 + hair),
            model,
        );
        if self.window == before {
            self.window = Window::Burst;
            self.tell("the time of the selected one's burst");
        } else {
            self.tell(words);
        }
    }

    fn toggle_line(&mut self, model: &Model) {
        if self.line.take().is_none() {
            let (from, to) = self.scale(model).range();
            let middle = Moment(from.0.midpoint(to.0));
            let planned = self.current(model).map(|request| request.planned);
            self.line = planned
                .filter(|at| (from..=to).contains(at))
                .or(Some(middle));
        }
    }

    /// Moves the line by so many columns, and the axis with it at the edges.
    pub(super) fn move_line(&mut self, by: i16, model: &Model) {
        let scale = self.scale(model);
        let Some(at) = self.line else { return };
        let (from, to) = scale.range();
        let column = (to.0 - from.0) / u64::from(scale.columns().max(1));
        let step = Duration::from_nanos(column.max(1)) * u32::from(by.unsigned_abs());
        let moved = if by > 0 {
            at + step
        } else {
            Moment(at.0.saturating_sub(Moment::from(step).0))
        };
        let (first, last) = whole(model);
        let moved = moved.clamp(first, last);
        self.line = Some(moved);
        if moved < from {
            self.pan(-1, model);
        } else if moved > to {
            self.pan(1, model);
        }
    }
}

/// From the first request to the end, a hair more than that.
pub(super) fn whole(model: &Model) -> (Moment, Moment) {
    let (from, to) = (model.began(), model.horizon(model.latest()));
    (from, to.max(from) + to.since(from) / 100)
}
