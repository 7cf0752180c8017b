use std::fmt;
use std::time::Duration;

use crate::model::{Model, duration, waits};

use super::change::Change;

/// What a change would have made of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is different.
    pub change: Change,
    /// How it was.
    pub before: Figures,
    /// How it would have been.
    pub after: Figures,
}

/// The figures of a run that a change may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// From the first request to the last end.
    pub total: Duration,
    /// How many waited for a connection in use.
    pub waiting: usize,
    /// For how long, all together.
    pub waited: Duration,
    /// How many connections there were.
    pub connections: usize,
}

impl Figures {
    /// The figures of a run.
    pub fn of(model: &Model) -> Self {
        let mut figures = Self {
            total: model.total(model.latest()),
            connections: model.connections().len(),
            ..Self::default()
        };
        for wait in waits(model, model.latest()) {
            figures.waiting += wait.requests;
            figures.waited += wait.in_all;
        }
        figures
    }
}

impl Difference {
    /// What `change` made of the run `before`: the run `after`.
    pub fn between(change: Change, before: &Model, after: &Model) -> Self {
        Self {
            change,
            before: Figures::of(before),
            after: Figures::of(after),
        }
    }

    /// How much longer it would have taken, or how much shorter, in words.
    pub fn verdict(&self) -> String {
        let (before, after) = (self.before.total, self.after.total);
        let apart = before.abs_diff(after);
        // What no screen can show is no difference.
        if apart.as_secs_f64() < before.as_secs_f64() * 0.001 {
            return "no difference".to_owned();
        }
        let words = if after > before { "more" } else { "less" };
        format!("{} {words}", duration(apart))
    }
}

/// As a sentence.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            change,
            before,
            after,
        } = self;
        write!(
            f,
            "with {change}: {} instead of {} ({}); ",
            duration(after.total),
            duration(before.total),
            self.verdict()
        )?;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        write!(
            f,
            "{} request{} would have waited {} in all instead of {}; {} connection{} instead of {}",
            after.waiting,
            plural(after.waiting),
            duration(after.waited),
            duration(before.waited),
            after.connections,
            plural(after.connections),
            before.connections
        )
    }
}
