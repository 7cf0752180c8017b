//! Facts as a few lines of text, milliseconds since the run began.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use netwaterfall::event::{
    ConnectionId, End, Ending, Event, Fact, Moment, Names, RequestId, Stage, Subject, Verdict,
};

use super::Ran;

impl Ran {
    /// Every request and every connection, a line each.
    pub(crate) fn timelines(&self) -> String {
        format!("{}{}", self.requests(), self.connections())
    }

    /// Every request, a line each.
    pub(crate) fn requests(&self) -> String {
        let mut lines: BTreeMap<RequestId, Line> = BTreeMap::new();
        for event in &self.events {
            if let Some((request, words)) = of_request(event) {
                lines.entry(request).or_default().add(words);
            }
        }
        joined(&lines)
    }

    /// Every connection, a line each.
    pub(crate) fn connections(&self) -> String {
        let mut lines: BTreeMap<ConnectionId, Line> = BTreeMap::new();
        for event in &self.events {
            if let Some((connection, words)) = of_connection(event) {
                lines.entry(connection).or_default().add(words);
            }
        }
        joined(&lines)
    }

    /// The facts of names, sharing, caching and lines, which the timelines leave out.
    pub(crate) fn remarks(&self) -> String {
        let mut text = String::new();
        for event in &self.events {
            if let Some(words) = remark(&event.fact) {
                writeln!(text, "{} {words}", at(event.at)).unwrap();
            }
        }
        text
    }

    /// What the servers saw: on which connection, for which host, which request line.
    pub(crate) fn seen(&self) -> String {
        let mut text = String::new();
        for (connection, host, line) in &self.log.served {
            writeln!(text, "{connection} {host} {line}").unwrap();
        }
        text
    }
}

/// What is said about a subject at a moment.
enum Words {
    Began(Stage, Moment),
    Ended(Stage, Moment, &'static str),
    Said(String),
}

/// Parts of a line; a stage is one part once it has ended.
#[derive(Default)]
struct Line {
    parts: Vec<String>,
    open: BTreeMap<Stage, Moment>,
}

impl Line {
    fn add(&mut self, words: Words) {
        match words {
            Words::Began(stage, moment) => {
                self.open.insert(stage, moment);
            }
            Words::Ended(stage, moment, how) => {
                let began = self.open.remove(&stage).expect("a stage that had begun");
                if stage == Stage::Cache && began == moment && how.is_empty() {
                    return;
                }
                let name = stage.card().name;
                let span = if began == moment {
                    at(began)
                } else {
                    format!("{}–{}", at(began), at(moment))
                };
                self.parts.push(format!("{name} {span}{how}"));
            }
            Words::Said(words) => self.parts.push(words),
        }
    }
}

fn joined<K: std::fmt::Display>(lines: &BTreeMap<K, Line>) -> String {
    lines.iter().fold(String::new(), |mut text, (key, line)| {
        writeln!(text, "{key} {}", line.parts.join(" · ")).unwrap();
        text
    })
}

fn at(moment: Moment) -> String {
    let nanos = moment.0;
    if nanos.is_multiple_of(1_000_000) {
        (nanos / 1_000_000).to_string()
    } else {
        format!("{}.{:06}", nanos / 1_000_000, nanos % 1_000_000)
    }
}

const fn how(end: &End) -> &'static str {
    match end {
        End::Done => "",
        End::Failed(_) => " failed",
        End::Abandoned => " abandoned",
    }
}

fn of_request(event: &Event) -> Option<(RequestId, Words)> {
    let now = event.at;
    Some(match &event.fact {
        Fact::StageBegan {
            subject: Subject::Request(request),
            stage,
        } => (*request, Words::Began(*stage, now)),
        Fact::StageEnded {
            subject: Subject::Request(request),
            stage,
            end,
        } => (*request, Words::Ended(*stage, now, how(end))),
        Fact::ConnectionGranted {
            request,
            connection,
            reused,
            ..
        } => {
            let again = if *reused { " again" } else { "" };
            (*request, Words::Said(format!("{connection}{again}")))
        }
        Fact::AttemptFailed {
            request, failure, ..
        } => (*request, Words::Said(format!("once more, as {failure}"))),
        Fact::InterimReceived { request, head } => (
            *request,
            Words::Said(format!("{} at {}", head.status, at(now))),
        ),
        Fact::HeadReceived { request, head, .. } => {
            (*request, Words::Said(head.status.to_string()))
        }
        Fact::BodyKept { request, body } => {
            let cut = if body.is_cut() { "+" } else { "" };
            (*request, Words::Said(format!("{}{cut} bytes", body.kept)))
        }
        Fact::RequestEnded { request, verdict } => {
            let words = match verdict {
                Verdict::Answered => "answered".to_owned(),
                Verdict::Stored => "stored".to_owned(),
                Verdict::Failed(failure) => format!("{:?} at {}: {failure}", failure.kind, at(now)),
            };
            (*request, Words::Said(words))
        }
        _ => return None,
    })
}

fn of_connection(event: &Event) -> Option<(ConnectionId, Words)> {
    let now = event.at;
    Some(match &event.fact {
        Fact::ConnectionPlanned {
            connection,
            group,
            beside,
            road,
        } => {
            let beside = beside.map(|id| format!(" beside {id}"));
            let beside = beside.unwrap_or_default();
            let via = road.via.as_ref().map(|proxy| format!(" through {proxy}"));
            let via = via.unwrap_or_default();
            let to = road.to.as_ref().map(|end| format!(" to {end}"));
            let to = to.unwrap_or_default();
            (
                *connection,
                Words::Said(format!("{group}{to}{beside}{via}")),
            )
        }
        Fact::StageBegan {
            subject: Subject::Connection(connection),
            stage,
        } => (*connection, Words::Began(*stage, now)),
        Fact::StageEnded {
            subject: Subject::Connection(connection),
            stage,
            end,
        } => (*connection, Words::Ended(*stage, now, how(end))),
        Fact::AddressFailed {
            connection,
            address,
            ..
        } => (
            *connection,
            Words::Said(format!("not {} at {}", address.ip(), at(now))),
        ),
        Fact::ConnectionSecured {
            connection,
            security,
        } => (*connection, Words::Said(security.version.clone())),
        Fact::ConnectionEnded { connection, ending } => {
            let words = match ending {
                Ending::Unopened { failure } => format!("unopened: {failure}"),
                Ending::ByUs { words } => format!("by us: {words}"),
                Ending::ByServer { words } => format!("by server: {words}"),
            };
            (*connection, Words::Said(words))
        }
        _ => return None,
    })
}

fn remark(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Remarked { request, words } => format!("{request} ! {words}"),
        Fact::TrailersReceived { request, trailers } => {
            let names = trailers
                .iter()
                .map(|(name, value)| format!(" {name}: {value}"));
            format!("{request} trailers{}", names.collect::<String>())
        }
        Fact::NameResolved {
            request,
            addresses,
            names,
        } => {
            let how = match names {
                Names::Literal => "literal".to_owned(),
                Names::Localhost => "localhost".to_owned(),
                Names::ByProxy => "by proxy".to_owned(),
                Names::Given => "given".to_owned(),
                Names::Hosts => "hosts".to_owned(),
                Names::Asked { ttl_ms } => format!("asked, good for {ttl_ms}"),
                Names::Shared { ttl_ms } => format!("shared, good for {ttl_ms}"),
                Names::Kept { age_ms, ttl_ms } => format!("kept for {age_ms} of {ttl_ms}"),
            };
            format!("{request} {addresses:?} {how}")
        }
        Fact::RequestQueued {
            request,
            ahead,
            reason,
        } => format!("{request} queued behind {ahead}: {reason:?}"),
        Fact::CacheAnswered { request, verdict } => {
            format!("{request} cache: {}", verdict.words)
        }
        Fact::CacheStored { request, words } => format!("{request} cache: {words}"),
        Fact::RequestPlanned {
            request,
            method,
            url,
            because,
            ..
        } => format!("{request} {method} {url} {because:?}"),
        _ => return None,
    })
}
