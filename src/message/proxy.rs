use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use super::credentials::{basic, decoded};
use super::{Origin, Scheme};

/// The port of a proxy that is named without one, as curl has it.
const DEFAULT_PORT: u16 = 1080;

/// Somebody who passes on what is said to others.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: ProxyKind,
    /// A name in ASCII, or an address (IPv6 without brackets).
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Who we are to it: a name and a password.
    pub credentials: Option<(String, String)>,
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// In HTTP: whole URLs for http, CONNECT for https (RFC 9112 §3.2.2, RFC 9110 §9.3.6).
    Http,
    /// In SOCKS5 (RFC 1928), with addresses that were looked up here.
    Socks5,
    /// In SOCKS5, with names that the proxy looks up.
    Socks5h,
}

/// Why a text names no proxy; the text itself may have a password in it and is not said again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProxy {
    /// It is spoken to in a way that is not understood here.
    #[error("a proxy is http://, socks5:// or socks5h://")]
    Kind,
    /// A host to be reached directly that is none.
    #[error("{0} is no name, address or network: write a.test, 10.0.0.1, 10.0.0.0/8, or * for all")]
    Exception(String),
    /// It is no text.
    #[error("it is not UTF-8")]
    Text,
    /// It names no host.
    #[error("it names no host and port, such as proxy.test:3128")]
    Host,
}

impl Proxy {
    /// The proxy as an origin: where its connections go.
    pub fn origin(&self) -> Origin {
        Origin {
            scheme: Scheme::Http,
            host: self.host.clone(),
            port: self.port,
        }
    }

    /// What `Proxy-Authorization` says to it.
    pub fn authorization(&self) -> Option<String> {
        let (name, password) = self.credentials.as_ref()?;
        Some(basic(format!("{name}:{password}").as_bytes()))
    }

    /// Whether it is asked for whole URLs of `scheme`, instead of for a way through.
    pub fn takes_urls(&self, scheme: Scheme) -> bool {
        self.kind == ProxyKind::Http && scheme == Scheme::Http
    }
}

impl FromStr for Proxy {
    type Err = BadProxy;

    /// Reads `[KIND://][NAME:PASSWORD@]HOST[:PORT]`.
    fn from_str(text: &str) -> Result<Self, BadProxy> {
        let (kind, rest) = text.split_once("://").unwrap_or(("http", text));
        let kind = match kind.to_ascii_lowercase().as_str() {
            "http" => ProxyKind::Http,
            "socks5" => ProxyKind::Socks5,
            "socks5h" => ProxyKind::Socks5h,
            _ => return Err(BadProxy::Kind),
        };
        // As ws, a port is 80 by default: what is left out cannot be told from what is said.
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (_, end) = authority.rsplit_once('@').unwrap_or(("", authority));
        let has_port = end.rsplit_once(':').is_some_and(|(_, port)| {
            !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        let url = Url::parse(&format!("http://{authority}")).map_err(|_| BadProxy::Host)?;
        let host = match url.host().ok_or(BadProxy::Host)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let port = if has_port {
            url.port_or_known_default()
        } else {
            None
        };
        let said = |text: &str| String::from_utf8_lossy(&decoded(text)).into_owned();
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        let credentials = has_credentials.then(|| {
            (
                said(url.username()),
                said(url.password().unwrap_or_default()),
            )
        });
        Ok(Self {
            kind,
            host,
            port: port.filter(|port| *port > 0).unwrap_or(DEFAULT_PORT),
            credentials,
        })
    }
}

/// `http://host:port`, without credentials.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ProxyKind::Http => "http",
            ProxyKind::Socks5 => "socks5",
            ProxyKind::Socks5h => "socks5h",
        };
        write!(f, "{kind}://{}", self.origin())
    }
}

/// Nobody reads a password in a message by accident.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self
            .credentials
            .as_ref()
            .map_or("", |_| " with credentials");
        write!(f, "{self}{who}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_curl_reads_them() {
        for (text, shown, credentials) in [
            ("proxy.test:3128", "http://proxy.test:3128", None),
            ("http://proxy.test", "http://proxy.test:1080", None),
            ("HTTP://proxy.test:80/", "http://proxy.test:80", None),
            ("socks5h://[::1]:9050", "socks5h://[::1]:9050", None),
            (
                "socks5://me:it%40s@10.0.0.1",
                "socks5://10.0.0.1:1080",
                Some(("me", "it@s")),
            ),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!(proxy.to_string(), shown);
            let known = proxy.credentials.as_ref();
            let known = known.map(|(name, password)| (name.as_str(), password.as_str()));
            assert_eq!(known, credentials, "{text}");
        }
        for (text, bad) in [
            ("socks4://a.test", BadProxy::Kind),
            ("https://a.test", BadProxy::Kind),
            ("http://", BadProxy::Host),
            ("a.test:99999", BadProxy::Host),
            ("", BadProxy::Host),
        ] {
            assert_eq!(text.parse::<Proxy>(), Err(bad), "{text}");
        }
    }

    #[test]
    fn a_password_is_said_to_the_proxy_and_to_nobody_else() {
        let proxy: Proxy = "http://Aladdin:open%20sesame@a.test:1".parse().unwrap();
        let said = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        assert_eq!(proxy.authorization().as_deref(), Some(said));
        assert!(!format!("{proxy} {proxy:?}").contains("sesame"));
    }
}
