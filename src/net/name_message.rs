use std::net::IpAddr;
use std::time::Duration;

use hickory_resolver::proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use crate::message::{Family, Finding, NameAnswer, NameRecord};

/// A question on its way: its bytes, and what tells an answer to it from others.
pub(super) struct Asked {
    pub(super) bytes: Vec<u8>,
    id: u16,
    query: Query,
}

/// An answer, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Understood {
    pub(super) answer: NameAnswer,
    /// The addresses, in the answer's order.
    pub(super) addresses: Vec<IpAddr>,
    /// For how long the answer may be kept, whether there are addresses or not.
    pub(super) ttl: Duration,
}

/// By what number a question is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    /// By a random one: whoever cannot see the question cannot answer it.
    Randomly,
    /// By 0, as whoever carries it tells it from others (RFC 8484 §4.1).
    Zero,
}

/// Whether a question says that a datagram may be larger than 512 bytes (RFC 6891).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extended {
    Yes,
    No,
}

impl Asked {
    /// A question for the addresses of `name`; nothing if that cannot be written down.
    pub(super) fn new(
        name: &Name,
        family: Family,
        extended: Extended,
        numbered: Numbered,
    ) -> Option<Self> {
        let kind = match family {
            Family::Ipv4 => RecordType::A,
            Family::Ipv6 => RecordType::AAAA,
        };
        let query = Query::query(name.clone(), kind);
        let mut message = Message::query();
        if numbered == Numbered::Zero {
            message.metadata.id = 0;
        }
        message.add_query(query.clone());
        message.metadata.recursion_desired = true;
        if extended == Extended::Yes {
            message.set_edns(Edns::new());
        }
        Some(Self {
            bytes: message.to_vec().ok()?,
            id: message.metadata.id,
            query,
        })
    }

    /// What `bytes` answer; nothing if they are no answer to this question.
    pub(super) fn understand(&self, bytes: &[u8]) -> Option<Understood> {
        let message = Message::from_vec(bytes).ok()?;
        let metadata = &message.metadata;
        let is_its = metadata.id == self.id
            && metadata.message_type == MessageType::Response
            && (message.queries.is_empty() || message.queries == [self.query.clone()]);
        is_its.then(|| understood(&message, &self.query, bytes.len()))
    }
}

fn understood(message: &Message, query: &Query, bytes: usize) -> Understood {
    let kind = query.query_type();
    let address = |data: &RData| data.ip_addr();
    let of_kind = || message.answers.iter().filter(|r| r.record_type() == kind);
    let addresses: Vec<IpAddr> = of_kind().filter_map(|r| address(&r.data)).collect();
    let negative_ttl = negative_ttl(message);
    let seconds = if addresses.is_empty() {
        negative_ttl
    } else {
        // Every name on the way has to be good still.
        message.answers.iter().map(|record| record.ttl).min()
    };
    let mut answer = NameAnswer {
        finding: finding(message, addresses.is_empty()),
        code: code(message.metadata.response_code),
        flags: flags(message),
        records: message.answers.iter().map(record).collect(),
        negative_ttl: negative_ttl.filter(|_| addresses.is_empty()),
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
    };
    let name = plain(&query.name().to_string());
    if answer.finding == Finding::NoAddress && answer.is_circle(&name) {
        answer.finding = Finding::AliasLoop;
    }
    Understood {
        answer,
        addresses,
        ttl: Duration::from_secs(u64::from(seconds.unwrap_or_default())),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the list of response codes is open"
)]
fn finding(message: &Message, is_empty: bool) -> Finding {
    let metadata = &message.metadata;
    let points_elsewhere = || {
        let is_referral =
            |record: &hickory_resolver::proto::rr::Record| record.record_type() == RecordType::NS;
        !metadata.authoritative
            && message.answers.is_empty()
            && (!metadata.recursion_available || message.authorities.iter().any(is_referral))
            && !has_soa(message)
    };
    match metadata.response_code {
        _ if metadata.truncation => Finding::Truncated,
        ResponseCode::NoError if !is_empty => Finding::Addresses,
        ResponseCode::NoError if points_elsewhere() => Finding::Lame,
        ResponseCode::NoError => Finding::NoAddress,
        ResponseCode::NXDomain => Finding::NoSuchName,
        ResponseCode::ServFail => Finding::ServerFailed,
        ResponseCode::Refused => Finding::Refused,
        _ => Finding::Other,
    }
}

fn has_soa(message: &Message) -> bool {
    let mut authorities = message.authorities.iter();
    authorities.any(|record| record.record_type() == RecordType::SOA)
}

/// RFC 2308 §5: the lesser of the record's own time and the least that it promises.
fn negative_ttl(message: &Message) -> Option<u32> {
    message.authorities.iter().find_map(|record| {
        let RData::SOA(soa) = &record.data else {
            return None;
        };
        Some(record.ttl.min(soa.minimum))
    })
}

fn flags(message: &Message) -> Vec<String> {
    let metadata = &message.metadata;
    let flags = [
        ("aa", metadata.authoritative),
        ("tc", metadata.truncation),
        ("rd", metadata.recursion_desired),
        ("ra", metadata.recursion_available),
        ("ad", metadata.authentic_data),
        ("cd", metadata.checking_disabled),
    ];
    let set = flags.into_iter().filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| name.to_owned()).collect()
}

fn record(record: &hickory_resolver::proto::rr::Record) -> NameRecord {
    NameRecord {
        name: plain(&record.name.to_string()),
        kind: record.record_type().to_string(),
        ttl: record.ttl,
        value: plain(&record.data.to_string()),
    }
}

/// A name without the dot of the root.
pub(super) fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// The name of a response code, as the registry has it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the list of response codes is open"
)]
fn code(code: ResponseCode) -> String {
    let name = match code {
        ResponseCode::NoError => "NOERROR",
        ResponseCode::FormErr => "FORMERR",
        ResponseCode::ServFail => "SERVFAIL",
        ResponseCode::NXDomain => "NXDOMAIN",
        ResponseCode::NotImp => "NOTIMP",
        ResponseCode::Refused => "REFUSED",
        ResponseCode::NotAuth => "NOTAUTH",
        ResponseCode::NotZone => "NOTZONE",
        ResponseCode::BADVERS => "BADVERS",
        code => return format!("code {}", u16::from(code)),
    };
    name.to_owned()
}
