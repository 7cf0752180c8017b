use std::time::{Duration, SystemTime};

/// A date and time of day as ISO 8601 and RFC 3339 write it, with a zone: the time since 1970.
///
/// Browsers write the zone as `Z`, `+01:00` or `+0100`; without one it is taken for UTC.
pub(super) fn since_1970(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (whole, rest) = text.split_at_checked(19)?;
    let seconds = humantime::parse_rfc3339_weak(whole).ok()?;
    let seconds = seconds.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at_checked(zone_at)?;
    let time = seconds + parts_of_a_second(fraction)?;
    let (sign, zone) = match zone.strip_prefix('-') {
        Some(zone) => (-1, zone),
        None => (1, zone.trim_start_matches(['+', 'Z', 'z'])),
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let minutes: u64 = match digits.len() {
        0 => 0,
        2 => digits.parse::<u64>().ok()? * 60,
        4 => {
            let number: u64 = digits.parse().ok()?;
            number / 100 * 60 + number % 100
        }
        _ => return None,
    };
    let offset = Duration::from_secs(minutes * 60);
    // East of Greenwich it is later than there.
    if sign > 0 {
        time.checked_sub(offset)
    } else {
        time.checked_add(offset)
    }
}

/// `.123` as a duration, and nothing as none; whatever is finer than a nanosecond is left out.
fn parts_of_a_second(fraction: &str) -> Option<Duration> {
    let digits = match fraction.strip_prefix(['.', ',']) {
        Some(digits) if !digits.is_empty() => digits,
        None if fraction.is_empty() => return Some(Duration::ZERO),
        Some(_) | None => return None,
    };
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    Some(Duration::from_nanos(nine.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_browsers_write_them() {
        let noon = 1_718_452_800_000_u64;
        for (text, millis) in [
            ("2024-06-15T12:00:00.000Z", noon),
            ("2024-06-15T12:00:00.123456Z", noon + 123),
            ("2024-06-15T14:00:00.500+02:00", noon + 500),
            ("2024-06-15T08:30:00-0330", noon),
            ("2024-06-15T12:00:00", noon),
            ("2024-06-15 12:00:00.5Z", noon + 500),
        ] {
            let read = since_1970(text).map(|time| time.as_millis());
            assert_eq!(read, Some(u128::from(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2024-06-15",
            "2024-13-15T12:00:00Z",
            "2024-06-15T12:00:00.Z",
            "2024-06-15T12:00:00.12x3Z",
            "2024-06-15T12:00:00+1",
            "0001-01-01T00:00:00Z",
            "日本日本日本日本日本",
        ] {
            assert_eq!(since_1970(text), None, "{text}");
        }
    }
}
