use std::net::IpAddr;
use std::str::FromStr;

use crate::message::{BadProxy, Origin, Proxy, Scheme, visible};

/// Through whom each origin is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxy for http.
    pub http: Option<Proxy>,
    /// The proxy for https.
    pub https: Option<Proxy>,
    /// Who is spoken to directly all the same.
    pub except: Exceptions,
}

impl Proxies {
    /// The proxy that `origin` is reached through; nothing if it is reached directly.
    pub fn of(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = match origin.scheme {
            Scheme::Http => self.http.as_ref(),
            Scheme::Https => self.https.as_ref(),
        };
        proxy.filter(|_| !self.except.has(&origin.host))
    }
}

/// Hosts that no proxy is asked for, as `no_proxy` names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions(Vec<Exception>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    /// Every host.
    All,
    /// A name, and all below it.
    Name(String),
    /// Addresses that begin with these bits.
    Addresses(IpAddr, u32),
}

impl FromStr for Exceptions {
    type Err = BadProxy;

    /// Reads names, addresses and networks with commas or blanks between them, as curl does; `*` is
    /// everybody.
    fn from_str(text: &str) -> Result<Self, BadProxy> {
        let members = text.split([',', ' ', '\t']);
        let members = members.filter(|member| !member.is_empty());
        members
            .map(Exception::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Exceptions {
    fn has(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        self.0.iter().any(|exception| exception.has(host))
    }
}

impl Exception {
    fn read(text: &str) -> Result<Self, BadProxy> {
        let bad = || BadProxy::Exception(visible(text).into_owned());
        if text == "*" {
            return Ok(Self::All);
        }
        let (host, bits) = match text.split_once('/') {
            Some((host, bits)) => (host, Some(bits.parse().map_err(|_| bad())?)),
            None => (text, None),
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match (bare.parse::<IpAddr>(), bits) {
            (Ok(address), None) => Ok(Self::Addresses(address, width(address))),
            (Ok(address), Some(bits)) if bits <= width(address) => {
                Ok(Self::Addresses(address, bits))
            }
            (Err(_), None) => {
                // Other programs want a star before the end of a name.
                let end = text.strip_prefix("*.").unwrap_or(text);
                let name = end.trim_start_matches('.').trim_end_matches('.');
                Ok(Self::Name(name.to_ascii_lowercase()))
            }
            (_, Some(_)) => Err(bad()),
        }
    }

    fn has(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Name(name) => {
                let host = host.to_ascii_lowercase();
                let above = host.strip_suffix(name.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            Self::Addresses(network, bits) => {
                let address = host.parse::<IpAddr>();
                address.is_ok_and(|address| {
                    let is_same_kind = address.is_ipv4() == network.is_ipv4();
                    let rest = width(address).saturating_sub(*bits);
                    let (one, other) = (number(address), number(*network));
                    is_same_kind && one.checked_shr(rest) == other.checked_shr(rest)
                })
            }
        }
    }
}

const fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Origin {
        Origin::of(&url.parse().unwrap()).unwrap()
    }

    #[test]
    fn each_scheme_has_its_proxy() {
        let proxies = Proxies {
            http: Some("one.test:1".parse().unwrap()),
            https: Some("socks5://two.test:2".parse().unwrap()),
            except: "here.test".parse().unwrap(),
        };
        let proxy = |url: &str| proxies.of(&origin(url)).map(ToString::to_string);
        assert_eq!(
            proxy("http://a.test/").as_deref(),
            Some("http://one.test:1")
        );
        assert_eq!(
            proxy("https://a.test/").as_deref(),
            Some("socks5://two.test:2")
        );
        assert_eq!(proxy("https://here.test/"), None);
        let direct = Proxies::default();
        assert_eq!(direct.of(&origin("http://a.test/")), None);
    }

    #[test]
    fn exceptions_are_read_as_curl_reads_them() {
        for (list, host, is_excepted) in [
            ("", "a.test", false),
            ("*", "a.test", true),
            ("a.test", "A.TEST.", true),
            ("a.test", "b.a.test", true),
            (".a.test", "a.test", true),
            ("a.test", "ba.test", false),
            ("x.test, a.test", "a.test", true),
            ("x.test a.test", "a.test", true),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("10.0.0.0/8", "10.9.9.9", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "11.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("[::1]", "::1", true),
            ("fe80::/10", "fe80::1", true),
            ("::/0", "fe80::1", true),
            ("*.a.test", "b.a.test", true),
        ] {
            assert_eq!(
                list.parse::<Exceptions>().unwrap().has(host),
                is_excepted,
                "{list} for {host}"
            );
        }
    }

    #[test]
    fn what_is_no_exception_is_said() {
        for text in [
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/x",
            "a.test/8",
            "http://a.test",
        ] {
            let bad = BadProxy::Exception(text.to_owned());
            let list = format!("b.test,{text}");
            assert_eq!(list.parse::<Exceptions>(), Err(bad));
        }
    }
}
