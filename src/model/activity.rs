use crate::event::{Moment, Stage};

/// How many requests and connections were in each stage, from when on.
///
/// A step a fact, so that any moment of a run of any length is looked up and never counted anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    lines: [Vec<(Moment, u32)>; Stage::ALL.len()],
}

impl Activity {
    /// How many were in `stage` at `moment`.
    pub fn at(&self, stage: Stage, moment: Moment) -> u32 {
        let line = self.line(stage);
        let after = line.partition_point(|(at, _)| *at <= moment);
        let step = after.checked_sub(1).and_then(|place| line.get(place));
        step.map_or(0, |(_, count)| *count)
    }

    pub(super) fn begun(&mut self, stage: Stage, at: Moment) {
        self.step(stage, at, |count| count.saturating_add(1));
    }

    pub(super) fn ended(&mut self, stage: Stage, at: Moment) {
        self.step(stage, at, |count| count.saturating_sub(1));
    }

    fn step(&mut self, stage: Stage, at: Moment, change: impl FnOnce(u32) -> u32) {
        let Some(line) = self.lines.get_mut(stage as usize) else {
            return;
        };
        match line.last_mut() {
            // A record may be out of order; its steps stay in the order they came.
            Some((last, count)) if *last >= at => *count = change(*count),
            Some((_, count)) => {
                let count = change(*count);
                line.push((at, count));
            }
            None => line.push((at, change(0))),
        }
    }

    fn line(&self, stage: Stage) -> &[(Moment, u32)] {
        self.lines.get(stage as usize).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_between_two_steps_has_the_count_of_the_first() {
        let mut activity = Activity::default();
        activity.begun(Stage::Wait, Moment(10));
        activity.begun(Stage::Wait, Moment(20));
        activity.begun(Stage::Dns, Moment(20));
        activity.ended(Stage::Wait, Moment(30));
        activity.ended(Stage::Wait, Moment(30));
        let at = |at| activity.at(Stage::Wait, Moment(at));
        assert_eq!(
            [at(9), at(10), at(19), at(20), at(29), at(30)],
            [0, 1, 1, 2, 2, 0]
        );
        assert_eq!(activity.at(Stage::Dns, Moment(99)), 1);
    }

    #[test]
    fn what_never_began_cannot_end_below_nothing() {
        let mut activity = Activity::default();
        activity.ended(Stage::Tls, Moment(5));
        activity.begun(Stage::Tls, Moment(3));
        assert_eq!(activity.at(Stage::Tls, Moment(5)), 1);
    }
}
