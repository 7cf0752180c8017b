//! The recorded runs of `tests/fixtures/runs`: what they are made of, and how they are read.
//!
//! They come from the simulated network; `UPDATE_EXPECT=1` writes them anew.

use expect_test::{ExpectFile, expect_file};
use netwaterfall::engine::Settings;
use netwaterfall::event::{Event, Moment};
use netwaterfall::export::{Bodies, line};
use netwaterfall::import::read_record;
use netwaterfall::model::Model;

use crate::sim::{Dial, Page, Ran, Script, check, fetch, run_commands};

/// The names of the recorded runs.
pub(crate) const RUNS: [&str; 4] = ["queue", "mixed", "hostile", "cookies"];

/// The facts of a recorded run.
pub(crate) fn recorded(name: &str) -> Vec<Event> {
    let record = read_record(text_of(name).as_bytes()).unwrap();
    assert_eq!(record.bad, []);
    record.events
}

/// A recorded run as its file has it.
pub(crate) fn text_of(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/tests/fixtures/runs/{name}.ndjson");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Facts folded.
pub(crate) fn folded<'a>(events: impl IntoIterator<Item = &'a Event>) -> Model {
    let mut model = Model::default();
    events.into_iter().for_each(|event| model.apply(event));
    model
}

/// The facts up to a moment.
pub(crate) fn until(events: &[Event], moment: Moment) -> &[Event] {
    let count = events.partition_point(|event| event.at <= moment);
    events.get(..count).unwrap()
}

/// Facts as a record has them.
pub(crate) fn written(events: &[Event], bodies: Bodies) -> String {
    events.iter().map(|event| line(event, bodies)).collect()
}

/// Holds a run against its file.
fn hold(ran: &Ran, file: &ExpectFile) {
    check(&ran.events);
    file.assert_eq(&written(&ran.events, Bodies::Kept));
}

fn urls(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// Twenty requests to one host, six at a time, thinking times all different.
#[tokio::test(start_paused = true)]
async fn the_run_with_a_line_is_what_its_script_gives() {
    let list: Vec<String> = (1..=20).map(|n| format!("http://a.test/{n}.txt")).collect();
    let mut script = Script::usual();
    for n in 1..=20_u64 {
        let length = 40 * n;
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
        );
        let body = "x".repeat(usize::try_from(length).unwrap());
        let page = Page::answer(30 + n * 37 % 110, head).slowly(body, 100, 12);
        script = script.page(&format!("/{n}.txt"), page);
    }
    let ran = run_commands(vec![(0, fetch(&urls(&list)))], script, Settings::default()).await;
    hold(&ran, &expect_file!["../fixtures/runs/queue.ndjson"]);
}

/// Two waves over three hosts, in which most of what can happen does.
#[tokio::test(start_paused = true)]
async fn the_run_of_all_sorts_is_what_its_script_gives() {
    let script = Script::usual()
        .round_trip(30)
        .dial("10.0.0.3", Dial::Refuses(25))
        .page("/", Page::answer(80, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 38\r\nKeep-Alive: timeout=1\r\nSet-Cookie: theme=dark; Path=/; Max-Age=3600; SameSite=Lax\r\n\r\n<!doctype html>\n<title>b.test</title>\n").close_idle(1_000))
        .page("/old", Page::answer(40, "HTTP/1.1 302 Found\r\nLocation: /login?next=%2Fold\r\nSet-Cookie: session=4711; Path=/; HttpOnly; Secure\r\nSet-Cookie: lang=en\r\nContent-Length: 0\r\n\r\n"))
        .page("/login?next=%2Fold", Page::hello(60))
        .page("/app.js", Page::answer(50, "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nCache-Control: max-age=600\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n").slowly("14\r\nconsole.log('first')\r\n14\r\nconsole.log('third')\r\n0\r\n\r\n", 26, 40))
        .page("/missing", Page::answer(20, "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nnot here\n"))
        .page("/reset", Page::answer(30, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9000\r\n\r\n").slowly(vec![0x89; 2_000], 500, 25).reset())
        .page("/bye", Page::answer(35, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 17\r\n\r\n{\"last\": \"word\"}\n").close())
        .page("/api?q=1", Page::answer(140, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
    let first = [
        "https://b.test/",
        "http://a.test/old",
        "http://a.test/app.js",
        "http://a.test/missing",
        "http://a.test/reset",
        "http://a.test/bye",
        "http://c.test/",
        "http://gone.test/",
        "https://b.test/api?q=1",
    ];
    let second = [
        "http://a.test/app.js",
        "https://b.test/",
        "http://a.test/missing",
        "http://10.0.0.2/literal",
        "http://localhost/here",
    ];
    let commands = vec![(0, fetch(&first)), (5_000, fetch(&second))];
    let ran = run_commands(commands, script, Settings::default()).await;
    hold(&ran, &expect_file!["../fixtures/runs/mixed.ndjson"]);
}

/// Servers that try to act on the terminal, or to make columns crooked.
#[tokio::test(start_paused = true)]
async fn the_hostile_run_is_what_its_script_gives() {
    let long = format!("/{}", "long-way/".repeat(60));
    let list = [
        "http://a.test/plain".to_owned(),
        "http://a.test/日本語/😀?q=\u{202e}evil".to_owned(),
        "http://a.test/c1".to_owned(),
        "http://a.test/esc".to_owned(),
        "http://a.test/wide".to_owned(),
        "http://a.test/reason".to_owned(),
        "http://日本.test/".to_owned(),
        format!("http://a.test{long}"),
        "http://a.test/body".to_owned(),
        "http://a.test/away".to_owned(),
    ];
    let body = "\x1b[31mred\x1b[0m\ttab 日本\r\n\u{9b}2Jcleared\u{202e}x\nend\n";
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
    let script = Script::usual()
        .name("xn--wgv71a.test", &["10.0.0.2"], 40, 60)
        .page("/c1", Page::answer(50, [ok.as_bytes(), b"X-Raw: \x9b31m\x9d0;title\x9c\r\nX-C1: \xc2\x9b31m\r\nContent-Type: text/\xc2\x9b31m\r\n\r\nhello"].concat()))
        .page("/esc", Page::answer(50, format!("{ok}X-Esc: \x1b[2J\x1b]0;owned\x07\r\n\r\nhello")))
        .page("/wide", Page::answer(50, format!("{ok}X-Wide: 日本語のヘッダー ⚠️ 👩‍👩‍👧 \u{202e}gnihtyna\u{202c} e\u{301}a\u{30a}\r\nSet-Cookie: 名前=値😀; Path=/日本\r\nContent-Type: text/日本語日本語\r\n\r\nhello")))
        .page("/reason", Page::answer(50, "HTTP/1.1 299 日本語 \u{202e}nosaer\r\nContent-Length: 5\r\n\r\nhello"))
        .page("/body", Page::answer(50, format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", body.len())))
        .page("/away", Page::answer(50, "HTTP/1.1 302 日\r\nLocation: http://x\u{9b}31m.test/\r\nContent-Length: 0\r\n\r\n"));
    let ran = run_commands(vec![(0, fetch(&urls(&list)))], script, Settings::default()).await;
    hold(&ran, &expect_file!["../fixtures/runs/hostile.ndjson"]);
}

/// Two sites that set cookies of all sorts, and two waves of requests for them.
#[tokio::test(start_paused = true)]
async fn the_run_with_cookies_is_what_its_script_gives() {
    let set = |lines: &[&str]| {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| format!("Set-Cookie: {line}\r\n"))
            .collect();
        let head = format!(
            "HTTP/1.1 200 OK\r\n{}Content-Length: 5\r\n\r\nhello",
            lines.concat()
        );
        Page::answer(60, head)
    };
    let script = Script::usual()
        .name("www.a.test", &["10.0.0.1"], 40, 60)
        .page(
            "/login",
            set(&[
                "sid=31d4d96e407aad42; Domain=a.test; Path=/; HttpOnly; Max-Age=3600; SameSite=Strict",
                "lang=en; Path=/; Expires=Wed, 30 Dec 2026 23:59:59 GMT",
                "cart=3; Path=/shop; Priority=High",
                "everyone=1; Domain=test",
                "early=1; Secure",
            ]),
        )
        .page(
            "/account/",
            set(&[
                "__Host-token=eyJhbGciOi; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-wide=1; Domain=b.test; Path=/; Secure",
                "widget=blue; SameSite=None; Secure; Partitioned; Max-Age=86400",
                "plain",
            ]),
        )
        .page("/again", set(&["lang=fr; Path=/", "cart=; Path=/shop; Max-Age=0"]));
    let first = ["http://www.a.test/login", "https://b.test/account/"];
    let second = [
        "http://www.a.test/again",
        "http://a.test/",
        "http://www.a.test/shop/basket",
        "http://b.test/account/",
        "https://b.test/account/orders",
    ];
    let commands = vec![(0, fetch(&first)), (2_000, fetch(&second))];
    let ran = run_commands(commands, script, Settings::default()).await;
    hold(&ran, &expect_file!["../fixtures/runs/cookies.ndjson"]);
}
