use std::fmt;
use std::time::Duration;

use crate::model::{bytes, duration};

/// What an amount is an amount of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Time, in nanoseconds.
    Time,
    /// Bytes.
    Bytes,
    /// Requests or connections.
    Count,
    /// Hundredths of a whole.
    Percent,
}

/// So much of something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) number: f64,
    pub(super) unit: Unit,
}

impl Amount {
    pub(super) fn time(time: Duration) -> Self {
        Self {
            number: exact(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
            unit: Unit::Time,
        }
    }

    pub(super) fn bytes(bytes: u64) -> Self {
        Self {
            number: exact(bytes),
            unit: Unit::Bytes,
        }
    }

    pub(super) fn count(count: usize) -> Self {
        Self {
            number: exact(count as u64),
            unit: Unit::Count,
        }
    }

    /// The share of `part` in `whole`; nothing of nothing is no share.
    pub(super) fn share(part: usize, whole: usize) -> Option<Self> {
        (whole > 0).then(|| Self {
            number: exact(part as u64) * 100.0 / exact(whole as u64),
            unit: Unit::Percent,
        })
    }

    /// Understands an amount of this unit; the error says what the unit takes.
    pub(super) fn read(text: &str, unit: Unit) -> Result<Self, String> {
        let shape = |example: &str| format!("{text} is no {unit}: write {example}");
        let number = match unit {
            Unit::Time => {
                let time = humantime::parse_duration(text).map_err(|_| shape("300ms, 2s or 1m"))?;
                return Ok(Self::time(time));
            }
            Unit::Bytes => size(text).ok_or_else(|| shape("500, 100kB, 1MB or 16KiB"))?,
            Unit::Count => plain(text).ok_or_else(|| shape("6 or 20"))?,
            Unit::Percent => {
                let number = text.strip_suffix('%').map(str::trim_end).and_then(plain);
                number.ok_or_else(|| shape("80% or 99.5%"))?
            }
        };
        Ok(Self { number, unit })
    }
}

/// As exact as figures have to be: up to 104 days, or 9 petabytes.
#[expect(
    clippy::cast_precision_loss,
    reason = "what is larger needs no last figure"
)]
const fn exact(number: u64) -> f64 {
    number as f64
}

/// A number without sign and exponent.
fn plain(text: &str) -> Option<f64> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| is_plain)
}

/// Bytes: k, M and G are thousands as in what is printed, Ki, Mi and Gi are 1024s.
fn size(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let unit = unit.to_ascii_lowercase();
    let factor = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => 1.0,
        "k" => 1e3,
        "m" => 1e6,
        "g" => 1e9,
        "ki" => 1024.0,
        "mi" => 1024.0 * 1024.0,
        "gi" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(plain(digits.trim_end())? * factor)
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Time => "time",
            Self::Bytes => "size",
            Self::Count => "count",
            Self::Percent => "percentage",
        })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Time => {
                let time = Duration::try_from_secs_f64(self.number / 1e9);
                f.write_str(&duration(time.unwrap_or(Duration::MAX)))
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an amount is never negative, and three figures are shown"
            )]
            Unit::Bytes => f.write_str(&bytes(self.number.round() as u64)),
            Unit::Count => write!(f, "{}", self.number),
            Unit::Percent => write!(f, "{:.1} %", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_printed_and_as_people_write_them() {
        for (text, unit, shown) in [
            ("300ms", Unit::Time, "300 ms"),
            ("1m 30s", Unit::Time, "1 m 30 s"),
            ("250us", Unit::Time, "250 µs"),
            ("0s", Unit::Time, "0 µs"),
            ("500", Unit::Bytes, "500 B"),
            ("100 kB", Unit::Bytes, "100 kB"),
            ("1.5M", Unit::Bytes, "1.5 MB"),
            ("1MiB", Unit::Bytes, "1.0 MB"),
            ("16Ki", Unit::Bytes, "16.4 kB"),
            ("20", Unit::Count, "20"),
            ("99.5%", Unit::Percent, "99.5 %"),
            ("80 %", Unit::Percent, "80.0 %"),
        ] {
            let amount = Amount::read(text, unit).unwrap();
            assert_eq!(amount.to_string(), shown, "{text}");
        }
        for (text, unit) in [
            ("300", Unit::Time),
            ("-1s", Unit::Time),
            ("1 parsec", Unit::Time),
            ("1XB", Unit::Bytes),
            ("-5", Unit::Bytes),
            ("1e9", Unit::Count),
            ("inf", Unit::Count),
            ("many", Unit::Count),
            ("80", Unit::Percent),
            ("", Unit::Count),
        ] {
            let words = Amount::read(text, unit).unwrap_err();
            assert!(words.contains(": write "), "{words}");
        }
    }
}
