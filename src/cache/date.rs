use std::time::Duration;

/// A date as HTTP writes it, since 1970 (RFC 9110 §5.6.7); one before 1970 counts as 1970.
///
/// All three forms are read, letters in any case, and nothing else: what is no date is in the past
/// (RFC 9111 §5.3). `now` tells which century a year of two digits is in.
pub(super) fn http_date(text: &str, now: Duration) -> Option<Duration> {
    let text = text.trim_matches([' ', '\t']);
    let words: Vec<&str> = text.split(' ').collect();
    match *words.as_slice() {
        [day_name, month, "", day, time, year] => {
            asctime((day_name, month, time, year), digits(day, 1)?)
        }
        [day_name, day, month, year, time, zone] => {
            let is_day = name_in(day_name.strip_suffix(',')?, &DAYS);
            let is_whole = is_day && digits(day, 2).is_some() && is_gmt(zone);
            let days = days(digits(year, 4)?, month_of(month)?, digits(day, 2)?)?;
            is_whole.then(|| moment(days, time)).flatten()
        }
        [day_name, date, time, zone] => {
            let is_day = long_day(day_name.strip_suffix(',')?);
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            let is_whole = is_day && parts.next().is_none() && is_gmt(zone);
            let year = century(digits(year, 2)?, now);
            let days = days(year, month_of(month)?, digits(day, 2)?)?;
            is_whole.then(|| moment(days, time)).flatten()
        }
        [day_name, month, day, time, year] => {
            asctime((day_name, month, time, year), digits(day, 2)?)
        }
        _ => None,
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAY: u64 = 86_400;

fn asctime(words: (&str, &str, &str, &str), day: u64) -> Option<Duration> {
    let (day_name, month, time, year) = words;
    let days = days(digits(year, 4)?, month_of(month)?, day)?;
    name_in(day_name, &DAYS)
        .then(|| moment(days, time))
        .flatten()
}

fn moment(days: u64, time: &str) -> Option<Duration> {
    let mut parts = time.split(':');
    let mut part = || digits(parts.next()?, 2);
    let (hours, minutes, seconds) = (part()?, part()?, part()?);
    let is_time = hours < 24 && minutes < 60 && seconds <= 60 && parts.next().is_none();
    is_time.then(|| Duration::from_secs(days * DAY + hours * 3600 + minutes * 60 + seconds))
}

fn name_in(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn long_day(name: &str) -> bool {
    let names = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    name_in(name, &names)
}

fn is_gmt(zone: &str) -> bool {
    zone.eq_ignore_ascii_case("GMT")
}

/// From 1.
fn month_of(name: &str) -> Option<u64> {
    let place = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(name))?;
    u64::try_from(place + 1).ok()
}

fn digits(text: &str, count: usize) -> Option<u64> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Days from 1970 to a day of the Gregorian calendar; none if there is no such day.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let is_leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let length = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day == 0 || day > length {
        return None;
    }
    // Years begin in March, so that the leap day is the last of one.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, month + 9)
    };
    let leaps = year / 4 - year / 100 + year / 400;
    let before = year * 365 + leaps + (month * 153 + 2) / 5 + day - 1;
    // The days from 1 March of the year 0 to 1 January 1970.
    Some(before.saturating_sub(719_468))
}

/// The year that `now` makes of its last two digits: no more than 50 years ahead.
fn century(digits: u64, now: Duration) -> u64 {
    let this_year = 1970 + now.as_secs() / (DAY * 365 + DAY / 4);
    let year = this_year / 100 * 100 + digits;
    if year > this_year + 50 {
        year - 100
    } else {
        year
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In 2026.
    const NOW: Duration = Duration::from_secs(1_780_000_000);

    fn read(text: &str) -> Option<u64> {
        http_date(text, NOW).map(|date| date.as_secs())
    }

    #[test]
    fn the_three_forms_say_the_same_second() {
        let second = Some(784_111_777);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), second);
        assert_eq!(read("Sunday, 06-Nov-94 08:49:37 GMT"), second);
        assert_eq!(read("Sun Nov  6 08:49:37 1994"), second);
        assert_eq!(read("sUN, 06 nOV 1994 08:49:37 gmt"), second);
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(read("Wed, 31 Dec 1969 23:59:59 GMT"), Some(86_399));
        let coming = read("Thursday, 18-Aug-50 02:01:18 GMT");
        assert_eq!(coming, read("Thu, 18 Aug 2050 02:01:18 GMT"));
    }

    #[test]
    fn whatever_else_is_written_is_no_date() {
        for bad in [
            "0",
            "",
            "Thu, 18 Aug 2050 02:01:18 UTC",
            "Thu, 18 Aug 50 02:01:18 GMT",
            "Thu 18 Aug 2050 02:01:18 GMT",
            "Thu, 18  Aug  2050 02:01:18 GMT",
            "Thu, 18-Aug-2050 02:01:18 GMT",
            "Thu, 18 Aug 2050 02.01.18 GMT",
            "Thu, 18 Aug 2050 2:01:18 GMT",
            "Thu, 18 Aug 2050 25:01:18 GMT",
            "Thu, 31 Feb 2050 02:01:18 GMT",
            "Xxx, 18 Aug 2050 02:01:18 GMT",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
