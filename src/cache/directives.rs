use std::time::Duration;

use crate::message::Headers;

use super::list::members;

/// What `Cache-Control` says, in a request or in an answer (RFC 9111 §5.2, RFC 5861, RFC 8246).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a field a directive")]
pub(super) struct Directives {
    pub(super) is_no_store: bool,
    /// Without field names: with them, only these fields are meant.
    pub(super) is_no_cache: bool,
    pub(super) is_must_revalidate: bool,
    pub(super) is_must_understand: bool,
    pub(super) is_immutable: bool,
    pub(super) is_public: bool,
    pub(super) is_private: bool,
    pub(super) is_only_if_cached: bool,
    pub(super) max_age: Option<Seconds>,
    pub(super) stale_while_revalidate: Option<Duration>,
    pub(super) stale_if_error: Option<Duration>,
    pub(super) min_fresh: Option<Duration>,
    /// Without a number: however stale.
    pub(super) max_stale: Option<Duration>,
    /// The fields that `no-cache="…"` names.
    pub(super) uncached_fields: Vec<String>,
}

/// A number of seconds that was said, or a value that is none.
pub(super) type Seconds = Result<Duration, NoSeconds>;

/// What was said is no number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoSeconds;

impl Directives {
    pub(super) fn of(headers: &Headers) -> Self {
        let mut found = Self::default();
        for member in members(headers, "cache-control") {
            let (name, value) = match member.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (member, None),
            };
            found.take(name.trim().to_ascii_lowercase().as_str(), value);
        }
        found
    }

    /// Of a directive that is said twice, the first counts (RFC 9111 §4.2.1).
    fn take(&mut self, name: &str, value: Option<&str>) {
        let number = || value.and_then(seconds);
        match name {
            "no-store" => self.is_no_store = true,
            "no-cache" => match value {
                None => self.is_no_cache = true,
                Some(names) => self.uncached_fields.extend(field_names(names)),
            },
            "must-revalidate" => self.is_must_revalidate = true,
            "must-understand" => self.is_must_understand = true,
            "immutable" => self.is_immutable = true,
            "public" => self.is_public = true,
            "private" => self.is_private = true,
            "only-if-cached" => self.is_only_if_cached = true,
            "max-age" if self.max_age.is_none() => {
                self.max_age = Some(number().ok_or(NoSeconds));
            }
            "stale-while-revalidate" if self.stale_while_revalidate.is_none() => {
                self.stale_while_revalidate = number();
            }
            "stale-if-error" if self.stale_if_error.is_none() => self.stale_if_error = number(),
            "min-fresh" if self.min_fresh.is_none() => self.min_fresh = number(),
            "max-stale" if self.max_stale.is_none() => {
                self.max_stale = match value {
                    None => Some(MOST),
                    Some(_) => number(),
                };
            }
            _ => {}
        }
    }
}

/// The most that any number counts as: 68 years (RFC 9111 §1.2.2).
pub(super) const MOST: Duration = Duration::from_secs(1 << 31);

/// A delta-seconds value (RFC 9111 §1.2.2), quoted or not.
pub(super) fn seconds(value: &str) -> Option<Duration> {
    let digits = unquoted(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| {
        let number = digits.parse().map_or(MOST, Duration::from_secs);
        number.min(MOST)
    })
}

fn field_names(value: &str) -> impl Iterator<Item = String> {
    let names = unquoted(value).split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_ascii_lowercase)
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    inner.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(value: &str) -> Directives {
        let mut headers = Headers::new();
        headers.push("cache-control", value);
        Directives::of(&headers)
    }

    #[test]
    fn numbers_are_digits_quoted_or_not_and_never_too_large() {
        let max_age = |value: &str| said(&format!("max-age={value}")).max_age;
        let of = |seconds| Some(Ok(Duration::from_secs(seconds)));
        assert_eq!(max_age("003600"), of(3600));
        assert_eq!(max_age("\"60\""), of(60));
        assert_eq!(max_age("99999999999999999999999"), Some(Ok(MOST)));
        for bad in ["-1", "'60'", "60.0", "", "1 2", "x"] {
            assert_eq!(max_age(bad), Some(Err(NoSeconds)), "{bad}");
        }
        assert_eq!(said("max-age").max_age, Some(Err(NoSeconds)));
    }

    #[test]
    fn the_first_of_two_counts_and_quoted_text_is_no_directive() {
        let two = said("x=\"max-age=9, no-store\", MAX-age=1, max-age=5");
        assert_eq!(two.max_age, Some(Ok(Duration::from_secs(1))));
        assert!(!two.is_no_store);
    }

    #[test]
    fn no_cache_with_names_is_about_these_fields_only() {
        let named = said("no-cache=\"Set-Cookie, x-a\", max-stale");
        assert!(!named.is_no_cache);
        assert_eq!(named.uncached_fields, ["set-cookie", "x-a"]);
        assert_eq!(named.max_stale, Some(MOST));
    }
}
