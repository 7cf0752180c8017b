use std::ops::Range;

use crate::message::Headers;

/// The one range that a request asks for (RFC 9110 §14.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// From this byte to that one, both of them in it.
    Between(u64, u64),
    /// From this byte to the end.
    From(u64),
    /// So many bytes at the end.
    Last(u64),
}

/// What `Range` asks for: nothing, one part, or something that is not looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Whole,
    Part(Part),
    Other,
}

impl Asked {
    pub(super) fn of(headers: &Headers) -> Self {
        let mut lines = headers.all("range");
        match (lines.next(), lines.next()) {
            (None, _) => Self::Whole,
            (Some(line), None) => part(line).map_or(Self::Other, Self::Part),
            (Some(_), Some(_)) => Self::Other,
        }
    }

    /// The bytes that are meant of a body with `total` bytes; nothing if there are none, or if
    /// that cannot be told.
    pub(super) fn within(self, total: Option<u64>) -> Option<Range<u64>> {
        let part = match self {
            Self::Whole => return total.map(|total| 0..total),
            Self::Other => return None,
            Self::Part(part) => part,
        };
        let range = match (part, total) {
            (Part::Between(first, last), None) => first..last.checked_add(1)?,
            (Part::Between(first, last), Some(total)) => first..last.saturating_add(1).min(total),
            (Part::From(first), Some(total)) => first..total,
            (Part::Last(count), Some(total)) => total.saturating_sub(count)..total,
            (Part::From(_) | Part::Last(_), None) => return None,
        };
        (!range.is_empty()).then_some(range)
    }
}

fn part(line: &str) -> Option<Part> {
    let (unit, range) = line.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    Some(match (first, last) {
        ("", last) => Part::Last(number(last)?),
        (first, "") => Part::From(number(first)?),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Part::Between(first, last))?
        }
    })
}

/// What `Content-Range` says of a part: the first byte, the last one, and the whole if known.
pub(super) fn content_range(headers: &Headers) -> Option<(u64, u64, Option<u64>)> {
    let said = headers.first("content-range")?.trim();
    let (unit, said) = said.split_once(' ')?;
    let (range, total) = said.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    let total = match total {
        "*" => None,
        total => Some(number(total)?),
    };
    let is_sound = first <= last && total.is_none_or(|total| last < total);
    (unit.eq_ignore_ascii_case("bytes") && is_sound).then_some((first, last, total))
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str, total: Option<u64>) -> Option<Range<u64>> {
        let mut headers = Headers::new();
        headers.push("Range", line);
        Asked::of(&headers).within(total)
    }

    #[test]
    fn one_range_of_bytes_is_understood_and_nothing_else() {
        assert_eq!(asked("bytes=0-1", Some(10)), Some(0..2));
        assert_eq!(asked("bytes=8-99", Some(10)), Some(8..10));
        assert_eq!(asked("bytes=4-", Some(10)), Some(4..10));
        assert_eq!(asked("bytes=-3", Some(10)), Some(7..10));
        assert_eq!(asked("bytes=-30", Some(10)), Some(0..10));
        assert_eq!(asked("bytes=2-3", None), Some(2..4));
        let odd = [
            "bytes=10-",
            "bytes=3-2",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-0",
            "bytes=+1-2",
        ];
        for odd in odd {
            assert_eq!(asked(odd, Some(10)), None, "{odd}");
        }
        assert_eq!(asked("bytes=4-", None), None);
        assert_eq!(asked("bytes=0-18446744073709551615", None), None);
    }

    #[test]
    fn a_content_range_is_sound_or_none() {
        let said = |text: &str| {
            let mut headers = Headers::new();
            headers.push("Content-Range", text);
            content_range(&headers)
        };
        assert_eq!(said("bytes 4-9/10"), Some((4, 9, Some(10))));
        assert_eq!(said("bytes 4-9/*"), Some((4, 9, None)));
        for bad in [
            "bytes 4-10/10",
            "bytes 5-4/10",
            "bytes */10",
            "anything",
            "lines 0-1/2",
        ] {
            assert_eq!(said(bad), None, "{bad}");
        }
    }
}
