use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Serialize;

use crate::event::{LookUpId, Names, RequestId, Sought};
use crate::message::{Carrier, Family, Finding, NameAnswer, NameRecord, Reply};
use crate::model::{LookUp, Model, Query, Request};

use super::json::{at, millis};

/// A look-up of a name, as the report has it.
#[derive(Serialize)]
pub(super) struct LookedUp<'a> {
    lookup: LookUpId,
    host: &'a str,
    began_ms: f64,
    requests: Vec<RequestId>,
    queries: Vec<Queried<'a>>,
}

/// A question to a name server.
#[derive(Serialize)]
pub(super) struct Queried<'a> {
    name: &'a str,
    record: Family,
    server: SocketAddr,
    server_name: Option<&'a str>,
    over: Carrier,
    sent_ms: f64,
    took_ms: Option<f64>,
    line: Option<Opened<'a>>,
    #[serde(flatten)]
    outcome: Option<Outcome<'a>>,
}

/// The line that had to be opened, as a part of the question's time.
#[derive(Serialize)]
struct Opened<'a> {
    connect_ms: f64,
    tls_ms: f64,
    version: &'a str,
    alpn: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<'a> {
    Answered {
        finding: Finding,
        code: &'a str,
        flags: &'a [String],
        records: &'a [NameRecord],
        chain: Vec<&'a str>,
        negative_ttl: Option<u32>,
        bytes: u32,
        words: String,
    },
    Unanswered {
        finding: Option<Finding>,
        words: &'a str,
    },
}

/// How a request came to know where its host is.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    addresses: &'a [IpAddr],
    known: Option<&'a Names>,
    lookup: Option<LookUpId>,
    how: Option<Sought>,
}

/// Every look-up of the run, in the order in which they began.
pub(super) fn looked_up(model: &Model) -> Vec<LookedUp<'_>> {
    model
        .look_ups()
        .iter()
        .map(|one| told(one, model))
        .collect()
}

fn told<'a>(look_up: &'a LookUp, model: &Model) -> LookedUp<'a> {
    let needs = |request: &&Request| request.sought.is_some_and(|(id, _)| id == look_up.id);
    let requests = model.requests().iter().filter(needs);
    LookedUp {
        lookup: look_up.id,
        host: &look_up.host,
        began_ms: at(look_up.began),
        requests: requests.map(|request| request.id).collect(),
        queries: look_up.queries.iter().map(queried).collect(),
    }
}

/// One question, and what came of it.
pub(super) fn queried(query: &Query) -> Queried<'_> {
    let question = &query.question;
    let ended = query.ended.as_ref();
    let micros = |micros| millis(Duration::from_micros(micros));
    Queried {
        name: &question.name,
        record: question.record,
        server: question.server,
        server_name: question.server_name.as_deref(),
        over: question.over,
        sent_ms: at(query.sent),
        took_ms: ended.map(|(ended, _)| millis(ended.since(query.sent))),
        line: query.line.as_ref().map(|line| Opened {
            connect_ms: micros(line.connect_us),
            tls_ms: micros(line.tls_us),
            version: &line.version,
            alpn: line.alpn.as_deref(),
        }),
        outcome: ended.map(|(_, reply)| match reply {
            Reply::Answered(answer) => answered(answer, &question.name),
            Reply::Unanswered { words } => Outcome::Unanswered {
                finding: None,
                words,
            },
        }),
    }
}

fn answered<'a>(answer: &'a NameAnswer, name: &'a str) -> Outcome<'a> {
    Outcome::Answered {
        finding: answer.finding,
        code: &answer.code,
        flags: &answer.flags,
        records: &answer.records,
        chain: answer.chain(name),
        negative_ttl: answer.negative_ttl,
        bytes: answer.bytes,
        words: answer.words(),
    }
}

/// What is known of where a request's host is; nothing where that never mattered.
pub(super) fn named(request: &Request) -> Option<Named<'_>> {
    if request.names.is_none() && request.sought.is_none() {
        return None;
    }
    let (addresses, known) = match &request.names {
        Some((addresses, known)) => (addresses.as_slice(), Some(known)),
        None => (&[][..], None),
    };
    Some(Named {
        addresses,
        known,
        lookup: request.sought.map(|(lookup, _)| lookup),
        how: request.sought.map(|(_, how)| how),
    })
}
