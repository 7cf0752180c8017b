//! Real sockets on this machine: which facts come, and in which order; never how long they took.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread::spawn;

use expect_test::expect;
use netwaterfall::clock::Clock;
use netwaterfall::event::{
    Because, Command, End, Event, Fact, FailureKind, Names, RequestId, Stage, Subject, Verdict,
    Wanted,
};
use netwaterfall::message::Payload;
use netwaterfall::net::{Internet, NameServers, Network};
use rustls::pki_types::CertificateDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::sim::{Authority, fetch};
use crate::sockets::{self, NOBODY, answer, serve_one, serve_one_at};

/// Fetches `url` and says every fact that was told.
fn fetched(url: &str, trusted: Vec<CertificateDer<'static>>, names: SocketAddr) -> Vec<Event> {
    told(fetch(&[url]), trusted, names)
}

/// Gives one command that asks for one thing, and says every fact that was told.
fn told(command: Command, trusted: Vec<CertificateDer<'static>>, names: SocketAddr) -> Vec<Event> {
    let network = move || -> Box<dyn Network> { Box::new(Internet::new(NameServers::Only(names))) };
    sockets::told(command, trusted, network, Clock::start())
}

fn secured(config: Arc<ServerConfig>) -> impl FnOnce(TcpStream) {
    move |line| {
        let session = ServerConnection::new(config).unwrap();
        answer(StreamOwned::new(session, line));
    }
}

/// The names of the facts in order, a line each.
///
/// Progress is told as often as bytes come, and not every kernel tells of its sockets.
fn order(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        let whose = |subject: &Subject| match subject {
            Subject::Request(request) => request.to_string(),
            Subject::Connection(connection) => connection.to_string(),
        };
        let line = match &event.fact {
            Fact::BodyGrew { .. } | Fact::StageTimed { .. } | Fact::KernelTold { .. } => continue,
            Fact::StageBegan { subject, stage } => {
                format!("{} {} (", whose(subject), stage.card().name)
            }
            Fact::StageEnded {
                subject,
                stage,
                end,
            } => {
                let how = if *end == End::Done { "" } else { " failed" };
                format!("{} {} ){how}", whose(subject), stage.card().name)
            }
            other => {
                let written = serde_json::to_value(other).unwrap();
                written["fact"].as_str().unwrap().to_owned()
            }
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn verdict(events: &[Event]) -> &Verdict {
    let ended = events.iter().find_map(|event| match &event.fact {
        Fact::RequestEnded { request, verdict } if *request == RequestId(1) => Some(verdict),
        _ => None,
    });
    ended.unwrap()
}

fn failure(events: &[Event]) -> (Stage, FailureKind, &str) {
    match verdict(events) {
        Verdict::Failed(failure) => (failure.stage, failure.kind, &failure.words),
        other => panic!("it did not fail: {other:?}"),
    }
}

#[test]
fn a_page_in_clear_goes_through_every_stage() {
    let (address, server) = serve_one(answer);
    let events = fetched(&format!("http://{address}/"), vec![], NOBODY);
    server.join().unwrap();
    expect![[r#"
        run_started
        request_planned
        #1 cache (
        cache_answered
        #1 cache )
        name_resolved
        #1 queue (
        connection_planned
        request_queued
        c1 connect (
        address_tried
        socket_opened
        c1 connect )
        connection_granted
        #1 queue )
        #1 send (
        request_sent
        #1 send )
        #1 wait (
        #1 wait )
        #1 receive (
        head_received
        #1 receive )
        body_kept
        cache_stored
        request_ended
        c1 close (
        c1 close )
        connection_ended
        run_ended
    "#]]
    .assert_eq(&order(&events));
}

#[test]
fn a_page_over_tls_goes_through_every_stage() {
    let authority = Authority::generate();
    let config = Arc::clone(authority.server(&["127.0.0.1"]).config());
    let (address, server) = serve_one(secured(config));
    let trusted = vec![authority.certificate()];
    let events = fetched(&format!("https://{address}/"), trusted, NOBODY);
    server.join().unwrap();
    expect![[r#"
        run_started
        request_planned
        #1 cache (
        cache_answered
        #1 cache )
        name_resolved
        #1 queue (
        connection_planned
        request_queued
        c1 connect (
        address_tried
        socket_opened
        c1 connect )
        c1 tls (
        handshake_ended
        connection_secured
        c1 tls )
        connection_granted
        #1 queue )
        #1 send (
        request_sent
        #1 send )
        #1 wait (
        #1 wait )
        #1 receive (
        head_received
        #1 receive )
        body_kept
        cache_stored
        request_ended
        c1 close (
        c1 close )
        connection_ended
        run_ended
    "#]]
    .assert_eq(&order(&events));
    let secured = events.iter().find_map(|event| match &event.fact {
        Fact::ConnectionSecured { security, .. } => Some(security),
        _ => None,
    });
    let secured = secured.unwrap();
    assert_eq!(secured.version, "TLS 1.3");
    assert_eq!(secured.alpn.as_deref(), Some("http/1.1"));
    assert!(secured.verified && !secured.resumed);
}

#[test]
fn a_page_over_ipv6_is_fetched_where_there_is_ipv6() {
    let Some((address, server)) = serve_one_at("[::1]:0", answer) else {
        return;
    };
    let events = fetched(&format!("http://{address}/"), vec![], NOBODY);
    server.join().unwrap();
    assert_eq!(*verdict(&events), Verdict::Answered);
}

#[test]
fn localhost_is_tried_at_both_its_addresses() {
    let (address, server) = serve_one(answer);
    let url = format!("http://localhost:{}/", address.port());
    let events = fetched(&url, vec![], NOBODY);
    server.join().unwrap();
    assert_eq!(*verdict(&events), Verdict::Answered);
    let tried = events.iter().filter_map(|event| match &event.fact {
        Fact::AddressTried { address, .. } => Some(address.ip().to_string()),
        _ => None,
    });
    assert_eq!(tried.collect::<Vec<_>>(), ["::1", "127.0.0.1"]);
}

#[test]
fn a_port_where_nobody_listens_is_refused() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let events = fetched(&format!("http://{address}/"), vec![], NOBODY);
    let words = format!("{address}: nobody listens there (refused)");
    assert_eq!(
        failure(&events),
        (Stage::Connect, FailureKind::Refused, words.as_str())
    );
}

/// What is said of a server's certificate by somebody who trusts `trusted` only.
fn distrusted(trusted: Vec<CertificateDer<'static>>) -> String {
    let config = Arc::clone(Authority::generate().server(&["127.0.0.1"]).config());
    let serve = move |mut line: TcpStream| {
        let mut session = ServerConnection::new(config).unwrap();
        assert!(session.complete_io(&mut line).is_err());
    };
    let (address, server) = serve_one(serve);
    let events = fetched(&format!("https://{address}/"), trusted, NOBODY);
    server.join().unwrap();
    let (stage, kind, words) = failure(&events);
    assert_eq!((stage, kind), (Stage::Tls, FailureKind::Certificate));
    words.to_owned()
}

#[test]
fn a_certificate_of_an_authority_that_is_not_trusted_is_refused() {
    let words = distrusted(vec![]);
    expect!["the certificate's authority “tests” is not trusted, and the server sent no certificate of it: the chain may be incomplete"].assert_eq(&words);
}

#[test]
fn a_certificate_that_only_claims_a_trusted_authority_is_refused() {
    let words = distrusted(vec![Authority::generate().certificate()]);
    expect!["the certificate is not signed by the authority that it names"].assert_eq(&words);
}

#[test]
fn a_server_without_tls_is_told_apart() {
    let serve = |mut line: TcpStream| {
        line.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        let _ = line.read_to_end(&mut Vec::new());
    };
    let (address, server) = serve_one(serve);
    let events = fetched(&format!("https://{address}/"), vec![], NOBODY);
    server.join().unwrap();
    assert_eq!(
        failure(&events),
        (
            Stage::Tls,
            FailureKind::Tls,
            "the server does not speak TLS on this port"
        )
    );
}

#[test]
fn a_reset_is_told_as_one() {
    // A socket that is closed with something unread in it is reset.
    let serve = |mut line: TcpStream| {
        line.read_exact(&mut [0; 1]).unwrap();
    };
    let (address, server) = serve_one(serve);
    let events = fetched(&format!("http://{address}/"), vec![], NOBODY);
    server.join().unwrap();
    let (stage, kind, _) = failure(&events);
    assert_eq!((stage, kind), (Stage::Wait, FailureKind::Reset));
}

/// A name server that knows `a.test` only: this machine, for 300 seconds. It is never joined.
pub(crate) fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    spawn(move || {
        let mut question = [0; 512];
        while let Ok((bytes, from)) = socket.recv_from(&mut question) {
            let _ = socket.send_to(&named(&question[..bytes]), from);
        }
    });
    address
}

/// The answer to a question for one name (RFC 1035 §4).
fn named(question: &[u8]) -> Vec<u8> {
    const KNOWN: &[u8] = b"\x01a\x04test\0";
    let name_end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 1;
    let is_known = question[12..name_end].eq_ignore_ascii_case(KNOWN);
    let is_ipv4 = question[name_end..name_end + 2] == [0, 1];
    let answers = u8::from(is_known && is_ipv4);
    let code = if is_known { 0x80 } else { 0x83 };
    let mut answer = question[..2].to_vec();
    answer.extend([0x85, code, 0, 1, 0, answers, 0, 0, 0, 0]);
    answer.extend(&question[12..name_end + 4]);
    if answers == 1 {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0x01, 0x2c, 0, 4, 127, 0, 0, 1]);
    }
    answer
}

#[test]
fn a_name_is_asked_for_and_kept_for_its_time() {
    let (address, server) = serve_one(answer);
    let url = format!("http://a.test:{}/", address.port());
    let events = fetched(&url, vec![], name_server());
    server.join().unwrap();
    assert_eq!(*verdict(&events), Verdict::Answered);
    let names = events.iter().find_map(|event| match &event.fact {
        Fact::NameResolved {
            addresses, names, ..
        } => Some((addresses.as_slice(), names)),
        _ => None,
    });
    let here = [Ipv4Addr::LOCALHOST.into()];
    let asked = Names::Asked { ttl_ms: 300_000 };
    assert_eq!(names, Some((&here[..], &asked)));
}

#[test]
fn a_name_that_does_not_exist_is_told_so() {
    let events = fetched("http://b.test/", vec![], name_server());
    let (stage, kind, words) = failure(&events);
    assert_eq!((stage, kind), (Stage::Dns, FailureKind::NoSuchName));
    assert!(words.contains("NXDOMAIN"), "{words}");
}

#[test]
fn a_large_body_ends_when_the_server_says_no() {
    const NO: &[u8] = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    const LARGE: usize = 64 << 20;
    let refuse = |mut line: TcpStream| {
        let mut byte = [0; 1];
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            line.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        line.write_all(NO).unwrap();
        // The other side closes with an answer in hand; what it had sent is of no interest.
        let _ = std::io::copy(
            &mut line.try_clone().unwrap().take(LARGE as u64 / 4),
            &mut std::io::sink(),
        );
    };
    let (address, server) = serve_one(refuse);
    let mut post = Wanted::plain(
        "POST".parse().unwrap(),
        format!("http://{address}/").parse().unwrap(),
        Because::Typed,
    );
    post.saying.payload = Some(Payload {
        bytes: vec![b'x'; LARGE].into(),
        media_type: None,
    });
    let events = told(Command::Fetch(vec![post]), Vec::new(), NOBODY);
    server.join().unwrap();
    let sent = events.iter().find_map(|event| match &event.fact {
        Fact::RequestSent { bytes, .. } => Some(*bytes),
        _ => None,
    });
    assert!(sent.unwrap() < LARGE as u64, "{sent:?}");
    let said = |words: &str| {
        let told = |event: &Event| format!("{:?}", event.fact).contains(words);
        assert!(events.iter().any(told), "{words}");
    };
    said("of 67108864 bytes of the body were sent; the rest was left unsent");
    said("the request was not sent to its end");
    said("verdict: Answered");
}
