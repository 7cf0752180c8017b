use std::time::Duration;

use crate::message::visible;

/// Longer than anybody waits, and short enough to be added to any moment.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// Reads a count of at least one.
pub(super) fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("none would let nothing through: give 1 or more".to_owned()),
        Ok(n) => Ok(n),
        Err(_) if text.starts_with('-') => Err("it cannot be negative: give 1 or more".to_owned()),
        Err(_) if is_digits(text) => Err("it is too large".to_owned()),
        Err(_) => Err("it is no whole number: give 1 or more".to_owned()),
    }
}

/// Reads a count of at least one, or `unlimited`, which is the largest number there is.
pub(super) fn count_or_unlimited(text: &str) -> Result<usize, String> {
    if text == "unlimited" {
        return Ok(usize::MAX);
    }
    count(text).map_err(|error| format!("{error}, or unlimited"))
}

/// Reads a size in bytes: `100`, `10k`, `16M`, `16MiB`, `1G`, where k is 1024.
pub(super) fn size(text: &str) -> Result<u64, String> {
    const SHAPE: &str = "a size is a whole number, then k, M or G (k is 1024): 100, 10k, 16M, 1G";
    if text.starts_with('-') {
        return Err("a size cannot be negative".to_owned());
    }
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(number).unwrap_or_default();
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(SHAPE.to_owned()),
    };
    if !is_digits(number) {
        return Err(SHAPE.to_owned());
    }
    let bytes = number.parse::<u64>().ok();
    match bytes.and_then(|n| n.checked_mul(factor)) {
        Some(0) => Err("a size of nothing would keep nothing: give 1 or more".to_owned()),
        Some(bytes) => Ok(bytes),
        None => Err("the size is too large to count".to_owned()),
    }
}

/// Reads a time such as `500ms`, `5s` or `1m 30s`: longer than nothing, at most a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    if text.trim_start().starts_with('-') {
        return Err("a time cannot be negative: write it as 500ms, 5s or 2m".to_owned());
    }
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => {
            Err("no time at all would let nothing through: give 1ms or more".to_owned())
        }
        Ok(long) if long > LONGEST => Err("a time of more than a year is not kept".to_owned()),
        Ok(duration) => Ok(duration),
        Err(_) if is_digits(text) => Err(format!("the unit is missing: write {text}ms or {text}s")),
        Err(error) => Err(format!(
            "{}: write it as 500ms, 5s or 2m",
            visible(&error.to_string())
        )),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_count_in_1024s() {
        for (text, bytes) in [
            ("100", 100),
            ("10k", 10_240),
            ("10K", 10_240),
            ("16M", 16 << 20),
            ("16MiB", 16 << 20),
            ("1G", 1 << 30),
            ("7B", 7),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "0",
            "0k",
            "-1",
            "1.5M",
            "M",
            "12T",
            "１",
            "99999999999999999999",
            "99999999999999G",
            "+1",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_needs_its_unit_and_is_longer_than_nothing() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(
            duration("5"),
            Err("the unit is missing: write 5ms or 5s".to_owned())
        );
        for text in [
            "",
            "0",
            "0s",
            "-5s",
            "s",
            "5x",
            "1000years",
            "5\x1bs",
            "99999999999999999999s",
        ] {
            let words = duration(text).unwrap_err();
            assert!(!words.contains(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn a_count_is_at_least_one() {
        assert_eq!(count("1"), Ok(1));
        for text in ["0", "-1", "six", "", "99999999999999999999999"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
