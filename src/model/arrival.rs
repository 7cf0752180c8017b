use std::time::Duration;

use crate::event::Moment;

/// As many looks at a growing body as are remembered; of more, every other is forgotten.
const REMEMBERED: usize = 128;

/// How a body came over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// When so many bytes were here.
    points: Vec<(Moment, u64)>,
    /// The longest that nothing came, and since when.
    pause: Option<(Moment, Duration)>,
}

impl Arrival {
    /// So many bytes were here at a moment.
    pub(super) fn note(&mut self, at: Moment, bytes: u64) {
        if let Some((before, known)) = self.points.last() {
            if bytes <= *known {
                return;
            }
            let pause = at.since(*before);
            if self.pause.is_none_or(|(_, longest)| pause > longest) {
                self.pause = Some((*before, pause));
            }
        }
        if self.points.len() == REMEMBERED {
            let mut place = 0;
            self.points.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
        self.points.push((at, bytes));
    }

    /// The longest that nothing came, and since when.
    pub const fn pause(&self) -> Option<(Moment, Duration)> {
        self.pause
    }

    /// When the first look at it was, and the last.
    pub fn ends(&self) -> Option<(Moment, Moment)> {
        Some((self.points.first()?.0, self.points.last()?.0))
    }

    /// How many bytes came in each of so many equal parts of the time.
    pub fn parts(&self, count: usize) -> Vec<u64> {
        let mut parts = vec![0; count];
        let Some((from, to)) = self.ends() else {
            return parts;
        };
        let whole = to.since(from).as_nanos().max(1);
        let mut known = 0;
        for (at, bytes) in &self.points {
            let place = at.since(from).as_nanos() * count as u128 / whole;
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if let Some(part) = parts.get_mut(place.min(count.saturating_sub(1))) {
                *part += bytes - known;
            }
            known = *bytes;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(points: &[(u64, u64)]) -> Arrival {
        let mut arrival = Arrival::default();
        for (millis, bytes) in points {
            arrival.note(Moment::from_millis(*millis), *bytes);
        }
        arrival
    }

    #[test]
    fn bytes_are_counted_when_they_came_and_the_longest_pause_is_known() {
        let arrival = arrival(&[(100, 10), (110, 30), (150, 30), (190, 40), (200, 45)]);
        assert_eq!(arrival.parts(4), [30, 0, 0, 15]);
        let pause = Duration::from_millis(80);
        assert_eq!(arrival.pause(), Some((Moment::from_millis(110), pause)));
    }

    #[test]
    fn of_many_looks_no_byte_is_lost() {
        let points: Vec<_> = (1..=10_000).map(|millis| (millis, millis * 3)).collect();
        let arrival = arrival(&points);
        assert!(arrival.points.len() <= REMEMBERED);
        assert_eq!(arrival.parts(16).iter().sum::<u64>(), 30_000);
        assert_eq!(Arrival::default().parts(2), [0, 0]);
    }
}
