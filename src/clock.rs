//! The only place that reads a clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::event::Moment;

/// How often both clocks are read: an interruption may come between them.
const ATTEMPTS: u32 = 3;

/// Tells how far into the run it is.
///
/// tokio's `Instant` is virtual while a test has paused time, so tests need no other clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
    wall: SystemTime,
}

impl Clock {
    /// A clock whose run begins now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that may read a clock"
    )]
    pub fn start() -> Self {
        Self {
            origin: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// A clock whose run begins now, and that takes its wall time from elsewhere.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that may read a clock"
    )]
    pub fn start_at(wall: SystemTime) -> Self {
        Self {
            origin: Instant::now(),
            wall,
        }
    }

    /// How far into the run it is.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that may read a clock"
    )]
    pub fn now(&self) -> Moment {
        Moment::from(Instant::now().saturating_duration_since(self.origin))
    }

    /// The moment at which the wall clock said `wall`, counted since 1970; nothing if it is to come.
    ///
    /// The wall clock may have been set since the run began: both clocks are read now, as nearly
    /// at once as a few attempts have it.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that may read a clock"
    )]
    pub fn moment_at_wall(&self, wall: Duration) -> Option<Moment> {
        let read = |_| {
            let before = Instant::now();
            let now = SystemTime::now();
            (
                Instant::now().saturating_duration_since(before),
                before,
                now,
            )
        };
        let (apart, before, now) = (0..ATTEMPTS).map(read).min_by_key(|(apart, ..)| *apart)?;
        let ago = now.duration_since(UNIX_EPOCH).ok()?.checked_sub(wall)?;
        let then = (before + apart / 2).checked_sub(ago)?;
        Some(Moment::from(then.checked_duration_since(self.origin)?))
    }

    /// The instant of `moment`, for timers.
    pub fn instant(&self, moment: Moment) -> Instant {
        self.origin + moment.since(Moment::START)
    }

    /// Wall time at `moment`, in milliseconds since 1970.
    pub fn wall_ms_at(&self, moment: Moment) -> u64 {
        let since = moment.since(Moment::START).as_millis();
        self.wall_ms()
            .saturating_add(u64::try_from(since).unwrap_or(u64::MAX))
    }

    /// Wall time at the run's beginning, in milliseconds since 1970.
    pub fn wall_ms(&self) -> u64 {
        let since = self
            .wall
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}
