//! Bodies that go out: those that wait for a 100, and those that nobody wants.

use std::sync::Arc;

use expect_test::expect;
use netwaterfall::engine::Settings;
use netwaterfall::event::{Because, Command, Wanted};
use netwaterfall::message::Payload;

use crate::sim::{Page, Ran, Script, check, run, run_commands};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const NO: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
const GO_ON: &str = "HTTP/1.1 100 Continue\r\n\r\n";

/// Sends `bytes` to a server that does as `page` says, and then asks for something else.
async fn posted(bytes: usize, is_expecting: bool, page: Page) -> Ran {
    let post = Wanted::plain(
        "POST".parse().unwrap(),
        "http://a.test/to".parse().unwrap(),
        Because::Typed,
    );
    let mut post = post;
    post.saying.payload = Some(Payload {
        bytes: Arc::from(vec![b'x'; bytes]),
        media_type: None,
    });
    if is_expecting {
        post.saying.say("Expect", "100-continue").unwrap();
    }
    let next = Wanted::get("http://a.test/next".parse().unwrap(), Because::Typed);
    let mut settings = Settings::default();
    settings.limits.per_host = 1;
    let script = Script::usual().page("/to", page);
    let ran = run_commands(
        vec![(0, Command::Fetch(vec![post, next]))],
        script,
        settings,
    )
    .await;
    check(&ran.events);
    ran
}

#[tokio::test(start_paused = true)]
async fn a_body_waits_for_the_100() {
    let ran = posted(4, true, Page::answer(10, OK).first(GO_ON)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · 100 at 80 · send 60–80 · wait 80–110 · 200 · receive 110 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–110 · send 110 · wait 110–180 · 200 · receive 180 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 180–200 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    assert!(
        ran.log.heard[0].ends_with("Expect: 100-continue\r\n\r\nxxxx"),
        "{:?}",
        ran.log.heard
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_waits_for_a_second_and_no_longer() {
    let ran = posted(4, true, Page::answer(10, OK)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60–1060 · wait 1060–1090 · 200 · receive 1090 · 5 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–1090 · send 1090 · wait 1090–1160 · 200 · receive 1160 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 1160–1180 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 POST http://a.test/to Typed
        0 #2 GET http://a.test/next Typed
        0 #1 cache: not asked: only GET and HEAD are answered from the cache
        0 #2 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: HostFull { limit: 1 }
        1060 #1 ! the server said no 100 Continue within 1 s; the body was sent all the same
        1090 #1 cache: not stored: only answers to GET are
        1160 #2 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_wanted_is_not_sent() {
    let ran = posted(4, true, Page::refusal(NO)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · 413 · send 60–80 · receive 80 · 2 bytes · answered
        #2 dns 0–40 · c2 · queue 40–100 · send 100 · wait 100–170 · 200 · receive 170 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 80–1080 failed · by us: the request was not sent to its end
        c2 a.test:80 · connect 80–100 · close 170–190 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 POST http://a.test/to Typed
        0 #2 GET http://a.test/next Typed
        0 #1 cache: not asked: only GET and HEAD are answered from the cache
        0 #2 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: HostFull { limit: 1 }
        80 #1 ! the answer came when 0 of 4 bytes of the body were sent; the rest was left unsent
        80 #1 cache: not stored: only answers to GET are
        170 #2 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
    assert!(
        ran.log.heard.iter().all(|heard| !heard.contains("xxxx")),
        "{:?}",
        ran.log.heard
    );
}

#[tokio::test(start_paused = true)]
async fn a_large_body_goes_on_while_its_answer_comes() {
    let early = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    let ran = posted(1 << 20, false, Page::answer(10, "there").first(early)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–80 · 200 · receive 80–90 · 10 bytes · answered
        #2 dns 0–40 · c1 again · queue 40–90 · send 90 · wait 90–160 · 200 · receive 160 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 160–180 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 POST http://a.test/to Typed
        0 #2 GET http://a.test/next Typed
        0 #1 cache: not asked: only GET and HEAD are answered from the cache
        0 #2 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        40 #2 [10.0.0.1] shared, good for 60000
        40 #2 queued behind 1: HostFull { limit: 1 }
        90 #1 cache: not stored: only answers to GET are
        160 #2 cache: stored: stale from the start (no lifetime)
    "#]]
    .assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_up_unheard_is_heard_out() {
    let script = Script::usual()
        .parting(
            "10.0.0.1",
            "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nlast",
        )
        .parting("10.0.0.2", "");
    let urls = ["http://a.test/", "http://b.test/"];
    let ran = run(&urls, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · 503 · send 60–70 · receive 70 · 4 bytes · answered
        #2 dns 0–40 · c2 · queue 40–60 · send 60–70 failed · CutShort at 70: send: the server closed the connection
        c1 a.test:80 · connect 40–60 · close 70 · by us: the request was not sent to its end
        c2 b.test:80 · connect 40–60 · close 70 · by server: the server closed the connection
    "#]]
    .assert_eq(&ran.timelines());
    let remarks = ran.remarks();
    let words = "#1 ! the server answered and stopped listening before it had heard the request";
    assert!(remarks.contains(words), "{remarks}");
}
