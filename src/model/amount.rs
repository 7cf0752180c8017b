use std::time::Duration;

/// A stretch of time with three figures and its unit: `17 µs`, `3.42 ms`, `212 ms`, `1.84 s`.
pub fn duration(time: Duration) -> String {
    let micros = time.as_nanos().div_ceil(1_000);
    if micros < 1_000 {
        return format!("{micros} µs");
    }
    let millis = time.as_secs_f64() * 1_000.0;
    if millis < 9.995 {
        format!("{millis:.2} ms")
    } else if millis < 99.95 {
        format!("{millis:.1} ms")
    } else if millis < 999.5 {
        format!("{millis:.0} ms")
    } else if millis < 9_995.0 {
        format!("{:.2} s", millis / 1_000.0)
    } else if millis < 59_950.0 {
        format!("{:.1} s", millis / 1_000.0)
    } else {
        let seconds = (time.as_millis() + 500) / 1_000;
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}

/// A size in powers of a thousand, as browsers have it: `412 B`, `12.3 kB`, `1.2 MB`.
pub fn bytes(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "three figures are shown")]
    let mut amount = bytes as f64 / 1_000.0;
    let mut units = ["kB", "MB", "GB", "TB"].into_iter().peekable();
    while amount >= 999.5 && units.len() > 1 {
        amount /= 1_000.0;
        units.next();
    }
    let unit = units.peek().unwrap_or(&"TB");
    if amount < 99.95 {
        format!("{amount:.1} {unit}")
    } else {
        format!("{amount:.0} {unit}")
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, …
pub fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_figures_and_never_a_false_zero() {
        let told = |nanos| duration(Duration::from_nanos(nanos));
        assert_eq!(told(0), "0 µs");
        assert_eq!(told(1), "1 µs");
        assert_eq!(told(17_000), "17 µs");
        assert_eq!(told(3_421_000), "3.42 ms");
        assert_eq!(told(9_996_000), "10.0 ms");
        assert_eq!(told(212_400_000), "212 ms");
        assert_eq!(told(999_700_000), "1.00 s");
        assert_eq!(told(1_840_000_000), "1.84 s");
        assert_eq!(told(9_996_000_000), "10.0 s");
        assert_eq!(told(59_940_000_000), "59.9 s");
        assert_eq!(told(59_960_000_000), "1 m 00 s");
        assert_eq!(told(125_000_000_000), "2 m 05 s");
    }

    #[test]
    fn sizes_are_in_powers_of_a_thousand() {
        let told = [0, 999, 1_000, 12_345, 999_499, 999_600, 5_000_000, u64::MAX].map(bytes);
        let want = [
            "0 B",
            "999 B",
            "1.0 kB",
            "12.3 kB",
            "999 kB",
            "1.0 MB",
            "5.0 MB",
            "18446744 TB",
        ];
        assert_eq!(told, want);
    }

    #[test]
    fn places_in_a_line_are_said_as_people_do() {
        let told = [1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal);
        assert_eq!(
            told,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"
            ]
        );
    }
}
