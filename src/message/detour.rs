use std::str::FromStr;

use url::Host;

use super::{Origin, visible};

/// Who is spoken to instead of whom: `HOST1:PORT1:HOST2:PORT2`, as curl's `--connect-to` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    /// Whom it is about; nothing for anybody.
    from: End,
    /// Who is spoken to instead; nothing for the same.
    to: End,
}

/// A host (IPv6 without brackets) and a port, each where it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    host: Option<String>,
    port: Option<u16>,
}

/// Why a text is no detour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDetour {
    /// It has too few parts, or too many.
    #[error(
        "write it as HOST1:PORT1:HOST2:PORT2, such as a.test:443:127.0.0.1:8443; a part may be \
         empty, and an address of IPv6 stands in brackets"
    )]
    Parts,
    /// A part that is no host.
    #[error("{0} is no host: write a name, an address, or nothing")]
    Host(String),
    /// A part that is no port.
    #[error("{0} is no port: write 1 to 65535, or nothing")]
    Port(String),
}

impl Detour {
    /// Who is spoken to for `origin`; nothing if this is not about it, or changes nothing.
    pub fn of(&self, origin: &Origin) -> Option<Origin> {
        let host = origin.host.trim_end_matches('.');
        let is_host = |from: &String| from.eq_ignore_ascii_case(host);
        let is_meant = self.from.host.as_ref().is_none_or(is_host)
            && self.from.port.is_none_or(|port| port == origin.port);
        let is_change = self.to.host.is_some() || self.to.port.is_some();
        (is_meant && is_change).then(|| Origin {
            scheme: origin.scheme,
            host: self.to.host.clone().unwrap_or_else(|| origin.host.clone()),
            port: self.to.port.unwrap_or(origin.port),
        })
    }
}

impl FromStr for Detour {
    type Err = BadDetour;

    /// As curl has it; the last port, and the colon before it, may be left out.
    fn from_str(text: &str) -> Result<Self, BadDetour> {
        let (host, rest) = part(text)?;
        let (port, rest) = part(rest.ok_or(BadDetour::Parts)?)?;
        let (other, rest) = part(rest.ok_or(BadDetour::Parts)?)?;
        let (other_port, rest) = part(rest.unwrap_or_default())?;
        if rest.is_some() {
            return Err(BadDetour::Parts);
        }
        Ok(Self {
            from: End::read(host, port)?,
            to: End::read(other, other_port)?,
        })
    }
}

impl End {
    fn read(host: &str, port: &str) -> Result<Self, BadDetour> {
        let said = (!host.is_empty()).then(|| Host::parse(host.trim_end_matches('.')));
        let said = said.transpose();
        let said = said.map_err(|_| BadDetour::Host(visible(host).into_owned()))?;
        let number = match port {
            "" => None,
            number => match number.parse() {
                Ok(number) if number > 0 => Some(number),
                _ => return Err(BadDetour::Port(visible(port).into_owned())),
            },
        };
        let host = said.map(|host| match host {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        });
        Ok(Self { host, port: number })
    }
}

/// Takes a part off: up to a colon that is in no brackets. The rest is nothing at the end.
fn part(text: &str) -> Result<(&str, Option<&str>), BadDetour> {
    let Some((inside, behind)) = text.strip_prefix('[').and_then(|text| text.split_once(']'))
    else {
        let split = text.split_once(':');
        return Ok(split.map_or((text, None), |(part, rest)| (part, Some(rest))));
    };
    let whole = text.get(..inside.len() + 2).ok_or(BadDetour::Parts)?;
    match behind.strip_prefix(':') {
        Some(rest) => Ok((whole, Some(rest))),
        None if behind.is_empty() => Ok((whole, None)),
        None => Err(BadDetour::Host(visible(text).into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(detour: &str, url: &str) -> Option<String> {
        let origin = Origin::of(&url.parse().unwrap()).unwrap();
        let detour: Detour = detour.parse().unwrap();
        detour.of(&origin).map(|origin| origin.to_string())
    }

    #[test]
    fn hosts_are_reached_elsewhere_as_curl_has_it() {
        for (detour, url, end) in [
            (
                "a.test:443:b.test:8443",
                "https://a.test/",
                Some("b.test:8443"),
            ),
            (
                "A.TEST:443:b.test:8443",
                "https://a.test./",
                Some("b.test:8443"),
            ),
            ("a.test:443:b.test:8443", "http://a.test/", None),
            ("a.test:443:b.test:8443", "https://c.a.test/", None),
            ("a.test::b.test:", "http://a.test:81/", Some("b.test:81")),
            ("a.test::b.test", "http://a.test:81/", Some("b.test:81")),
            (":80::81", "http://a.test/", Some("a.test:81")),
            ("::127.0.0.1:1", "https://a.test/", Some("127.0.0.1:1")),
            ("[::1]:80:[::2]:81", "http://[::1]/", Some("[::2]:81")),
            ("ä.test::b.test:1", "http://ä.test/", Some("b.test:1")),
            (":::", "http://a.test/", None),
        ] {
            assert_eq!(led(detour, url).as_deref(), end, "{detour} for {url}");
        }
    }

    #[test]
    fn a_detour_that_makes_no_sense_is_told_in_a_sentence() {
        for (text, bad) in [
            ("", BadDetour::Parts),
            ("a.test:80", BadDetour::Parts),
            ("a:80:b:81:c", BadDetour::Parts),
            ("a:80:::1:81", BadDetour::Parts),
            ("a:0:b:81", BadDetour::Port("0".to_owned())),
            ("a:80:b:99999", BadDetour::Port("99999".to_owned())),
            ("a:http:b:81", BadDetour::Port("http".to_owned())),
            ("a b:80:b:81", BadDetour::Host("a b".to_owned())),
            ("a:80:[::1:81", BadDetour::Parts),
            ("a:80:[x]:81", BadDetour::Host("[x]".to_owned())),
            ("a:80:[::1]x:81", BadDetour::Host("[::1]x:81".to_owned())),
        ] {
            assert_eq!(text.parse::<Detour>(), Err(bad), "{text}");
        }
    }
}
