use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError as DnsFault};
use hickory_resolver::proto::op::ResponseCode;

use super::{Answer, NetError, NetErrorKind};

/// Who is asked for addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServers {
    /// Those of the system's configuration, after its hosts file.
    System,
    /// This one, and nobody else.
    Only(SocketAddr),
}

/// Asks name servers; keeps no answers, so that whoever asks decides how long one is good.
pub(super) struct Names {
    resolver: Result<TokioResolver, NetError>,
}

impl Names {
    pub(super) fn new(servers: &NameServers) -> Self {
        Self {
            resolver: resolver(servers),
        }
    }

    pub(super) async fn resolve(&self, host: &str) -> Result<Answer, NetError> {
        let resolver = self.resolver.as_ref().map_err(Clone::clone)?;
        // Without the final dot the search list of resolv.conf would be tried, as no browser does
        // for names that have a dot; a single label keeps it.
        let is_qualified = host.contains('.') && !host.ends_with('.');
        let name = if is_qualified {
            format!("{host}.")
        } else {
            host.to_owned()
        };
        let found = resolver
            .lookup_ip(name)
            .await
            .map_err(|fault| explain(host, &fault))?;
        let records = found.as_lookup().answers().iter();
        let ttl = records
            .map(|record| u64::from(record.ttl))
            .min()
            .unwrap_or_default();
        let addresses = ordered(found.iter().collect());
        if addresses.is_empty() {
            return Err(no_address(host));
        }
        Ok(Answer {
            addresses,
            ttl: Duration::from_secs(ttl),
        })
    }
}

fn resolver(servers: &NameServers) -> Result<TokioResolver, NetError> {
    let trouble = |fault: DnsFault| {
        let words =
            format!("no name server can be asked: {fault}; see /etc/resolv.conf, or give --dns");
        NetError::new(NetErrorKind::NameServer, words)
    };
    let mut builder = match servers {
        NameServers::System => TokioResolver::builder_tokio().map_err(trouble)?,
        NameServers::Only(address) => {
            let mut udp = ConnectionConfig::udp();
            let mut tcp = ConnectionConfig::tcp();
            (udp.port, tcp.port) = (address.port(), address.port());
            let server = NameServerConfig::new(address.ip(), true, vec![udp, tcp]);
            let config = ResolverConfig::from_name_servers(vec![server]);
            let mut builder =
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
            *builder.options_mut() = ResolverOpts::default();
            builder
        }
    };
    let options = builder.options_mut();
    options.cache_size = 0;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    builder.build().map_err(trouble)
}

/// IPv6 first, as RFC 6724 orders them where both work, and each family in the answer's order.
fn ordered(mut addresses: Vec<std::net::IpAddr>) -> Vec<std::net::IpAddr> {
    addresses.sort_by_key(std::net::IpAddr::is_ipv4);
    addresses.dedup();
    addresses
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the lists of the resolver are open"
)]
fn explain(host: &str, fault: &DnsFault) -> NetError {
    let server = |words: String| NetError::new(NetErrorKind::NameServer, words);
    match fault {
        DnsFault::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => {
                let words = format!("no such name: {host} does not exist (NXDOMAIN)");
                NetError::new(NetErrorKind::NoSuchName, words)
            }
            ResponseCode::NoError => no_address(host),
            code => server(format!(
                "the name server would not answer for {host}: {code}"
            )),
        },
        DnsFault::Dns(DnsError::ResponseCode(code)) => server(format!(
            "the name server would not answer for {host}: {code}"
        )),
        DnsFault::Timeout => {
            let words = format!("the name server did not answer for {host}");
            NetError::new(NetErrorKind::TimedOut, words)
        }
        DnsFault::NoConnections => server("no name server can be reached".to_owned()),
        fault => server(format!(
            "the name server could not be asked for {host}: {fault}"
        )),
    }
}

fn no_address(host: &str) -> NetError {
    NetError::new(
        NetErrorKind::NoSuchName,
        format!("{host} exists but has no address"),
    )
}
