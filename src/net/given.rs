use std::net::IpAddr;

/// Where a host is, as somebody said beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The host: a name, `*.` and the end of one, or `*` for any.
    pub host: String,
    /// For this port only.
    pub port: Option<u16>,
    /// Its addresses, in the order to try them.
    pub addresses: Vec<IpAddr>,
}

impl Given {
    /// Whether this is about `host` and `port`.
    pub(super) fn is_about(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.');
        let is_host = match self.host.strip_prefix('*') {
            Some("") => true,
            // Names are ASCII here: an end of as many bytes is an end of as many characters.
            Some(end) => {
                let from = host.len().checked_sub(end.len()).filter(|from| *from > 0);
                let tail = from.and_then(|from| host.get(from..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            }
            None => self.host.trim_end_matches('.').eq_ignore_ascii_case(host),
        };
        is_host && self.port.is_none_or(|only| only == port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_about(pattern: &str, port: Option<u16>, host: &str) -> bool {
        let given = Given {
            host: pattern.to_owned(),
            port,
            addresses: Vec::new(),
        };
        given.is_about(host, 80)
    }

    #[test]
    fn patterns_mean_what_they_say() {
        assert!(is_about("a.test", None, "A.test."));
        assert!(!is_about("a.test", None, "b.a.test"));
        assert!(is_about("*.test", None, "b.a.TEST"));
        assert!(!is_about("*.test", None, ".test"));
        assert!(!is_about("*.test", None, "atest"));
        assert!(is_about("*", Some(80), "anything"));
        assert!(!is_about("*", Some(81), "anything"));
    }
}
