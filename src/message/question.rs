use std::fmt;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

/// A family of addresses, which a record of its own has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// `A` records (RFC 1035 §3.4.1).
    #[serde(rename = "A")]
    Ipv4,
    /// `AAAA` records (RFC 3596).
    #[serde(rename = "AAAA")]
    Ipv6,
}

/// What a question to a name server goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Carrier {
    /// A datagram, as is usual.
    Udp,
    /// TCP, where the answer is too large for a datagram (RFC 7766).
    Tcp,
    /// DNS over TLS (RFC 7858).
    Tls,
    /// DNS over HTTPS (RFC 8484).
    Https,
}

/// A question to a name server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Whose addresses are asked for.
    pub name: String,
    /// Addresses of which family.
    pub record: Family,
    /// Who is asked.
    pub server: SocketAddr,
    /// The server's own name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Over what.
    pub over: Carrier,
}

/// A line to a name server that was opened for a question, as a part of the question's time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameLine {
    /// Microseconds that TCP took.
    pub connect_us: u64,
    /// Microseconds that TLS took.
    pub tls_us: u64,
    /// What TLS agreed on, such as `TLS 1.3`.
    pub version: String,
    /// What is spoken on it, where both ends said so (ALPN).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The server said something.
    Answered(NameAnswer),
    /// No answer came, and why.
    Unanswered {
        /// What happened, as a sentence.
        words: String,
    },
}

/// What became of a question, and what it took besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// What became of it.
    pub reply: Reply,
    /// The line to the server that had to be opened for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<NameLine>,
}

/// What a name server said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameAnswer {
    /// What it comes to.
    pub finding: Finding,
    /// The response code by its name: `NOERROR`, `NXDOMAIN` (RFC 1035 §4.1.1).
    pub code: String,
    /// The flags that are set, by their names: `aa tc rd ra ad cd`.
    pub flags: Vec<String>,
    /// The records of the answer, in order.
    pub records: Vec<NameRecord>,
    /// For how many seconds nothing better is known, as the zone's SOA has it (RFC 2308 §5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative_ttl: Option<u32>,
    /// Bytes of the message.
    pub bytes: u32,
}

/// What an answer of a name server comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// There are addresses.
    Addresses,
    /// The name exists, and has no address of the family.
    NoAddress,
    /// The name does not exist.
    NoSuchName,
    /// The server failed to find out.
    ServerFailed,
    /// The server would not say.
    Refused,
    /// The answer did not fit; it is asked for again over TCP.
    Truncated,
    /// The server neither knows nor asks others, and points elsewhere.
    Lame,
    /// The aliases lead in a circle, and nowhere else.
    AliasLoop,
    /// Any other code.
    Other,
}

/// A record of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRecord {
    /// Whose.
    pub name: String,
    /// Of which type: `A`, `AAAA`, `CNAME`.
    pub kind: String,
    /// For how many seconds it may be kept.
    pub ttl: u32,
    /// What it says.
    pub value: String,
}

impl Question {
    /// Who is asked, by name too where there is one.
    pub fn asked(&self) -> String {
        let server = self.server;
        let name = self.server_name.as_ref();
        name.map_or_else(|| server.to_string(), |name| format!("{name} ({server})"))
    }
}

impl Family {
    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::Ipv4,
            IpAddr::V6(_) => Self::Ipv6,
        }
    }

    /// The type of its records.
    pub const fn record(self) -> &'static str {
        match self {
            Self::Ipv4 => "A",
            Self::Ipv6 => "AAAA",
        }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "DoT",
            Self::Https => "DoH",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Addresses => "there are addresses",
            Self::NoAddress => "there is none",
            Self::NoSuchName => "no such name",
            Self::ServerFailed => "the server failed",
            Self::Refused => "the server refused",
            Self::Truncated => "truncated: it did not fit",
            Self::Lame => "lame: the server knows nothing of it and asks nobody",
            Self::AliasLoop => "aliases in a circle",
            Self::Other => "the server did not answer it",
        })
    }
}

impl NameAnswer {
    /// What it comes to, in words, with the code where that says more.
    pub fn words(&self) -> String {
        match self.finding {
            Finding::Addresses
            | Finding::NoAddress
            | Finding::Truncated
            | Finding::Lame
            | Finding::AliasLoop => self.finding.to_string(),
            Finding::NoSuchName | Finding::ServerFailed | Finding::Refused | Finding::Other => {
                format!("{} ({})", self.finding, self.code)
            }
        }
    }

    /// The names that stand for one another, from the one that was asked for.
    pub fn aliases(&self) -> impl Iterator<Item = &NameRecord> {
        self.records.iter().filter(|record| record.kind == "CNAME")
    }

    /// The names that aliases lead to in turn from `name`, which is the first; a name that comes
    /// twice is the last.
    pub fn chain<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let mut chain = vec![name];
        let mut at = name;
        let is_of = |record: &&NameRecord, at: &str| record.name.eq_ignore_ascii_case(at);
        while let Some(next) = self.aliases().find(|record| is_of(record, at)) {
            at = &next.value;
            let is_known = chain.iter().any(|known| known.eq_ignore_ascii_case(at));
            chain.push(at);
            if is_known {
                break;
            }
        }
        chain
    }

    /// Whether the aliases from `name` lead back to a name that they came from.
    pub fn is_circle(&self, name: &str) -> bool {
        let chain = self.chain(name);
        let Some((last, before)) = chain.split_last() else {
            return false;
        };
        before.iter().any(|known| known.eq_ignore_ascii_case(last))
    }
}
