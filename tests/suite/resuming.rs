//! Downloads that are cut and taken up again.

use expect_test::expect;
use netwaterfall::engine::Settings;
use netwaterfall::event::Fact;

use crate::sim::{Page, Ran, Script, check, fetch, run_commands};

const CUT: &str = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 11\r\n\r\nhello ";
const REST: &str = "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 6-10/11\r\n\
                    Content-Length: 5\r\n\r\nworld";

/// Fetches a page that is each of these, one after the other; a page is cut where it ends.
async fn fetched(pages: &[&str], is_asked: bool) -> Ran {
    let settings = Settings {
        resume: is_asked,
        ..Settings::default()
    };
    let mut script = Script::usual();
    for page in pages {
        script = script.page("/", Page::answer(50, page).close());
    }
    let ran = run_commands(vec![(0, fetch(&["http://a.test/"]))], script, settings).await;
    check(&ran.events);
    ran
}

/// The body of the last request, as it was kept.
fn body(ran: &Ran) -> String {
    let mut bodies = ran.events.iter().filter_map(|event| match &event.fact {
        Fact::BodyKept { body, .. } => body.content.clone(),
        _ => None,
    });
    String::from_utf8(bodies.next_back().unwrap().0.to_vec()).unwrap()
}

fn asked(ran: &Ran) -> String {
    let last = ran.log.heard.last().unwrap();
    let lines = last
        .lines()
        .filter(|line| line.contains("ange: ") || line.contains("Encoding"));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(start_paused = true)]
async fn the_rest_is_asked_for_and_joined() {
    let ran = fetched(&[CUT, REST], true).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 failed · 6 bytes · answered
        #2 c2 · queue 130–150 · send 150 · wait 150–220 · 206 · receive 220 · 11 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130 · by server: the server closed the connection after 6 of 11 bytes of the body
        c2 a.test:80 · connect 130–150 · close 220 · by server: while it was idle
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! the server closed the connection after 6 of 11 bytes of the body; the rest is asked for, from byte 6 on
        130 #2 GET http://a.test/ Resumed { from: RequestId(1) }
        130 #1 cache: not stored: not all of the body was kept
        130 #2 cache: not asked: the request has a condition of its own, If-Range
        130 #2 [10.0.0.1] kept for 90 of 60000
        130 #2 queued behind 0: Opening
        220 #2 cache: not stored: the request has a condition of its own
    "#]].assert_eq(&ran.remarks());
    expect![[r#"
        Accept-Encoding: gzip, deflate
        If-Range: "v1"
        Range: bytes=6-"#]]
    .assert_eq(&asked(&ran));
    assert_eq!(body(&ran), "hello world");
}

#[tokio::test(start_paused = true)]
async fn a_rest_that_is_cut_is_taken_up_again() {
    let third = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 8-10/11\r\nContent-Length: 3\r\n\r\nrld";
    let ran = fetched(&[CUT, REST.strip_suffix("rld").unwrap(), third], true).await;
    assert_eq!(body(&ran), "hello world");
    assert_eq!(ran.log.heard.len(), 3);
    expect![[r#"
        Accept-Encoding: gzip, deflate
        If-Range: "v1"
        Range: bytes=8-"#]]
    .assert_eq(&asked(&ran));
}

#[tokio::test(start_paused = true)]
async fn what_has_changed_comes_whole() {
    let whole = "HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nContent-Length: 3\r\n\r\nnew";
    let ran = fetched(&[CUT, whole], true).await;
    assert_eq!(body(&ran), "new");
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! the server closed the connection after 6 of 11 bytes of the body; the rest is asked for, from byte 6 on
        130 #2 GET http://a.test/ Resumed { from: RequestId(1) }
        130 #1 cache: not stored: not all of the body was kept
        130 #2 cache: not asked: the request has a condition of its own, If-Range
        130 #2 [10.0.0.1] kept for 90 of 60000
        130 #2 queued behind 0: Opening
        220 #2 ! the server sent all of it again: it has changed, or comes whole only
        220 #2 cache: not stored: the request has a condition of its own
    "#]].assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn another_part_is_not_joined() {
    let other = REST.replace("6-10", "5-10");
    let ran = fetched(&[CUT, &other], true).await;
    assert_eq!(body(&ran), "world");
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! the server closed the connection after 6 of 11 bytes of the body; the rest is asked for, from byte 6 on
        130 #2 GET http://a.test/ Resumed { from: RequestId(1) }
        130 #1 cache: not stored: not all of the body was kept
        130 #2 cache: not asked: the request has a condition of its own, If-Range
        130 #2 [10.0.0.1] kept for 90 of 60000
        130 #2 queued behind 0: Opening
        220 #2 ! the server sent another part than was asked for: "bytes 5-10/11"
        220 #2 cache: not stored: the request has a condition of its own
    "#]].assert_eq(&ran.remarks());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_up_that_may_be_another_thing() {
    let weak = CUT.replace("\"v1\"", "W/\"v1\"");
    let ran = fetched(&[&weak, REST], true).await;
    assert_eq!(ran.log.heard.len(), 1);
    expect![[r#"
        0 #1 GET http://a.test/ Typed
        0 #1 cache: nothing stored for this URL
        40 #1 [10.0.0.1] asked, good for 60000
        40 #1 queued behind 0: Opening
        130 #1 ! it is not taken up again: the server gave no strong ETag, so that the rest might be of something else
    "#]].assert_eq(&ran.remarks());
    let ran = fetched(&[CUT, REST], false).await;
    assert_eq!(ran.log.heard.len(), 1, "nobody asked for it");
}

#[tokio::test(start_paused = true)]
async fn it_is_taken_up_only_so_often() {
    let script: Vec<String> = (6..=9)
        .map(|from| {
            let range = format!("bytes {from}-10/11");
            format!("HTTP/1.1 206 Partial Content\r\nContent-Range: {range}\r\nContent-Length: 5\r\n\r\nx")
        })
        .collect();
    let mut pages = vec![CUT];
    pages.extend(script.iter().map(String::as_str));
    let nothing = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-10/11\r\nContent-Length: 1\r\n\r\n";
    pages.push(nothing);
    let ran = fetched(&pages, true).await;
    assert_eq!(ran.log.heard.len(), 6, "five times after the first");
    let last = ran.requests();
    expect!["#6 c6 · queue 490–510 · send 510 · wait 510–580 · 206 · receive 580 failed · 10 bytes · CutShort at 580: receive: the server closed the connection after 0 of 1 bytes of the body"].assert_eq(last.lines().last().unwrap());
}
