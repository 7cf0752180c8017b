//! Servers that fail, and what Chromium made of them: `tests/fixtures/chromium/failures.md`.

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use netwaterfall::cache::Cache;
use netwaterfall::clock::Clock;
use netwaterfall::engine::{Handle, Settings, World, start};
use netwaterfall::event::{
    Because, Command, ConnectionId, Event, Fact, FailureKind, RequestId, Stage, Verdict, Wanted,
};
use netwaterfall::message::{CacheMode, Payload};
use netwaterfall::net::{Internet, NameServers, Roots, Tls};
use rustls::pki_types::CertificateDer;

use crate::faults;
use crate::hostile::{Hostile, say_nothing, speak_plainly};
use crate::loopback::name_server;
use crate::sim::Authority;

/// Where requests go.
struct Servers {
    plain: SocketAddr,
    secure: SocketAddr,
    /// The authority of `secure`.
    trusted: CertificateDer<'static>,
}

impl Servers {
    fn start() -> Self {
        let authority = Authority::generate();
        let config = Arc::clone(authority.server(&["127.0.0.1"]).config());
        Self {
            plain: faults::start(),
            secure: faults::start_secure(config),
            trusted: authority.certificate(),
        }
    }
}

/// What a request came to.
#[derive(Debug)]
struct Outcome {
    verdict: Verdict,
    status: Option<u16>,
    connection: Option<ConnectionId>,
}

/// An engine that does one request after the other.
struct Browser {
    handle: Handle,
    events: Vec<Event>,
}

impl Browser {
    fn start(trusted: Vec<CertificateDer<'static>>) -> Self {
        Self::with(Settings::default(), trusted)
    }

    fn with(settings: Settings, trusted: Vec<CertificateDer<'static>>) -> Self {
        let world = move || World {
            settings,
            network: Box::new(Internet::new(NameServers::Only(name_server()))),
            tls: Tls::new(Roots::Only(trusted)).unwrap(),
            cache: Cache::default(),
        };
        Self {
            handle: start(world, Clock::start()).unwrap(),
            events: Vec::new(),
        }
    }

    /// What `wanted` and whatever it leads to came to in the end.
    fn fetch(&mut self, wanted: Wanted) -> Outcome {
        let known = self.events.len();
        let command = Command::Fetch(vec![wanted]);
        self.handle.commands.send(command).unwrap();
        let (mut planned, mut ended) = (0, 0);
        while planned == 0 || ended < planned {
            let event = self.handle.facts.blocking_recv().unwrap();
            planned += u32::from(matches!(event.fact, Fact::RequestPlanned { .. }));
            ended += u32::from(matches!(event.fact, Fact::RequestEnded { .. }));
            self.events.push(event);
        }
        outcome(&self.events[known..])
    }
}

/// What the last request of these events came to.
fn outcome(events: &[Event]) -> Outcome {
    let facts = || events.iter().map(|event| &event.fact);
    let mut planned = facts().filter_map(|fact| match fact {
        Fact::RequestPlanned { request, .. } => Some(*request),
        _ => None,
    });
    let last: RequestId = planned.next_back().unwrap();
    let mut came = Outcome {
        verdict: Verdict::Answered,
        status: None,
        connection: None,
    };
    for fact in facts() {
        match fact {
            Fact::RequestEnded { request, verdict } if *request == last => {
                came.verdict = verdict.clone();
            }
            Fact::HeadReceived { request, head, .. } if *request == last => {
                came.status = Some(head.status);
            }
            Fact::ConnectionGranted {
                request,
                connection,
                ..
            } if *request == last => came.connection = Some(*connection),
            _ => {}
        }
    }
    came
}

/// Plays the request of a row; what it came to, and whether the next one is on the same connection.
fn play(row: &str, servers: &Servers) -> (Outcome, &'static str) {
    let get = |url: &str| Wanted::get(url.parse().unwrap(), Because::Typed);
    let once = |wanted: Wanted| (Browser::start(vec![]).fetch(wanted), "");
    let (origin, rest) = match row.strip_prefix("https ") {
        Some(rest) => (format!("https://{}", servers.secure), rest),
        None => (format!("http://{}", servers.plain), row),
    };
    match row {
        "refused" => {
            let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
            return once(get(&format!("http://{}/", free.unwrap())));
        }
        "unresolved" => return once(get("http://b.test/")),
        "badcert" => return once(get(&format!("https://{}/", servers.secure))),
        "https-to-http-port" => {
            let plain = Hostile::with(speak_plainly).address;
            return once(get(&format!("https://{plain}/")));
        }
        "tls-hang" => {
            let quiet = Hostile::with(say_nothing).address;
            let mut settings = Settings::default();
            settings.timeouts[Stage::Tls] = Some(Duration::from_millis(100));
            let wanted = get(&format!("https://{quiet}/"));
            return (Browser::with(settings, vec![]).fetch(wanted), "");
        }
        "unsafe-port" => return once(get("http://127.0.0.1:6000/")),
        "only-if-cached" => {
            let mut wanted = get(&format!("{origin}/"));
            wanted.cache = CacheMode::OnlyIfCached;
            return once(wanted);
        }
        _ => {}
    }
    let mut browser = Browser::start(vec![servers.trusted.clone()]);
    let (request, before) = rest.split_once(" after ").unwrap_or((rest, ""));
    if !before.is_empty() {
        browser.fetch(get(&format!("{origin}{before}")));
    }
    let (method, path) = request.split_once(' ').unwrap();
    let mut wanted = get(&format!("{origin}{path}"));
    wanted.method = method.parse().unwrap();
    if method == "POST" {
        wanted.saying.payload = Some(Payload {
            bytes: Arc::from(*b"hello"),
            media_type: None,
        });
    }
    let came = browser.fetch(wanted);
    let next = browser.fetch(get(&format!("{origin}/hello")));
    assert_eq!(next.status, Some(200), "{row}: and then {next:?}");
    let is_same = next.connection == came.connection;
    (came, if is_same { "same" } else { "new" })
}

/// What Chromium calls it.
fn class(outcome: &Outcome) -> String {
    let Verdict::Failed(failure) = &outcome.verdict else {
        return outcome.status.unwrap().to_string();
    };
    let words = failure.words.as_str();
    let says = |part: &str| words.contains(part);
    match failure.kind {
        FailureKind::Refused => "ERR_CONNECTION_REFUSED",
        FailureKind::NoSuchName => "ERR_NAME_NOT_RESOLVED",
        FailureKind::Reset => "ERR_CONNECTION_RESET",
        FailureKind::Certificate => "ERR_CERT_AUTHORITY_INVALID",
        FailureKind::Tls => "ERR_SSL_PROTOCOL_ERROR",
        FailureKind::TimedOut => "ERR_TIMED_OUT",
        FailureKind::NotStored => "ERR_CACHE_MISS",
        FailureKind::UnsafePort => "ERR_UNSAFE_PORT",
        FailureKind::TooBig if says("the headers") => "ERR_RESPONSE_HEADERS_TOO_BIG",
        FailureKind::Redirect if says("in a row") => "ERR_TOO_MANY_REDIRECTS",
        FailureKind::Redirect if says("several") => "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION",
        FailureKind::Redirect => "ERR_INVALID_REDIRECT",
        FailureKind::CutShort if says("without an answer") => "ERR_EMPTY_RESPONSE",
        FailureKind::CutShort if says("of the headers") => "ERR_RESPONSE_HEADERS_TRUNCATED",
        FailureKind::CutShort if says("last chunk") => "ERR_INCOMPLETE_CHUNKED_ENCODING",
        FailureKind::CutShort if says("of the body") => "ERR_CONTENT_LENGTH_MISMATCH",
        FailureKind::Protocol if says("not HTTP") => "ERR_INVALID_HTTP_RESPONSE",
        FailureKind::Protocol if says("chunk") => "ERR_INVALID_CHUNKED_ENCODING",
        FailureKind::Protocol if says("two different Content-Length") => {
            "ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH"
        }
        _ => words,
    }
    .to_owned()
}

/// What a row says of an outcome; ports are others each time.
fn told(outcome: &Outcome) -> String {
    let Verdict::Failed(failure) = &outcome.verdict else {
        return outcome.status.unwrap().to_string();
    };
    let mut told = String::new();
    if let Some(status) = outcome.status {
        write!(told, "{status}, ").unwrap();
    }
    let words = match failure.words.split_once("127.0.0.1:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}127.0.0.1{rest}")
        }
        None => failure.words.clone(),
    };
    write!(told, "{}: {words}", failure.stage.card().name).unwrap();
    told
}

#[test]
fn servers_that_fail_come_to_what_they_come_to_in_chromium() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/chromium/failures.md");
    let text = fs::read_to_string(&path).unwrap();
    let servers = Servers::start();
    let (mut written, mut faults) = (String::new(), String::new());
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", row, chromium, _, then, why, ""] = cells.as_slice() else {
            writeln!(written, "{line}").unwrap();
            continue;
        };
        if *row == "request" || row.starts_with('-') {
            writeln!(written, "{line}").unwrap();
            continue;
        }
        let (outcome, next) = play(row, &servers);
        let is_alike = class(&outcome) == chromium.trim_end_matches('*') && *then == next;
        let told = told(&outcome);
        if is_alike != why.is_empty() {
            writeln!(faults, "{row}: {told}, and then {next}").unwrap();
        }
        writeln!(written, "| {row} | {chromium} | {told} | {then} | {why} |").unwrap();
    }
    assert!(faults.is_empty(), "not as in Chromium:\n{faults}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, written).unwrap();
    } else {
        assert_eq!(text, written, "{}", path.display());
    }
}
