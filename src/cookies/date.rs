/// The time in an `Expires` attribute, in milliseconds since 1970, read as leniently as RFC 6265bis
/// §5.1.1 has it; times before 1970 are 1970.
pub fn cookie_date(text: &str) -> Option<u64> {
    let mut found = Found::default();
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        found.take(token);
    }
    found.moment()
}

/// The parts of a date, each the first token that could be one.
#[derive(Debug, Default)]
struct Found {
    time: Option<(u64, u64, u64)>,
    day: Option<u64>,
    month: Option<u64>,
    year: Option<u64>,
}

impl Found {
    fn take(&mut self, token: &str) {
        if self.time.is_none() {
            self.time = time(token);
            if self.time.is_some() {
                return;
            }
        }
        if self.day.is_none() {
            self.day = number(token, 1..=2);
            if self.day.is_some() {
                return;
            }
        }
        if self.month.is_none() {
            self.month = month(token);
            if self.month.is_some() {
                return;
            }
        }
        if self.year.is_none() {
            self.year = number(token, 2..=4);
        }
    }

    fn moment(&self) -> Option<u64> {
        let (hour, minute, second) = self.time?;
        let (day, month) = (self.day?, self.month?);
        let year = match self.year? {
            year @ 70..=99 => year + 1900,
            year @ 0..=69 => year + 2000,
            year => year,
        };
        let is_on_the_clock = hour <= 23 && minute <= 59 && second <= 59;
        let is_in_the_calendar = year >= 1601 && (1..=days_of(year, month)).contains(&day);
        if !is_on_the_clock || !is_in_the_calendar {
            return None;
        }
        let days = days_before(year, month) + day - 1;
        let epoch = days_before(1970, 1);
        let Some(days) = days.checked_sub(epoch) else {
            return Some(0);
        };
        Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
    }
}

/// `%x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E`.
const fn is_delimiter(c: char) -> bool {
    matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// As many digits as `count` allows, and behind them anything but a digit.
fn number(token: &str, count: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    if !count.contains(&digits) {
        return None;
    }
    token.get(..digits)?.parse().ok()
}

/// `hours:minutes:seconds`, one or two digits each.
fn time(token: &str) -> Option<(u64, u64, u64)> {
    let (hour, rest) = token.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !whole(hour) || !whole(minute) {
        return None;
    }
    Some((
        number(hour, 1..=2)?,
        number(minute, 1..=2)?,
        number(second, 1..=2)?,
    ))
}

/// The month that the first three letters name.
fn month(token: &str) -> Option<u64> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start = token.get(..3)?;
    (1..)
        .zip(NAMES)
        .find_map(|(number, name)| start.eq_ignore_ascii_case(name).then_some(number))
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the year 0 to the first of the month.
fn days_before(year: u64, month: u64) -> u64 {
    let before = year - 1;
    let years = year * 365 + before / 4 - before / 100 + before / 400;
    years + (1..month).map(|month| days_of(year, month)).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_however_they_are_written() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("6 nov 1994 8:49:37", 784_111_777),
            ("08:49:37 november 6th 94;", 784_111_777),
            ("Mon, 29-Feb-2016 00:00:00 GMT", 1_456_704_000),
            ("Wed, 31 Dec 69 23:59:59", 3_155_759_999),
            ("1 Jan 1601 00:00:00", 0),
            ("Fri, 31 Dec 2027 23:59:59 GMT", 1_830_297_599),
        ] {
            assert_eq!(cookie_date(text), Some(seconds * 1000), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "1 Jan 2030",
            "1 Jan 2030 24:00:00",
            "1 Jan 2030 00:60:00",
            "30 Feb 2030 00:00:00",
            "0 Jan 2030 00:00:00",
            "1 Jan 1600 00:00:00",
            "1 Jan 12345 00:00:00",
            "1 Jan 2030 000:00:00",
            "1 Jan 2030 0:0",
            "Jän 1 2030 00:00:00",
        ] {
            assert_eq!(cookie_date(text), None, "{text}");
        }
    }
}
