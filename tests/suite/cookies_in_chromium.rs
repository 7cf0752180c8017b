//! What headless Chromium sent, withheld and refused (`tests/fixtures/cookies`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use netwaterfall::engine::{CookieRules, Settings};
use netwaterfall::event::{Because, Command, CookieFate, Fact, RequestId, Wanted};
use serde::Deserialize;
use url::Url;

use crate::sim::{Page, Ran, Script, check, run_commands};

#[derive(Deserialize)]
struct Scenario {
    name: String,
    phases: Vec<Phase>,
    page: Option<Url>,
    chromium: Recorded,
}

#[derive(Deserialize)]
struct Phase {
    requests: Vec<Asked>,
    #[serde(default)]
    wait_after_ms: u64,
}

#[derive(Deserialize)]
struct Asked {
    url: Url,
    method: Option<String>,
}

/// What Chromium did: by request, what was sent, and with their reasons what was not and what was
/// not taken.
#[derive(Deserialize)]
struct Recorded {
    cookie_headers: Vec<String>,
    #[serde(default)]
    cookies_blocked: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    set_cookie_blocked: BTreeMap<String, Vec<String>>,
}

/// Chromium's words for a reason, and how ours begin.
const REASONS: [(&str, &str); 8] = [
    ("DomainMismatch", "no Domain: it is for "),
    ("NotOnPath", "Path="),
    ("SecureOnly", "refused: Secure on http"),
    (
        "SameSiteNoneInsecure",
        "refused: SameSite=None asks for Secure",
    ),
    (
        "DisallowedCharacter",
        "refused: there is a control character",
    ),
    ("SchemefulSameSiteStrict", "refused: SameSite=Strict"),
    ("SchemefulSameSiteLax", "refused: SameSite=Lax"),
    ("TreatedAsLax", "refused: no SameSite, so as Lax"),
];

fn scenarios() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cookies");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with('j') {
            let text = fs::read_to_string(&path).unwrap();
            all.push(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")));
        }
    }
    assert!(all.len() >= 7, "only {} scenarios", all.len());
    all
}

fn asked_for(url: &Url, name: &str) -> Vec<String> {
    let pairs = url.query_pairs();
    let its = pairs.filter(|(key, _)| key == name);
    its.map(|(_, value)| value.into_owned()).collect()
}

/// The answers that a URL asks of the server, and those that they lead to.
fn with_pages(script: Script, url: &Url) -> Script {
    let status = asked_for(url, "st")
        .pop()
        .unwrap_or_else(|| "200".to_owned());
    let mut head = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n");
    for line in asked_for(url, "sc") {
        write!(head, "Set-Cookie: {line}\r\n").unwrap();
    }
    let mut script = script;
    if let Some(to) = asked_for(url, "loc").pop() {
        write!(head, "Location: {to}\r\n").unwrap();
        script = with_pages(script, &to.parse().unwrap());
    }
    let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    script.page(&target, Page::answer(5, format!("{head}\r\n")))
}

async fn played(scenario: &Scenario) -> Ran {
    let mut script = Script::usual();
    for host in [
        "site.test",
        "www.site.test",
        "api.site.test",
        "www.other.test",
    ] {
        script = script.name(host, &["10.0.0.1"], 1, 600);
    }
    let (mut commands, mut at) = (Vec::new(), 0);
    for phase in &scenario.phases {
        for asked in &phase.requests {
            script = with_pages(script, &asked.url);
            let method = asked.method.as_deref().unwrap_or("GET").parse().unwrap();
            let wanted = Wanted::plain(method, asked.url.clone(), Because::Typed);
            commands.push((at, Command::Fetch(vec![wanted])));
        }
        at += 1_000 + phase.wait_after_ms;
    }
    let settings = Settings {
        cookies: CookieRules {
            page: scenario.page.clone(),
            ..CookieRules::default()
        },
        ..Settings::default()
    };
    run_commands(commands, script, settings).await
}

/// What is told, by the scenario's names of the requests.
#[derive(Default)]
struct Told {
    sent: Vec<String>,
    withheld: Vec<(String, String, String)>,
    refused: Vec<(String, String, String)>,
}

fn told(ran: &Ran) -> Told {
    let mut names: BTreeMap<RequestId, String> = BTreeMap::new();
    let mut told = Told::default();
    for event in &ran.events {
        match &event.fact {
            Fact::RequestPlanned { request, url, .. } => {
                let name = asked_for(url, "id").pop().unwrap();
                // Of a request that was redirected, the last leg was recorded.
                told.withheld.retain(|(its, ..)| *its != name);
                names.insert(*request, name);
            }
            Fact::RequestSent { request, head, .. } => {
                for value in head.headers.all("cookie") {
                    told.sent.push(format!("{}: {value}", names[request]));
                }
            }
            Fact::CookiesChosen {
                request, withheld, ..
            } => {
                for cookie in withheld {
                    let (name, words) = (cookie.key.name.clone(), cookie.words.clone());
                    // One whose time is over is in Chromium no longer there.
                    if !words.starts_with("expired") {
                        told.withheld.push((names[request].clone(), name, words));
                    }
                }
            }
            Fact::CookieJudged {
                request,
                line,
                fate: CookieFate::Refused,
                words,
                ..
            } => {
                let refused = (names[request].clone(), line.clone(), words.clone());
                told.refused.push(refused);
            }
            _ => {}
        }
    }
    told
}

/// Holds what was told against Chromium's `WHAT: REASON` or `WHAT -> REASON`.
fn compare(
    what: &str,
    mut ours: Vec<(String, String, String)>,
    theirs: &BTreeMap<String, Vec<String>>,
    between: &str,
) {
    for (id, blocked) in theirs {
        for entry in blocked {
            let (name, reasons) = entry.rsplit_once(between).unwrap();
            let place = ours
                .iter()
                .position(|(its, named, _)| its == id && named == name);
            let place = place.unwrap_or_else(|| panic!("{what}: {id}: {entry} in Chromium only"));
            let (_, _, words) = ours.remove(place);
            let known = REASONS.iter().find(|(reason, _)| reasons.ends_with(reason));
            let (_, begin) = known.unwrap_or_else(|| panic!("{what}: {reasons} is not known"));
            assert!(words.starts_with(begin), "{what}: {id}: {entry}: {words}");
        }
    }
    assert!(ours.is_empty(), "{what}: here only: {ours:?}");
}

#[tokio::test(start_paused = true)]
async fn cookies_go_as_they_went_in_chromium() {
    for scenario in scenarios() {
        let ran = played(&scenario).await;
        check(&ran.events);
        let told = told(&ran);
        let name = &scenario.name;
        assert_eq!(told.sent, scenario.chromium.cookie_headers, "{name}");
        compare(
            name,
            told.withheld,
            &scenario.chromium.cookies_blocked,
            ": ",
        );
        compare(
            name,
            told.refused,
            &scenario.chromium.set_cookie_blocked,
            " -> ",
        );
    }
}
