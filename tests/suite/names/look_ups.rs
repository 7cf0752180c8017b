//! Questions to an odd name server: each outcome has its name, and none stops the rest.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use netwaterfall::engine::{Families, Settings};
use netwaterfall::event::{Event, Fact, FailureKind, Names, Stage};
use netwaterfall::message::{Carrier, Finding};
use netwaterfall::net::NameServers;

use super::odd::odd_server;
use super::{Query, failure, for_ipv4, queries, told};

fn asked_for(host: &str) -> Vec<Event> {
    told(
        &[host],
        NameServers::Only(odd_server()),
        Settings::default(),
    )
}

/// The same, but the stage has so long.
fn asked_within(host: &str, server: SocketAddr, limit: Duration) -> Vec<Event> {
    let mut settings = Settings::default();
    settings.timeouts[Stage::Dns] = Some(limit);
    told(&[host], NameServers::Only(server), settings)
}

fn resolved(events: &[Event]) -> (usize, Names) {
    let found = events.iter().find_map(|event| match &event.fact {
        Fact::NameResolved {
            addresses, names, ..
        } => Some((addresses.len(), names.clone())),
        _ => None,
    });
    found.unwrap()
}

/// The label of a name, and what comes of a question for it.
type Outcome = (&'static str, FailureKind, Finding, &'static str);

#[rustfmt::skip]
const OUTCOMES: [Outcome; 10] = [
    ("missing", FailureKind::NoSuchName, Finding::NoSuchName, "missing.test does not exist (NXDOMAIN)"),
    ("empty", FailureKind::NoSuchName, Finding::NoAddress, "empty.test exists but has no address"),
    ("bare", FailureKind::NoSuchName, Finding::NoAddress, "bare.test exists but has no address"),
    ("servfail", FailureKind::NameServer, Finding::ServerFailed, "failed (SERVFAIL)"),
    ("refused", FailureKind::NameServer, Finding::Refused, "refused to answer (REFUSED)"),
    ("notimp", FailureKind::NameServer, Finding::Other, "did not understand the question (NOTIMP)"),
    ("formerr", FailureKind::NameServer, Finding::Other, "did not understand the question (FORMERR)"),
    ("lame", FailureKind::NameServer, Finding::Lame, "knows nothing of it and asks nobody (lame)"),
    ("loop", FailureKind::NameServer, Finding::AliasLoop, "gave aliases that lead in a circle: loop.test is pool.test is loop.test"),
    ("cut", FailureKind::NameServer, Finding::Truncated, "cut its answer short (truncated), and over TCP"),
];

#[test]
fn each_way_to_have_no_address_has_its_name() {
    for (label, kind, finding, words) in OUTCOMES {
        let host = format!("{label}.test");
        let events = asked_for(&host);
        let failure = failure(&events);
        assert_eq!((failure.stage, failure.kind), (Stage::Dns, kind), "{host}");
        assert!(failure.words.contains(words), "{host}: {}", failure.words);
        assert_eq!(for_ipv4(&events)[0].answer().finding, finding, "{host}");
    }
}

#[test]
fn a_server_that_says_nothing_or_nonsense_is_waited_for_and_no_longer() {
    for host in ["silent.test", "nonsense.test"] {
        let events = asked_within(host, odd_server(), Duration::from_millis(100));
        assert_eq!(failure(&events).kind, FailureKind::TimedOut, "{host}");
        assert!(queries(&events).is_empty(), "{host}: nothing ended");
    }
}

#[test]
fn where_no_server_listens_is_told_at_once() {
    let nobody = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let events = asked_within("a.test", address, Duration::from_secs(30));
    let words = format!("name server {address} has nobody listening (refused)");
    let failure = failure(&events);
    assert!(failure.words.contains(&words), "{}", failure.words);
}

#[test]
fn an_answer_that_does_not_fit_is_asked_for_over_tcp() {
    let events = asked_for("large.test");
    let queries = for_ipv4(&events);
    let carriers: Vec<_> = queries.iter().map(|query| query.question.over).collect();
    assert_eq!(carriers, [Carrier::Udp, Carrier::Tcp]);
    let [cut, whole] = [&queries[0], &queries[1]].map(Query::answer);
    assert_eq!(cut.finding, Finding::Truncated);
    assert!(cut.flags.contains(&"tc".to_owned()));
    assert_eq!(whole.records.len(), 100);
    assert_eq!(failure(&events).stage, Stage::Connect);
}

#[test]
fn a_chain_of_aliases_is_told_and_good_for_as_long_as_its_shortest_link() {
    let events = asked_for("alias.test");
    let queries = for_ipv4(&events);
    let aliases = queries[0].answer().aliases();
    let aliases: Vec<_> = aliases
        .map(|record| (record.name.as_str(), record.value.as_str()))
        .collect();
    assert_eq!(
        aliases,
        [("alias.test", "other.test"), ("other.test", "end.test")]
    );
    assert_eq!(resolved(&events), (1, Names::Asked { ttl_ms: 20_000 }));
}

#[test]
fn twelve_aliases_in_a_row_are_followed() {
    let events = asked_for("chain.test");
    let queries = for_ipv4(&events);
    assert_eq!(queries[0].answer().aliases().count(), 12);
    assert_eq!(queries[0].answer().finding, Finding::Addresses);
    assert_eq!(resolved(&events), (1, Names::Asked { ttl_ms: 100_000 }));
}

#[test]
fn an_answer_that_is_good_for_no_time_is_used_once() {
    let events = asked_for("brief.test");
    assert_eq!(resolved(&events), (1, Names::Asked { ttl_ms: 0 }));
}

#[test]
fn one_family_is_enough_and_the_other_can_be_asked_for_alone() {
    let events = asked_for("six.test");
    assert_eq!(resolved(&events).0, 1);
    let settings = Settings {
        families: Families::Ipv4,
        ..Settings::default()
    };
    let events = told(&["six.test"], NameServers::Only(odd_server()), settings);
    let words = "six.test exists but has no IPv4 address, and -4 asks for no other";
    assert_eq!(failure(&events).words, words);
    assert_eq!(queries(&events).len(), 1);
}

#[test]
fn an_old_server_is_asked_again_without_the_extension() {
    let events = asked_for("old.test");
    let codes: Vec<_> = for_ipv4(&events)
        .iter()
        .map(|query| query.answer().code.clone())
        .collect();
    assert_eq!(codes, ["FORMERR", "NOERROR"]);
}

#[test]
fn what_is_no_answer_to_the_question_is_passed_over() {
    for host in ["forged.test", "another.test", "question.test"] {
        let events = asked_for(host);
        let queries = for_ipv4(&events);
        assert_eq!(queries[0].answer().records[0].value, "127.0.0.1", "{host}");
    }
}
