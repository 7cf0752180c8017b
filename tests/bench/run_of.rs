//! Runs of any length, for the benches of the screen.

use std::time::Duration;

use netwaterfall::event::{
    Because, ConnectionId, End, Ending, Event, Fact, Moment, QueueReason, RequestId, Road, Stage,
    Subject, Verdict,
};
use netwaterfall::message::{
    Credentials, Group, Headers, Method, Origin, Priority, ResponseHead, Scheme, Version,
};
use netwaterfall::model::Model;
use url::Url;

/// Connections of the one host.
const CONNECTIONS: u32 = 6;

/// Whether connections are used again.
#[derive(Clone, Copy)]
pub(crate) enum Keeping {
    /// They are: there are six.
    Alive,
    /// They are not: each request has one of its own.
    None,
}

/// A run of `requests` requests, each of which took ten milliseconds.
pub(crate) fn run_of(requests: u32, keeping: Keeping) -> Model {
    let mut model = Model::default();
    let kept = match keeping {
        Keeping::Alive => CONNECTIONS,
        Keeping::None => 0,
    };
    for event in (1..=kept).flat_map(|n| opened(n, 0)) {
        model.apply(&event);
    }
    for n in 1..=requests {
        let connection = match keeping {
            Keeping::Alive => n % CONNECTIONS + 1,
            Keeping::None => {
                for event in opened(n, u64::from(n / CONNECTIONS) * 10) {
                    model.apply(&event);
                }
                n
            }
        };
        for event in exchange(n, connection) {
            model.apply(&event);
        }
        if matches!(keeping, Keeping::None) {
            model.apply(&closed(n));
        }
    }
    model
}

/// A run whose second half is still in line for the six connections.
pub(crate) fn half_of(requests: u32) -> Model {
    let mut model = run_of(requests / 2, Keeping::Alive);
    let end = model.latest();
    for n in requests / 2 + 1..=requests {
        for mut event in exchange(n, 1).into_iter().take(3) {
            event.at = end;
            model.apply(&event);
        }
    }
    model
}

fn group() -> Group {
    let origin = Origin {
        scheme: Scheme::Http,
        host: "bench.test".to_owned(),
        port: 80,
    };
    Group::new(origin, Credentials::Include)
}

fn at(millis: u64, fact: Fact) -> Event {
    let at = Moment::from(Duration::from_millis(millis));
    Event { at, fact }
}

/// A connection that is begun at a millisecond, and open five later.
fn opened(n: u32, begun: u64) -> [Event; 3] {
    let connection = ConnectionId(n);
    let (subject, stage) = (Subject::Connection(connection), Stage::Connect);
    let planned = Fact::ConnectionPlanned {
        connection,
        group: Box::new(group()),
        beside: None,
        road: Road::default(),
    };
    let ended = Fact::StageEnded {
        subject,
        stage,
        end: End::Done,
    };
    [
        at(begun, planned),
        at(begun, Fact::StageBegan { subject, stage }),
        at(begun + 5, ended),
    ]
}

/// A connection that is closed after its only exchange.
fn closed(n: u32) -> Event {
    let ended = Fact::ConnectionEnded {
        connection: ConnectionId(n),
        ending: Ending::ByServer {
            words: Ending::WHILE_IDLE.to_owned(),
        },
    };
    at(15 + u64::from(n / CONNECTIONS) * 10, ended)
}

/// The facts of one exchange, in the order they come.
#[expect(clippy::too_many_lines, reason = "one life, from its plan to its end")]
pub(crate) fn exchange(n: u32, connection: u32) -> Vec<Event> {
    let (request, connection) = (RequestId(n), ConnectionId(connection));
    let start = 5 + u64::from(n / CONNECTIONS) * 10;
    let subject = Subject::Request(request);
    let began = |stage| Fact::StageBegan { subject, stage };
    let ended = |stage| Fact::StageEnded {
        subject,
        stage,
        end: End::Done,
    };
    let mut headers = Headers::new();
    headers.push(
        "Content-Type",
        if n.is_multiple_of(3) {
            "text/css"
        } else {
            "image/png"
        },
    );
    let head = ResponseHead {
        version: Version::Http11,
        status: if n.is_multiple_of(50) { 404 } else { 200 },
        reason: String::new(),
        headers,
    };
    vec![
        at(
            start,
            Fact::RequestPlanned {
                request,
                method: Method::get(),
                url: Url::parse(&format!("http://bench.test/pictures/{n}.png?size=large"))
                    .unwrap_or_else(|error| panic!("{error}"))
                    .into(),
                because: Because::Typed,
                credentials: Credentials::Include,
                priority: Priority::Auto,
            },
        ),
        at(start, began(Stage::Queue)),
        at(
            start,
            Fact::RequestQueued {
                request,
                ahead: n % 100,
                reason: QueueReason::HostFull { limit: CONNECTIONS },
            },
        ),
        at(
            start,
            Fact::ConnectionGranted {
                request,
                connection,
                reused: n > CONNECTIONS,
                choice: None,
            },
        ),
        at(start, ended(Stage::Queue)),
        at(start, began(Stage::Wait)),
        at(start + 4 + u64::from(n % 5), ended(Stage::Wait)),
        at(
            start + 8,
            Fact::HeadReceived {
                request,
                head,
                bytes: 90,
                length: Some(1_000),
            },
        ),
        at(start + 8, began(Stage::Receive)),
        at(
            start + 9,
            Fact::BodyGrew {
                request,
                bytes: u64::from(n % 9_000),
            },
        ),
        at(start + 10, ended(Stage::Receive)),
        at(
            start + 10,
            Fact::RequestEnded {
                request,
                verdict: Verdict::Answered,
            },
        ),
    ]
}
