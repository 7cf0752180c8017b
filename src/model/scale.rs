use std::time::Duration;

use crate::event::Moment;

use super::amount::duration;

/// Moments to columns, in eighths of a column: always linear, always to scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    from: Moment,
    to: Moment,
    columns: u16,
}

/// A mark on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// At which column.
    pub column: u16,
    /// Its moment, in words.
    pub label: String,
}

impl Scale {
    /// The time between two moments, spread over `columns`.
    pub fn new(from: Moment, to: Moment, columns: u16) -> Self {
        Self {
            from,
            to: to.max(Moment(from.0.saturating_add(1))),
            columns,
        }
    }

    /// The same, with the end moved on to a round time, so that a growing run seldom rescales.
    pub fn growing(from: Moment, to: Moment, columns: u16) -> Self {
        Self::new(
            from,
            Moment(round_up(to.since(from)).saturating_add(from.0)),
            columns,
        )
    }

    /// How many columns there are.
    pub const fn columns(&self) -> u16 {
        self.columns
    }

    /// The time that the columns show.
    pub const fn range(&self) -> (Moment, Moment) {
        (self.from, self.to)
    }

    /// How many eighths from the left `moment` is, kept within the columns.
    pub fn eighths(&self, moment: Moment) -> u32 {
        let whole = self.to.since(self.from).as_nanos().max(1);
        let part = moment.since(self.from).as_nanos();
        let eighths = part * u128::from(self.columns) * 8 / whole;
        u32::try_from(eighths)
            .unwrap_or(u32::MAX)
            .min(u32::from(self.columns) * 8)
    }

    /// The column in which `moment` is.
    pub fn column(&self, moment: Moment) -> u16 {
        let column = u16::try_from(self.eighths(moment) / 8).unwrap_or(u16::MAX);
        column.min(self.columns.saturating_sub(1))
    }

    /// The moment at the left edge of `column`.
    pub fn moment(&self, column: u16) -> Moment {
        let whole = u128::from(self.to.0 - self.from.0);
        let part = whole * u128::from(column) / u128::from(self.columns.max(1));
        Moment(self.from.0 + u64::try_from(part).unwrap_or(u64::MAX))
    }

    /// Marks at round times after the left edge, about `apart` columns from one another.
    pub fn ticks(&self, apart: u16) -> Vec<Tick> {
        let whole = self.to.since(self.from);
        let count = u32::from((self.columns / apart.max(1)).max(1));
        let step = next_of(&[10, 20, 50, 100], whole / count).max(1);
        let mark = |after: u64| Moment(self.from.0.saturating_add(after));
        (0..=u64::from(self.columns))
            .map(|n| step.saturating_mul(n))
            .take_while(|after| mark(*after) < self.to)
            .map(|after| Tick {
                column: self.column(mark(after)),
                label: label(after),
            })
            .collect()
    }
}

fn label(after: u64) -> String {
    if after == 0 {
        "0".to_owned()
    } else {
        trimmed(&duration(Duration::from_nanos(after)))
    }
}

/// `1.00 s` is `1 s` on an axis.
fn trimmed(text: &str) -> String {
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            let number = number.trim_end_matches('0').trim_end_matches('.');
            format!("{number} {unit}")
        }
        _ => text.to_owned(),
    }
}

/// The next of 1, 2, 3, 5 or 7.5 times a power of ten, in nanoseconds.
fn round_up(time: Duration) -> u64 {
    next_of(&[10, 20, 30, 50, 75, 100], time)
}

/// The first of `tenths` of a power of ten that is no shorter than `time`, in nanoseconds.
fn next_of(tenths: &[u64], time: Duration) -> u64 {
    let nanos = u64::try_from(time.as_nanos())
        .unwrap_or(u64::MAX / 100)
        .max(1);
    let power = 10_u64.saturating_pow(nanos.ilog10());
    let rounds = tenths
        .iter()
        .map(|tenths| power.saturating_mul(*tenths) / 10);
    rounds
        .into_iter()
        .find(|round| *round >= nanos)
        .unwrap_or(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_place_and_their_column() {
        let scale = Scale::new(Moment::START, Moment::from_millis(100), 10);
        assert_eq!(scale.eighths(Moment::from_millis(50)), 40);
        assert_eq!(scale.column(Moment::from_millis(100)), 9);
        assert_eq!(scale.moment(5), Moment::from_millis(50));
        assert_eq!(scale.eighths(Moment::from_millis(900)), 80);
    }

    #[test]
    fn an_empty_time_is_no_division_by_nothing() {
        let scale = Scale::new(Moment::START, Moment::START, 0);
        assert_eq!(scale.eighths(Moment(5)), 0);
        assert_eq!(scale.ticks(10).len(), 1);
    }

    #[test]
    fn marks_are_at_round_times() {
        let scale = Scale::new(Moment::START, Moment::from_millis(1_840), 60);
        let labels: Vec<_> = scale.ticks(15).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["0", "500 ms", "1 s", "1.5 s"]);
    }

    #[test]
    fn a_growing_run_rescales_in_steps() {
        let to = |millis| {
            Scale::growing(Moment::START, Moment::from_millis(millis), 60)
                .range()
                .1
                .0
                / 1_000_000
        };
        assert_eq!(
            [to(101), to(199), to(201), to(480), to(510), to(760)],
            [200, 200, 300, 500, 750, 1000]
        );
    }
}
