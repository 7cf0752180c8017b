use std::time::Duration;

use crate::event::Moment;

/// Moments to columns, in eighths of a column: always linear, always to scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    from: Moment,
    to: Moment,
    columns: u16,
    /// From where times are counted, as the marks have it.
    origin: Moment,
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
            origin: from,
        }
    }

    /// The same, with times counted from `origin`, where the columns show a part of a longer time.
    #[must_use]
    pub fn counted_from(self, origin: Moment) -> Self {
        Self {
            origin: origin.min(self.from),
            ..self
        }
    }

    /// From where times are counted.
    pub const fn origin(&self) -> Moment {
        self.origin
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
        let part = moment.0.saturating_sub(self.from.0);
        let eighths = Self::share(part, u64::from(self.columns) * 8, self.whole());
        u32::try_from(eighths)
            .unwrap_or(u32::MAX)
            .min(u32::from(self.columns) * 8)
    }

    /// The time that the columns show, in nanoseconds.
    fn whole(&self) -> u64 {
        self.to.0.saturating_sub(self.from.0).max(1)
    }

    /// `part` times `times` over `whole`; a run of months needs more than 64 bits, and none else.
    fn share(part: u64, times: u64, whole: u64) -> u64 {
        part.checked_mul(times).map_or_else(
            || {
                let share = u128::from(part) * u128::from(times) / u128::from(whole);
                u64::try_from(share).unwrap_or(u64::MAX)
            },
            |product| product / whole,
        )
    }

    /// The column in which `moment` is.
    pub fn column(&self, moment: Moment) -> u16 {
        let column = u16::try_from(self.eighths(moment) / 8).unwrap_or(u16::MAX);
        column.min(self.columns.saturating_sub(1))
    }

    /// The moment at the left edge of `column`.
    pub fn moment(&self, column: u16) -> Moment {
        let part = Self::share(
            self.whole(),
            u64::from(column),
            u64::from(self.columns.max(1)),
        );
        Moment(self.from.0.saturating_add(part))
    }

    /// Marks at round times, about `apart` columns from one another, as exact as they have to be to
    /// be told apart.
    pub fn ticks(&self, apart: u16) -> Vec<Tick> {
        let whole = self.to.since(self.from);
        let count = u32::from((self.columns / apart.max(1)).max(1));
        let step = next_of(&[10, 20, 50, 100], whole / count).max(1);
        let mark = |after: u64| Moment(self.origin.0.saturating_add(after));
        let first = (self.from.0 - self.origin.0).div_ceil(step);
        (first..=first.saturating_add(u64::from(self.columns)))
            .map(|n| step.saturating_mul(n))
            .take_while(|after| mark(*after) < self.to)
            .map(|after| Tick {
                column: self.column(mark(after)),
                label: label(after, step),
            })
            .collect()
    }

    /// A moment in words, as exact as a column is.
    pub fn label(&self, moment: Moment) -> String {
        let column = self.to.since(self.from) / u32::from(self.columns.max(1));
        let nanos = u64::try_from(column.as_nanos()).unwrap_or(u64::MAX).max(1);
        let step = 10_u64.saturating_pow(nanos.ilog10());
        label(moment.0.saturating_sub(self.origin.0), step)
    }
}

/// `after` nanoseconds in the largest unit that they fill, told apart from `step` more or less.
fn label(after: u64, step: u64) -> String {
    let (unit, name) = match after {
        0 => return "0".to_owned(),
        60_000_000_000.. if step >= 1_000_000_000 => {
            let seconds = after / 1_000_000_000;
            return format!("{} m {:02} s", seconds / 60, seconds % 60);
        }
        1_000_000_000.. => (1_000_000_000, "s"),
        1_000_000.. => (1_000_000, "ms"),
        _ => (1_000, "µs"),
    };
    let (whole, rest) = (after / unit, after % unit);
    // So many decimals as the step has in this unit: 200 µs in ms one, 1 µs in s six.
    let parts = unit / step.clamp(1, unit);
    let places = if parts < 2 {
        0
    } else {
        (parts - 1).ilog10() as usize + 1
    };
    let width = usize::try_from(unit.ilog10()).unwrap_or(0);
    let digits = format!("{rest:0width$}");
    let shown: String = digits.chars().take(places).collect();
    let shown = shown.trim_end_matches('0');
    let point = if shown.is_empty() { "" } else { "." };
    format!("{whole}{point}{shown} {name}")
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
    fn marks_of_a_part_count_from_the_beginning_of_the_whole() {
        let part = |from, to, columns| {
            let scale = Scale::new(Moment(from), Moment(to), columns);
            let scale = scale.counted_from(Moment::from_millis(1_000));
            let ticks = scale.ticks(15).into_iter();
            ticks.map(|tick| tick.label).collect::<Vec<_>>()
        };
        let s = 1_000_000_000;
        assert_eq!(
            part(2_234_500_000, 2_235_300_000, 60),
            ["1.2346 s", "1.2348 s", "1.235 s", "1.2352 s"]
        );
        assert_eq!(part(s + 17_000, s + 19_000, 30), ["17 µs", "18 µs"]);
        assert_eq!(part(s, s + 3_000, 30), ["0", "2 µs"]);
        assert_eq!(
            part(91 * s, 391 * s, 60),
            ["1 m 40 s", "3 m 20 s", "5 m 00 s"]
        );
    }

    #[test]
    fn a_moment_is_said_as_exactly_as_a_column_is() {
        let scale = Scale::new(Moment::START, Moment::from_millis(2_000), 100);
        assert_eq!(scale.label(Moment(1_234_567_890)), "1.23 s");
        assert_eq!(scale.label(Moment(34_567_890)), "34 ms");
        assert_eq!(scale.label(Moment::START), "0");
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
