use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::proto::ProtoError;
use hickory_resolver::proto::op::{Edns, Message, Metadata, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, SOA};
use hickory_resolver::proto::rr::{DNSClass, Name, RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::time::sleep;

/// The names that exist, each with the time its address takes.
const HOSTS: [(&str, Duration); 29] = [
    ("pictures.test", Duration::from_millis(40)),
    ("shop.test", Duration::from_millis(90)),
    ("api.test", Duration::from_millis(60)),
    ("impostor.test", Duration::from_millis(30)),
    ("fleeting.test", Duration::from_millis(20)),
    ("quick.slow.test", BRIEF),
    ("name.slow.test", Duration::from_millis(1_200)),
    ("far.slow.test", BRIEF),
    ("handshake.slow.test", BRIEF),
    ("server.slow.test", BRIEF),
    ("body.slow.test", BRIEF),
    ("chain.slow.test", BRIEF),
    ("crowd.slow.test", BRIEF),
    ("answers.broken.test", BRIEF),
    ("circle.broken.test", BRIEF),
    ("expired.broken.test", BRIEF),
    ("not-yet.broken.test", BRIEF),
    ("other.broken.test", BRIEF),
    ("self-signed.broken.test", BRIEF),
    ("unknown.broken.test", BRIEF),
    ("old.broken.test", BRIEF),
    ("plain.broken.test", BRIEF),
    ("mute.broken.test", BRIEF),
    ("cache.test", BRIEF),
    ("cookies.test", BRIEF),
    ("sub.cookies.test", BRIEF),
    ("tracker.test", BRIEF),
    ("queue.test", BRIEF),
    ("beside.test", BRIEF),
];

/// The names that something is wrong with.
const FAULTS: [(&str, Fault); 3] = [
    ("no-address.broken.test", Fault::NoAddress),
    ("refusing.broken.test", Fault::Refused),
    ("mute-names.broken.test", Fault::Mute),
];

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It exists, and has no address.
    NoAddress,
    /// Nothing is told of it.
    Refused,
    /// It is not answered for.
    Mute,
}

/// Answers questions for ever; a slow answer holds up no other.
pub(super) async fn serve(socket: UdpSocket) {
    let socket = Arc::new(socket);
    let mut question = [0; 1500];
    loop {
        let Ok((bytes, from)) = socket.recv_from(&mut question).await else {
            sleep(BREATH).await;
            continue;
        };
        let told = question.get(..bytes).map(answer);
        if let Some(Ok(Some((wait, reply)))) = told {
            tokio::spawn(send(Arc::clone(&socket), from, wait, reply));
        }
    }
}

async fn send(socket: Arc<UdpSocket>, to: SocketAddr, wait: Duration, reply: Vec<u8>) {
    sleep(wait).await;
    let _ = socket.send_to(&reply, to).await;
}

/// What is said to `question`, and after how long; nothing where it is not answered.
fn answer(question: &[u8]) -> Result<Option<(Duration, Vec<u8>)>, ProtoError> {
    let question = Message::from_vec(question)?;
    let asked = question.queries.first().ok_or("nothing was asked")?;
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata = Metadata::response_from_request(&question.metadata);
    reply.metadata.authoritative = true;
    reply.metadata.recursion_available = true;

    let (took, fault) = (took(&asked.name), fault(&asked.name));
    if fault == Some(Fault::Mute) {
        return Ok(None);
    }
    let is_address = asked.query_type == RecordType::A && asked.query_class == DNSClass::IN;
    let wait = match took {
        Some(took) if is_address => {
            let here = RData::A(A(Ipv4Addr::LOCALHOST));
            reply.add_answer(Record::from_rdata(asked.name.clone(), TTL, here));
            took
        }
        Some(_) => NO_RECORD,
        None if fault == Some(Fault::NoAddress) => NO_RECORD,
        None if fault == Some(Fault::Refused) => {
            reply.metadata.response_code = ResponseCode::Refused;
            NO_RECORD
        }
        None => {
            reply.metadata.response_code = ResponseCode::NXDomain;
            NO_NAME
        }
    };
    if reply.answers.is_empty() {
        reply.add_authority(start_of_authority()?);
    }
    if question.edns.is_some() {
        reply.set_edns(Edns::new());
    }
    reply.add_query(asked.clone());
    Ok(Some((wait, reply.to_vec()?)))
}

fn fault(name: &Name) -> Option<Fault> {
    named(&FAULTS, name)
}

fn named<T: Copy>(known: &[(&str, T)], name: &Name) -> Option<T> {
    let name = name.to_lowercase().to_ascii();
    let mut all = known.iter();
    let found = all.find(|(known, _)| name.trim_end_matches('.') == *known);
    found.map(|(_, what)| *what)
}

/// The time that the address of `name` takes; nothing if the name does not exist.
fn took(name: &Name) -> Option<Duration> {
    named(&HOSTS, name)
}

/// Says for how long it may be remembered that there is nothing (RFC 2308 §3).
fn start_of_authority() -> Result<Record, ProtoError> {
    let zone = Name::from_ascii("test.")?;
    let soa = SOA::new(
        Name::from_ascii("names.test.")?,
        Name::from_ascii("nobody.test.")?,
        1,
        3600,
        600,
        86_400,
        TTL,
    );
    Ok(Record::from_rdata(zone, TTL, RData::SOA(soa)))
}

/// The time that an address takes where it does not matter.
const BRIEF: Duration = Duration::from_millis(30);
/// Seconds an answer may be remembered.
const TTL: u32 = 60;
/// The time it takes to say that a name has no such record.
const NO_RECORD: Duration = Duration::from_millis(5);
/// The time it takes to say that there is no such name.
const NO_NAME: Duration = Duration::from_millis(70);
/// A pause after a failed receive, so that a broken socket does not spin.
const BREATH: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::Query;

    use crate::demo::{Lesson, waves};

    use super::*;

    fn ask(name: &str, kind: RecordType) -> (Duration, Message) {
        let mut question = Message::query();
        question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
        let (wait, reply) = answer(&question.to_vec().unwrap()).unwrap().unwrap();
        let reply = Message::from_vec(&reply).unwrap();
        assert_eq!(reply.metadata.id, question.metadata.id);
        (wait, reply)
    }

    #[test]
    fn every_listed_host_exists_but_nowhere() {
        for asking in Lesson::ALL.map(|lesson| waves(lesson).concat()).concat() {
            let host = asking.url.host_str().unwrap();
            let name = Name::from_ascii(host).unwrap();
            let is_known = took(&name).is_some() != fault(&name).is_some();
            assert_eq!(is_known, host != "nowhere.test", "{host}");
        }
    }

    #[test]
    fn an_address_takes_its_time_and_a_missing_one_is_said_at_once() {
        let (wait, reply) = ask("Shop.test.", RecordType::A);
        assert_eq!(wait, Duration::from_millis(90));
        assert_eq!(reply.answers.len(), 1);

        let (wait, reply) = ask("shop.test.", RecordType::AAAA);
        assert_eq!(
            (wait, reply.metadata.response_code),
            (NO_RECORD, ResponseCode::NoError)
        );
        assert_eq!((reply.answers.len(), reply.authorities.len()), (0, 1));
    }

    #[test]
    fn an_unknown_name_does_not_exist() {
        let (wait, reply) = ask("nowhere.test.", RecordType::A);
        assert_eq!(
            (wait, reply.metadata.response_code),
            (NO_NAME, ResponseCode::NXDomain)
        );
        assert_eq!(reply.authorities.len(), 1);
    }
}
