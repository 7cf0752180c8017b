use std::num::NonZeroU32;

/// How many times as fast as it went a run is played, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(NonZeroU32);

/// Slower or faster than these shows nothing.
const LIMITS: std::ops::RangeInclusive<f64> = 0.001..=1_000.0;

impl Speed {
    /// As a factor.
    pub fn factor(self) -> f64 {
        f64::from(self.0.get()) / 1_000.0
    }
}

/// Reads a speed: `4`, `0.5`, `4x`.
pub(super) fn speed(text: &str) -> Result<Speed, String> {
    const SHAPE: &str =
        "a speed is a number from 0.001 to 1000: 1 is as it went, 4 is four times as fast";
    let number = text.strip_suffix(['x', '×']).unwrap_or(text);
    let factor: f64 = number.parse().map_err(|_| SHAPE.to_owned())?;
    if !LIMITS.contains(&factor) {
        return Err(SHAPE.to_owned());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within the limits"
    )]
    let thousandths = (factor * 1_000.0).round() as u32;
    NonZeroU32::new(thousandths)
        .map(Speed)
        .ok_or_else(|| SHAPE.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_numbers_within_reason() {
        for (text, factor) in [
            ("4", 4.0),
            ("0.5", 0.5),
            ("2x", 2.0),
            ("1000", 1_000.0),
            ("1.5×", 1.5),
        ] {
            let read = speed(text).unwrap().factor();
            assert!((read - factor).abs() < 1e-9, "{text}: {read}");
        }
        for text in ["", "x", "0", "-1", "1001", "NaN", "inf", "fast", "0.0001"] {
            assert!(speed(text).is_err(), "{text}");
        }
    }
}
