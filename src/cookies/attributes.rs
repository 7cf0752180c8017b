use crate::message::{CookiePriority, SameSite, SetCookie};

use super::date::cookie_date;

/// What the attributes of a `Set-Cookie` line come to; of each kind the last one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes<'a> {
    pub(super) domain: Option<&'a str>,
    pub(super) path: Option<&'a str>,
    pub(super) max_age: Option<&'a str>,
    pub(super) expires: Option<&'a str>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
    pub(super) priority: CookiePriority,
    pub(super) partitioned: bool,
}

/// A longer value makes its attribute count for nothing (RFC 6265bis §5.6).
pub(super) const LONGEST: usize = 1024;
/// No cookie lives longer (RFC 6265bis §5.5): 400 days, in milliseconds.
pub(super) const LONGEST_LIFE: u64 = 400 * 24 * 60 * 60 * 1000;

impl<'a> Attributes<'a> {
    pub(super) fn of(set: &SetCookie<'a>) -> Self {
        let mut all = Self::default();
        for (name, value) in &set.attributes {
            let said = value.unwrap_or_default();
            if said.chars().count() > LONGEST {
                continue;
            }
            match name.to_ascii_lowercase().as_str() {
                "domain" => all.domain = Some(said),
                // Chromium has it that a relative path is none.
                "path" => all.path = Some(said).filter(|path| path.starts_with('/')),
                "max-age" => all.max_age = Some(said),
                "expires" => all.expires = Some(said),
                "secure" => all.secure = true,
                "httponly" => all.http_only = true,
                "samesite" => all.same_site = SameSite::read(said),
                "priority" => all.priority = CookiePriority::read(said),
                "partitioned" => all.partitioned = true,
                _ => {}
            }
        }
        all
    }

    /// When the cookie expires; `Max-Age` wins, and what cannot be read counts for nothing.
    pub(super) fn expires(&self, now: u64) -> Option<u64> {
        let latest = now.saturating_add(LONGEST_LIFE);
        let by_age = self.max_age.and_then(|said| age(said, now));
        let at = by_age.or_else(|| self.expires.and_then(cookie_date))?;
        Some(at.min(latest))
    }
}

/// `now` and so many seconds, where they are digits, with a minus or without.
fn age(said: &str, now: u64) -> Option<u64> {
    let digits = said.strip_prefix('-').unwrap_or(said);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if said.starts_with('-') {
        return Some(0);
    }
    let seconds: u64 = digits.parse().unwrap_or(u64::MAX);
    Some(match seconds {
        0 => 0,
        _ => now.saturating_add(seconds.saturating_mul(1000)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000_000_000;

    fn expires(line: &str) -> Option<u64> {
        let set = SetCookie::read(line);
        Attributes::of(&set).expires(NOW)
    }

    #[test]
    fn max_age_wins_over_expires_and_nothing_lives_longer_than_400_days() {
        assert_eq!(expires("a=1"), None);
        assert_eq!(expires("a=1; Max-Age=10"), Some(NOW + 10_000));
        assert_eq!(expires("a=1; max-age=0"), Some(0));
        assert_eq!(expires("a=1; max-age=-9"), Some(0));
        assert_eq!(expires("a=1; max-age=x"), None);
        assert_eq!(expires("a=1; max-age=-"), None);
        let capped = Some(NOW + LONGEST_LIFE);
        assert_eq!(expires("a=1; max-age=999999999999999999999"), capped);
        assert_eq!(expires("a=1; expires=1 Jan 2400 0:0:0"), capped);
        let past = "expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(
            expires(&format!("a=1; {past}; max-age=5")),
            Some(NOW + 5_000)
        );
        assert_eq!(expires(&format!("a=1; max-age=x; {past}")), Some(0));
    }

    #[test]
    fn the_last_of_a_kind_counts_and_what_is_too_long_does_not() {
        let long = format!("a=1; Path=/x; Path=/{}", "p".repeat(1024));
        assert_eq!(Attributes::of(&SetCookie::read(&long)).path, Some("/x"));
        let set = SetCookie::read(
            "a=1; DOMAIN=x; domain=; path=/y; path=z; secure=no; samesite=lax; samesite=odd",
        );
        let all = Attributes::of(&set);
        assert_eq!((all.domain, all.path), (Some(""), None));
        assert_eq!((all.secure, all.same_site), (true, None));
    }
}
