//! What an odd name server says: the first label of a name decides.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::thread::spawn;

use hickory_resolver::proto::op::{Message, Metadata, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, NS, SOA};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// An odd name server over UDP and TCP, for as long as the test runs.
pub(super) fn odd_server() -> SocketAddr {
    let (udp, tcp) = same_port();
    let address = udp.local_addr().unwrap();
    spawn(move || {
        let mut question = [0; 1500];
        while let Ok((length, from)) = udp.recv_from(&mut question) {
            for reply in over_udp(&question[..length]) {
                udp.send_to(&reply, from).unwrap();
            }
        }
    });
    spawn(move || {
        for stream in tcp.incoming() {
            // Whoever gives up leaves in the middle.
            let _ = serve(stream.unwrap());
        }
    });
    address
}

/// Another test may have the same port over the other protocol.
fn same_port() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
}

fn serve(mut stream: impl Read + Write) -> std::io::Result<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    if let Some(reply) = over_tcp(&question) {
        let length = u16::try_from(reply.len()).unwrap();
        stream.write_all(&[&length.to_be_bytes(), reply.as_slice()].concat())?;
    }
    Ok(())
}

/// What is asked for: the message, its name's first label and whether it is for IPv4.
fn asked(question: &[u8]) -> (Message, String, bool) {
    let message = Message::from_vec(question).unwrap();
    let query = &message.queries[0];
    let label = query.name().to_string();
    let label = label.split('.').next().unwrap().to_owned();
    let is_four = query.query_type() == RecordType::A;
    (message, label, is_four)
}

fn reply_to(question: &Message) -> Message {
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata = Metadata::response_from_request(&question.metadata);
    reply.metadata.recursion_available = true;
    reply.queries.clone_from(&question.queries);
    reply
}

fn here(name: &Name, ttl: u32) -> Record {
    Record::from_rdata(name.clone(), ttl, RData::A(A(Ipv4Addr::LOCALHOST)))
}

fn here6(name: &Name, ttl: u32) -> Record {
    Record::from_rdata(name.clone(), ttl, RData::AAAA(AAAA(Ipv6Addr::LOCALHOST)))
}

fn elsewhere(name: &Name) -> Record {
    let address = A(Ipv4Addr::new(192, 0, 2, 66));
    Record::from_rdata(name.clone(), 9, RData::A(address))
}

fn zone_end(ttl: u32, minimum: u32) -> Record {
    let zone = test(".");
    let soa = SOA::new(zone.clone(), zone.clone(), 1, 2, 3, 4, minimum);
    Record::from_rdata(zone, ttl, RData::SOA(soa))
}

fn alias(from: &Name, ttl: u32, to: &Name) -> Record {
    Record::from_rdata(from.clone(), ttl, RData::CNAME(CNAME(to.clone())))
}

/// A name in the zone.
fn test(label: &str) -> Name {
    let name = format!("{}.test.", label.trim_end_matches('.'));
    name.trim_start_matches('.').parse().unwrap()
}

/// The response code that a name asks for.
fn code(label: &str) -> Option<ResponseCode> {
    Some(match label {
        "servfail" => ResponseCode::ServFail,
        "refused" => ResponseCode::Refused,
        "notimp" => ResponseCode::NotImp,
        "formerr" => ResponseCode::FormErr,
        "missing" => ResponseCode::NXDomain,
        _ => return None,
    })
}

/// The datagrams that answer one question.
fn over_udp(question: &[u8]) -> Vec<Vec<u8>> {
    let (message, label, is_four) = asked(question);
    let mut reply = reply_to(&message);
    match label.as_str() {
        "silent" => return Vec::new(),
        "nonsense" => return vec![b"this is no DNS message".to_vec()],
        // It knows the question without the extension of RFC 6891 only.
        "old" if message.edns.is_some() => reply.metadata.response_code = ResponseCode::FormErr,
        "large" | "cut" | "mute" => reply.metadata.truncation = true,
        "forged" | "another" | "question" if is_four => {
            let name = message.queries[0].name().clone();
            let mut forged = reply.clone();
            match label.as_str() {
                "forged" => forged.metadata.id = forged.metadata.id.wrapping_add(1),
                "another" => {
                    forged.queries[0].set_name(test("other"));
                }
                _ => forged.metadata = message.metadata,
            }
            forged.add_answer(elsewhere(&name));
            reply.add_answer(here(&name, 100));
            return [forged, reply].map(|reply| reply.to_vec().unwrap()).into();
        }
        _ => return vec![said(question)],
    }
    vec![reply.to_vec().unwrap()]
}

/// The one message that answers a question, where nothing is odd about how it comes.
pub(super) fn said(question: &[u8]) -> Vec<u8> {
    let (message, label, is_four) = asked(question);
    let name = message.queries[0].name().clone();
    let mut reply = reply_to(&message);
    reply.metadata.response_code = code(&label).unwrap_or(ResponseCode::NoError);
    match label.as_str() {
        "missing" => {
            reply.add_authority(zone_end(300, 20));
        }
        "empty" => {
            reply.add_authority(zone_end(30, 60));
        }
        // It knows nothing, asks nobody, and points to itself.
        "lame" => {
            reply.metadata.recursion_available = false;
            let itself = RData::NS(NS(test("ns")));
            reply.add_authority(Record::from_rdata(test("."), 60, itself));
        }
        "loop" => {
            let other = test("pool");
            reply.add_answer(alias(&name, 60, &other));
            reply.add_answer(alias(&other, 60, &name));
        }
        "chain" => {
            let mut from = name;
            for link in 1..=12 {
                let to = test(&format!("link{link}"));
                reply.add_answer(alias(&from, 300 - link, &to));
                from = to;
            }
            if is_four {
                reply.add_answer(here(&from, 100));
            }
        }
        "alias" => {
            let (other, end) = (test("other"), test("end"));
            reply.add_answer(alias(&name, 300, &other));
            reply.add_answer(alias(&other, 20, &end));
            if is_four {
                reply.add_answer(here(&end, 100));
            }
        }
        "brief" if is_four => {
            reply.add_answer(here(&name, 0));
        }
        "six" if !is_four => {
            reply.add_answer(here6(&name, 100));
        }
        "six" | "bare" => {}
        _ if is_four && code(&label).is_none() => {
            reply.add_answer(here(&name, 100));
        }
        _ => {}
    }
    reply.to_vec().unwrap()
}

fn over_tcp(question: &[u8]) -> Option<Vec<u8>> {
    let (message, label, is_four) = asked(question);
    if label == "cut" {
        return None;
    }
    let mut reply = reply_to(&message);
    let name = message.queries[0].name().clone();
    for _ in 0..if is_four { 100 } else { 0 } {
        reply.add_answer(here(&name, 100));
    }
    Some(reply.to_vec().unwrap())
}
