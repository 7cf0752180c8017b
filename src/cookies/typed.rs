use crate::message::{Cookie, SetCookie};

use super::attributes::Attributes;
use super::domain::{domain_for, is_address};
use super::offer::{check_promises, check_text};
use super::verdict::Refused;

/// Why a cookie that a person wrote down cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTyped {
    /// Nobody knows where it would go.
    #[error("say whose cookie it is: Domain=HOST, and HostOnly if not for the hosts below it")]
    NoDomain,
    /// No answer could set it either.
    #[error("{0}")]
    Refused(Refused),
}

/// Reads a cookie as a person writes it: as `Set-Cookie` does, with `Domain` always, and `HostOnly`
/// where it is for that host alone.
pub fn read_typed(line: &str, now: u64) -> Result<Cookie, BadTyped> {
    let set = SetCookie::read(line);
    check_text(line, &set).map_err(BadTyped::Refused)?;
    let said = Attributes::of(&set);
    let domain = said.domain.unwrap_or_default();
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    if domain.is_empty() {
        return Err(BadTyped::NoDomain);
    }
    let is_alone = |name: &str| name.eq_ignore_ascii_case("hostonly");
    let host_only = set.attributes.iter().any(|(name, _)| is_alone(name));
    let lower = domain.to_ascii_lowercase();
    let asked = if host_only { None } else { Some(domain) };
    // A host below would have been asked: the domain itself may be a suffix for itself only.
    let (domain, host_only) = if host_only || is_address(&lower) {
        domain_for(&lower, None)
    } else {
        domain_for(&format!("x.{lower}"), asked)
    }
    .map_err(BadTyped::Refused)?;
    if !domain.bytes().all(is_of_host) {
        return Err(BadTyped::NoDomain);
    }
    let cookie = Cookie {
        name: set.name.to_owned(),
        value: set.value.to_owned(),
        domain,
        host_only,
        path: said.path.unwrap_or("/").to_owned(),
        expires: said.expires(now),
        secure: said.secure,
        http_only: said.http_only,
        same_site: said.same_site,
        priority: said.priority,
        partition: None,
        created: now,
        used: now,
    };
    check_promises(&cookie, &said).map_err(BadTyped::Refused)?;
    Ok(cookie)
}

/// Whether a byte stands in host names and addresses.
pub(super) const fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_a_person_writes_it() {
        let read = |line: &str| read_typed(line, 0).unwrap();
        let cookie = read("a=1; Domain=.A.test; Secure");
        assert_eq!(
            (cookie.domain.as_str(), cookie.host_only, cookie.secure),
            ("a.test", false, true)
        );
        assert!(read("a=1; domain=a.test; hostonly").host_only);
        assert!(read("a=1; domain=127.0.0.1").host_only);
        assert_eq!(read("a=1; domain=a.test; Max-Age=9").expires, Some(9_000));
    }

    #[test]
    fn what_no_answer_could_set_nobody_can_type() {
        for line in [
            "a=1",
            "a=1; domain=.",
            "a=1; domain=co.uk",
            "a=1; domain=a b.test",
            "=; domain=a.test",
            "a=\u{1b}; domain=a.test",
            "__Host-a=1; domain=a.test; hostonly",
            "a=1; domain=a.test; samesite=none",
        ] {
            assert!(read_typed(line, 0).is_err(), "{line}");
        }
    }
}
