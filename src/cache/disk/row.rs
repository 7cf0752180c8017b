use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::cache::freshness::Times;
use crate::cache::selection::Selector;
use crate::cache::stored::Record;
use crate::cache::{Content, Stored};
use crate::message::ResponseHead;

/// An answer as it is on the disk: all but its body.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is stored under.
    pub key: Arc<str>,
    /// The answer, its body elsewhere.
    pub stored: Stored,
    /// As which use of the cache it was used last.
    pub used: u64,
}

#[derive(Serialize)]
struct Written<'a> {
    key: &'a str,
    head: &'a ResponseHead,
    total: Option<u64>,
    spans: Vec<(u64, u64)>,
    asked: Duration,
    came: Duration,
    first: Duration,
    validated: u32,
    chosen: Vec<(&'a str, Option<&'a str>)>,
}

#[derive(Deserialize)]
struct Read {
    key: String,
    head: ResponseHead,
    total: Option<u64>,
    spans: Vec<(u64, u64)>,
    asked: Duration,
    came: Duration,
    first: Duration,
    validated: u32,
    chosen: Vec<(String, Option<String>)>,
}

/// All but the body, as bytes; nothing of what cannot be written as such.
pub(super) fn written(key: &str, stored: &Stored) -> Vec<u8> {
    let chosen = stored.chosen.iter();
    let row = Written {
        key,
        head: &stored.head,
        total: stored.content.total,
        spans: spans(stored).collect(),
        asked: stored.times.asked,
        came: stored.times.came,
        first: stored.record.first,
        validated: stored.record.validated,
        chosen: chosen
            .map(|selector| (selector.name.as_str(), selector.value.as_deref()))
            .collect(),
    };
    serde_json::to_vec(&row).unwrap_or_default()
}

fn spans(stored: &Stored) -> impl Iterator<Item = (u64, u64)> {
    let spans = stored.content.spans().iter();
    spans.map(|span| (span.start, span.end))
}

/// The answer at `place`; nothing of bytes that are none.
pub(super) fn read(bytes: &[u8], place: u64, used: u64) -> Option<Row> {
    let row: Read = serde_json::from_slice(bytes).ok()?;
    let spans: Vec<_> = row.spans.iter().map(|(start, end)| *start..*end).collect();
    let is_sound = spans.iter().all(|span| span.start < span.end)
        && spans.is_sorted_by(|one, next| one.end < next.start);
    if !is_sound {
        return None;
    }
    let record = Record {
        first: row.first,
        validated: row.validated,
        place: Some(place),
    };
    let times = Times {
        asked: row.asked,
        came: row.came,
    };
    let chosen = row.chosen.into_iter();
    let chosen = chosen.map(|(name, value)| Selector { name, value });
    let content = Content::elsewhere(row.total, spans);
    Some(Row {
        key: row.key.into(),
        stored: Stored::new(row.head, content, times, chosen.collect(), record),
        used,
    })
}

/// What bytes come to that belong to `place`: they are good if this is written before them.
fn sum(place: u64, bytes: &[u8]) -> [u8; SUM] {
    XxHash3_64::oneshot_with_seed(place, bytes).to_le_bytes()
}

/// Bytes with their sum before them, as many as `into` has room for.
pub(super) fn seal(place: u64, bytes: &[u8], into: &mut [u8]) {
    if let Some((head, body)) = into.split_at_mut_checked(SUM) {
        head.copy_from_slice(&sum(place, bytes));
        body.copy_from_slice(bytes);
    }
}

/// The bytes behind their sum, if they are as they were when it was written.
pub(super) fn unseal(place: u64, sealed: &[u8]) -> Option<&[u8]> {
    let (head, bytes) = sealed.split_at_checked(SUM)?;
    (head == sum(place, bytes)).then_some(bytes)
}

/// Bytes that a sum takes.
pub(super) const SUM: usize = 8;

/// Bytes that an answer takes on the disk, roughly: a body has pages of its own, and as many of them
/// as the next power of two.
pub(in crate::cache) fn room(stored: &Stored) -> u64 {
    let body = stored.content.len() + BESIDE;
    let body = if body > PAGE / 2 {
        body.next_power_of_two().max(PAGE)
    } else {
        body
    };
    let fields = stored.head.headers.iter();
    let head: usize = fields
        .map(|(name, value)| name.len() + value.len() + 6)
        .sum();
    body + head as u64 + HEAD
}

/// Bytes of a page of the database.
const PAGE: u64 = 4096;
/// What a page has beside a body.
const BESIDE: u64 = 64;
/// What a row has beside its fields.
const HEAD: u64 = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Version;

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let selector = |name: &str, value: Option<&str>| Selector {
            name: name.to_owned(),
            value: value.map(str::to_owned),
        };
        let head = ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: "Ök".to_owned(),
            headers: [
                ("ETag".to_owned(), "\"ÿ\"".to_owned()),
                ("X".to_owned(), String::new()),
            ]
            .into_iter()
            .collect(),
        };
        let times = Times {
            asked: Duration::from_millis(1_700_000_000_123),
            came: Duration::from_nanos(1_700_000_000_223_456_789),
        };
        let stored = Stored::new(
            head,
            Content::elsewhere(Some(10), vec![0..2, 5..7]),
            times,
            vec![selector("accept", Some("a, b")), selector("x", None)],
            Record {
                first: Duration::from_secs(9),
                validated: 3,
                place: Some(7),
            },
        );
        let bytes = written("http://a.test/", &stored);
        let row = read(&bytes, 7, 1).unwrap();
        assert_eq!(row.stored, stored);
        assert_eq!(&*row.key, "http://a.test/");
        assert!(read(&bytes[1..], 7, 1).is_none());
    }

    #[test]
    fn a_body_that_changed_or_is_another_s_is_noticed() {
        let mut sealed = vec![0; SUM + 5];
        seal(7, b"hello", &mut sealed);
        assert_eq!(unseal(7, &sealed), Some(&b"hello"[..]));
        assert_eq!(unseal(8, &sealed), None, "the body of another answer");
        for at in 0..sealed.len() {
            let mut torn = sealed.clone();
            torn[at] ^= 1;
            assert_eq!(unseal(7, &torn), None, "byte {at}");
            assert_eq!(unseal(7, &sealed[..at]), None, "cut at {at}");
        }
    }
}
