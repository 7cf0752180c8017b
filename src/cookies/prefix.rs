use crate::message::Cookie;

/// What the beginning of a cookie's name promises (RFC 6265bis §5.4), whatever its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// `__Secure-`: set over https.
    Secure,
    /// `__Host-`: and for one host, all of it.
    Host,
    /// `__Http-`: set over https, and by no script.
    Http,
    /// `__Host-Http-`: all of this.
    HostHttp,
}

/// Longest first: `__Host-Http-` begins with `__Host-`.
const ALL: [Prefix; 4] = [Prefix::HostHttp, Prefix::Host, Prefix::Http, Prefix::Secure];

impl Prefix {
    /// The prefix of a name, if it has one.
    pub(super) fn of(name: &str) -> Option<Self> {
        ALL.into_iter().find(|prefix| {
            name.get(..prefix.name().len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix.name()))
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Secure-",
            Self::Host => "__Host-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// What a cookie of this name lacks; `has_path` tells whether `Path=/` was said.
    pub(super) fn lacks(self, cookie: &Cookie, has_path: bool) -> Option<&'static str> {
        if !cookie.secure {
            return Some("Secure");
        }
        if matches!(self, Self::Http | Self::HostHttp) && !cookie.http_only {
            return Some("HttpOnly");
        }
        if matches!(self, Self::Host | Self::HostHttp) {
            if !cookie.host_only {
                return Some("no Domain");
            }
            if !has_path || cookie.path != "/" {
                return Some("Path=/");
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_known_in_any_case() {
        assert_eq!(Prefix::of("__SECURE-a"), Some(Prefix::Secure));
        assert_eq!(Prefix::of("__host-http-a"), Some(Prefix::HostHttp));
        assert_eq!(Prefix::of("__Host-a"), Some(Prefix::Host));
        assert_eq!(Prefix::of("_Host-a"), None);
        assert_eq!(Prefix::of("__Secur\u{e9}-"), None);
    }

    #[test]
    fn each_promise_is_held_to() {
        let mut cookie = Cookie::new("x", "1", "a.test");
        assert_eq!(Prefix::Secure.lacks(&cookie, false), Some("Secure"));
        cookie.secure = true;
        assert_eq!(Prefix::Secure.lacks(&cookie, false), None);
        assert_eq!(Prefix::Http.lacks(&cookie, false), Some("HttpOnly"));
        assert_eq!(Prefix::Host.lacks(&cookie, false), Some("Path=/"));
        assert_eq!(Prefix::Host.lacks(&cookie, true), None);
        cookie.host_only = false;
        assert_eq!(Prefix::Host.lacks(&cookie, true), Some("no Domain"));
    }
}
