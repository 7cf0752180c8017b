use std::fmt;

use url::Url;

use super::domain::{host_of, is_address};

/// A site: the scheme and what somebody registered (RFC 6265bis §5.2, with the scheme as browsers
/// have it).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    scheme: String,
    domain: String,
}

impl Site {
    /// The site of a URL.
    pub fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            domain: registrable(&host_of(url)).to_owned(),
        }
    }
}

/// `https://a.test`.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.domain.contains(':') {
            return write!(f, "{}://[{}]", self.scheme, self.domain);
        }
        write!(f, "{}://{}", self.scheme, self.domain)
    }
}

/// What somebody registered of a host: a label below its public suffix; else the host itself.
pub fn registrable(host: &str) -> &str {
    if is_address(host) {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Whether anybody may register names right below this one (<https://publicsuffix.org>).
///
/// A single label is one too, known or not: whoever sets a cookie for all of `test` means no good.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain).is_none_or(|suffix| suffix == domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_what_somebody_registered() {
        let site = |url: &str| Site::of(&url.parse().unwrap()).to_string();
        assert_eq!(site("https://x.www.a.co.uk:8443/p"), "https://a.co.uk");
        assert_eq!(site("http://me.github.io/"), "http://me.github.io");
        assert_eq!(site("http://github.io/"), "http://github.io");
        assert_eq!(site("http://localhost:81/"), "http://localhost");
        assert_eq!(site("http://10.0.0.1/"), "http://10.0.0.1");
        assert_eq!(site("http://[::1]/"), "http://[::1]");
        assert_eq!(site("http://x.a.test/"), "http://a.test");
    }

    #[test]
    fn suffixes_are_public_known_or_not() {
        assert!(
            is_public_suffix("com") && is_public_suffix("test") && is_public_suffix("github.io")
        );
        assert!(!is_public_suffix("a.com") && !is_public_suffix("a.test"));
    }
}
