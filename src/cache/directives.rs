use std::time::Duration;

use crate::message::Headers;

/// What `Cache-Control` says (RFC 9111 §5.2), as far as this room obeys it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directives {
    pub(super) is_no_store: bool,
    pub(super) is_no_cache: bool,
    pub(super) max_age: Option<Duration>,
}

impl Directives {
    pub(super) fn of(headers: &Headers) -> Self {
        let mut found = Self::default();
        for member in headers.members("cache-control") {
            let (name, value) = member.split_once('=').unwrap_or((member, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" => found.is_no_store = true,
                "no-cache" => found.is_no_cache = true,
                // The first of two counts; what is no number counts as nothing said (§4.2.1).
                "max-age" if found.max_age.is_none() => found.max_age = seconds(value),
                _ => {}
            }
        }
        found
    }
}

/// What a number too large to hold counts as (RFC 9111 §1.2.2).
const MOST_SECONDS: u64 = 1 << 31;

/// A delta-seconds value (RFC 9111 §1.2.2), quoted or not.
pub(super) fn seconds(value: &str) -> Option<Duration> {
    let digits = value.trim().trim_matches('"');
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(MOST_SECONDS)))
}
