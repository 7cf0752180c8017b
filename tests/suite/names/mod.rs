//! Name servers of every kind on this machine: what is asked, what comes back, and its name.

mod http2;
mod look_ups;
mod odd;
mod secure;
mod secure_server;

use netwaterfall::cache::Cache;
use netwaterfall::clock::Clock;
use netwaterfall::engine::{Settings, World, start};
use netwaterfall::event::{Command, Event, Fact, Failure, Verdict};
use netwaterfall::message::{Family, NameAnswer, NameLine, Question, Reply};
use netwaterfall::net::{Internet, NameServers, Roots, Tls};

use crate::sim::{check, fetch};

/// What was told of requests for `hosts`, of whom these servers are asked.
///
/// Nobody listens at port 1: what is of interest is over by then.
fn told(hosts: &[&str], servers: NameServers, mut settings: Settings) -> Vec<Event> {
    settings.allowed_ports = vec![1];
    let world = move || World {
        settings,
        network: Box::new(Internet::new(servers)),
        tls: Tls::new(Roots::Only(Vec::new())).unwrap(),
        cache: Cache::default(),
    };
    let mut handle = start(world, Clock::start()).unwrap();
    let urls: Vec<String> = hosts.iter().map(|h| format!("http://{h}:1/")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    handle.commands.send(fetch(&urls)).unwrap();
    let mut events = Vec::new();
    let mut left = hosts.len();
    while let Some(event) = handle.facts.blocking_recv() {
        if matches!(event.fact, Fact::RequestEnded { .. }) {
            left -= 1;
            if left == 0 {
                handle.commands.send(Command::Stop).unwrap();
            }
        }
        events.push(event);
    }
    assert!(!handle.has_panicked());
    check(&events);
    events
}

/// Why the first request that failed did.
fn failure(events: &[Event]) -> &Failure {
    let failure = events.iter().find_map(|event| match &event.fact {
        Fact::RequestEnded {
            verdict: Verdict::Failed(failure),
            ..
        } => Some(failure),
        _ => None,
    });
    failure.unwrap()
}

/// A question, and what is told of its end.
struct Query<'a> {
    question: &'a Question,
    reply: &'a Reply,
    line: Option<&'a NameLine>,
}

impl Query<'_> {
    fn answer(&self) -> &NameAnswer {
        match self.reply {
            Reply::Answered(answer) => answer,
            Reply::Unanswered { words } => panic!("no answer: {words}"),
        }
    }
}

/// The questions that ended, in the order in which they went out.
fn queries(events: &[Event]) -> Vec<Query<'_>> {
    let ended = |of, number| {
        events.iter().find_map(move |event| match &event.fact {
            Fact::QueryEnded {
                lookup,
                query,
                replied,
            } if *lookup == of && *query == number => Some((&replied.reply, replied.line.as_ref())),
            _ => None,
        })
    };
    let mut queries = Vec::new();
    for event in events {
        if let Fact::QuerySent {
            lookup,
            query,
            question,
        } = &event.fact
            && let Some((reply, line)) = ended(*lookup, *query)
        {
            queries.push(Query {
                question,
                reply,
                line,
            });
        }
    }
    queries
}

/// Those of them that are for addresses of IPv4.
fn for_ipv4(events: &[Event]) -> Vec<Query<'_>> {
    let all = queries(events).into_iter();
    all.filter(|query| query.question.record == Family::Ipv4)
        .collect()
}
