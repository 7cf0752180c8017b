use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// How an origin is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// In clear, over TCP.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// The scheme as a URL writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The content codings that browsers ask for (RFC 9110 §12.5.3).
    pub const fn codings(self) -> &'static str {
        match self {
            Self::Http => "gzip, deflate",
            Self::Https => "gzip, deflate, br, zstd",
        }
    }

    /// The port that a URL may leave out (RFC 9110 §4.2).
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Who is spoken to, and how: scheme, host and port (RFC 9110 §4.3.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// A name in ASCII, or an address (IPv6 without brackets).
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl Origin {
    /// The origin of an http or https URL; nothing for any other.
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let host = match url.host()? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let port = url.port().unwrap_or_else(|| scheme.default_port());
        Some(Self { scheme, host, port })
    }

    /// The address, when the host is one and no name has to be looked up.
    pub fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// The host as a URL writes it: IPv6 addresses in brackets.
    pub fn written_host(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        }
    }

    /// What a `Host` header says: the port only where it is not the scheme's own.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            self.written_host()
        } else {
            self.to_string()
        }
    }
}

/// `host:port`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.written_host(), self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Option<Origin> {
        Origin::of(&Url::parse(url).unwrap())
    }

    #[test]
    fn ports_are_filled_in_and_left_out() {
        let plain = origin("http://a.test/x").unwrap();
        assert_eq!(
            (plain.to_string(), plain.authority()),
            ("a.test:80".into(), "a.test".into())
        );
        assert_eq!(
            origin("https://a.test:8443/").unwrap().authority(),
            "a.test:8443"
        );
    }

    #[test]
    fn addresses_are_known_for_what_they_are() {
        let six = origin("http://[::1]:81/").unwrap();
        assert_eq!(six.literal(), Some("::1".parse().unwrap()));
        assert_eq!(six.to_string(), "[::1]:81");
        assert_eq!(origin("http://a.test").unwrap().literal(), None);
    }

    #[test]
    fn other_schemes_have_no_origin_here() {
        assert_eq!(origin("ftp://a.test/"), None);
    }
}
