//! Questions over TLS and HTTPS: one line for all of them, and every fault has its words.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use netwaterfall::engine::Settings;
use netwaterfall::event::{Event, Fact, FailureKind, Names, Stage};
use netwaterfall::message::{Carrier, Reply};
use netwaterfall::net::{Asking, NameServers, Roots};

use super::odd::said;
use super::secure_server::{NAME, Server, answer, put, request, take};
use super::{failure, queries, told};

/// More bytes than a DNS message can have.
static TOO_MUCH: &[u8] = &[0; 70_000];
const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message";

pub(super) fn asked_of(servers: NameServers, hosts: &[&str]) -> Vec<Event> {
    told(hosts, servers, Settings::default())
}

pub(super) fn posted() -> Asking {
    Asking::Https {
        target: "/dns-query".to_owned(),
        is_get: false,
    }
}

/// What was told of a host by a server that answers HTTP requests so.
fn answered_with(head: &'static str, body: Option<&'static [u8]>) -> Vec<Event> {
    let server = Server::start(move |wire, _| {
        loop {
            let (_, question) = request(wire)?;
            let message = said(&question);
            answer(wire, head, body.unwrap_or(&message))?;
        }
    });
    asked_of(server.asked(posted(), NAME), &["a.test"])
}

pub(super) fn ttls(events: &[Event]) -> Vec<u64> {
    let ttl = |event: &Event| match event.fact {
        Fact::NameResolved {
            names: Names::Asked { ttl_ms },
            ..
        } => Some(ttl_ms),
        _ => None,
    };
    events.iter().filter_map(ttl).collect()
}

#[test]
fn over_tls_both_families_and_all_hosts_share_one_line_and_answers_come_in_any_order() {
    let server = Server::start(|wire, note| {
        loop {
            // The second answer first: both were asked for before either came.
            let [first, second] = [take(wire)?, take(wire)?];
            note(format!("{} and {}", first.len(), second.len()));
            put(wire, &said(&second))?;
            put(wire, &said(&first))?;
        }
    });
    let events = asked_of(server.asked(Asking::Tls, NAME), &["a.test", "b.test"]);
    let queries = queries(&events);
    assert_eq!(queries.len(), 4);
    for query in &queries {
        assert_eq!(query.question.over, Carrier::Tls);
        assert_eq!(query.question.server, server.address);
        assert_eq!(query.question.server_name.as_deref(), Some(NAME));
        assert_eq!(query.answer().code, "NOERROR");
    }
    let lines: Vec<_> = queries.iter().filter_map(|query| query.line).collect();
    assert_eq!(lines.len(), 1, "opened once");
    assert_eq!(lines[0].version, "TLS 1.3");
    assert!(queries[0].line.is_some(), "for the first question");
    assert_eq!(server.heard().len(), 1);
    assert_eq!(ttls(&events), [100_000, 100_000]);
}

#[test]
fn over_https_questions_are_posted_one_after_the_other_on_one_line() {
    let server = Server::start(|wire, note| {
        loop {
            let (head, question) = request(wire)?;
            note(head.join("; "));
            assert_eq!(question[..2], [0, 0], "the number is 0 (RFC 8484 §4.1)");
            answer(wire, GOOD, &said(&question))?;
        }
    });
    let events = asked_of(server.asked(posted(), NAME), &["a.test", "b.test"]);
    let queries = queries(&events);
    assert_eq!(queries.len(), 4);
    assert!(queries.iter().all(|q| q.question.over == Carrier::Https));
    assert_eq!(queries.iter().filter(|q| q.line.is_some()).count(), 1);
    let heard = server.heard();
    assert_eq!((heard.len(), heard[0].len()), (1, 4));
    let port = server.address.port();
    assert_eq!(
        heard[0][0],
        format!(
            "POST /dns-query HTTP/1.1; Host: 127.0.0.1:{port}; Accept: application/dns-message; \
             Content-Type: application/dns-message; Content-Length: 35"
        )
    );
}

#[test]
fn a_template_puts_the_question_into_the_target() {
    let server = Server::start(|wire, note| {
        loop {
            let (head, _) = request(wire)?;
            let target = head[0].split(' ').nth(1).unwrap();
            let question = target.strip_prefix("/q?a=b&dns=").unwrap();
            note(head[0].split(' ').next().unwrap().to_owned());
            let question = BASE64_URL_SAFE_NO_PAD.decode(question).unwrap();
            answer(wire, GOOD, &said(&question))?;
        }
    });
    let asking = Asking::Https {
        target: "/q?a=b".to_owned(),
        is_get: true,
    };
    let events = asked_of(server.asked(asking, NAME), &["a.test"]);
    assert_eq!(queries(&events).len(), 2);
    assert_eq!(server.heard(), [["GET", "GET"]]);
}

#[test]
fn an_answer_that_was_stored_on_the_way_is_good_for_as_much_less() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: Application/DNS-Message; x=y\r\nAge: 30";
    assert_eq!(ttls(&answered_with(head, None)), [70_000]);
}

#[test]
fn a_line_that_the_server_closes_is_opened_again() {
    let server = Server::start(|wire, _| {
        let (_, question) = request(wire)?;
        answer(
            wire,
            &format!("{GOOD}\r\nConnection: close"),
            &said(&question),
        )
    });
    let events = asked_of(server.asked(posted(), NAME), &["a.test", "b.test"]);
    let queries = queries(&events);
    let answered = queries
        .iter()
        .filter(|q| matches!(q.reply, Reply::Answered(_)));
    assert_eq!(answered.count(), 4);
    assert_eq!(server.heard().len(), 4);
    let server = Server::start(|wire, _| {
        let question = take(wire)?;
        put(wire, &said(&question))
    });
    let events = asked_of(server.asked(Asking::Tls, NAME), &["a.test"]);
    assert_eq!(ttls(&events), [100_000]);
}

#[test]
fn what_is_no_dns_message_is_named_by_what_it_is() {
    for (head, body, words) in [
        (
            "HTTP/1.1 404 Not Found",
            None,
            "answered HTTP 404 Not Found instead of a DNS message",
        ),
        (
            "HTTP/1.1 503 ",
            None,
            "answered HTTP 503 instead of a DNS message",
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://b.test/",
            None,
            "answered HTTP 302 Found, which leads to https://b.test/: name servers are not followed",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8",
            None,
            "answered HTTP 200 OK with text/html, not application/dns-message",
        ),
        (
            "HTTP/1.1 200 OK",
            None,
            "with something without a type, not application/dns-message",
        ),
        (
            GOOD,
            Some(&b"nonsense"[..]),
            "sent what is no answer to the question",
        ),
        (
            GOOD,
            Some(TOO_MUCH),
            "sent more than the 65535 bytes that a DNS message has",
        ),
        (
            "SSH-2.0-x",
            None,
            "broke the rules of HTTP: the answer is not HTTP",
        ),
    ] {
        let events = answered_with(head, body);
        let failure = failure(&events);
        assert_eq!(
            (failure.stage, failure.kind),
            (Stage::Dns, FailureKind::NameServer)
        );
        assert!(failure.words.contains(words), "{head}: {}", failure.words);
        assert!(
            failure.words.contains(": name server https://127.0.0.1:"),
            "{}",
            failure.words
        );
    }
}

#[test]
fn what_the_server_says_of_a_name_is_named_as_ever() {
    let server = Server::start(|wire, _| {
        loop {
            let question = take(wire)?;
            put(wire, &said(&question))?;
        }
    });
    let events = asked_of(server.asked(Asking::Tls, NAME), &["missing.test"]);
    assert!(failure(&events).words.contains("does not exist (NXDOMAIN)"));
    let events = asked_of(server.asked(Asking::Tls, NAME), &["refused.test"]);
    let words = format!(
        "name server tls://{} refused to answer (REFUSED)",
        server.address
    );
    assert!(
        failure(&events).words.contains(&words),
        "{}",
        failure(&events).words
    );
}

#[test]
fn a_server_whose_certificate_is_not_good_is_not_asked() {
    let server = Server::start(|wire, note| {
        note(format!("{} bytes", take(wire)?.len()));
        Ok(())
    });
    let events = asked_of(server.asked(Asking::Tls, "other.test"), &["a.test"]);
    let wrong = "is not trusted: the certificate is not for other.test, but for dns.test";
    assert!(
        failure(&events).words.contains(wrong),
        "{}",
        failure(&events).words
    );
    let nobody = Roots::Only(vec![crate::sim::Authority::generate().certificate()]);
    let servers = server.asked_by(posted(), "127.0.0.1", NAME, nobody);
    let events = asked_of(servers, &["a.test"]);
    let words = &failure(&events).words;
    assert!(words.contains("is not trusted: "), "{words}");
    assert!(server.heard().concat().is_empty());
}

#[test]
fn a_server_that_cannot_be_reached_is_named_with_why() {
    let server = Server::start(|wire, _| take(wire).map(drop));
    let events = asked_of(server.asked(Asking::Tls, NAME), &["a.test"]);
    let words = "closed the line without an answer";
    assert!(
        failure(&events).words.contains(words),
        "{}",
        failure(&events).words
    );
    let silent = Server::start(|wire, _| request(wire).map(drop));
    let events = asked_of(silent.asked(posted(), NAME), &["a.test"]);
    let failed = failure(&events);
    assert!(failed.words.contains(words), "{}", failed.words);
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let gone = Server {
        address: gone,
        ..server
    };
    let events = asked_of(gone.asked(Asking::Tls, NAME), &["a.test"]);
    let words = "has nobody listening (refused)";
    assert!(
        failure(&events).words.contains(words),
        "{}",
        failure(&events).words
    );
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    let greeting = std::thread::spawn(move || {
        let mut stream = plain.accept().unwrap().0;
        stream.write_all(b"220 here is no TLS\r\n").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let plain = Server { address, ..gone };
    let events = asked_of(plain.asked(Asking::Tls, NAME), &["a.test"]);
    greeting.join().unwrap();
    let words = "could not be asked over TLS: ";
    assert!(
        failure(&events).words.contains(words),
        "{}",
        failure(&events).words
    );
}

#[test]
fn a_server_that_says_nothing_is_waited_for_and_no_longer() {
    let server = Server::start(|wire, _| {
        loop {
            take(wire)?;
        }
    });
    let mut settings = Settings::default();
    settings.timeouts[Stage::Dns] = Some(Duration::from_millis(300));
    let events = told(&["a.test"], server.asked(Asking::Tls, NAME), settings);
    assert_eq!(failure(&events).kind, FailureKind::TimedOut);
}

#[test]
fn a_server_with_a_name_is_found_by_the_system_first() {
    let server = Server::start(|wire, _| {
        loop {
            let question = take(wire)?;
            put(wire, &said(&question))?;
        }
    });
    let roots = Roots::Only(vec![server.authority.certificate()]);
    let servers = server.asked_by(Asking::Tls, "localhost", NAME, roots);
    let events = asked_of(servers, &["a.test"]);
    assert_eq!(ttls(&events), [100_000]);
}
