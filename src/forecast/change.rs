use std::fmt;

use crate::pool::Limits;

/// What is different from the run that was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each can be so or not, whatever the others are"
)]
pub struct Change {
    /// Connections of one group, where that is another number.
    pub per_host: Option<PerHost>,
    /// Whether each connection serves one request only.
    pub is_keep_alive_off: bool,
    /// Whether every name is known beforehand.
    pub is_dns_warm: bool,
    /// Whether https costs no handshake.
    pub is_tls_free: bool,
    /// Whether one connection of a group carries all its requests at once, as HTTP/2 does.
    pub is_multiplexed: bool,
}

/// How many connections of one group there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerHost {
    /// So many.
    Some(u32),
    /// As many as are wanted, and in all too.
    Unlimited,
}

impl Change {
    /// Nothing but the number of connections of one group is different.
    pub fn per_host(per_host: PerHost) -> Self {
        Self {
            per_host: Some(per_host),
            ..Self::default()
        }
    }

    /// What is asked for when nobody says what: each by itself.
    pub fn usual() -> Vec<Self> {
        let hosts = [1, 2, 6, 12].map(PerHost::Some);
        let hosts = hosts.into_iter().chain([PerHost::Unlimited]);
        let none = Self::default();
        let others = [
            Self {
                is_keep_alive_off: true,
                ..none
            },
            Self {
                is_dns_warm: true,
                ..none
            },
            Self {
                is_tls_free: true,
                ..none
            },
            Self {
                is_multiplexed: true,
                ..none
            },
        ];
        hosts.map(Self::per_host).chain(others).collect()
    }

    /// The limits that the pool is given.
    pub(super) fn limits(&self, recorded: Limits) -> Limits {
        let everything = usize::MAX;
        match (self.per_host, self.is_multiplexed) {
            (_, true) | (Some(PerHost::Unlimited), _) => Limits {
                per_host: everything,
                all: everything,
                ..recorded
            },
            (Some(PerHost::Some(count)), _) => Limits {
                per_host: usize::try_from(count).unwrap_or(everything),
                ..recorded
            },
            (None, false) => recorded,
        }
    }
}

/// The largest number there is stands for no limit.
impl From<usize> for PerHost {
    fn from(count: usize) -> Self {
        u32::try_from(count).map_or(Self::Unlimited, Self::Some)
    }
}

/// As what comes after `with`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match self.per_host {
            Some(PerHost::Some(1)) => parts.push("1 connection per host".to_owned()),
            Some(PerHost::Some(count)) => parts.push(format!("{count} connections per host")),
            Some(PerHost::Unlimited) => parts.push("unlimited connections".to_owned()),
            None => {}
        }
        for (is_so, words) in [
            (self.is_keep_alive_off, "no keep-alive"),
            (self.is_dns_warm, "warm DNS"),
            (self.is_tls_free, "no TLS"),
            (self.is_multiplexed, "one multiplexed connection per host"),
        ] {
            if is_so {
                parts.push(words.to_owned());
            }
        }
        if parts.is_empty() {
            parts.push("the same settings".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}
