//! What would have been: recorded runs scheduled again.

use netwaterfall::engine::Settings;
use netwaterfall::event::{Command, ConnectionId, Event, Fact, Moment, RequestId};
use netwaterfall::forecast::{Change, Difference, PerHost, forecast};
use netwaterfall::model::{Link, Model, Step, critical_path};
use netwaterfall::pool::Limits;

use crate::runs::{RUNS, folded, recorded};
use crate::sim::{Dial, Page, Ran, Script, cancel, check, fetch, run_commands};

/// Who got which connection when, in order; what falls on one moment has none.
fn schedule(events: &[Event]) -> Vec<(RequestId, ConnectionId, Moment)> {
    let granted = events.iter().filter_map(|event| match event.fact {
        Fact::ConnectionGranted {
            request,
            connection,
            ..
        } => Some((request, connection, event.at)),
        _ => None,
    });
    let mut granted: Vec<_> = granted.collect();
    granted.sort_by_key(|(request, _, at)| (*at, *request));
    granted
}

fn imagined(events: &[Event], change: Change) -> (Vec<Event>, Model) {
    let facts = forecast(&folded(events), change);
    let model = folded(&facts);
    assert_eq!(model.oddities(), 0, "facts that make no sense");
    (facts, model)
}

/// With the settings that were really used, the schedule is the recorded one.
fn hold(events: &[Event], name: &str) {
    let before = folded(events);
    let (facts, after) = imagined(events, Change::default());
    let order = |events: &[Event]| -> Vec<_> {
        let schedule = schedule(events).into_iter();
        schedule.map(|(request, on, _)| (request, on)).collect()
    };
    assert_eq!(order(&facts), order(events), "{name}");
    let [real, ours] = [&before, &after].map(|model| model.total(model.latest()).as_secs_f64());
    assert!(
        (real - ours).abs() <= 0.02 * real,
        "{name}: {real} s, {ours} s"
    );
    assert_eq!(before.requests().len(), after.requests().len());
}

#[test]
fn with_the_settings_that_were_used_a_recorded_run_is_what_it_was() {
    for name in RUNS {
        hold(&recorded(name), name);
    }
}

/// Numbers that look like chance, and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A run over three hosts in which requests think, close, fail, redirect and are given up.
async fn generated(seed: u64) -> Ran {
    let mut dice = Dice(seed);
    let mut script = Script::usual().round_trip(4 + dice.roll(40));
    if dice.roll(3) == 0 {
        script = script.dial("10.0.0.3", Dial::Refuses(25));
    }
    let count = 10 + dice.roll(30);
    let mut urls = Vec::new();
    for n in 0..count {
        let host = ["a", "b", "c"][usize::try_from(dice.roll(3)).unwrap()];
        let scheme = ["http", "http", "https"][usize::try_from(dice.roll(3)).unwrap()];
        urls.push(format!("{scheme}://{host}.test/{n}"));
        // No two requests end in one millisecond: what is told of one moment has no order.
        let think = 20 + dice.roll(200) * 7 + n;
        let page = match dice.roll(8) {
            0 => Page::answer(
                think,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
            )
            .close(),
            1 => Page::answer(think, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi").reset(),
            2 => Page::hello(think).close_idle(30 + dice.roll(90)),
            // Each leads elsewhere: two for one URL would wait for each other at the cache.
            3 => Page::answer(
                think,
                format!(
                    "HTTP/1.1 302 X\r\nLocation: http://a.test/next?{n}\r\n\
                     Content-Length: 0\r\n\r\n"
                ),
            ),
            _ => Page::answer(think, "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n").slowly(
                "x".repeat(30),
                10,
                3 + dice.roll(20),
            ),
        };
        script = script.page(&format!("/{n}"), page);
    }
    let urls: Vec<_> = urls.iter().map(String::as_str).collect();
    let (first, later) = urls.split_at(urls.len() / 2);
    let commands: Vec<(u64, Command)> = vec![
        (0, fetch(first)),
        (100 + dice.roll(700), fetch(later)),
        (
            900 + dice.roll(300),
            cancel(u32::try_from(count - 1).unwrap()),
        ),
    ];
    let settings = Settings {
        limits: Limits {
            per_host: usize::try_from(1 + dice.roll(6)).unwrap(),
            all: usize::try_from(3 + dice.roll(12)).unwrap(),
            ..Limits::default()
        },
        ..Settings::default()
    };
    run_commands(commands, script, settings).await
}

#[tokio::test(start_paused = true)]
async fn with_the_settings_that_were_used_any_run_is_what_it_was() {
    for seed in 0..60 {
        let ran = generated(seed).await;
        check(&ran.events);
        hold(&ran.events, &format!("seed {seed}"));
    }
}

#[test]
fn fewer_connections_take_longer_and_more_take_less() {
    let events = recorded("queue");
    let before = folded(&events);
    let total = |change| {
        let (_, after) = imagined(&events, change);
        after.total(after.latest())
    };
    let of = |count| total(Change::per_host(PerHost::Some(count)));
    let real = before.total(before.latest());
    assert_eq!(of(6), real);
    assert!(of(1) > of(2) && of(2) > real && real > of(12));
    assert!(of(12) >= total(Change::per_host(PerHost::Unlimited)));
}

/// Twenty requests by hand: what each change makes of them can be reckoned.
#[tokio::test(start_paused = true)]
async fn each_change_costs_or_saves_what_it_should() {
    let script = Script::usual()
        .page("/1", Page::hello(50))
        .page("/2", Page::hello(50));
    let urls = ["https://a.test/1", "https://a.test/2"];
    let settings = Settings {
        limits: Limits {
            per_host: 1,
            ..Limits::default()
        },
        ..Settings::default()
    };
    let ran = run_commands(vec![(0, fetch(&urls))], script, settings).await;
    // Name 40, connect 20, TLS 20, then twice 20 there and back and 50 of thinking.
    let millis = |change| {
        let (_, after) = imagined(&ran.events, change);
        after.total(after.latest()).as_millis()
    };
    let none = Change::default();
    let with = |change: fn(&mut Change)| {
        let mut changed = none;
        change(&mut changed);
        millis(changed)
    };
    assert_eq!(millis(none), 220);
    assert_eq!(with(|c| c.is_dns_warm = true), 180);
    assert_eq!(with(|c| c.is_tls_free = true), 200);
    assert_eq!(with(|c| c.is_keep_alive_off = true), 260);
    assert_eq!(with(|c| c.is_multiplexed = true), 150);
    assert_eq!(with(|c| c.per_host = Some(PerHost::Some(2))), 150);
    assert_eq!(with(|c| c.per_host = Some(PerHost::Unlimited)), 150);
}

#[test]
fn a_difference_is_a_sentence() {
    let events = recorded("queue");
    let change = Change::per_host(PerHost::Some(2));
    let (_, after) = imagined(&events, change);
    let difference = Difference::between(change, &folded(&events), &after);
    expect_test::expect!["with 2 connections per host: 1.58 s instead of 663 ms (913 ms more); 18 requests would have waited 11.9 s in all instead of 3.18 s; 2 connections instead of 6"].assert_eq(&difference.to_string());
    let same = Difference::between(Change::default(), &after, &after);
    assert_eq!(same.verdict(), "no difference");
}

#[test]
fn a_run_that_is_cut_anywhere_can_be_scheduled_again() {
    for name in RUNS {
        let events = recorded(name);
        for count in (1..events.len()).step_by(7) {
            let cut = events.get(..count).unwrap();
            for change in Change::usual() {
                imagined(cut, change);
            }
        }
    }
}

#[test]
fn whatif_prints_each_usual_change_or_the_run_with_one() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/runs/queue.ndjson"
    );
    let said = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
        command.env("XDG_CONFIG_HOME", "/nonexistent");
        let output = command.args(["whatif", file]).args(more).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    expect_test::expect![[r#"
        with                                       total  difference       wait    in all conns
        as it was                                 663 ms                     14    3.18 s     6
        1 connection per host                     3.00 s  2.34 s more        19    24.9 s     1
        2 connections per host                    1.58 s  913 ms more        18    11.9 s     2
        6 connections per host                    663 ms  no difference      14    3.18 s     6
        12 connections per host                   422 ms  241 ms less         8    1.01 s    12
        unlimited connections                     286 ms  377 ms less         0      0 µs    20
        no keep-alive                             723 ms  60.0 ms more       14    3.38 s    20
        warm DNS                                  623 ms  40.0 ms less       14    3.18 s     6
        no TLS                                    663 ms  no difference      14    3.18 s     6
        one multiplexed connection per host       286 ms  377 ms less         0      0 µs     1
    "#]]
    .assert_eq(&said(&[]));
    let one = said(&["--per-host", "2", "--warm-dns"]);
    let first = one.lines().next().unwrap();
    expect_test::expect!["with 2 connections per host, warm DNS: 1.54 s instead of 663 ms (873 ms more); 18 requests would have waited 11.9 s in all instead of 3.18 s; 2 connections instead of 6"].assert_eq(first);
    assert!(one.contains("/20.txt"), "{one}");
    let facts = said(&["--per-host", "unlimited", "--format", "ndjson"]);
    let record = netwaterfall::import::read_record(facts.as_bytes()).unwrap();
    assert_eq!(record.bad, []);
    assert_eq!(folded(&record.events).connections().len(), 20);
}

/// From the first request to the last end, each link begins where the one before ends.
#[tokio::test(start_paused = true)]
async fn the_critical_path_has_no_gaps() {
    let mut runs: Vec<_> = RUNS.map(recorded).into();
    for seed in 0..20 {
        runs.push(generated(seed).await.events);
    }
    for events in runs {
        let model = folded(&events);
        let steps = critical_path(&model, model.latest());
        let (first, last) = (steps.first().unwrap(), steps.last().unwrap());
        assert_eq!(first.link, Link::First);
        let ends = model.requests().iter().map(|r| r.until(model.latest()));
        assert_eq!(last.to, ends.max().unwrap());
        for pair in steps.windows(2) {
            assert_eq!(pair[0].to, pair[1].from, "{steps:?}");
            assert_ne!(pair[1].link, Link::First);
        }
        let sum: std::time::Duration = steps.iter().map(Step::took).sum();
        assert_eq!(sum, last.to.since(first.from));
    }
}

#[test]
fn the_report_for_scripts_names_whom_was_waited_for() {
    let mut model = folded(&recorded("queue"));
    model.note_saving(Some(std::time::Duration::from_micros(1_500)));
    let text = netwaterfall::export::report(&model, &[]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["one_more_connection_saves_ms"], 1.5);
    assert_eq!(report["totals"]["requests"], 20);
    assert_eq!(report["waits"][0]["origin"]["host"], "a.test");
    let path: Vec<_> = report["critical_path"].as_array().unwrap().iter().collect();
    assert_eq!(path.last().unwrap()["to_ms"], report["total_ms"]);
    let blamed = &report["requests"][19]["blame"];
    expect_test::expect![
        "waited 397 ms: 6 of 6 to a.test:80 busy, 20th in line; got c4 when #15 ended"
    ]
    .assert_eq(blamed["words"].as_str().unwrap());
    assert_eq!(blamed["busy"].as_array().unwrap().len(), 6);
    assert!(blamed["freed_by"]["request"].is_u64());
}

#[test]
fn the_report_for_scripts_has_every_question_to_a_name_server() {
    let text = netwaterfall::export::report(&folded(&recorded("queue")), &[]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let look_up = &report["look_ups"][0];
    assert_eq!(look_up["host"], "a.test");
    assert_eq!(look_up["requests"].as_array().unwrap().len(), 20);
    expect_test::expect![[r#"[{"bytes":64,"chain":["a.test"],"code":"NOERROR","finding":"no_address","flags":["rd","ra"],"line":null,"name":"a.test","negative_ttl":60,"over":"udp","record":"AAAA","records":[],"sent_ms":0.0,"server":"10.0.0.53:53","server_name":null,"took_ms":40.0,"words":"there is none"},{"bytes":64,"chain":["a.test"],"code":"NOERROR","finding":"addresses","flags":["rd","ra"],"line":null,"name":"a.test","negative_ttl":null,"over":"udp","record":"A","records":[{"kind":"A","name":"a.test","ttl":60,"value":"10.0.0.1"}],"sent_ms":0.0,"server":"10.0.0.53:53","server_name":null,"took_ms":40.0,"words":"there are addresses"}]"#]].assert_eq(&look_up["queries"].to_string());
    expect_test::expect![[r#"{"addresses":["10.0.0.1"],"how":"shared","known":{"shared":{"ttl_ms":60000}},"lookup":1}"#]].assert_eq(&report["requests"][1]["name"].to_string());
}

#[test]
fn a_wait_is_a_remark_with_what_could_have_been_saved() {
    let mut model = folded(&recorded("queue"));
    model.note_saving(Some(std::time::Duration::from_millis(60)));
    let remarks = netwaterfall::model::remarks(&model);
    let words: Vec<_> = remarks.iter().map(ToString::to_string).collect();
    expect_test::expect!["14 requests waited 3.18 s in all for a.test:80; one more connection would have saved 60.0 ms"].assert_eq(&words.join("\n"));
}
