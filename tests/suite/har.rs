//! HTTP archives of browsers and other tools, read and written.

use std::fs;

use expect_test::expect;
use netwaterfall::event::{Event, Fact, Moment, Stage};
use netwaterfall::export::{har, masked, table};
use netwaterfall::import::{BadRecord, Record, read_record};
use netwaterfall::model::{Model, Request, stretches, timings};

use crate::runs::{RUNS, folded, recorded};
use crate::screens::{LARGE, Scene};

fn archive(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    fs::read_to_string(format!("{root}/tests/fixtures/har/{name}.har")).unwrap()
}

fn read(text: &str) -> (Record, Model) {
    let record = read_record(text.as_bytes()).unwrap();
    let model = folded(&record.events);
    assert_eq!(model.oddities(), 0, "{text}");
    (record, model)
}

fn shown(name: &str) -> String {
    let (record, model) = read(&archive(name));
    assert_eq!(record.bad, []);
    table(&model, 132)
}

/// The columns of the table, what failed, and each stretch of the bars to the nanosecond.
///
/// How far the axis goes is not compared: it has the ends of connections, of which HAR knows nothing.
fn rows(model: &Model) -> String {
    let table = table(model, 132);
    let (rows, rest) = table.split_once("\n\n").unwrap();
    let columns = rows.lines().map(|line| line.split('│').next().unwrap());
    let failed = rest.lines().take_while(|line| line.starts_with('#'));
    let mut all: Vec<String> = columns.chain(failed).map(str::to_owned).collect();
    for request in model.requests() {
        for stretch in stretches(request, model, model.latest()) {
            let from = stretch.from.since(request.planned);
            let took = stretch.to.since(stretch.from);
            let (stage, failure) = (stretch.stage, stretch.failure);
            all.push(format!(
                "{} {stage:?} {from:?} {took:?} {failure:?}",
                request.id
            ));
        }
    }
    all.join("\n")
}

/// Names the first row that differs.
fn same(one: &Model, other: &Model, name: &str) {
    let (one, other) = (rows(one), rows(other));
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other, "{name}");
    }
    assert_eq!(one.lines().count(), other.lines().count(), "{name}");
}

#[test]
fn what_chrome_writes_is_shown_as_it_was_measured_there() {
    expect![[r#"
        # Status    Method  Name             Host         Type       Size     Time │0         100 ms    200 ms    300 ms    400 ms
        1 301       GET     /                shop.example –           0 B   164 ms │░░░░▒▒▒╌╌╌╌╌╌╌╌╌█
        2 200       GET     /                shop.example html     2.3 kB   200 ms │                ▒▒▒▒▓▓▓▓╌╌╌╌╌╌╌╌╌╌╌╌█
        3 200       GET     /app.js?v=3      shop.example js        310 B  60.0 ms │                                      ·╌╌╌██
        4 200       GET     /logo.png        shop.example png      2.4 kB   500 µs │                                      ◆
        5 201       POST    /api/basket      shop.example json      150 B  90.0 ms │                                              ╌╌╌╌╌╌╌╌╌
        6 ✕ dns     GET     /pixel.gif       ads.invalid  –             –  31.0 ms │                                               ···✕
        7 200       GET     text/plain,hello              text        5 B  12.0 ms │                                                ╌█

        #6 GET https://ads.invalid/pixel.gif  dns: net::ERR_NAME_NOT_RESOLVED

        7 requests · 5 answered · 1 from cache · 1 failed · 2 connections · 2 reused · 5.3 kB · 550 ms
    "#]].assert_eq(&shown("chrome"));
}

#[test]
fn what_firefox_writes_is_shown_as_it_was_measured_there() {
    expect![[r#"
        # Status    Method  Name       Host         Type       Size     Time │0           50 ms       100 ms       150 ms      200 ms
        1 200       GET     /          news.example html     1.5 kB   181 ms │░░░░░▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌███
        2 200       GET     /style.css news.example css       310 B  55.0 ms │                                               ╌╌╌╌╌╌╌╌╌╌╌╌╌█
        3 200       GET     /logo.svg  news.example svg         0 B     0 µs │                                               ◆

        3 requests · 2 answered · 1 from cache · 0 failed · 1 connection · 0 reused · 2.2 kB · 245 ms
    "#]].assert_eq(&shown("firefox"));
}

#[test]
fn what_is_wrong_with_one_entry_costs_no_other() {
    let (record, model) = read(&archive("sparse"));
    let bad: Vec<String> = record
        .bad
        .iter()
        .map(|(line, words)| format!("{line}: {words}\n"))
        .collect();
    expect![[r#"
        6: entry 2 has no request.url
        7: entry 3 has a request.method that is none: a method is made of letters, digits and !#$%&'*+-.^_`|~ only
        8: entry 4 has something odd: invalid type: integer `17`, expected an entry
        13: entry 6 has something odd: number out of range
    "#]].assert_eq(&bad.concat());
    expect![[r#"
        # Status    Method  Name   Host   Type       Size     Time │0             200 ms        400 ms        600 ms        800 ms
        1 200 !     GET     /one   a.test text          –   120 ms │╌╌╌╌╌╌╌╌╌
        2 599 !     GET     /two   a.test –             –  43.5 ms │▒▓▓█
        3 ✕ queue   GET     /three a.test –             –     0 µs │✕

        #3 GET http://a.test/three  queue: there was no answer, and the HAR does not say why

        #1 GET http://a.test/one  the HAR says how long it took, and not for what: all of it is drawn as waiting
        #2 GET http://a.test/two  in this HAR, connect is without ssl, which HAR 1.2 has in it: both are drawn

        3 requests · 2 answered · 1 failed · 0 connections · 0 reused · 0 B · 1.00 s
    "#]].assert_eq(&table(&model, 132));
    assert_eq!(model.archive().unwrap().left_out, 4);
}

/// Each stage of a request, how long it took, and whose figure that is.
fn figures(request: &Request, model: &Model) -> String {
    let line = |timing: netwaterfall::model::Timing| {
        let took = timing.took.map(|took| format!("{took:?}"));
        let took = took.unwrap_or_else(|| "–".to_owned());
        format!("{} {took}: {}\n", timing.stage.card().name, timing.source)
    };
    timings(request, model, model.latest())
        .into_iter()
        .map(line)
        .collect()
}

#[test]
fn what_an_archive_does_not_say_is_said_to_be_unsaid() {
    let (_, model) = read(&archive("chrome"));
    let requests: Vec<_> = model.requests().iter().collect();
    let [redirect, page, script, ..] = *requests else {
        panic!("there are seven")
    };
    expect![[r#"
        cache –: a HAR has no figure for it; it is part of queue
        dns –: the HAR says that it did not happen (-1)
        queue 2ms: from the HAR: WebInspector 537.36's figure
        connect 30ms: from the HAR: WebInspector 537.36's figure
        tls 40ms: from the HAR: WebInspector 537.36's figure
        send 250µs: from the HAR: WebInspector 537.36's figure
        wait 120.25ms: from the HAR: WebInspector 537.36's figure
        receive 7.5ms: from the HAR: WebInspector 537.36's figure
    "#]]
    .assert_eq(&figures(page, &model));
    expect![[r#"
        cache –: a HAR has no figure for it; it is part of queue
        dns –: the HAR says that it did not happen (-1)
        queue 5ms: from the HAR: WebInspector 537.36's figure
        connect –: the HAR says that it did not happen (-1)
        tls –: the HAR says that it did not happen (-1)
        send 500µs: from the HAR: WebInspector 537.36's figure
        wait 40ms: from the HAR: WebInspector 537.36's figure
        receive 14.5ms: from the HAR: WebInspector 537.36's figure
    "#]]
    .assert_eq(&figures(script, &model));
    assert_eq!(redirect.led_to, Some(page.id));
    assert!(script.is_reused && !page.is_reused);
    assert_eq!(script.connection, page.connection);
    let (_, model) = read(&archive("firefox"));
    expect![[r#"
        cache –: a HAR has no figure for it; it is part of queue
        dns –: the HAR says 0
        queue –: the HAR says 0
        connect –: the HAR says 0
        tls –: the HAR says 0
        send 0ns: from the HAR: Firefox 138.0's figure
        wait 50ms: from the HAR: Firefox 138.0's figure
        receive 5ms: from the HAR: Firefox 138.0's figure
    "#]]
    .assert_eq(&figures(&model.requests()[1], &model));
    let request = model.requests().get(1).unwrap();
    let unsaid = &request.entry.as_ref().unwrap().unsaid;
    assert_eq!(unsaid, &["on which connection it ran"]);
    let (_, model) = read(&archive("sparse"));
    assert!(model.requests()[0].has_no_size());
}

#[test]
fn bodies_come_decoded_and_stay_so() {
    let (_, model) = read(&archive("chrome"));
    let body = |number: usize| {
        let request = &model.requests()[number];
        assert_eq!(request.codings_left(), Vec::<&str>::new());
        let content = request.body.as_ref().and_then(|body| body.content.clone());
        content.unwrap().0
    };
    assert!(body(1).starts_with(b"<!doctype html>"));
    assert!(body(3).starts_with(b"\x89PNG"));
    let posted = model.requests().get(4).unwrap();
    let posted = posted.sent_body.as_ref().unwrap();
    assert_eq!(&*posted.0, br#"{"item":42}"#);
}

#[test]
fn a_run_written_as_an_archive_and_read_again_has_the_same_rows() {
    for name in RUNS {
        let run = folded(&recorded(name));
        let text = har(&run, true, &|request| {
            let body = request.given_body()?;
            Some(body.content.as_ref()?.0.to_vec())
        });
        let (record, again) = read(&text);
        assert_eq!(record.bad, [], "{name}");
        same(&again, &run, name);
        let twice = har(&again, true, &|_| None);
        same(&read(&twice).1, &run, &format!("{name}, twice"));
    }
}

#[test]
fn a_run_is_an_archive_at_any_moment() {
    let events = recorded("mixed");
    for count in (1..events.len()).step_by(7) {
        let run = folded(events.iter().take(count));
        let (_, again) = read(&har(&run, false, &|_| None));
        assert_eq!(again.requests().len(), run.requests().len());
    }
}

#[test]
fn an_archive_cut_anywhere_is_read_as_far_as_it_goes() {
    for name in ["chrome", "firefox", "sparse"] {
        let text = archive(name);
        let whole = read(&text).1.requests().len();
        let mut most = 0;
        for end in (0..text.len()).step_by(61) {
            match read_record(text.as_bytes().get(..end).unwrap()) {
                Ok(record) => {
                    let (line, words) = record.bad.last().unwrap();
                    assert!(words.contains("is broken here"), "{words}");
                    let lines = text.get(..end).unwrap().lines().count();
                    assert!(*line <= lines + 1, "{line} of {lines}");
                    let count = folded(&record.events).requests().len();
                    assert!(count >= most && count <= whole);
                    most = count;
                }
                Err(BadRecord::Empty | BadRecord::Start(_)) => assert!(end < 20),
                Err(error) => assert!(most == 0, "{error}"),
            }
        }
        assert!(most + 1 >= whole, "{most} of {whole}");
    }
}

#[test]
fn an_archive_is_known_by_what_is_in_it() {
    let spaced = "\u{feff}\n { \"comment\": {\"log\": 1},\n \"log\": {\"entries\": []}}";
    let (record, model) = read(spaced);
    assert!(matches!(
        record.events[..],
        [
            Event {
                fact: Fact::RunStarted { .. },
                ..
            },
            Event {
                fact: Fact::ArchiveRead(_),
                ..
            },
            Event {
                fact: Fact::RunEnded,
                ..
            },
        ]
    ));
    assert_eq!(model.archive().unwrap().creator, "an unnamed tool");
    for (text, words) in [
        (
            "{\"log\": {}}",
            "this is no HAR: it has no log.entries, which every HAR has",
        ),
        (
            "{\"log\": 7}",
            "this is no HAR: invalid type: integer `7`, expected a log with entries at line 1 column 9",
        ),
        (
            "{\"log\": {\"entries\": {}}}",
            "this is no HAR: invalid type: map, expected a list of entries at line 1 column 20",
        ),
    ] {
        assert_eq!(read_record(text.as_bytes()).unwrap_err().to_string(), words);
    }
}

#[test]
fn odd_figures_are_drawn_and_remarked_on() {
    let entry = |timings: &str| {
        format!(
            r#"{{"log":{{"creator":{{"name":"mitmproxy","version":"11"}},"entries":[{{
            "startedDateTime":"2026-05-04T10:00:00Z","time":100,
            "request":{{"method":"GET","url":"https://a.test/","httpVersion":"HTTP/1.1","headers":[]}},
            "response":{{"status":200,"httpVersion":"HTTP/1.1","headers":[],"bodySize":3}},
            "timings":{timings}}}]}}}}"#
        )
    };
    let apart = entry(r#"{"connect":30,"ssl":20,"send":10,"wait":30,"receive":10}"#);
    let (_, model) = read(&apart);
    let request = &model.requests()[0];
    let took = |stage: Stage| {
        let lines = timings(request, &model, model.latest());
        let line = lines.into_iter().find(|line| line.stage == stage);
        line.unwrap().took.unwrap().as_millis()
    };
    assert_eq!((took(Stage::Connect), took(Stage::Tls)), (30, 20));
    assert!(request.remarks[0].contains("connect is without ssl"));
    let (_, model) = read(&entry("[]"));
    let request = &model.requests()[0];
    assert!(request.remarks[0].contains("not for what"), "{request:?}");
}

#[test]
fn cookies_that_stand_in_no_header_are_in_the_cookies_tab() {
    let text = r#"{"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [{
        "startedDateTime": "2026-01-01T00:00:00.000Z", "time": 9,
        "request": {"method": "GET", "url": "http://a.test/", "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Host", "value": "a.test"}], "queryString": [],
            "cookies": [{"name": "sid", "value": "s3cret-of-mine"}, {"name": "lang", "value": "de"}]},
        "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [],
            "cookies": [{"name": "seen", "value": "1", "path": "/x", "httpOnly": true, "secure": false}],
            "content": {"size": 0, "mimeType": "text/plain"}},
        "cache": {}, "timings": {"send": 1, "wait": 7, "receive": 1}}]}}"#;
    let (record, _) = read(text);
    let scene = Scene::of(record.events.clone(), Moment::from_millis(100), LARGE);
    let shown = scene.keys("Enter 2 v").text();
    for words in [
        "Sent (2)",
        "listed in the HAR, and in no header of it",
        "sid = s3cret-of-mine",
        "lang = de",
        "Set (1)",
        "seen = 1",
        "HttpOnly",
        "Path=/x",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let told: Vec<_> = record.events.iter().map(masked).collect();
    let told = format!("{told:?}");
    assert!(!told.contains("s3cret"), "{told}");
    // What a header says is not said twice.
    let with_header = text.replace(
        r#"[{"name": "Host""#,
        r#"[{"name": "cookie", "value": "a=b"}, {"name": "Host""#,
    );
    let (record, _) = read(&with_header);
    let scene = Scene::of(record.events, Moment::from_millis(100), LARGE);
    assert!(scene.keys("Enter 2").text().contains("Sent (1)"));
}
