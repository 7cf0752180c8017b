//! Who gets which connection, compared with what Chromium did in the same scenario.
//!
//! The scenarios and what was recorded of them are in `tests/fixtures/chromium/`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use netwaterfall::engine::Settings;
use netwaterfall::event::{
    Because, Command, ConnectionId, Event, Fact, Moment, QueueReason, RequestId, Stage, Subject,
    Verdict, Wanted,
};
use netwaterfall::message::{Credentials, Group, Priority};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

use crate::laws::hold;
use crate::sim::{Dial, Page, Ran, Script, check, fetch, run_commands};

/// A scenario as its file has it.
#[derive(serde::Deserialize)]
struct Scenario {
    name: String,
    phases: Vec<Phase>,
    chromium: Map<String, Value>,
}

#[derive(serde::Deserialize)]
struct Phase {
    requests: Vec<Asked>,
    wait_after_ms: u64,
}

#[derive(serde::Deserialize)]
struct Asked {
    id: String,
    url: String,
    #[serde(default)]
    opts: Options,
}

#[derive(Default, serde::Deserialize)]
struct Options {
    method: Option<String>,
    body: Option<String>,
    #[serde(default)]
    credentials: Credentials,
    priority: Option<String>,
    abort_after_ms: Option<u64>,
}

/// A URL of the recordings with the ports that the simulated network knows.
fn here(url: &str) -> String {
    url.replace(":18080", "").replace(":18443", "")
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let method = self.opts.method.as_deref().unwrap_or("GET");
        let url = here(&self.url).parse().unwrap();
        let mut wanted = Wanted::plain(method.parse().unwrap(), url, Because::Typed);
        wanted.credentials = self.opts.credentials;
        // As fetch() has it: `high` changes nothing.
        wanted.priority = match self.opts.priority.as_deref() {
            Some("low") => Priority::Low,
            _ => Priority::Auto,
        };
        if let Some(body) = &self.opts.body {
            wanted.saying.payload = Some(netwaterfall::message::Payload {
                bytes: body.as_bytes().into(),
                media_type: None,
            });
        }
        wanted
    }
}

/// Time passes so many times as fast as in the recordings: there is room between their
/// milliseconds for the order in which what is due at once was asked for.
const TEMPO: u64 = 10;

/// What a URL asks of the server, which thinks a `moment` longer.
fn page(url: &Url, moment: u64) -> Page {
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let number = |key: &str| query.get(key).map(|text| text.parse::<u64>().unwrap());
    let text = |key: &str| query.get(key).map(String::as_str);
    let status = number("st").unwrap_or(200);
    let (version, framing) = (
        text("v").unwrap_or("1.1"),
        text("te").unwrap_or("cl").to_owned(),
    );
    let has_body = !matches!(status, 204 | 205);
    let size = if has_body {
        number("size").unwrap_or(100)
    } else {
        0
    };
    let body = "x".repeat(usize::try_from(size).unwrap());
    let mut head = format!("HTTP/{version} {status} X\r\nCache-Control: no-store\r\n");
    for (key, name) in [
        ("loc", "Location"),
        ("conn", "Connection"),
        ("ka", "Keep-Alive"),
    ] {
        if let Some(value) = text(key) {
            head.extend([name, ": ", &here(value), "\r\n"]);
        }
    }
    let body = match framing.as_str() {
        "chunked" => {
            head += "Transfer-Encoding: chunked\r\n";
            let chunk = format!("{size:x}\r\n{body}\r\n");
            let chunk = if size == 0 { String::new() } else { chunk };
            chunk + "0\r\n\r\n"
        }
        "cl" if has_body => {
            head.extend(["Content-Length: ", &size.to_string(), "\r\n"]);
            body
        }
        _ => body,
    };
    let mut page = Page::answer(number("d").unwrap_or(0) * TEMPO + moment, head + "\r\n");
    page = match number("rate") {
        Some(rate) => page.slowly(body, usize::try_from(rate / 20).unwrap(), 50 * TEMPO),
        None => page.send(body),
    };
    if text("conn") == Some("close") || framing == "close" || version == "1.0" {
        page = page.close();
    }
    match number("idle") {
        Some(after) => page.close_idle(after * TEMPO),
        None => page,
    }
}

/// The server of the scenario, over a network that takes no time.
fn script(scenario: &Scenario) -> Script {
    let mut script = Script::usual().round_trip(0);
    for name in ["a.test", "b.test", "c.test"] {
        script = script.name(name, &["10.0.0.1"], 0, 60);
    }
    let listed = scenario.phases.iter().flat_map(|phase| &phase.requests);
    for (asked, moment) in listed.zip(1..) {
        let mut next = Some(here(&asked.url).parse::<Url>().unwrap());
        while let Some(url) = next.take() {
            let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
            let target = target.trim_end_matches('?').to_owned();
            let is_head = asked.opts.method.as_deref() == Some("HEAD");
            let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
            if query.contains_key("failfirst") {
                let is_reset = query.get("ffault").is_some_and(|how| how == "rst-before");
                let fault = if is_reset {
                    Page::default().reset()
                } else {
                    Page::default().close()
                };
                script = script.page(&target, fault);
            }
            let answered = if is_head {
                Page::answer(0, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            } else {
                page(&url, moment)
            };
            script = script.page(&target, answered);
            next = query.get("loc").map(|to| url.join(&here(to)).unwrap());
        }
    }
    script
}

/// Plays a scenario; as a run is the same each time, each phase is timed by the run before.
async fn play(scenario: &Scenario) -> Ran {
    let mut commands = Vec::new();
    let mut at = 0;
    let mut ran = None;
    for phase in &scenario.phases {
        let wanted = phase.requests.iter().map(Asked::wanted).collect();
        commands.push((at, Command::Fetch(wanted)));
        for (asked, number) in phase.requests.iter().zip(1..) {
            if let Some(after) = asked.opts.abort_after_ms {
                commands.push((at + after * TEMPO, Command::Cancel(RequestId(number))));
            }
        }
        commands.sort_by_key(|(at, _)| *at);
        let played = run_commands(commands.clone(), script(scenario), Settings::default()).await;
        let is_end = |event: &&Event| matches!(event.fact, Fact::RequestEnded { .. });
        let end = played.events.iter().rfind(is_end).unwrap().at;
        at = end.0.div_ceil(1_000_000) + 1 + phase.wait_after_ms * TEMPO;
        ran = Some(played);
    }
    ran.unwrap()
}

/// A request as it was sent.
struct Sent {
    id: String,
    host: String,
    connection: ConnectionId,
    method: String,
    status: Option<u16>,
    request: RequestId,
}

/// What is known of a run, in the terms of the recordings.
struct Seen {
    places: HashMap<String, usize>,
    sent: Vec<Sent>,
    /// From when until when each connection was open, in the order of the facts.
    open: BTreeMap<ConnectionId, (usize, usize)>,
    ids: HashMap<RequestId, String>,
    reused: BTreeMap<String, bool>,
    ended: BTreeMap<String, Verdict>,
}

impl Seen {
    fn of(scenario: &Scenario, ran: &Ran) -> Self {
        let listed = scenario.phases.iter().flat_map(|phase| &phase.requests);
        let places = listed
            .zip(0..)
            .map(|(asked, place)| (asked.id.clone(), place));
        let mut seen = Self {
            places: places.collect(),
            sent: vec![],
            open: BTreeMap::new(),
            ids: HashMap::new(),
            reused: BTreeMap::new(),
            ended: BTreeMap::new(),
        };
        let mut groups: HashMap<ConnectionId, Group> = HashMap::new();
        let mut on = HashMap::new();
        for (event, count) in ran.events.iter().zip(0..) {
            seen.note_open(&event.fact, count);
            match &event.fact {
                Fact::RequestPlanned { request, url, .. } => {
                    let id = url.query_pairs().find(|(key, _)| key == "id");
                    seen.ids.insert(*request, id.unwrap().1.into_owned());
                }
                Fact::ConnectionPlanned {
                    connection, group, ..
                } => {
                    groups.insert(*connection, (**group).clone());
                }
                Fact::ConnectionGranted {
                    request,
                    connection,
                    reused,
                    ..
                } => {
                    on.insert(*request, *connection);
                    seen.reused.insert(seen.ids[request].clone(), *reused);
                }
                Fact::RequestSent { request, head, .. } => {
                    let origin = &groups[&on[request]].origin;
                    seen.sent.push(Sent {
                        id: seen.ids[request].clone(),
                        host: format!("{}:{}", origin.host, origin.scheme.name()),
                        connection: on[request],
                        method: head.method.to_string(),
                        status: None,
                        request: *request,
                    });
                }
                Fact::HeadReceived { request, head, .. } => {
                    let is_its = |sent: &&mut Sent| sent.request == *request;
                    let sent = seen.sent.iter_mut().rev().find(is_its);
                    sent.unwrap().status = Some(head.status);
                }
                Fact::RequestEnded { request, verdict } => {
                    let id = seen.ids[request].clone();
                    seen.ended.insert(id, verdict.clone());
                }
                _ => {}
            }
        }
        seen
    }

    fn note_open(&mut self, fact: &Fact, count: usize) {
        match fact {
            Fact::SocketOpened { connection, .. } => {
                self.open.insert(*connection, (count, usize::MAX));
            }
            Fact::StageBegan {
                subject: Subject::Connection(connection),
                stage: Stage::Close,
            } => self.open.get_mut(connection).unwrap().1 = count,
            _ => {}
        }
    }

    /// How many of these were open at a time, at most.
    fn most(&self, connections: &BTreeSet<ConnectionId>) -> usize {
        let open: Vec<_> = connections.iter().map(|id| self.open[id]).collect();
        let at = |moment| {
            open.iter()
                .filter(move |(a, b)| *a <= moment && moment < *b)
        };
        open.iter().map(|(a, _)| at(*a).count()).max().unwrap_or(0)
    }

    fn facet(&self, name: &str) -> Value {
        let mut hosts: BTreeMap<&str, Vec<&Sent>> = BTreeMap::new();
        for sent in &self.sent {
            hosts.entry(&sent.host).or_default().push(sent);
        }
        let on = |sent: &[&Sent]| sent.iter().map(|sent| sent.connection).collect();
        let each = |figure: &dyn Fn(&[&Sent]) -> Value| {
            let of = |(host, sent): (&&str, &Vec<&Sent>)| ((*host).to_owned(), figure(sent));
            Value::Object(hosts.iter().map(of).collect())
        };
        let ids = |sent: &[&Sent]| -> Value { sent.iter().map(|s| s.id.clone()).collect() };
        let all: Vec<&Sent> = self.sent.iter().collect();
        match name {
            "conn_counts" => each(&|sent| {
                let used: BTreeSet<ConnectionId> = on(sent);
                json!(used.len())
            }),
            "max_open" => each(&|sent| json!(self.most(&on(sent)))),
            "total_max_open" => json!(self.most(&on(&all))),
            "assignment" => each(&|sent| self.assignment(sent)),
            "wire_order" => ids(&all),
            "wire_order_per_host" => each(&ids),
            "wire_requests" => {
                let said = |sent: &Sent| {
                    let status = sent
                        .status
                        .map_or_else(|| "null".to_owned(), |code| code.to_string());
                    format!("{} {} {status}", sent.id, sent.method)
                };
                let mut said: Vec<_> = self.sent.iter().map(said).collect();
                said.sort();
                json!(said)
            }
            "status" => {
                let last = self
                    .sent
                    .iter()
                    .filter_map(|s| Some((s.id.clone(), s.status?)));
                json!(last.collect::<BTreeMap<_, _>>())
            }
            // Chromium tells it of those that were answered.
            "reused" => {
                let is_answered = |id: &&String| {
                    let is_its = |sent: &Sent| sent.id == **id && sent.status.is_some();
                    self.sent.iter().any(is_its)
                };
                let answered = self.reused.keys().filter(is_answered);
                let of = |id: &String| (id.clone(), json!(self.reused[id]));
                Value::Object(answered.map(of).collect())
            }
            other => panic!("nobody knows the facet {other}"),
        }
    }

    /// Which requests ran where; connections are numbered by the place of their first request.
    fn assignment(&self, sent: &[&Sent]) -> Value {
        let mut on: BTreeMap<ConnectionId, Vec<&str>> = BTreeMap::new();
        for sent in sent {
            on.entry(sent.connection).or_default().push(&sent.id);
        }
        let mut served: Vec<_> = on.into_values().collect();
        served.sort_by_key(|ids| self.places[ids[0]]);
        let numbered = served.into_iter().zip(1..);
        let named = numbered.map(|(ids, n)| (format!("#{n}"), json!(ids)));
        Value::Object(named.collect())
    }

    /// Errors are compared by whom they befell: their names are Chromium's own.
    fn failed(&self) -> BTreeSet<String> {
        let is_bad = |(_, verdict): &(_, &Verdict)| matches!(verdict, Verdict::Failed(_));
        let failed = self.ended.iter().filter(is_bad);
        failed.map(|(id, _)| id.clone()).collect()
    }
}

async fn compare(file: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let scenario: Scenario = serde_json::from_str(&text).unwrap();
    let ran = play(&scenario).await;
    check(&ran.events);
    let seen = Seen::of(&scenario, &ran);
    let mut differences = vec![];
    for (facet, recorded) in &scenario.chromium {
        let is_same = if facet == "errors" {
            let failed: BTreeSet<_> = recorded.as_object().unwrap().keys().cloned().collect();
            failed == seen.failed()
        } else {
            *recorded == seen.facet(facet)
        };
        if !is_same {
            let ours = if facet == "errors" {
                json!(seen.failed())
            } else {
                seen.facet(facet)
            };
            let name = &scenario.name;
            differences.push(format!(
                "{name} {facet}\n  chromium {recorded}\n  here     {ours}"
            ));
        }
    }
    differences
}

#[tokio::test(start_paused = true)]
async fn every_scenario_goes_as_it_went_in_chromium() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/chromium");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    assert!(files.len() >= 28, "scenarios are missing");
    let mut differences = vec![];
    for file in files {
        differences.extend(compare(&file).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Recorded in Chromium: of three connections to one host every SYN is lost; 250 ms later another
/// is tried, and all three requests run on it, one after the other. The server sees four.
#[tokio::test(start_paused = true)]
async fn what_waits_for_lost_syns_runs_on_the_connection_beside_them() {
    let script = Script::usual()
        .name("a.test", &["10.0.0.1"], 0, 60)
        .dial("10.0.0.1", Dial::FirstLate(3, 1_020));
    let urls = ["http://a.test/1", "http://a.test/2", "http://a.test/3"];
    let ran = run_commands(vec![(0, fetch(&urls))], script, Settings::default()).await;
    check(&ran.events);
    let granted = ran.events.iter().filter_map(|event| match event.fact {
        Fact::ConnectionGranted {
            request,
            connection,
            ..
        } => Some((request.0, connection.0, event.at.0 / 1_000_000)),
        _ => None,
    });
    let granted: Vec<_> = granted.collect();
    assert_eq!(granted, [(1, 4, 270), (2, 4, 340), (3, 4, 410)]);
    assert_eq!(ran.log.dialled.len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn the_laws_hold_whatever_happens(bytes in proptest::collection::vec(any::<u8>(), 2..400)) {
        hold("pool", &bytes);
    }
}

#[tokio::test(start_paused = true)]
async fn priorities_are_told_and_obeyed() {
    let wanted = |n: u64, priority| Wanted {
        priority,
        ..Wanted::get(
            format!("http://a.test/{n}").parse().unwrap(),
            Because::Typed,
        )
    };
    let first = (1..=6).map(|n| wanted(n, Priority::Auto)).collect();
    let mut list = vec![];
    for (n, priority) in [
        (7, Priority::Low),
        (8, Priority::Auto),
        (9, Priority::High),
        (10, Priority::Auto),
        (11, Priority::High),
    ] {
        list.push(wanted(n, priority));
    }
    let mut script = Script::usual();
    for n in 1..=11 {
        script = script.page(&format!("/{n}"), Page::hello(50 + n * 10));
    }
    let commands = vec![(0, Command::Fetch(first)), (100, Command::Fetch(list))];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let sent: Vec<_> = ran
        .log
        .served
        .iter()
        .map(|(_, _, line)| line.as_str())
        .collect();
    let later: Vec<_> = sent
        .iter()
        .skip(6)
        .map(|line| line.trim_start_matches("GET /"))
        .collect();
    assert_eq!(later, ["9", "11", "8", "10", "7"]);
    let ahead = ran.events.iter().filter_map(|event| match event.fact {
        Fact::RequestQueued {
            request,
            ahead,
            reason: QueueReason::HostFull { .. },
        } if event.at <= Moment::from_millis(100) => Some((request.0, ahead)),
        _ => None,
    });
    let ahead: Vec<_> = ahead.collect();
    assert_eq!(ahead, [(7, 0), (8, 0), (9, 0), (10, 2), (11, 1)]);
}
