use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV6};
use std::time::{Duration, SystemTime};

/// The port of name servers.
const PORT: u16 = 53;
/// More servers than these are not asked, as elsewhere (resolv.conf(5)).
const MOST: usize = 3;

const HOSTS_FILE: &str = if cfg!(windows) {
    r"C:\Windows\System32\drivers\etc\hosts"
} else {
    "/etc/hosts"
};

/// What the system says of name servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolving {
    /// In the order to ask them; never empty.
    pub(super) servers: Vec<SocketAddr>,
    /// Ends that are tried behind a name without a dot.
    pub(super) search: Vec<String>,
    /// For how long the first reply of a server is waited for.
    pub(super) patience: Duration,
    /// How often a server that says nothing is asked.
    pub(super) attempts: u32,
}

impl Default for Resolving {
    fn default() -> Self {
        Self {
            servers: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))],
            search: Vec::new(),
            patience: Duration::from_secs(2),
            attempts: 2,
        }
    }
}

impl Resolving {
    /// Of this server alone.
    pub(super) fn of(server: SocketAddr) -> Self {
        Self {
            servers: vec![server],
            ..Self::default()
        }
    }

    /// As `/etc/resolv.conf` has it; where there is none, a server on this machine is asked.
    #[cfg(unix)]
    pub(super) fn system() -> Self {
        let text = fs::read("/etc/resolv.conf").unwrap_or_default();
        Self::read(&String::from_utf8_lossy(&text))
    }

    /// As the system's settings have it; where there are none, a server on this machine is asked.
    #[cfg(not(unix))]
    pub(super) fn system() -> Self {
        let mut resolving = Self::default();
        if let Ok((config, _)) = hickory_resolver::system_conf::read_system_conf() {
            let servers = config.name_servers().iter();
            let servers: Vec<_> = servers
                .map(|server| SocketAddr::new(server.ip, PORT))
                .collect();
            if !servers.is_empty() {
                resolving.servers = servers;
            }
        }
        resolving
    }

    /// Reads a resolv.conf; what is not known or makes no sense is passed over.
    fn read(text: &str) -> Self {
        let mut resolving = Self::default();
        let mut servers = Vec::new();
        for line in text.lines() {
            let line = line.split(['#', ';']).next().unwrap_or_default();
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") => servers.extend(words.next().and_then(address)),
                // The last of these lines counts.
                Some("domain" | "search") => {
                    let ends = words.map(|end| end.trim_matches('.').to_owned());
                    resolving.search = ends.filter(|end| !end.is_empty() && end != "--").collect();
                }
                Some("options") => words.for_each(|option| resolving.set(option)),
                _ => {}
            }
        }
        servers.truncate(MOST);
        if !servers.is_empty() {
            resolving.servers = servers;
        }
        resolving
    }

    fn set(&mut self, option: &str) {
        let Some((name, value)) = option.split_once(':') else {
            return;
        };
        match (name, value.parse::<u32>()) {
            ("timeout", Ok(seconds)) => {
                self.patience = Duration::from_secs(u64::from(seconds.clamp(1, 30)));
            }
            ("attempts", Ok(attempts)) => self.attempts = attempts.clamp(1, 5),
            _ => {}
        }
    }
}

/// An address, for IPv6 with the number of its interface behind `%`.
fn address(text: &str) -> Option<SocketAddr> {
    match text.split_once('%') {
        None => Some(SocketAddr::new(text.parse().ok()?, PORT)),
        Some((address, zone)) => {
            let zone = zone.parse().ok().or_else(|| interface(zone))?;
            Some(SocketAddrV6::new(address.parse().ok()?, PORT, 0, zone).into())
        }
    }
}

#[cfg(target_os = "linux")]
fn interface(name: &str) -> Option<u32> {
    let number = fs::read_to_string(format!("/sys/class/net/{name}/ifindex")).ok()?;
    number.trim().parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn interface(_: &str) -> Option<u32> {
    None
}

/// The hosts file of the system, read again whenever somebody changed it.
#[derive(Debug, Default)]
pub(super) struct HostsFile {
    read: RefCell<Option<(SystemTime, Hosts)>>,
}

/// The addresses of names in small letters.
type Hosts = HashMap<String, Vec<IpAddr>>;

impl HostsFile {
    /// The addresses of `host`; none if it is not there.
    pub(super) fn addresses(&self, host: &str) -> Vec<IpAddr> {
        let changed = fs::metadata(HOSTS_FILE).and_then(|file| file.modified());
        let changed = changed.unwrap_or(SystemTime::UNIX_EPOCH);
        let mut read = self.read.borrow_mut();
        if read.as_ref().is_none_or(|(known, _)| *known != changed) {
            let text = fs::read(HOSTS_FILE).unwrap_or_default();
            *read = Some((changed, hosts(&String::from_utf8_lossy(&text))));
        }
        let listed = read.as_ref().map(|(_, hosts)| hosts);
        let found = listed.and_then(|hosts| hosts.get(&host.to_ascii_lowercase()));
        found.cloned().unwrap_or_default()
    }
}

fn hosts(text: &str) -> Hosts {
    let mut hosts = Hosts::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        let Some(Ok(address)) = words.next().map(str::parse) else {
            continue;
        };
        for name in words {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let listed = hosts.entry(name).or_default();
            if !listed.contains(&address) {
                listed.push(address);
            }
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_nobody_knows_stop_nothing() {
        let text = "# written by hand\n\
            nameserver 10.0.0.1 # the first\n\
            nameserver fe80::1%3\n\
            nameserver nonsense\n\
            options edns0 trust-ad no-aaaa something:else timeout:1 attempts:99 ndots:x\n\
            sortlist 130.155.160.0/255.255.240.0\n\
            family inet4\n\
            search -- a.test. b.test\n\
            \u{fffd}\u{fffd} 7\n";
        let read = Resolving::read(text);
        let servers: Vec<String> = read.servers.iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["10.0.0.1:53", "[fe80::1%3]:53"]);
        assert_eq!(read.search, ["a.test", "b.test"]);
        assert_eq!((read.patience.as_secs(), read.attempts), (1, 5));
    }

    #[test]
    fn without_a_server_this_machine_is_asked() {
        assert_eq!(Resolving::read("options rotate"), Resolving::default());
        let four = "nameserver 1.1.1.1\n".repeat(4);
        assert_eq!(Resolving::read(&four).servers.len(), MOST);
    }

    #[test]
    fn a_hosts_file_names_hosts_whatever_their_case() {
        let text = "127.0.0.1 localhost\n10.0.0.1\tA.test www # mine\nnonsense a.test\n\
            ::1 a.test. # twice\n10.0.0.1 a.test\n#10.0.0.9 a.test";
        let hosts = hosts(text);
        let found: Vec<String> = hosts["a.test"].iter().map(ToString::to_string).collect();
        assert_eq!(found, ["10.0.0.1", "::1"]);
        assert!(!hosts.contains_key("b.test"));
    }
}
