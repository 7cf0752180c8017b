use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::event::{CacheUse, PerStage, Stage};
use crate::message::{Conditions, Detour};
use crate::pool::Limits;

use super::cookies::CookieRules;
use super::proxies::Proxies;

/// How the engine is to behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Connections at a time.
    pub limits: Limits,
    /// The longest that each stage may take; for `Receive`, the longest silence within it.
    pub timeouts: PerStage<Option<Duration>>,
    /// The longest that a whole request may take.
    pub max_time: Option<Duration>,
    /// Bytes of a body that are kept.
    pub max_body: u64,
    /// How the cache is used.
    pub caching: CacheUse,
    /// What the network is made out to be.
    pub conditions: Conditions,
    /// How the run deals with cookies.
    pub cookies: CookieRules,
    /// Ports that are fetched from though browsers would not.
    pub allowed_ports: Vec<u16>,
    /// Through whom each origin is reached.
    pub proxies: Proxies,
    /// Who is spoken to instead of whom; the first that is meant counts.
    pub detours: Vec<Detour>,
    /// Whether a download that was cut is taken up again.
    pub resume: bool,
    /// Addresses of which families are used.
    pub families: Families,
}

/// Addresses of which families are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// Both, as they come.
    #[default]
    Both,
    /// IPv4 only.
    Ipv4,
    /// IPv6 only.
    Ipv6,
}

impl Families {
    /// Whether `address` is of one of them.
    pub const fn has(self, address: IpAddr) -> bool {
        match self {
            Self::Both => true,
            Self::Ipv4 => address.is_ipv4(),
            Self::Ipv6 => address.is_ipv6(),
        }
    }
}

/// What a host lacks that has no address of them.
impl fmt::Display for Families {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Both => "address",
            Self::Ipv4 => "IPv4 address, and -4 asks for no other",
            Self::Ipv6 => "IPv6 address, and -6 asks for no other",
        })
    }
}

/// As Chromium has it, where it has it.
impl Default for Settings {
    fn default() -> Self {
        let mut timeouts = PerStage::default();
        for (stage, seconds) in [
            (Stage::Dns, 10),
            (Stage::Connect, 30),
            (Stage::Proxy, 30),
            (Stage::Tls, 30),
            (Stage::Send, 30),
            (Stage::Wait, 60),
            (Stage::Receive, 60),
            (Stage::Close, 1),
        ] {
            timeouts[stage] = Some(Duration::from_secs(seconds));
        }
        Self {
            limits: Limits::default(),
            timeouts,
            max_time: None,
            max_body: 16 * 1024 * 1024,
            caching: CacheUse::On,
            conditions: Conditions::None,
            cookies: CookieRules::default(),
            allowed_ports: Vec::new(),
            proxies: Proxies::default(),
            detours: Vec::new(),
            resume: false,
            families: Families::Both,
        }
    }
}
