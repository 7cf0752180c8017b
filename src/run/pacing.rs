use std::collections::VecDeque;
use std::time::Duration;

use crate::event::Moment;

/// So long the line may need for what is on its way.
const BACKLOG: Duration = Duration::from_millis(100);
/// So long an answer is waited for before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of what is known of the line counts after the next frame.
const KEPT: f64 = 0.98;
/// As many lost answers make a terminal one that does not answer.
const LOSSES: u32 = 3;

/// Frames on their way to the terminal, so that none is made while others still wait in a slow line.
///
/// Behind each frame the terminal is asked what it is; as it answers, it has read the frame. Over a
/// slow link frames are then left out and never queued: what is drawn is always the newest.
#[derive(Debug, Default)]
pub(super) struct Pacing {
    has_answered: bool,
    flying: VecDeque<(Moment, usize)>,
    /// Bytes a second that the line has carried at least.
    rate: f64,
    losses: u32,
}

impl Pacing {
    /// The terminal is known to answer; what is drawn from now on is paced.
    pub(super) const fn begin(&mut self) {
        self.has_answered = true;
        self.losses = 0;
    }

    /// Whether the terminal is to be asked behind a frame.
    pub(super) const fn is_asking(&self) -> bool {
        self.has_answered
    }

    /// A frame of so many bytes went out, and the question behind it.
    pub(super) fn sent(&mut self, bytes: usize, at: Moment) {
        self.flying.push_back((at, bytes));
    }

    /// The terminal answered: the frame that went out first is there.
    pub(super) fn arrived(&mut self, now: Moment) {
        self.begin();
        let Some((sent, bytes)) = self.flying.pop_front() else {
            return;
        };
        // The way back is in it as well: the line is never taken for faster than it is.
        let took = now.since(sent).max(Duration::from_millis(1));
        let rate = counted(bytes) / took.as_secs_f64();
        self.rate = rate.max(self.rate * KEPT);
    }

    /// How long the next frame has to wait, unless the terminal answers before.
    pub(super) fn wait(&mut self, now: Moment) -> Duration {
        let Some((first, _)) = self.flying.front() else {
            return Duration::ZERO;
        };
        let left = PATIENCE.saturating_sub(now.since(*first));
        if left.is_zero() {
            self.flying.clear();
            self.losses += 1;
            self.has_answered = self.losses < LOSSES;
            return Duration::ZERO;
        }
        let flying: usize = self.flying.iter().map(|(_, bytes)| bytes).sum();
        if counted(flying) < self.rate * BACKLOG.as_secs_f64() {
            return Duration::ZERO;
        }
        left
    }

    /// What is on its way will not be answered: somebody else reads the terminal.
    pub(super) fn forget(&mut self) {
        self.flying.clear();
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no frame has more bytes than a double can count"
)]
const fn counted(bytes: usize) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    fn at(ms: u64) -> Moment {
        Moment::from(Duration::from_millis(ms))
    }

    /// A terminal whose answers take 20 ms, behind a line that carries so many bytes a second.
    fn known(rate: u64) -> Pacing {
        let mut pacing = Pacing::default();
        pacing.begin();
        pacing.sent(10_000, at(0));
        pacing.arrived(at(20 + 10_000 * 1_000 / rate));
        pacing
    }

    #[test]
    fn a_terminal_that_never_answers_is_not_asked_or_waited_for() {
        let mut pacing = Pacing::default();
        assert!(!pacing.is_asking());
        assert_eq!(pacing.wait(at(5)), NOW);
    }

    #[test]
    fn over_a_slow_line_one_frame_is_on_its_way_and_no_more() {
        let mut pacing = known(960);
        assert_eq!(pacing.wait(at(20_000)), NOW);
        pacing.sent(400, at(20_000));
        assert!(pacing.wait(at(20_100)) > NOW, "it has not arrived");
        pacing.arrived(at(20_430));
        assert_eq!(pacing.wait(at(20_430)), NOW);
    }

    #[test]
    fn over_a_long_but_fast_line_small_frames_do_not_wait_for_answers() {
        let mut pacing = Pacing::default();
        pacing.begin();
        pacing.sent(20_000, at(0));
        pacing.arrived(at(220));
        for n in 0..5 {
            assert_eq!(pacing.wait(at(1_000 + n)), NOW, "{n}");
            pacing.sent(1_500, at(1_000 + n));
        }
        pacing.sent(6_000, at(1_010));
        assert!(pacing.wait(at(1_011)) > NOW, "that is too much at once");
    }

    #[test]
    fn answers_that_are_lost_hold_the_screen_up_for_a_while_and_not_for_ever() {
        let mut pacing = known(960);
        for n in 1..=LOSSES {
            assert!(pacing.is_asking());
            let sent = u64::from(n) * 100_000;
            pacing.sent(400, at(sent));
            assert_eq!(pacing.wait(at(sent)), PATIENCE);
            assert_eq!(pacing.wait(at(sent + 5_000)), NOW);
        }
        assert!(!pacing.is_asking(), "it does not answer any more");
        pacing.arrived(at(900_000));
        assert!(pacing.is_asking(), "it does after all");
    }
}
