use std::net::IpAddr;

use url::{Host, Url};

use super::site::is_public_suffix;
use super::verdict::Refused;

/// The host of a URL as cookies know it: a name in lower case, or an address without brackets.
pub(super) fn host_of(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    }
}

/// Whether `host` is `domain` or below it (RFC 6265bis §5.1.3).
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    if host == domain {
        return true;
    }
    let is_below = host
        .strip_suffix(domain)
        .is_some_and(|rest| rest.ends_with('.'));
    is_below && !is_address(host)
}

/// Whether a host is an address and no name.
pub(super) fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

/// Whether what goes to a host stays on this machine, so that it is as safe as https.
pub(super) fn is_loopback(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    host.parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

/// The domain that a cookie set by `host` is for, and whether for that host alone
/// (RFC 6265bis §5.7, steps 8 to 10).
pub(super) fn domain_for(host: &str, attribute: Option<&str>) -> Result<(String, bool), Refused> {
    let own = || Ok((host.to_owned(), true));
    let Some(said) = attribute.filter(|said| !said.is_empty()) else {
        return own();
    };
    if !said.is_ascii() {
        return Err(Refused::NotAscii);
    }
    let lower = said.to_ascii_lowercase();
    let domain = lower.strip_prefix('.').unwrap_or(&lower);
    if is_address(host) {
        return if domain == host {
            own()
        } else {
            Err(Refused::Address {
                said: said.to_owned(),
                host: host.to_owned(),
            })
        };
    }
    if is_public_suffix(domain) {
        return if domain == host {
            own()
        } else {
            Err(Refused::PublicSuffix {
                domain: domain.to_owned(),
            })
        };
    }
    if !domain_matches(host, domain) {
        return Err(Refused::Elsewhere {
            said: said.to_owned(),
            host: host.to_owned(),
        });
    }
    Ok((domain.to_owned(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_match_at_their_dots_and_addresses_only_themselves() {
        assert!(domain_matches("www.a.test", "a.test"));
        assert!(domain_matches("a.test", "a.test"));
        assert!(!domain_matches("ba.test", "a.test"));
        assert!(!domain_matches("a.test", "www.a.test"));
        assert!(!domain_matches("10.0.0.1", "0.0.1"));
        assert!(is_loopback("x.localhost") && is_loopback("127.9.9.9") && is_loopback("::1"));
        assert!(!is_loopback("localhost.test"));
    }

    #[test]
    fn a_cookie_may_be_for_a_parent_below_a_public_suffix() {
        let domain = |host: &str, said: &str| domain_for(host, Some(said));
        let all = |name: &str| Ok((name.to_owned(), false));
        let one = |name: &str| Ok((name.to_owned(), true));
        assert_eq!(domain("www.a.test", ".A.test"), all("a.test"));
        assert_eq!(domain("a.test", ""), one("a.test"));
        assert_eq!(domain("co.uk", "co.uk"), one("co.uk"));
        assert_eq!(domain("10.0.0.1", "10.0.0.1"), one("10.0.0.1"));
        for (host, said) in [
            ("a.test", "test"),
            ("a.co.uk", "co.uk"),
            ("a.test", "b.test"),
            ("a.test", "www.a.test"),
            ("a.test", "ä.test"),
            ("10.0.0.1", "0.0.1"),
            ("a.test", "."),
            ("a.test", "..a.test"),
            ("a.test", "a.test."),
        ] {
            assert!(domain(host, said).is_err(), "{host} {said}");
        }
    }
}
