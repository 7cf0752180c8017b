use std::fmt;
use std::time::Duration;

use crate::event::{ConnectionId, Moment, QueueReason, RequestId};
use crate::message::Group;

use super::amount::{duration, ordinal};
use super::{Connection, Host, Model, Request};

/// Whom a request waited for, or waits for, in the line of its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// Whose line.
    pub group: Group,
    /// How long it stood there.
    pub waited: Duration,
    /// Its place in the line when it came, from 1.
    pub place: usize,
    /// Why it had to wait.
    pub reason: QueueReason,
    /// How the wait ended, or is likely to.
    pub end: Wait,
}

/// How a wait ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It got a connection when the request before it on that connection ended.
    Freed(ConnectionId, RequestId),
    /// It got a connection of its own.
    Opened(ConnectionId),
    /// It goes on; this connection is the likeliest to be free next, so much of its answer is here.
    Likely(ConnectionId, RequestId, u64),
    /// It goes on, and nobody can tell which connection will be free next.
    Open,
    /// It was given up, or the connection could not be opened.
    Vain,
}

/// Whom `request` waited for by `now`; nothing if it never stood in line.
pub fn blame(request: &Request, model: &Model, now: Moment) -> Option<Blame> {
    let (ahead, reason) = request.queued?;
    let group = request.group()?;
    let span = request.timeline.of(crate::event::Stage::Queue).last()?;
    let waited = span.until(now).since(span.began);
    let end = match (request.granted.and(request.connection), &span.ended) {
        (Some(connection), _) => freed(request, connection, model),
        (None, None) => likely(model.host(&group)?, model),
        (None, Some(_)) => Wait::Vain,
    };
    let place = usize::try_from(ahead).unwrap_or(usize::MAX - 1) + 1;
    Some(Blame {
        group,
        waited,
        place,
        reason,
        end,
    })
}

/// Who ran on the connection right before.
fn freed(request: &Request, connection: ConnectionId, model: &Model) -> Wait {
    let known = model.connection(connection);
    let before = known.and_then(|known| known.carried_before(request));
    before.map_or(Wait::Opened(connection), |before| {
        Wait::Freed(connection, before)
    })
}

/// The connection whose answer is nearest to its end, where ends are known.
pub(super) fn likely(host: &Host, model: &Model) -> Wait {
    let alive = host.alive.iter();
    let busy = alive.filter_map(|id| model.connection(*id));
    let read = |connection: &Connection| {
        let request = connection.carries()?;
        let percent = model.request(request)?.percent()?;
        Some((percent, connection.id, request))
    };
    let furthest = busy.filter_map(read).max_by_key(|(percent, ..)| *percent);
    furthest.map_or(Wait::Open, |(percent, connection, request)| {
        Wait::Likely(connection, request, percent)
    })
}

/// As a sentence.
impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            group,
            waited,
            place,
            reason,
            end,
        } = self;
        let waited = duration(*waited);
        match reason {
            QueueReason::Opening => {
                write!(
                    f,
                    "waited {waited}: a connection to {group} was being opened for it"
                )?;
                // Whichever is ready first takes whose turn it is: it may be another after all.
                return match end {
                    Wait::Freed(connection, request) => {
                        write!(f, "; got {connection} when {request} ended")
                    }
                    Wait::Opened(_) | Wait::Likely(..) | Wait::Open | Wait::Vain => Ok(()),
                };
            }
            QueueReason::HostFull { limit } => {
                write!(f, "waited {waited}: {limit} of {limit} to {group} busy")?;
            }
            QueueReason::AllFull { limit } => {
                write!(
                    f,
                    "waited {waited}: all {limit} connections of the run in use"
                )?;
            }
            QueueReason::ProxyFull { limit } => {
                write!(
                    f,
                    "waited {waited}: all {limit} connections through the proxy in use"
                )?;
            }
            QueueReason::LowFull { limit } => {
                write!(
                    f,
                    "waited {waited}: {limit} requests of low priority go at a time"
                )?;
            }
        }
        write!(f, ", {} in line; ", ordinal(*place))?;
        match end {
            Wait::Freed(connection, request) => write!(f, "got {connection} when {request} ended"),
            Wait::Opened(connection) => write!(f, "got {connection}, opened when another closed"),
            Wait::Likely(connection, request, percent) => {
                write!(
                    f,
                    "likely next free is {connection} ({request}, {percent} % read)"
                )
            }
            Wait::Open => f.write_str("which will be free next cannot be told"),
            Wait::Vain => f.write_str("in vain"),
        }
    }
}

/// Which connection of `host` is likely to be free next, in a few words.
pub fn next_free(host: &Host, model: &Model) -> Option<String> {
    match likely(host, model) {
        Wait::Likely(connection, request, percent) => {
            Some(format!("likely {connection} ({request}, {percent} %)"))
        }
        Wait::Freed(..) | Wait::Opened(_) | Wait::Open | Wait::Vain => None,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::event::{Because, End, Event, Fact, Road, Stage, Subject, Verdict, Wanted};
    use crate::message::Origin;

    fn dialled(connection: ConnectionId, group: Group) -> Fact {
        Fact::ConnectionPlanned {
            connection,
            group: Box::new(group),
            beside: None,
            road: Road::default(),
        }
    }

    /// Two requests to one host with one connection: the first runs from 10 ms, the second waits.
    fn facts() -> Vec<Event> {
        let url = Url::parse("http://a.test/").unwrap();
        let group = Group::from(Origin::of(&url).unwrap());
        let (first, second, connection) = (RequestId(1), RequestId(2), ConnectionId(1));
        let wanted = Wanted::get(url, Because::Typed);
        let planned = |request| Fact::planned(request, &wanted);
        let stage = Stage::Queue;
        let began = |request| Fact::StageBegan {
            subject: Subject::Request(request),
            stage,
        };
        let ended = |request| {
            let subject = Subject::Request(request);
            Fact::StageEnded {
                subject,
                stage,
                end: End::Done,
            }
        };
        let granted = |request, reused| Fact::ConnectionGranted {
            request,
            connection,
            reused,
            choice: None,
        };
        let reason = QueueReason::HostFull { limit: 1 };
        let facts = [
            (0, planned(first)),
            (0, planned(second)),
            (0, began(first)),
            (0, dialled(connection, group)),
            (0, began(second)),
            (
                0,
                Fact::RequestQueued {
                    request: second,
                    ahead: 1,
                    reason,
                },
            ),
            (10, granted(first, false)),
            (10, ended(first)),
            (
                90,
                Fact::RequestEnded {
                    request: first,
                    verdict: Verdict::Answered,
                },
            ),
            (90, granted(second, true)),
            (90, ended(second)),
        ];
        facts
            .map(|(at, fact)| Event {
                at: Moment::from_millis(at),
                fact,
            })
            .into()
    }

    fn told(count: usize, now: u64) -> String {
        let mut model = Model::default();
        for event in facts().iter().take(count) {
            model.apply(event);
        }
        let request = model.request(RequestId(2)).unwrap();
        blame(request, &model, Moment::from_millis(now))
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_wait_names_whose_end_freed_the_connection() {
        let words = "waited 90.0 ms: 1 of 1 to a.test:80 busy, 2nd in line; got c1 when #1 ended";
        assert_eq!(told(11, 500), words);
    }

    #[test]
    fn a_wait_that_goes_on_says_what_can_be_told() {
        let words = "waited 50.0 ms: 1 of 1 to a.test:80 busy, 2nd in line; \
                     which will be free next cannot be told";
        assert_eq!(told(8, 50), words);
    }
}
