use std::net::IpAddr;

/// Where a host is, as it was typed: `HOST:PORT:ADDRESS[,ADDRESS]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// A name, `*.` and the end of one, or `*` for any.
    pub host: String,
    /// For this port only; nothing for any.
    pub port: Option<u16>,
    /// In the order to try them.
    pub addresses: Vec<IpAddr>,
}

/// Reads a `--resolve`, as curl has it, with `*` for a port too.
pub(super) fn resolve(text: &str) -> Result<Resolve, String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let mut parts = text.splitn(3, ':');
    let (Some(host), Some(port), Some(addresses)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err("write it as HOST:PORT:ADDRESS, such as a.test:443:127.0.0.1".to_owned());
    };
    let end = host.strip_prefix('*').unwrap_or(host);
    let is_end = end.is_empty() || end.len() == host.len() || end.starts_with('.');
    if host.is_empty() || end.contains('*') || !is_end {
        return Err(format!(
            "{host} is no host: write a name, * and .test, or * alone"
        ));
    }
    let port = match port {
        "*" => None,
        number => match number.parse() {
            Ok(number) if number > 0 => Some(number),
            _ => return Err(format!("{port} is no port: write 1 to 65535, or *")),
        },
    };
    Ok(Resolve {
        host: host.to_owned(),
        port,
        addresses: addresses
            .split(',')
            .map(address)
            .collect::<Result<_, _>>()?,
    })
}

fn address(text: &str) -> Result<IpAddr, String> {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inside
        .unwrap_or(text)
        .parse()
        .map_err(|_| format!("{text} is no address: write one such as 127.0.0.1 or [::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ports_and_addresses_are_told_apart() {
        let read = resolve("*.test:*:127.0.0.1,[::1]").unwrap();
        assert_eq!((read.host.as_str(), read.port), ("*.test", None));
        assert_eq!(read.addresses.len(), 2);
        let read = resolve("a.test:443:::1").unwrap();
        assert_eq!(read.port, Some(443));
        assert_eq!(read.addresses, ["::1".parse::<IpAddr>().unwrap()]);
        for bad in [
            "a.test",
            "a.test:80",
            ":80:::1",
            "a:0:::1",
            "a:x:::1",
            "a:80:b",
            "*a:80:::1",
        ] {
            assert!(resolve(bad).is_err(), "{bad}");
        }
    }
}
