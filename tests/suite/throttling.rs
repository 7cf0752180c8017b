//! Network conditions over the simulated network: exact times, without waiting.

use expect_test::expect;
use netwaterfall::engine::Settings;
use netwaterfall::event::{Because, Command, Fact, FailureKind, Moment, RequestId, Stage, Wanted};
use netwaterfall::message::{Conditions, Payload};
use netwaterfall::model::{Request, stretches};

use crate::runs::folded;
use crate::sim::{Page, Ran, Script, check, fetch, run, run_commands};

fn under(conditions: Conditions) -> Settings {
    Settings {
        conditions,
        ..Settings::default()
    }
}

/// A page that is thought about for 50 ms, with so large a body.
fn page(bytes: usize) -> Page {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
    Page::answer(50, format!("{head}{}", "x".repeat(bytes)))
}

/// The stages of a request in milliseconds, those of its connection that it waited for among them.
fn took(ran: &Ran, number: usize) -> String {
    check(&ran.events);
    let model = folded(&ran.events);
    let request: &Request = &model.requests()[number - 1];
    let lived = stretches(request, &model, model.latest());
    let words = lived.iter().map(|stretch| {
        let millis = stretch.to.since(stretch.from).as_millis();
        format!("{} {millis}", stretch.stage.card().name)
    });
    let words: Vec<String> = words.filter(|words| !words.ends_with(" 0")).collect();
    words.join(", ")
}

async fn one(url: &str, conditions: Conditions, bytes: usize) -> Ran {
    let script = Script::usual().page("/", page(bytes));
    run(&[url], script, under(conditions)).await
}

#[tokio::test(start_paused = true)]
async fn every_round_trip_takes_longer_by_what_the_preset_says() {
    let plain = one("http://a.test/", Conditions::None, 5).await;
    let slow = one("http://a.test/", Conditions::Fast4g, 5).await;
    expect!["dns 40, connect 20, wait 70"].assert_eq(&took(&plain, 1));
    expect!["dns 205, connect 185, send 1, wait 236"].assert_eq(&took(&slow, 1));
    let plain = one("https://a.test/", Conditions::None, 5).await;
    let slow = one("https://a.test/", Conditions::Fast4g, 5).await;
    expect!["dns 40, connect 20, tls 20, wait 70"].assert_eq(&took(&plain, 1));
    expect!["dns 205, connect 185, tls 189, send 1, wait 236"].assert_eq(&took(&slow, 1));
}

#[tokio::test(start_paused = true)]
async fn a_body_comes_at_the_rate_of_the_preset() {
    // 100,000 bytes and the head at 50,000 bytes a second.
    let ran = one("http://a.test/", Conditions::ThreeG, 100_000).await;
    expect!["dns 2040, connect 2020, send 4, wait 2100, receive 1971"].assert_eq(&took(&ran, 1));
}

#[tokio::test(start_paused = true)]
async fn the_rate_is_shared_by_all_connections() {
    let script = Script::usual()
        .page("/1", page(50_000))
        .page("/2", page(50_000));
    let urls = ["http://a.test/1", "http://a.test/2"];
    let ran = run(&urls, script, under(Conditions::ThreeG)).await;
    expect!["dns 2040, connect 2020, send 4, wait 2100, receive 1954"].assert_eq(&took(&ran, 1));
    expect!["dns 2040, connect 2020, send 7, wait 2127, receive 1942"].assert_eq(&took(&ran, 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_takes_its_time_too() {
    let (method, url) = ("POST".parse().unwrap(), "http://a.test/".parse().unwrap());
    let mut wanted = Wanted::plain(method, url, Because::Typed);
    wanted.saying.payload = Some(Payload {
        bytes: vec![b'x'; 50_000].into(),
        media_type: None,
    });
    let script = Script::usual().page("/", page(5));
    let command = Command::Fetch(vec![wanted]);
    let ran = run_commands(vec![(0, command)], script, under(Conditions::ThreeG)).await;
    expect!["dns 2040, connect 2020, send 1004, wait 2071"].assert_eq(&took(&ran, 1));
}

#[tokio::test(start_paused = true)]
async fn conditions_change_under_a_connection_that_is_open() {
    let script = Script::usual()
        .page("/1", page(5))
        .page("/2", page(5))
        .page("/3", page(5));
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (1_000, Command::Throttle(Conditions::Slow4g)),
        (1_000, Command::Throttle(Conditions::Slow4g)),
        (1_001, fetch(&["http://a.test/2"])),
        (3_000, Command::Throttle(Conditions::None)),
        (3_001, fetch(&["http://a.test/3"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    expect!["dns 40, connect 20, wait 70"].assert_eq(&took(&ran, 1));
    expect!["send 2, wait 633"].assert_eq(&took(&ran, 2));
    expect!["wait 70"].assert_eq(&took(&ran, 3));
    let changes: Vec<_> = ran
        .events
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::NetworkThrottled(made) => Some((event.at, made.to)),
            _ => None,
        })
        .collect();
    let [at, until] = [1_000, 3_000].map(Moment::from_millis);
    assert_eq!(
        changes,
        [(at, Conditions::Slow4g), (until, Conditions::None)]
    );
    let model = folded(&ran.events);
    let held = |number: usize| model.throttling(&model.requests()[number], model.latest());
    assert_eq!(held(0), []);
    assert_eq!(held(1), [Conditions::Slow4g]);
    assert_eq!(held(2), []);
    assert_eq!(model.conditions(), Conditions::None);
    assert_eq!(model.totals().reused, 2);
}

#[tokio::test(start_paused = true)]
async fn offline_nothing_gets_by_and_that_is_said() {
    let ran = one("http://a.test/", Conditions::Offline, 5).await;
    let model = folded(&ran.events);
    let failure = model.request(RequestId(1)).unwrap().failure().unwrap();
    assert_eq!(failure.stage, Stage::Dns);
    assert!(failure.words.contains("offline"), "{failure}");
    let script = Script::usual().page("/1", page(5)).page("/2", page(5));
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (1_000, Command::Throttle(Conditions::Offline)),
        (1_001, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let model = folded(&ran.events);
    let failed = model.requests().get(1).unwrap();
    let failure = failed.failure().unwrap();
    assert_eq!(failure.kind, FailureKind::Unreachable, "{failure}");
    assert!(failure.words.contains("switched off"), "{failure}");
}
