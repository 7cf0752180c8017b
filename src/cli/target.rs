use std::net::Ipv6Addr;

use url::{Host, ParseError, Url};

use super::line::{BadLine, Word};

/// Schemes written without `//`, which would otherwise be taken for a host with a bad port.
const BARE_SCHEMES: &[&str] = &[
    "about",
    "blob",
    "data",
    "file",
    "ftp",
    "javascript",
    "mailto",
    "view-source",
    "ws",
    "wss",
];

/// Reads a URL; without a scheme, names are https, localhost and addresses http.
pub(super) fn read_target(word: Word<'_>) -> Result<Url, BadLine> {
    let (scheme, rest) = split_scheme(word)?;
    let host = find_host(rest)?;
    let parse = |scheme: &str| {
        Url::parse(&format!("{scheme}://{}", rest.text))
            .map_err(|error| BadLine::at(host.column, words(error, host.text)))
    };
    if let Some(scheme) = scheme {
        return parse(scheme);
    }
    let plain = parse("http")?;
    if is_at_hand(&plain) {
        Ok(plain)
    } else {
        parse("https")
    }
}

/// The scheme, where one is written, and what stands behind it.
fn split_scheme(word: Word<'_>) -> Result<(Option<&'static str>, Word<'_>), BadLine> {
    let (head, tail) = word.text.split_once(':').unwrap_or_default();
    let scheme = head.to_ascii_lowercase();
    let known = ["https", "http"].into_iter().find(|name| *name == scheme);
    let behind = tail.strip_prefix("//");
    let refuse = |reason: String| Err(BadLine::at(word.column, reason));
    match (known, behind) {
        (Some(_), Some(rest)) => Ok((known, word.tail(rest))),
        (Some(name), None) => refuse(format!("{name}: needs two slashes: write {name}://")),
        (None, Some(_)) if is_scheme(head) => refuse(not_here(head)),
        (None, Some(_)) if !head.contains(['/', '?', '#', '\\', '@']) => {
            refuse("a URL begins with http:// or https://, or with the name of a host".to_owned())
        }
        (None, None) if BARE_SCHEMES.contains(&scheme.as_str()) && !is_port(authority(tail)) => {
            refuse(not_here(head))
        }
        (None, _) => {
            let rest = word.text.strip_prefix("//").unwrap_or(word.text);
            Ok((None, word.tail(rest)))
        }
    }
}

/// The host within `rest`, once brackets and port around it have been found good.
fn find_host(rest: Word<'_>) -> Result<Word<'_>, BadLine> {
    let authority = rest.head(authority(rest.text));
    let host_and_port = match authority.text.rsplit_once('@') {
        Some((_user, behind)) => authority.tail(behind),
        None => authority,
    };
    if host_and_port.text.starts_with('[') {
        return find_address(host_and_port);
    }
    let text = host_and_port.text;
    if text.parse::<Ipv6Addr>().is_ok() {
        let reason = format!("an IPv6 address needs brackets: write [{text}]");
        return Err(BadLine::at(host_and_port.column, reason));
    }
    let host = match text.split_once(':') {
        Some((host, port)) => {
            check_port(host_and_port.tail(port))?;
            host_and_port.head(host)
        }
        None => host_and_port,
    };
    if host.text.is_empty() {
        let reason = "the host is missing: write it as in https://example.com/";
        return Err(BadLine::at(host.column, reason));
    }
    Ok(host)
}

/// An IPv6 address in brackets (RFC 3986 §3.2.2).
fn find_address(word: Word<'_>) -> Result<Word<'_>, BadLine> {
    let refuse = |reason: String| Err(BadLine::at(word.column, reason));
    let Some((opened, behind)) = word.text.split_once(']') else {
        return refuse("the bracket [ is not closed: write the address as [::1]".to_owned());
    };
    let inside = opened.trim_start_matches('[');
    if inside.contains('%') {
        return refuse(format!(
            "{inside} has a zone, which a URL cannot have: leave it away"
        ));
    }
    if inside.parse::<Ipv6Addr>().is_err() {
        return refuse(format!("{inside} is no IPv6 address: write it as [::1]"));
    }
    let behind = word.tail(behind);
    match behind.text.strip_prefix(':') {
        Some(port) => check_port(behind.tail(port))?,
        None if behind.text.is_empty() => {}
        None => {
            let reason = "behind the bracket ] only a port can stand, as in [::1]:8080";
            return Err(BadLine::at(behind.column, reason));
        }
    }
    Ok(word)
}

/// A port may be left empty, as in `http://a.test:/`.
fn check_port(port: Word<'_>) -> Result<(), BadLine> {
    let text = port.text;
    let reason = if text.is_empty() || text.parse::<u16>().is_ok_and(|n| n > 0) && is_port(text) {
        return Ok(());
    } else if !is_port(text) {
        format!("the port {text} is no number: leave it away or give 1 to 65535")
    } else if text.bytes().all(|byte| byte == b'0') {
        "nobody answers at port 0: give 1 to 65535".to_owned()
    } else {
        format!("the port {text} is too large: 65535 is the highest")
    };
    Err(BadLine::at(port.column, reason))
}

/// All of `rest` up to path, query or fragment.
fn authority(rest: &str) -> &str {
    rest.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` can be a scheme (RFC 3986 §3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Whether the host is an address or this machine, where TLS is rare.
fn is_at_hand(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

fn not_here(scheme: &str) -> String {
    format!("{scheme} is not fetched here: only http and https")
}

/// What is wrong with `host`, beyond what was found before.
fn words(error: ParseError, host: &str) -> String {
    if error == ParseError::InvalidIpv4Address {
        format!("{host} is no IPv4 address: it needs four numbers from 0 to 255")
    } else if matches!(
        error,
        ParseError::IdnaError | ParseError::InvalidDomainCharacter
    ) {
        format!("{host} is no name of a host: a character in it cannot stand there")
    } else {
        format!("this is no URL: {error}")
    }
}
