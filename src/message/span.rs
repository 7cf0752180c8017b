/// A number of seconds in its two largest units.
pub fn span(seconds: u64) -> String {
    let units = [("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (name, size) in units {
        let count = rest / size;
        if count > 0 && parts.len() < 2 {
            let s = if name == "day" && count > 1 { "s" } else { "" };
            parts.push(format!("{count} {name}{s}"));
            rest -= count * size;
        } else if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() {
        return "0 s".to_owned();
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units_at_most() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (3_600, "1 h"),
            (3_661, "1 h 1 min"),
            (400 * 86_400, "400 days"),
            (86_400 + 61, "1 day"),
        ] {
            assert_eq!(span(seconds), words);
        }
    }
}
