use std::ops::Range;
use std::time::Duration;

use crate::message::{Headers, ResponseHead};

use super::directives::Directives;

/// The head as it is stored: without what is said of one connection or one proxy only
/// (RFC 9111 §3.1), and without the fields that may not be used again unasked (§5.2.2.4).
pub(super) fn storable(head: &ResponseHead, said: &Directives) -> ResponseHead {
    let options: Vec<String> = head
        .headers
        .members("connection")
        .map(str::to_ascii_lowercase)
        .collect();
    let is_left = |name: &str| {
        let name = name.to_ascii_lowercase();
        !of_one_hop(&name) && !options.contains(&name) && !said.uncached_fields.contains(&name)
    };
    ResponseHead {
        headers: only(&head.headers, is_left),
        ..head.clone()
    }
}

/// The stored head brought up to date by the head of a 304, a part or a HEAD (RFC 9111 §3.2).
///
/// What describes the bytes that are stored stays as it was.
pub(super) fn updated(stored: &ResponseHead, news: &ResponseHead) -> ResponseHead {
    let news = storable(news, &Directives::of(&news.headers));
    let is_news = |name: &str| !of_the_bytes(&name.to_ascii_lowercase());
    let news = only(&news.headers, is_news);
    let is_kept = |name: &str| news.first(name).is_none();
    let mut headers = only(&stored.headers, is_kept);
    for (name, value) in news.iter() {
        headers.push(name, value);
    }
    ResponseHead {
        headers,
        ..stored.clone()
    }
}

/// The head of the whole, out of the head of a part of it.
pub(super) fn of_the_whole(part: &ResponseHead) -> ResponseHead {
    let is_left = |name: &str| {
        let is_of_part = ["content-range", "content-length"];
        !is_of_part.iter().any(|own| own.eq_ignore_ascii_case(name))
    };
    ResponseHead {
        version: part.version,
        status: 200,
        reason: "OK".to_owned(),
        headers: only(&part.headers, is_left),
    }
}

/// The head of a part, out of the head of the whole (RFC 9110 §15.3.7).
pub(super) fn of_the_part(
    whole: &ResponseHead,
    range: &Range<u64>,
    total: Option<u64>,
) -> ResponseHead {
    let mut head = of_the_whole(whole);
    (head.status, head.reason) = (206, "Partial Content".to_owned());
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    let (first, last) = (range.start, range.end.saturating_sub(1));
    let range = format!("bytes {first}-{last}/{total}");
    head.headers.push("Content-Range", range);
    head.headers
        .push("Content-Length", (last + 1 - first).to_string());
    head
}

/// The head with its `Content-Length` made that of a body of so many bytes.
pub(super) fn with_length(head: &ResponseHead, bytes: u64) -> ResponseHead {
    with(head, "Content-Length", &bytes.to_string())
}

/// The head as an answer of this age has it (RFC 9111 §5.1).
pub(super) fn aged(head: &ResponseHead, age: Duration) -> ResponseHead {
    with(head, "Age", &age.as_secs().to_string())
}

fn with(head: &ResponseHead, name: &str, value: &str) -> ResponseHead {
    let is_left = |known: &str| !known.eq_ignore_ascii_case(name);
    let mut headers = only(&head.headers, is_left);
    headers.push(name, value);
    ResponseHead {
        headers,
        ..head.clone()
    }
}

fn only(headers: &Headers, is_left: impl Fn(&str) -> bool) -> Headers {
    let left = headers.iter().filter(|(name, _)| is_left(name));
    left.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Fields that are for the next hop, or for a proxy (RFC 9110 §7.6.1, RFC 9111 §3.1).
fn of_one_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "te"
            | "transfer-encoding"
            | "upgrade"
            | "proxy-authenticate"
            | "proxy-authentication-info"
            | "proxy-authorization"
    )
}

/// Fields that say what the stored bytes are.
fn of_the_bytes(name: &str) -> bool {
    matches!(
        name,
        "content-encoding" | "content-length" | "content-range" | "content-type"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Version;

    fn head(status: u16, lines: &[(&str, &str)]) -> ResponseHead {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        ResponseHead {
            version: Version::Http11,
            status,
            reason: String::new(),
            headers: lines.iter().map(owned).collect(),
        }
    }

    fn told(head: &ResponseHead) -> String {
        let fields = head.headers.iter();
        let lines: Vec<_> = fields
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        lines.join(" | ")
    }

    #[test]
    fn what_is_for_one_hop_or_unasked_for_is_not_stored() {
        let came = head(
            200,
            &[
                ("Connection", "A, close"),
                ("a", "1"),
                ("b", "2"),
                ("Transfer-Encoding", "chunked"),
                ("Proxy-Authenticate", "x"),
                ("Set-Cookie", "c=1"),
                ("Cache-Control", "no-cache=\"set-cookie\""),
            ],
        );
        let said = Directives::of(&came.headers);
        let told = told(&storable(&came, &said));
        assert_eq!(told, "b: 2 | Cache-Control: no-cache=\"set-cookie\"");
    }

    #[test]
    fn a_304_brings_news_but_does_not_change_what_the_bytes_are() {
        let stored = head(
            200,
            &[
                ("A", "1"),
                ("Content-Length", "5"),
                ("X", "old"),
                ("x", "old"),
            ],
        );
        let news = head(
            304,
            &[
                ("x", "new"),
                ("content-length", "0"),
                ("Connection", "close"),
            ],
        );
        let merged = updated(&stored, &news);
        assert_eq!(told(&merged), "A: 1 | Content-Length: 5 | x: new");
        assert_eq!(merged.status, 200);
    }

    #[test]
    fn a_part_says_which_part_it_is() {
        let whole = head(200, &[("Content-Length", "10"), ("A", "1")]);
        let part = of_the_part(&whole, &(2..5), Some(10));
        assert_eq!(part.status, 206);
        assert_eq!(
            told(&part),
            "A: 1 | Content-Range: bytes 2-4/10 | Content-Length: 3"
        );
        assert_eq!(told(&of_the_whole(&part)), "A: 1");
    }
}
