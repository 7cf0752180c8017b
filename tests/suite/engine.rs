//! The engine over the simulated network: exact timelines, without waiting.

use std::collections::BTreeSet;
use std::time::Duration;

use expect_test::expect;
use netwaterfall::engine::Settings;
use netwaterfall::event::{Because, Command, Fact, RequestId, Stage, Wanted};
use netwaterfall::net::NetErrorKind;
use netwaterfall::pool::Limits;

use crate::sim::{
    Dial, Page, Ran, Script, cancel, check, check_cut, fetch, run, run_commands, run_dropped,
    run_for,
};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// `http://a.test/1` and so on.
fn numbered(host: &str, count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("http://{host}/{n}")).collect()
}

async fn many(list: Vec<String>, script: Script, settings: Settings) -> Ran {
    let urls: Vec<&str> = list.iter().map(String::as_str).collect();
    run(&urls, script, settings).await
}

async fn one(page: Page) -> Ran {
    run_for(&["http://a.test/"], Script::usual().page("/", page)).await
}

/// One host, one connection: two requests after one another.
async fn two(first: Page, second: Page) -> Ran {
    let script = Script::usual().page("/1", first).page("/2", second);
    many(numbered("a.test", 2), script, narrow(1, 256)).await
}

fn narrow(per_host: usize, all: usize) -> Settings {
    Settings {
        limits: Limits {
            per_host,
            all,
            ..Limits::default()
        },
        ..Settings::default()
    }
}

fn patient_for(stage: Stage, millis: u64) -> Settings {
    let mut settings = Settings::default();
    settings.timeouts[stage] = Some(Duration::from_millis(millis));
    settings
}

fn method(name: &str, url: &str) -> Command {
    let (name, url) = (name.parse().unwrap(), url.parse().unwrap());
    Command::Fetch(vec![Wanted::plain(name, url, Because::Typed)])
}

// One request.

#[tokio::test(start_paused = true)]
async fn a_plain_fetch_lives_every_stage_in_turn() {
    let ran = run_for(&["http://a.test/"], Script::usual()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn tls_costs_one_round_trip() {
    let ran = run_for(&["https://a.test/"], Script::usual()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        c1 a.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_second_connection_over_tls_costs_one_round_trip_too() {
    let urls = ["https://a.test/1", "https://a.test/2"];
    let ran = run_for(&urls, Script::usual()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        c1 a.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
        c2 a.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_body_is_received_as_fast_as_it_comes() {
    let page = Page::answer(50, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n").slowly(
        "01234567890123456789",
        2,
        10,
    );
    let ran = one(page).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–230 · 20 bytes · answered
        c1 a.test:80 · connect 40–60 · close 230–250 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

// Turns.

#[tokio::test(start_paused = true)]
async fn six_run_at_a_time_and_the_seventh_takes_the_connection_that_is_free_first() {
    let mut script = Script::usual();
    for n in 1..=6 {
        script = script.page(&format!("/{n}"), Page::hello(100 - 10 * n));
    }
    let ran = many(numbered("a.test", 8), script, Settings::default()).await;
    assert_eq!(ran.log.most, 6);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–170 · 200 · receive 170 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–60 · send 60 · wait 60–160 · 200 · receive 160 · 5 bytes · answered
        #3 dns 0–40 · c3 · queue 40–60 · send 60 · wait 60–150 · 200 · receive 150 · 5 bytes · answered
        #4 dns 0–40 · c4 · queue 40–60 · send 60 · wait 60–140 · 200 · receive 140 · 5 bytes · answered
        #5 dns 0–40 · c5 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #6 dns 0–40 · c6 · queue 40–60 · send 60 · wait 60–120 · 200 · receive 120 · 5 bytes · answered
        #7 dns 0–40 · c6 again · queue 40–120 · send 120 · wait 120–190 · 200 · receive 190 · 5 bytes · answered
        #8 dns 0–40 · c5 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
        c2 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
        c3 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
        c4 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
        c5 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
        c6 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_is_told_behind_how_many_and_why() {
    let ran = many(numbered("a.test", 3), Script::usual(), narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        0 #1 GET http://a.test/1 Typed
        0 #2 GET http://a.test/2 Typed
        0 #3 GET http://a.test/3 Typed
        0 #1 cache: nothing stored for this URL
        0 #2 cache: nothing stored for this URL
        0 #3 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: HostFull { limit: 1 }
        40 #3 [10.0.0.1] shared, good for 60000
        40 #3 queued behind 2: HostFull { limit: 1 }
        130 #1 cache: stored: stale from the start (no lifetime)
        200 #2 cache: stored: stale from the start (no lifetime)
        270 #3 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_request_takes_the_connection_that_is_freed_rather_than_the_one_dialled_for_it() {
    let script = Script::usual().page("/1", Page::hello(1));
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (75, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–81 · 200 · receive 81 · 5 bytes · answered
        #2 c1 again · queue 75–81 · send 81 · wait 81–151 · 200 · receive 151 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 151–171 · by us: the run was over
        c2 a.test:80 · connect 75–95 · close 151–171 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn two_hosts_do_not_stand_in_one_line() {
    let mut list = numbered("a.test", 7);
    list.extend(numbered("b.test", 1));
    let ran = many(list, Script::usual(), Settings::default()).await;
    assert_eq!(ran.log.most, 7);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #3 dns 0–40 · c3 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #4 dns 0–40 · c4 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #5 dns 0–40 · c5 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #6 dns 0–40 · c6 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #7 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        #8 dns 0–40 · c7 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
}

#[tokio::test(start_paused = true)]
async fn http_and_https_of_one_host_do_not_share_a_line() {
    let urls = ["http://a.test/1", "https://a.test/2"];
    let ran = run(&urls, Script::usual(), narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 150–170 · by us: the run was over
        c2 a.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn at_the_limit_of_all_an_idle_connection_of_another_host_gives_way() {
    let ran = run(
        &["http://a.test/", "http://b.test/"],
        Script::usual(),
        narrow(6, 1),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: another host needed the room, for #2
        c2 b.test:80 · connect 130–150 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #2 GET http://b.test/ Typed
        0 #1 cache: nothing stored for this URL
        0 #2 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.2] asked, good for 60000
        40 #2 queued behind 0: AllFull { limit: 1 }
        130 #1 cache: stored: stale from the start (no lifetime)
        220 #2 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn at_the_limit_of_all_the_longest_wait_goes_first() {
    let urls = [
        "http://a.test/1",
        "http://b.test/2",
        "http://a.test/3",
        "http://c.test/4",
    ];
    let ran = run(&urls, Script::usual(), narrow(6, 1)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–220 · send 220 · wait 220–290 · 200 · receive 290 · 5 bytes · answered
        #3 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        #4 dns 0–40 · c3 · queue 40–310 · send 310 · wait 310–380 · 200 · receive 380 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: another host needed the room, for #2
        c2 b.test:80 · connect 200–220 · close 290–310 · by us: another host needed the room, for #4
        c3 c.test:80 · connect 290–310 · close 380–400 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

// What becomes of a connection.

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_kept_serves_the_next_request() {
    let ran = two(Page::usual(), Page::usual()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn connection_close_is_obeyed() {
    let ran = two(
        Page::answer(
            50,
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        )
        .close(),
        Page::usual(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130 · by us: the server said Connection: close
        c2 a.test:80 · connect 130–150 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn http_1_0_is_not_kept() {
    let ran = two(
        Page::answer(50, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        Page::usual(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: HTTP/1.0 without Connection: keep-alive
        c2 a.test:80 · connect 130–150 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn http_1_0_with_keep_alive_is_kept() {
    let ran = two(
        Page::answer(
            50,
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
        ),
        Page::usual(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_body_until_the_close_ends_with_the_connection() {
    let ran = two(
        Page::answer(50, "HTTP/1.1 200 OK\r\n\r\nhello")
            .wait(30)
            .close(),
        Page::usual(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–160 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–180 · send 180 · wait 180–250 · 200 · receive 250 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 160 · by server: the end of the body was the end of the connection
        c2 a.test:80 · connect 160–180 · close 250–270 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_body_in_chunks_leaves_the_connection_usable() {
    let ran = two(
        Page::answer(50, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            .wait(10)
            .send("5\r\nhello\r\n")
            .wait(10)
            .send("0\r\n\r\n"),
        Page::usual(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–150 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_body_leaves_the_connection_usable() {
    let script = Script::usual()
        .page("/1", Page::answer(10, "HTTP/1.1 204 No Content\r\n\r\n"))
        .page(
            "/2",
            Page::answer(10, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
        );
    let ran = many(numbered("a.test", 3), script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–90 · 204 · receive 90 · 0 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–90 · send 90 · wait 90–120 · 304 · receive 120 · 0 bytes · answered
        #3 dns 0–40 · c1 again · queue 40–120 · send 120 · wait 120–190 · 200 · receive 190 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 190–210 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_head_has_no_body() {
    let script = Script::usual().page(
        "/",
        Page::answer(10, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
    );
    let commands = vec![
        (0, method("HEAD", "http://a.test/")),
        (200, method("HEAD", "http://a.test/")),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–90 · 200 · receive 90 · 0 bytes · answered
        #2 c1 again · queue 200 · send 200 · wait 200–230 · 200 · receive 230 · 0 bytes · answered
        c1 a.test:80 · connect 40–60 · close 230–250 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        1 a.test HEAD /
        1 a.test HEAD /
    "#]]
    .assert_eq(&ran.seen());
}

#[tokio::test(start_paused = true)]
async fn an_interim_answer_ends_the_wait_and_is_told() {
    let ran = one(
        Page::answer(10, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            .wait(40)
            .send(OK),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–90 · 103 at 90 · 200 · receive 90–130 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn bytes_after_the_end_cost_the_connection_but_not_the_answer() {
    let ran = two(Page::answer(50, format!("{OK}more")), Page::usual()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: 4 bytes came after the end of the answer
        c2 a.test:80 · connect 130–150 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn bytes_that_nobody_asked_for_cost_the_connection() {
    let script = Script::usual().page(
        "/1",
        Page::usual().wait(30).send("HTTP/1.1 408 Too Late\r\n\r\n"),
    );
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (300, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 c2 · queue 300–320 · send 320 · wait 320–390 · 200 · receive 390 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 160–180 · by us: the server spoke without being asked
        c2 a.test:80 · connect 300–320 · close 390–410 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_while_idle_is_noticed_at_once() {
    let script = Script::usual().page("/1", Page::usual().close_idle(100));
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (400, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 c2 · queue 400–420 · send 420 · wait 420–490 · 200 · receive 490 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 230 · by server: while it was idle
        c2 a.test:80 · connect 400–420 · close 490–510 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_nobody_needed_for_five_minutes_is_closed_at_the_next_request() {
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (299_000, fetch(&["http://b.test/1"])),
        (301_000, fetch(&["http://b.test/2"])),
    ];
    let ran = run_commands(commands, Script::usual(), Settings::default()).await;
    check(&ran.events);
    let closed = "by us: nobody needed it for 300 s";
    assert!(ran.connections().contains(closed), "{}", ran.connections());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_takes_long_to_open_is_tried_again_beside_itself() {
    let script = Script::usual().dial("10.0.0.1", Dial::FirstLate(1, 1_020));
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (2_000, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c2 · queue 40–310 · send 310 · wait 310–380 · 200 · receive 380 · 5 bytes · answered
        #2 c2 again · queue 2000 · send 2000 · wait 2000–2070 · 200 · receive 2070 · 5 bytes · answered
        c1 a.test:80 · connect 40–1060 · close 2070–2090 · by us: the run was over
        c2 a.test:80 beside c1 · connect 290–310 · close 2070–2090 · by us: the run was over
    "#]].assert_eq(&format!("{}{}", ran.requests(), ran.connections()));
}

#[tokio::test(start_paused = true)]
async fn a_408_on_a_reused_connection_is_no_answer_and_the_request_is_sent_again() {
    let late = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let script = Script::usual()
        .page("/late", Page::answer(10, late).close())
        .page("/late", Page::hello(10))
        .page("/1", Page::hello(10));
    let ran = run_commands(
        vec![
            (0, fetch(&["http://a.test/1"])),
            (500, fetch(&["http://a.test/late"])),
        ],
        script,
        Settings::default(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–90 · 200 · receive 90 · 5 bytes · answered
        #2 c1 again · queue 500 · send 500 · wait 500–530 · receive 530 failed · once more, as receive: the server had waited too long for a request (408) · c2 · queue 530–550 · send 550 · wait 550–580 · 200 · receive 580 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_dies_as_it_is_granted_is_not_used() {
    let ran = two(Page::usual().close(), Page::usual()).await;
    assert_eq!(ran.log.served.len(), 2);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130 · by server: while it was idle
        c2 a.test:80 · connect 130–150 · close 220–240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        1 a.test GET /1
        2 a.test GET /2
    "#]]
    .assert_eq(&ran.seen());
}

#[tokio::test(start_paused = true)]
async fn a_reused_connection_that_dies_without_a_byte_is_tried_once_more() {
    let script = Script::usual()
        .page("/2", Page::default().close())
        .page("/2", Page::usual());
    let ran = many(numbered("a.test", 3), script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–150 failed · once more, as wait: the server closed the connection without an answer · c2 again · queue 150–240 · send 240 · wait 240–310 · 200 · receive 310 · 5 bytes · answered
        #3 dns 0–40 · c2 · queue 40–170 · send 170 · wait 170–240 · 200 · receive 240 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 150 · by server: the server closed the connection without an answer
        c2 a.test:80 · connect 150–170 · close 310–330 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        1 a.test GET /1
        1 a.test GET /2
        2 a.test GET /3
        2 a.test GET /2
    "#]]
    .assert_eq(&ran.seen());
}

#[tokio::test(start_paused = true)]
async fn a_reused_connection_that_is_reset_without_a_byte_is_tried_once_more() {
    let script = Script::usual()
        .page("/2", Page::default().wait(5).reset())
        .page("/2", Page::usual());
    let ran = many(numbered("a.test", 2), script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–155 failed · once more, as wait: the server reset the connection · c2 · queue 155–175 · send 175 · wait 175–245 · 200 · receive 245 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 155 · by server: the server reset the connection
        c2 a.test:80 · connect 155–175 · close 245–265 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_fresh_connection_that_dies_without_a_byte_is_a_failure() {
    let ran = one(Page::default().wait(50).close()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 failed · CutShort at 130: wait: the server closed the connection without an answer
        c1 a.test:80 · connect 40–60 · close 130 · by server: the server closed the connection without an answer
    "#]].assert_eq(&ran.timelines());
}

// Names.

#[tokio::test(start_paused = true)]
async fn eight_requests_for_one_name_ask_once() {
    let ran = many(numbered("a.test", 8), Script::usual(), Settings::default()).await;
    assert_eq!(ran.log.asked, ["a.test"]);
    check(&ran.events);
    expect![[r#"
        0 #1 GET http://a.test/1 Typed
        0 #2 GET http://a.test/2 Typed
        0 #3 GET http://a.test/3 Typed
        0 #4 GET http://a.test/4 Typed
        0 #5 GET http://a.test/5 Typed
        0 #6 GET http://a.test/6 Typed
        0 #7 GET http://a.test/7 Typed
        0 #8 GET http://a.test/8 Typed
        0 #1 cache: nothing stored for this URL
        0 #2 cache: nothing stored for this URL
        0 #3 cache: nothing stored for this URL
        0 #4 cache: nothing stored for this URL
        0 #5 cache: nothing stored for this URL
        0 #6 cache: nothing stored for this URL
        0 #7 cache: nothing stored for this URL
        0 #8 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: Opening
        40 #3 [10.0.0.1] shared, good for 60000
        40 #3 queued behind 2: Opening
        40 #4 [10.0.0.1] shared, good for 60000
        40 #4 queued behind 3: Opening
        40 #5 [10.0.0.1] shared, good for 60000
        40 #5 queued behind 4: Opening
        40 #6 [10.0.0.1] shared, good for 60000
        40 #6 queued behind 5: Opening
        40 #7 [10.0.0.1] shared, good for 60000
        40 #7 queued behind 6: HostFull { limit: 6 }
        40 #8 [10.0.0.1] shared, good for 60000
        40 #8 queued behind 7: HostFull { limit: 6 }
        130 #1 cache: stored: stale from the start (no lifetime)
        130 #2 cache: stored: stale from the start (no lifetime)
        130 #3 cache: stored: stale from the start (no lifetime)
        130 #4 cache: stored: stale from the start (no lifetime)
        130 #5 cache: stored: stale from the start (no lifetime)
        130 #6 cache: stored: stale from the start (no lifetime)
        200 #7 cache: stored: stale from the start (no lifetime)
        200 #8 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_name_is_kept_for_its_time_and_asked_again_after() {
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (60_039, fetch(&["http://a.test/2"])),
        (60_040, fetch(&["http://a.test/3"])),
    ];
    let ran = run_commands(commands, Script::usual(), Settings::default()).await;
    assert_eq!(ran.log.asked, ["a.test", "a.test"]);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 c1 again · queue 60039 · send 60039 · wait 60039–60109 · 200 · receive 60109 · 5 bytes · answered
        #3 dns 60040–60080 · c2 · queue 60080–60100 · send 60100 · wait 60100–60170 · 200 · receive 60170 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
    expect![[r#"
        0 #1 GET http://a.test/1 Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 cache: stored: stale from the start (no lifetime)
        60039 #2 GET http://a.test/2 Typed
        60039 #2 cache: nothing stored for this URL
        60039 #2 [10.0.0.1] kept for 59999 of 60000
        60040 #3 GET http://a.test/3 Typed
        60040 #3 cache: nothing stored for this URL
        60080 #3 [10.0.0.1] asked, good for 60000
        60080 #3 queued behind 0: Opening
        60109 #2 cache: stored: stale from the start (no lifetime)
        60170 #3 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn addresses_and_localhost_are_never_asked_for() {
    let urls = [
        "http://10.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://x.localhost/",
    ];
    let ran = run_for(&urls, Script::usual()).await;
    assert!(ran.log.asked.is_empty());
    check(&ran.events);
    expect![[r#"
        #1 c1 · queue 0–20 · send 20 · wait 20–90 · 200 · receive 90 · 5 bytes · answered
        #2 c2 · queue 0–20 · send 20 · wait 20–90 · 200 · receive 90 · 5 bytes · answered
        #3 c3 · queue 0–20 · send 20 · wait 20–90 · 200 · receive 90 · 5 bytes · answered
        #4 c4 · queue 0–20 · send 20 · wait 20–90 · 200 · receive 90 · 5 bytes · answered
        c1 10.0.0.1:80 · connect 0–20 · close 90–110 · by us: the run was over
        c2 localhost:80 · connect 0–20 · close 90–110 · by us: the run was over
        c3 [::1]:80 · connect 0–20 · close 90–110 · by us: the run was over
        c4 x.localhost:80 · connect 0–20 · close 90–110 · by us: the run was over
    "#]]
    .assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 GET http://10.0.0.1/ Typed
        0 #2 GET http://localhost/ Typed
        0 #3 GET http://[::1]/ Typed
        0 #4 GET http://x.localhost/ Typed
        0 #1 cache: nothing stored for this URL
        0 #1 [10.0.0.1] literal
        0 #1 queued behind 0: Opening
        0 #2 cache: nothing stored for this URL
        0 #2 [::1, 127.0.0.1] localhost
        0 #2 queued behind 0: Opening
        0 #3 cache: nothing stored for this URL
        0 #3 [::1] literal
        0 #3 queued behind 0: Opening
        0 #4 cache: nothing stored for this URL
        0 #4 [::1, 127.0.0.1] localhost
        0 #4 queued behind 0: Opening
        90 #1 cache: stored: stale from the start (no lifetime)
        90 #2 cache: stored: stale from the start (no lifetime)
        90 #3 cache: stored: stale from the start (no lifetime)
        90 #4 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_does_not_exist_is_a_failure_for_everyone_who_waited() {
    let script = Script::usual().no_name("x.test", 40, NetErrorKind::NoSuchName);
    let commands = vec![
        (0, fetch(&["http://x.test/1"])),
        (10, fetch(&["http://x.test/2"])),
        (60, fetch(&["http://x.test/3"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    assert_eq!(ran.log.asked, ["x.test", "x.test"]);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 failed · NoSuchName at 40: dns: asked in vain: NoSuchName
        #2 dns 10–40 failed · NoSuchName at 40: dns: asked in vain: NoSuchName
        #3 dns 60–100 failed · NoSuchName at 100: dns: asked in vain: NoSuchName
    "#]]
    .assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn whoever_asked_first_may_go_and_the_others_still_get_the_answer() {
    let urls = ["http://a.test/1", "http://a.test/2"];
    let commands = vec![(0, fetch(&urls)), (20, cancel(1))];
    let ran = run_commands(commands, Script::usual(), Settings::default()).await;
    assert_eq!(ran.log.asked, ["a.test"]);
    check(&ran.events);
    expect![[r#"
        #1 dns 0–20 abandoned · Cancelled at 20: dns: given up when asked to
        #2 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_nobody_waits_for_is_given_up() {
    let script = Script::usual().name("slow.test", &["10.0.0.1"], 3_600_000, 60);
    let commands = vec![(0, fetch(&["http://slow.test/"])), (20, Command::Stop)];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–20 abandoned · Cancelled at 20: dns: given up when asked to
    "#]]
    .assert_eq(&ran.timelines());
    assert_eq!(ran.events.last().unwrap().at.0, 20_000_000);
}

// Connecting.

#[tokio::test(start_paused = true)]
async fn the_second_address_is_tried_when_the_first_is_refused() {
    let script = Script::usual()
        .name("a.test", &["10.0.1.1", "10.0.0.1"], 40, 60)
        .dial("10.0.1.1", Dial::Refuses(15));
    let ran = run_for(&["http://a.test/"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–75 · send 75 · wait 75–145 · 200 · receive 145 · 5 bytes · answered
        c1 a.test:80 · not 10.0.1.1 at 55 · connect 40–75 · close 145–165 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn every_address_refused_is_a_failure_that_says_so() {
    let script = Script::usual()
        .name("a.test", &["10.0.1.1", "10.0.1.2"], 40, 60)
        .dial("10.0.1.1", Dial::Refuses(15))
        .dial("10.0.1.2", Dial::Refuses(25));
    let ran = run_for(&["http://a.test/"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–80 failed · Refused at 80: connect: 10.0.1.2:80: nobody listens there (refused) (another address failed before)
        c1 a.test:80 · not 10.0.1.1 at 55 · not 10.0.1.2 at 80 · connect 40–80 failed · unopened: connect: 10.0.1.2:80: nobody listens there (refused) (another address failed before)
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_fails_is_borne_by_the_first_in_line() {
    let script = Script::usual().dial("10.0.0.1", Dial::Refuses(20));
    let ran = many(numbered("a.test", 3), script, narrow(2, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–60 failed · Refused at 60: connect: 10.0.0.1:80: nobody listens there (refused)
        #2 dns 0–40 · queue 40–60 failed · Refused at 60: connect: 10.0.0.1:80: nobody listens there (refused)
        #3 dns 0–40 · queue 40–80 failed · Refused at 80: connect: 10.0.0.1:80: nobody listens there (refused)
        c1 a.test:80 · not 10.0.0.1 at 60 · connect 40–60 failed · unopened: connect: 10.0.0.1:80: nobody listens there (refused)
        c2 a.test:80 · not 10.0.0.1 at 60 · connect 40–60 failed · unopened: connect: 10.0.0.1:80: nobody listens there (refused)
        c3 a.test:80 · not 10.0.0.1 at 80 · connect 60–80 failed · unopened: connect: 10.0.0.1:80: nobody listens there (refused)
    "#]].assert_eq(&ran.timelines());
}

// Time limits.

#[tokio::test(start_paused = true)]
async fn a_look_up_has_its_limit() {
    let script = Script::usual().name("a.test", &["10.0.0.1"], 5000, 60);
    let ran = run(&["http://a.test/"], script, patient_for(Stage::Dns, 300)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–300 failed · TimedOut at 300: dns: took longer than 300ms (--timeout-dns)
    "#]]
    .assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn connecting_has_its_limit_over_all_addresses() {
    let script = Script::usual()
        .name("a.test", &["10.0.1.1", "10.0.1.2"], 40, 60)
        .dial("10.0.1.1", Dial::Refuses(200))
        .dial("10.0.1.2", Dial::Never);
    let ran = run(
        &["http://a.test/"],
        script,
        patient_for(Stage::Connect, 300),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–340 failed · TimedOut at 340: connect: took longer than 300ms (--timeout-connect)
        c1 a.test:80 · not 10.0.1.1 at 240 · connect 40–340 failed · unopened: connect: took longer than 300ms (--timeout-connect)
        c2 a.test:80 beside c1 · connect 290–340 abandoned · unopened: connect: the run ended before it was open
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_limit() {
    let script = Script::usual()
        .round_trip(400)
        .dial("10.0.0.1", Dial::Opens(20));
    let ran = run(&["https://a.test/"], script, patient_for(Stage::Tls, 300)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–360 failed · TimedOut at 360: tls: took longer than 300ms (--timeout-tls)
        c1 a.test:443 · connect 40–60 · tls 60–360 failed · unopened: tls: took longer than 300ms (--timeout-tls)
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn waiting_has_its_limit() {
    let script = Script::usual().page("/", Page::default().never());
    let ran = run(&["http://a.test/"], script, patient_for(Stage::Wait, 300)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–360 failed · TimedOut at 360: wait: took longer than 300ms (--timeout-wait)
        c1 a.test:80 · connect 40–60 · close 360–380 · by us: took longer than 300ms (--timeout-wait)
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn silence_while_receiving_has_its_limit_and_slowness_has_none() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    let script = Script::usual().page("/", Page::answer(50, head).slowly("01234", 1, 290).never());
    let ran = run(
        &["http://a.test/"],
        script,
        patient_for(Stage::Receive, 300),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–1880 failed · 5 bytes · TimedOut at 1880: receive: nothing more came for 300ms (--timeout-receive)
        c1 a.test:80 · connect 40–60 · close 1880–1900 · by us: nothing more came for 300ms (--timeout-receive)
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn time_in_line_counts_against_nobody() {
    let mut settings = narrow(1, 256);
    for stage in [Stage::Connect, Stage::Wait, Stage::Receive] {
        settings.timeouts[stage] = Some(Duration::from_millis(300));
    }
    let mut script = Script::usual();
    for n in 1..=3 {
        script = script.page(&format!("/{n}"), Page::hello(270));
    }
    let ran = many(numbered("a.test", 3), script, settings).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–350 · 200 · receive 350 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–350 · send 350 · wait 350–640 · 200 · receive 640 · 5 bytes · answered
        #3 dns 0–40 · c1 again · queue 40–640 · send 640 · wait 640–930 · 200 · receive 930 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_the_whole_counts_in_whatever_stage_it_is() {
    let settings = Settings {
        max_time: Some(Duration::from_millis(100)),
        ..narrow(1, 256)
    };
    let script = Script::usual().page("/1", Page::hello(20));
    let ran = many(numbered("a.test", 3), script, settings).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–100 · 200 · receive 100 · 5 bytes · answered
        #2 dns 0–40 · queue 40–100 abandoned · TimedOut at 100: queue: took longer than 100ms (--max-time)
        #3 dns 0–40 · queue 40–100 abandoned · TimedOut at 100: queue: took longer than 100ms (--max-time)
        c1 a.test:80 · connect 40–60 · close 100–120 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

// Broken answers.

#[tokio::test(start_paused = true)]
async fn a_head_that_is_cut_short_is_a_failure_but_over_http() {
    let cut = || Page::answer(50, "HTTP/1.1 200 OK\r\nX: y\r\nContent-Le").close();
    let script = Script::usual().page("/1", cut());
    let ran = run_for(&["https://b.test/1"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–80 · send 80 · wait 80–150 · receive 150 failed · CutShort at 150: receive: the server closed the connection
    "#]].assert_eq(&ran.requests());
    let ran = one(cut()).await;
    check(&ran.events);
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! the server closed the connection within the headers, after 33 bytes; the lines that came whole are taken for all, as browsers do over http
        130 #1 cache: stored: stale from the start (no lifetime)
    "#]].assert_eq(&ran.remarks());
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 0 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130 · by server: the end of the body was the end of the connection
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_short_is_a_failure() {
    let ran = one(
        Page::answer(50, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
            .wait(10)
            .close(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–140 failed · 5 bytes · CutShort at 140: receive: the server closed the connection after 5 of 9 bytes of the body
        c1 a.test:80 · connect 40–60 · close 140 · by server: the server closed the connection after 5 of 9 bytes of the body
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn chunks_that_are_cut_short_are_a_failure() {
    let ran = one(Page::answer(
        50,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    )
    .wait(10)
    .close())
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–140 failed · 3 bytes · CutShort at 140: receive: the server closed the connection before the last chunk, after 3 bytes of the body
        c1 a.test:80 · connect 40–60 · close 140 · by server: the server closed the connection before the last chunk, after 3 bytes of the body
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_reset_while_waiting_is_a_failure() {
    let ran = one(Page::default().wait(50).reset()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 failed · Reset at 130: wait: the server reset the connection
        c1 a.test:80 · connect 40–60 · close 130 · by server: the server reset the connection
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_reset_in_the_body_is_a_failure() {
    let ran = one(
        Page::answer(50, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
            .wait(10)
            .reset(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–140 failed · 5 bytes · Reset at 140: receive: the server reset the connection
        c1 a.test:80 · connect 40–60 · close 140 · by server: the server reset the connection
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn rubbish_is_a_failure_but_on_port_80() {
    let rubbish = || Page::answer(50, "220 ready for mail\r\n").close();
    let script = Script::usual().page("/1", rubbish());
    let ran = run_for(&["http://a.test:81/1"], script).await;
    check(&ran.events);
    expect![[r##"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · receive 130 failed · Protocol at 130: receive: the answer is not HTTP: it begins with "220 ready for mail\r\n"
    "##]].assert_eq(&ran.requests());
    let ran = one(rubbish()).await;
    check(&ran.events);
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! the answer has no status line; as browsers do on port 80, all of it is taken for the body (HTTP/0.9)
        130 #1 cache: stored: stale from the start (no lifetime)
    "#]].assert_eq(&ran.remarks());
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 20 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130 · by server: the end of the body was the end of the connection
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_certificate_for_another_host_is_a_failure() {
    let script = Script::usual().dial("10.0.0.1", Dial::Opens(20));
    let ran = run_for(&["https://10.0.0.1/"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 queue 0–40 failed · Certificate at 40: tls: the certificate is not for 10.0.0.1, but for a.test, b.test, c.test, www.site.test and 1 more
        c1 10.0.0.1:443 · connect 0–20 · tls 20–40 failed · unopened: tls: the certificate is not for 10.0.0.1, but for a.test, b.test, c.test, www.site.test and 1 more
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_megabyte_of_headers_is_too_much() {
    let ran = one(Page::answer(
        50,
        format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
    ))
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · receive 130 failed · TooBig at 130: receive: the headers are larger than 262144 bytes, which is as much as is read
        c1 a.test:80 · connect 40–60 · close 130 · by us: the headers are larger than 262144 bytes, which is as much as is read
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn headers_without_end_are_too_much() {
    let ran =
        one(Page::answer(50, "HTTP/1.1 200 OK\r\n").endless("X: y\r\n".repeat(1000), 10)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · receive 130–570 failed · TooBig at 570: receive: the headers are larger than 262144 bytes, which is as much as is read
        c1 a.test:80 · connect 40–60 · close 570–590 · by us: the headers are larger than 262144 bytes, which is as much as is read
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn interim_answers_without_end_are_too_much() {
    let ran = one(Page::default().endless("HTTP/1.1 100 Continue\r\n\r\n", 10)).await;
    check(&ran.events);
    expect![[r#"
        c1 a.test:80 · connect 40–60 · close 410–430 · by us: the server sent more than 32 interim answers
    "#]].assert_eq(&ran.connections());
}

#[tokio::test(start_paused = true)]
async fn a_body_without_end_is_kept_up_to_the_limit_and_ended_by_the_time() {
    let settings = Settings {
        max_body: 1000,
        max_time: Some(Duration::from_secs(1)),
        ..Settings::default()
    };
    let page = Page::answer(50, "HTTP/1.1 200 OK\r\n\r\n").endless([b'x'; 100], 10);
    let script = Script::usual().page("/", page);
    let ran = run(&["http://a.test/"], script, settings).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130–1000 abandoned · 1000+ bytes · TimedOut at 1000: receive: took longer than 1s (--max-time)
        c1 a.test:80 · connect 40–60 · close 1000–1020 · by us: its request was given up half-way
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn more_body_than_is_kept_is_counted() {
    let settings = Settings {
        max_body: 3,
        ..Settings::default()
    };
    let ran = run(&["http://a.test/"], Script::usual(), settings).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 3+ bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

// Redirects.

#[tokio::test(start_paused = true)]
async fn a_redirect_is_followed_on_the_same_connection() {
    let script = Script::usual().page(
        "/x/1",
        Page::answer(
            50,
            "HTTP/1.1 302 Found\r\nLocation: ../2?q\r\nContent-Length: 0\r\n\r\n",
        ),
    );
    let ran = run_for(&["http://a.test/x/1#part"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130 · 0 bytes · answered
        #2 c1 again · queue 130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 GET http://a.test/x/1#part Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #2 GET http://a.test/2?q#part Redirected { from: RequestId(1) }
        130 #1 cache: not stored: 302 without a lifetime
        130 #2 cache: nothing stored for this URL
        130 #2 [10.0.0.1] kept for 90 of 60000
        200 #2 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_post_is_followed_by_a_get_after_303_and_by_a_post_after_307() {
    let script = Script::usual()
        .page(
            "/303",
            Page::answer(
                50,
                "HTTP/1.1 303 Found\r\nLocation: /1#own\r\nContent-Length: 0\r\n\r\n",
            ),
        )
        .page(
            "/307",
            Page::answer(
                50,
                "HTTP/1.1 307 Found\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n",
            ),
        );
    let commands = vec![
        (0, method("POST", "http://a.test/303#mine")),
        (0, method("POST", "http://a.test/307")),
        (500, method("HEAD", "http://a.test/303")),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        1 a.test POST /303
        2 a.test POST /307
        1 a.test GET /1
        2 a.test POST /2
        2 a.test HEAD /303
        2 a.test HEAD /1
    "#]]
    .assert_eq(&ran.seen());
    let mut targets = Vec::new();
    for event in &ran.events {
        if let Fact::RequestPlanned {
            url,
            because: Because::Redirected { from },
            ..
        } = &event.fact
        {
            targets.push((*from, url.to_string()));
        }
    }
    let of = |from, url: &str| (RequestId(from), url.to_owned());
    assert_eq!(
        targets,
        [
            of(1, "http://a.test/1#own"),
            of(2, "http://a.test/2"),
            of(5, "http://a.test/1#own")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_another_host_starts_over() {
    let script = Script::usual().page(
        "/1",
        Page::answer(
            50,
            "HTTP/1.1 302 Found\r\nLocation: http://b.test/2\r\nContent-Length: 0\r\n\r\n",
        ),
    );
    let ran = run_for(&["http://a.test/1"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130 · 0 bytes · answered
        #2 dns 130–170 · c2 · queue 170–190 · send 190 · wait 190–260 · 200 · receive 260 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 260–280 · by us: the run was over
        c2 b.test:80 · connect 170–190 · close 260–280 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn twenty_redirects_are_followed_and_no_more() {
    let script = Script::usual().page(
        "/",
        Page::answer(
            0,
            "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        ),
    );
    let ran = run_for(&["http://a.test/"], script).await;
    assert_eq!(ran.log.served.len(), 21);
    let lines = ran.requests();
    let last = lines.lines().next_back().unwrap_or_default();
    check(&ran.events);
    expect!["#21 c1 again · queue 460 · send 460 · wait 460–480 · 302 · receive 480 · 0 bytes · Redirect at 480: receive: the 20th redirect in a row led back to what #1 asked for: they go round in a circle"].assert_eq(last);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_something_else_than_http_is_a_failure() {
    let script = Script::usual()
        .page(
            "/1",
            Page::answer(
                50,
                "HTTP/1.1 302 Found\r\nLocation: ftp://a.test/\r\nContent-Length: 0\r\n\r\n",
            ),
        )
        .page(
            "/2",
            Page::answer(
                50,
                "HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
            ),
        );
    let ran = many(numbered("a.test", 2), script, Settings::default()).await;
    check(&ran.events);
    expect![[r##"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130 · 0 bytes · Redirect at 130: receive: the redirect leads to ftp:, which is not fetched
        #2 dns 0–40 · c2 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130 · 0 bytes · Redirect at 130: receive: the redirect leads to "http://[", which is no URL: invalid IPv6 address
    "##]].assert_eq(&ran.requests());
}

#[tokio::test(start_paused = true)]
async fn a_redirect_in_utf_8_leads_where_it_says() {
    let script = Script::usual().page(
        "/1",
        Page::answer(
            50,
            "HTTP/1.1 302 Found\r\nLocation: /höher\r\nContent-Length: 0\r\n\r\n",
        ),
    );
    let ran = run_for(&["http://a.test/1"], script).await;
    check(&ran.events);
    expect![[r#"
        1 a.test GET /1
        1 a.test GET /h%C3%B6her
    "#]]
    .assert_eq(&ran.seen());
}

// The cache.

#[tokio::test(start_paused = true)]
async fn a_fresh_answer_is_used_again_and_a_forbidden_one_is_not() {
    let kept = "HTTP/1.1 200 OK\r\nCache-Control: max-age=10\r\nContent-Length: 5\r\n\r\nhello";
    let script = Script::usual().page("/1", Page::answer(50, kept)).page(
        "/2",
        Page::answer(50, kept.replace("max-age=10", "no-store")),
    );
    let urls = ["http://a.test/1", "http://a.test/2"];
    let commands = vec![
        (0, fetch(&urls)),
        (1000, fetch(&urls)),
        (20_000, fetch(&["http://a.test/1"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #3 200 · 5 bytes · stored
        #4 c2 again · queue 1000 · send 1000 · wait 1000–1070 · 200 · receive 1070 · 5 bytes · answered
        #5 c2 again · queue 20000 · send 20000 · wait 20000–20070 · 200 · receive 20070 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
    expect![[r#"
        0 #1 GET http://a.test/1 Typed
        0 #2 GET http://a.test/2 Typed
        0 #1 cache: nothing stored for this URL
        0 #2 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: Opening
        130 #1 cache: stored: fresh for 10 s (max-age)
        130 #2 cache: not stored: no-store
        1000 #3 GET http://a.test/1 Typed
        1000 #4 GET http://a.test/2 Typed
        1000 #3 cache: fresh: age 0 s < max-age 10
        1000 #4 cache: nothing stored for this URL
        1000 #4 [10.0.0.1] kept for 960 of 60000
        1070 #4 cache: not stored: no-store
        20000 #5 GET http://a.test/1 Typed
        20000 #5 cache: stale since 9 s, and there is nothing to validate it with: asked anew
        20000 #5 [10.0.0.1] kept for 19960 of 60000
        20070 #5 cache: stored: fresh for 10 s (max-age)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_stored_redirect_is_followed() {
    let page = Page::answer(
        50,
        "HTTP/1.1 301 Moved\r\nCache-Control: max-age=10\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n",
    );
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (1000, fetch(&["http://a.test/1"])),
    ];
    let ran = run_commands(
        commands,
        Script::usual().page("/1", page),
        Settings::default(),
    )
    .await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 301 · receive 130 · 0 bytes · answered
        #2 c1 again · queue 130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        #3 301 · 0 bytes · stored
        #4 c1 again · queue 1000 · send 1000 · wait 1000–1070 · 200 · receive 1070 · 5 bytes · answered
    "#]].assert_eq(&ran.requests());
}

// Giving up.

#[tokio::test(start_paused = true)]
async fn a_request_given_up_in_line_lets_the_next_one_forward() {
    let commands = vec![
        (
            0,
            fetch(&["http://a.test/1", "http://a.test/2", "http://a.test/3"]),
        ),
        (100, cancel(2)),
    ];
    let ran = run_commands(commands, Script::usual(), narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #2 dns 0–40 · queue 40–100 abandoned · Cancelled at 100: queue: given up when asked to
        #3 dns 0–40 · c1 again · queue 40–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_request_given_up_while_its_connection_opens_leaves_it_to_the_next() {
    let commands = vec![
        (0, fetch(&["http://a.test/1", "http://a.test/2"])),
        (50, cancel(1)),
    ];
    let ran = run_commands(commands, Script::usual(), narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–50 abandoned · Cancelled at 50: queue: given up when asked to
        #2 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_opens_for_nobody_is_kept_for_later() {
    let commands = vec![
        (0, fetch(&["http://a.test/1"])),
        (50, cancel(1)),
        (100, fetch(&["http://a.test/2"])),
    ];
    let ran = run_commands(commands, Script::usual(), Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · queue 40–50 abandoned · Cancelled at 50: queue: given up when asked to
        #2 c1 · queue 100 · send 100 · wait 100–170 · 200 · receive 170 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 170–190 · by us: the run was over
    "#]]
    .assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_request_given_up_while_waiting_costs_the_connection_but_not_the_place() {
    let commands = vec![
        (0, fetch(&["http://a.test/1", "http://a.test/2"])),
        (100, cancel(1)),
    ];
    let ran = run_commands(commands, Script::usual(), narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–100 abandoned · Cancelled at 100: wait: given up when asked to
        #2 dns 0–40 · c2 · queue 40–120 · send 120 · wait 120–190 · 200 · receive 190 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 100–120 · by us: its request was given up half-way
        c2 a.test:80 · connect 100–120 · close 190–210 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_request_given_up_while_receiving_costs_the_connection_but_not_the_place() {
    let page = Page::answer(10, "HTTP/1.1 200 OK\r\n\r\n").endless("x", 10);
    let script = Script::usual().page("/1", page);
    let commands = vec![
        (0, fetch(&["http://a.test/1", "http://a.test/2"])),
        (200, cancel(1)),
    ];
    let ran = run_commands(commands, script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–90 · 200 · receive 90–200 abandoned · 11 bytes · Cancelled at 200: receive: given up when asked to
        #2 dns 0–40 · c2 · queue 40–220 · send 220 · wait 220–290 · 200 · receive 290 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 200–220 · by us: its request was given up half-way
        c2 a.test:80 · connect 200–220 · close 290–310 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_request_given_up_while_its_name_is_asked_for_is_over_at_once() {
    let commands = vec![(0, fetch(&["http://a.test/1"])), (20, cancel(1))];
    let ran = run_commands(commands, Script::usual(), Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–20 abandoned · Cancelled at 20: dns: given up when asked to
    "#]]
    .assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn stopping_in_the_middle_ends_everything() {
    let list = [
        "http://a.test/1",
        "http://a.test/2",
        "https://b.test/3",
        "http://c.test/4",
    ];
    let script = Script::usual().dial("10.0.0.3", Dial::Never);
    let commands = vec![(0, fetch(&list)), (100, Command::Stop)];
    let ran = run_commands(commands, script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–100 abandoned · Cancelled at 100: wait: given up when asked to
        #2 dns 0–40 · queue 40–100 abandoned · Cancelled at 100: queue: given up when asked to
        #3 dns 0–40 · c2 · queue 40–80 · send 80 · wait 80–100 abandoned · Cancelled at 100: wait: given up when asked to
        #4 dns 0–40 · queue 40–100 abandoned · Cancelled at 100: queue: given up when asked to
        c1 a.test:80 · connect 40–60 · close 100–120 · by us: its request was given up half-way
        c2 b.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 100–120 · by us: its request was given up half-way
        c3 c.test:80 · connect 40–100 abandoned · unopened: connect: the run ended before it was open
    "#]].assert_eq(&ran.timelines());
}

/// A run with a bit of everything: names, two hosts, TLS, turns, reuse, a redirect, a body in
/// pieces, a refused address, a connection that dies.
fn everything() -> (Vec<&'static str>, Script) {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    let moved = "HTTP/1.1 302 Found\r\nLocation: https://c.test/\r\nContent-Length: 0\r\n\r\n";
    let script = Script::usual()
        .name("b.test", &["10.0.1.1", "10.0.0.2"], 30, 60)
        .dial("10.0.1.1", Dial::Refuses(15))
        .page("/slow", Page::answer(10, head).slowly("012345678", 3, 10))
        .page("/moved", Page::answer(10, moved))
        .page("/dies", Page::default().wait(5).close())
        .page("/dies", Page::hello(10));
    let urls = vec![
        "http://a.test/slow",
        "http://a.test/moved",
        "http://a.test/dies",
        "http://a.test/last",
        "https://b.test/slow",
        "https://b.test/moved",
        "http://localhost/",
    ];
    (urls, script)
}

fn last_millis(ran: &Ran) -> u64 {
    ran.events.last().unwrap().at.0 / 1_000_000
}

/// Every millisecond in which something happens, and the one after it.
fn moments(ran: &Ran) -> BTreeSet<u64> {
    let millis = ran.events.iter().map(|event| event.at.0 / 1_000_000);
    millis.flat_map(|millis| [millis, millis + 1]).collect()
}

/// Gives `command` at every moment of the run of everything.
async fn interrupted(command: Command, limits: (usize, usize)) {
    let settings = narrow(limits.0, limits.1);
    let (urls, script) = everything();
    let whole = run(&urls, script, settings.clone()).await;
    check(&whole.events);
    for millis in moments(&whole) {
        let (urls, script) = everything();
        let commands = vec![(0, fetch(&urls)), (millis, command.clone())];
        let ran = run_commands(commands, script, settings.clone()).await;
        check(&ran.events);
        let open = ran.log.open;
        assert_eq!(open, 0, "still open after {command:?} at {millis}");
        let late = last_millis(&ran).saturating_sub(last_millis(&whole).max(millis));
        assert!(late <= 100, "{command:?} at {millis}: {late} ms longer");
    }
}

#[tokio::test(start_paused = true)]
async fn the_run_of_everything_goes_as_the_script_says() {
    let (urls, script) = everything();
    let ran = run(&urls, script, narrow(1, 256)).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c3 · queue 40–60 · send 60 · wait 60–90 · 200 · receive 90–120 · 9 bytes · answered
        #2 dns 0–40 · c3 again · queue 40–120 · send 120 · wait 120–150 · 302 · receive 150 · 0 bytes · answered
        #3 dns 0–40 · c3 again · queue 40–150 · send 150 · wait 150–175 failed · once more, as wait: the server closed the connection without an answer · c4 again · queue 175–265 · send 265 · wait 265–295 · 200 · receive 295 · 5 bytes · answered
        #4 dns 0–40 · c4 · queue 40–195 · send 195 · wait 195–265 · 200 · receive 265 · 5 bytes · answered
        #5 dns 0–30 · c2 · queue 30–85 · send 85 · wait 85–115 · 200 · receive 115–145 · 9 bytes · answered
        #6 dns 0–30 · c2 again · queue 30–145 · send 145 · wait 145–175 · 302 · receive 175 · 0 bytes · answered
        #7 c1 · queue 0–20 · send 20 · wait 20–90 · 200 · receive 90 · 5 bytes · answered
        #8 dns 150–190 · c5 · queue 190–230 · send 230 · wait 230–300 · 200 · receive 300 · 5 bytes · answered
        #9 cache 175–300 · c5 again · queue 300 · send 300 · wait 300–370 · 200 · receive 370 · 5 bytes · answered
        c1 localhost:80 · connect 0–20 · close 370–390 · by us: the run was over
        c2 b.test:443 · not 10.0.1.1 at 45 · connect 30–65 · TLS 1.3 · tls 65–85 · close 370–390 · by us: the run was over
        c3 a.test:80 · connect 40–60 · close 175 · by server: the server closed the connection without an answer
        c4 a.test:80 · connect 175–195 · close 370–390 · by us: the run was over
        c5 c.test:443 · connect 190–210 · TLS 1.3 · tls 210–230 · close 370–390 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn the_same_script_gives_the_same_facts() {
    let told = async |limits: (usize, usize)| {
        let (urls, script) = everything();
        let mut events = run(&urls, script, narrow(limits.0, limits.1)).await.events;
        // The first fact has the time of day in it.
        events.remove(0);
        events
    };
    for limits in [(1, 2), (2, 256), (6, 3)] {
        assert_eq!(told(limits).await, told(limits).await);
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_at_any_moment_ends_every_stage_and_every_connection() {
    for limits in [(1, 2), (6, 256)] {
        interrupted(Command::Stop, limits).await;
    }
}

#[tokio::test(start_paused = true)]
async fn giving_all_up_at_any_moment_ends_every_stage() {
    for limits in [(1, 2), (6, 256)] {
        interrupted(Command::CancelAll, limits).await;
    }
}

#[tokio::test(start_paused = true)]
async fn giving_one_up_at_any_moment_leaves_the_others_their_turn() {
    for request in 1..=4 {
        interrupted(cancel(request), (1, 2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_at_any_moment_still_ends_every_stage() {
    let (urls, script) = everything();
    let whole = run(&urls, script, narrow(1, 2)).await;
    for millis in moments(&whole) {
        let (urls, script) = everything();
        let events = run_dropped(&urls, script, narrow(1, 2), millis).await;
        check_cut(&events);
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_as_a_connection_fails_opens_no_other() {
    let script = Script::usual().dial("10.0.0.1", Dial::Refuses(20));
    let list = numbered("a.test", 4);
    let urls: Vec<&str> = list.iter().map(String::as_str).collect();
    let commands = vec![(0, fetch(&urls)), (60, Command::Stop)];
    let ran = run_commands(commands, script, narrow(1, 256)).await;
    check(&ran.events);
    assert_eq!(last_millis(&ran), 60);
}
