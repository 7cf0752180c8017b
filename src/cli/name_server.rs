use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::message::visible;

/// Whom `--dns` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServer {
    /// An address, over UDP and TCP.
    Plain(SocketAddr),
    /// DNS over TLS (RFC 7858).
    Tls {
        /// A name, or an address without brackets.
        host: String,
        /// 853 unless given.
        port: u16,
        /// For whom its certificate is, if not for the host.
        name: Option<String>,
    },
    /// DNS over HTTPS (RFC 8484).
    Https {
        /// A name, or an address without brackets.
        host: String,
        /// 443 unless given.
        port: u16,
        /// Path and query.
        target: String,
        /// Whether the question goes into the query: the URL ends in `{?dns}`.
        is_get: bool,
    },
}

/// Reads whom to ask: an address, `tls://HOST[:PORT][#NAME]` or `https://HOST[:PORT]/PATH`.
pub(super) fn name_server(text: &str) -> Result<NameServer, String> {
    let scheme = text.split_once("://").map(|(scheme, rest)| {
        let scheme = scheme.to_ascii_lowercase();
        (scheme, rest)
    });
    match &scheme {
        None => plain(text).map(NameServer::Plain),
        Some((scheme, rest)) => match scheme.as_str() {
            "tls" => over_tls(rest),
            "https" => over_https(text),
            "http" => Err("DNS goes over HTTPS or not over HTTP at all: write https://".to_owned()),
            "udp" | "tcp" | "dns" => {
                let rest = visible(rest);
                Err(format!("the address alone is enough: write {rest}"))
            }
            other => Err(format!(
                "{}:// is no way to a name server: write an address, tls://HOST or https://HOST/PATH",
                visible(other)
            )),
        },
    }
}

fn plain(text: &str) -> Result<SocketAddr, String> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse::<IpAddr>();
    let server = address.map_or_else(
        |_| text.parse::<SocketAddr>().ok(),
        |address| Some(SocketAddr::new(address, DNS_PORT)),
    );
    match server {
        Some(server) if server.port() == 0 => Err("nobody answers at port 0".to_owned()),
        Some(server) => Ok(server),
        None => Err(
            "it is no address: write it as 1.1.1.1, 127.0.0.1:5353, ::1 or [::1]:5353, \
             or as tls://dns.test or https://dns.test/dns-query"
                .to_owned(),
        ),
    }
}

fn over_tls(rest: &str) -> Result<NameServer, String> {
    let (place, name) = match rest.split_once('#') {
        None => (rest, None),
        Some((place, name)) => (place, Some(name)),
    };
    let place = place.strip_suffix('/').unwrap_or(place);
    let (written, port) = split_port(place)?;
    let name = name.map(|name| {
        host(name)
            .ok_or_else(|| "what stands behind # is no name that a certificate has".to_owned())
    });
    Ok(NameServer::Tls {
        host: host(written).ok_or(
            "it has no host that can be asked: write it as tls://dns.test, tls://9.9.9.9:853 or \
             tls://9.9.9.9#dns.test",
        )?,
        port: port.unwrap_or(DOT_PORT),
        name: name.transpose()?,
    })
}

/// What stands before the port, and the port; a bare IPv6 address has none.
fn split_port(place: &str) -> Result<(&str, Option<u16>), String> {
    if place.parse::<IpAddr>().is_ok() || place.ends_with(']') {
        return Ok((place, None));
    }
    let Some((before, port)) = place.rsplit_once(':') else {
        return Ok((place, None));
    };
    match port.parse() {
        Ok(0) => Err("nobody answers at port 0".to_owned()),
        Ok(port) => Ok((before, Some(port))),
        Err(_) => Err("a port is a number from 1 to 65535".to_owned()),
    }
}

/// A host in its usual form, an address without brackets.
fn host(text: &str) -> Option<String> {
    let bracketed = text.parse().map(|address| match address {
        IpAddr::V6(_) => format!("[{text}]"),
        IpAddr::V4(_) => text.to_owned(),
    });
    bare(Host::parse(bracketed.as_deref().unwrap_or(text)).ok()?)
}

fn bare(host: Host<impl AsRef<str>>) -> Option<String> {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref().trim_end_matches('.');
            (!name.is_empty()).then(|| name.to_owned())
        }
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn over_https(text: &str) -> Result<NameServer, String> {
    let (text, is_get) = match text.strip_suffix("{?dns}") {
        Some(start) => (start, true),
        None => (text, false),
    };
    let url = Url::parse(text).map_err(|error| {
        format!("it is no URL ({error}): write it as https://dns.test/dns-query")
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no name and password are sent to a name server".to_owned());
    }
    if url.port() == Some(0) {
        return Err("nobody answers at port 0".to_owned());
    }
    let host = url.host().and_then(bare);
    let mut target = match url.path() {
        "/" => USUAL_PATH.to_owned(),
        path => path.to_owned(),
    };
    if let Some(query) = url.query() {
        target = format!("{target}?{query}");
    }
    Ok(NameServer::Https {
        host: host.ok_or("it has no host: write it as https://dns.test/dns-query")?,
        port: url.port().unwrap_or(HTTPS_PORT),
        target,
        is_get,
    })
}

const DNS_PORT: u16 = 53;
const DOT_PORT: u16 = 853;
const HTTPS_PORT: u16 = 443;
/// Where public servers answer, if nothing is said of it.
const USUAL_PATH: &str = "/dns-query";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_is_an_address_with_or_without_a_port() {
        for (text, server) in [
            ("1.1.1.1", "1.1.1.1:53"),
            ("127.0.0.1:5353", "127.0.0.1:5353"),
            ("::1", "[::1]:53"),
            ("[::1]", "[::1]:53"),
            ("[::1]:99", "[::1]:99"),
        ] {
            let server = server.parse().unwrap();
            assert_eq!(name_server(text), Ok(NameServer::Plain(server)), "{text}");
        }
    }

    #[test]
    fn over_tls_it_is_a_host_and_perhaps_the_name_in_its_certificate() {
        for (text, host, port, name) in [
            ("tls://dns.test", "dns.test", 853, None),
            ("TLS://Dns.Test./", "dns.test", 853, None),
            ("tls://dns.test:8853", "dns.test", 8853, None),
            ("tls://9.9.9.9#dns.test", "9.9.9.9", 853, Some("dns.test")),
            ("tls://9.9.9.9:1#dns.test", "9.9.9.9", 1, Some("dns.test")),
            ("tls://::1", "::1", 853, None),
            ("tls://[::1]", "::1", 853, None),
            ("tls://[::1]:443", "::1", 443, None),
        ] {
            let server = NameServer::Tls {
                host: host.to_owned(),
                port,
                name: name.map(str::to_owned),
            };
            assert_eq!(name_server(text), Ok(server), "{text}");
        }
    }

    #[test]
    fn over_https_it_is_a_url_and_perhaps_a_template() {
        for (text, host, port, target, is_get) in [
            (
                "https://dns.test/dns-query",
                "dns.test",
                443,
                "/dns-query",
                false,
            ),
            ("https://dns.test", "dns.test", 443, "/dns-query", false),
            ("https://[::1]:8443/q?a=b", "::1", 8443, "/q?a=b", false),
            (
                "HTTPS://1.1.1.1/dns-query{?dns}",
                "1.1.1.1",
                443,
                "/dns-query",
                true,
            ),
        ] {
            let server = NameServer::Https {
                host: host.to_owned(),
                port,
                target: target.to_owned(),
                is_get,
            };
            assert_eq!(name_server(text), Ok(server), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_server_is_told_why() {
        for (text, words) in [
            ("", "it is no address"),
            ("dns.test", "it is no address"),
            ("1.1.1.1:0", "nobody answers at port 0"),
            ("1.1.1.1:99999", "it is no address"),
            ("[1.1.1.1", "it is no address"),
            ("1.1.1", "it is no address"),
            ("tls://", "it has no host"),
            ("tls://a b", "it has no host"),
            ("tls://dns.test:0", "nobody answers at port 0"),
            ("tls://dns.test:port", "a port is a number"),
            ("tls://dns.test#", "behind # is no name"),
            ("https://", "it is no URL"),
            ("https://dns.test:0/", "nobody answers at port 0"),
            ("https://me:secret@dns.test/", "no name and password"),
            ("http://dns.test/", "write https://"),
            ("udp://1.1.1.1", "write 1.1.1.1"),
            ("quic://\u{1b}dns.test", "quic:// is no way"),
        ] {
            let why = name_server(text).unwrap_err();
            assert!(why.contains(words), "{text}: {why}");
            assert!(!why.contains(char::is_control), "{text:?}: {why:?}");
        }
    }
}
