//! What requests say, over the simulated network: headers, bodies, redirects, cache modes.

use std::sync::Arc;

use netwaterfall::engine::Settings;
use netwaterfall::event::{
    Because, Command, Ending, Fact, FailureKind, RequestId, Verdict, Wanted,
};
use netwaterfall::message::{CacheMode, Credentials, Payload, RedirectMode};

use crate::sim::{Page, Ran, Script, check, run_commands};

const OK: &str = "HTTP/1.1 200 OK\r\nCache-Control: max-age=1\r\nContent-Length: 5\r\n\r\nhello";

fn wanted(method: &str, url: &str) -> Wanted {
    Wanted::plain(
        method.parse().unwrap(),
        url.parse().unwrap(),
        Because::Typed,
    )
}

fn with_body(mut wanted: Wanted) -> Wanted {
    wanted.saying.payload = Some(Payload {
        bytes: Arc::from(&b"a=1"[..]),
        media_type: Some("text/plain".into()),
    });
    wanted
}

/// Each after the other, a second apart.
async fn said(list: Vec<Wanted>, script: Script) -> Ran {
    let at = |(n, wanted): (u64, Wanted)| (n * 1_000, Command::Fetch(vec![wanted]));
    let commands = (0_u64..).zip(list).map(at).collect();
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    ran
}

fn redirect(status: u16, to: &str) -> Page {
    let head = format!("HTTP/1.1 {status} X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
    Page::answer(10, head)
}

fn verdict(ran: &Ran, request: u32) -> &Verdict {
    let ended = ran.events.iter().find_map(|event| match &event.fact {
        Fact::RequestEnded {
            request: id,
            verdict,
        } if *id == RequestId(request) => Some(verdict),
        _ => None,
    });
    ended.unwrap()
}

fn failed_as(ran: &Ran, request: u32) -> FailureKind {
    match verdict(ran, request) {
        Verdict::Failed(failure) => failure.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn headers_and_body_go_out_as_given() {
    let mut put = with_body(wanted("PUT", "http://me:you@a.test/x"));
    put.saying.say("X-Own", "1").unwrap();
    put.saying.say("user-agent", "mine").unwrap();
    put.saying.without.push("Accept".into());
    let ran = said(vec![put, wanted("GET", "http://a.test/y")], Script::usual()).await;
    assert_eq!(
        ran.log.heard.first().unwrap(),
        "PUT /x HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\
         user-agent: mine\r\nContent-Type: text/plain\r\nAccept-Encoding: gzip, deflate\r\n\
         Accept-Language: en-US,en;q=0.9\r\nX-Own: 1\r\nAuthorization: Basic bWU6eW91\r\n\r\na=1"
    );
    let told = ran.events.iter().find_map(|event| match &event.fact {
        Fact::RequestPlanned { url, .. } => Some(url.as_str()),
        _ => None,
    });
    assert_eq!(told, Some("http://a.test/x"));
    let automatic = ran.events.iter().find_map(|event| match &event.fact {
        Fact::RequestSent { head, bytes, .. } => Some((head.automatic.join(" "), *bytes)),
        _ => None,
    });
    let bytes = ran.log.heard.first().unwrap().len() as u64;
    let names = "Host Connection Content-Length Content-Type Accept-Encoding Accept-Language";
    assert_eq!(automatic, Some((names.to_owned(), bytes)));
    assert_eq!(ran.log.opened, 1);
}

#[tokio::test(start_paused = true)]
async fn secrets_stay_with_their_origin_and_bodies_go_where_the_method_goes() {
    let script = Script::usual()
        .page("/same", redirect(307, "/end"))
        .page("/other", redirect(308, "http://b.test/end"))
        .page("/get", redirect(302, "/end"));
    let secret = |url: &str| {
        let mut post = with_body(wanted("POST", url));
        for name in ["Authorization", "Cookie", "X-Own", "Content-Language"] {
            post.saying.say(name, "1").unwrap();
        }
        post
    };
    let list = ["same", "other", "get"].map(|page| secret(&format!("http://a.test/{page}")));
    let ran = said(list.to_vec(), script).await;
    let ends: Vec<_> = ran
        .log
        .heard
        .iter()
        .filter(|text| text.contains(" /end "))
        .collect();
    let [same, other, get] = ends.as_slice() else {
        panic!("{ends:?}")
    };
    assert!(
        same.starts_with("POST ") && same.ends_with("\r\na=1"),
        "{same}"
    );
    assert!(same.contains("Authorization: 1") && same.contains("Cookie: 1"));
    assert!(
        other.starts_with("POST ") && other.ends_with("\r\na=1"),
        "{other}"
    );
    assert!(!other.contains("Authorization") && !other.contains("Cookie"));
    assert!(other.contains("X-Own: 1") && other.contains("Host: b.test"));
    assert!(
        get.starts_with("GET ") && get.ends_with("\r\n\r\n"),
        "{get}"
    );
    assert!(get.contains("Authorization: 1") && !get.contains("Content-"));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_the_answer_or_a_failure_where_that_was_asked_for() {
    let script = Script::usual().page("/", redirect(302, "/end"));
    let list = [RedirectMode::Manual, RedirectMode::Error].map(|mode| Wanted {
        redirect: mode,
        ..wanted("GET", "http://a.test/")
    });
    let ran = said(list.to_vec(), script).await;
    assert_eq!(*verdict(&ran, 1), Verdict::Answered);
    assert_eq!(failed_as(&ran, 2), FailureKind::Redirect);
    assert_eq!(ran.log.served.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_two_places_is_a_failure() {
    let page = redirect(302, "/1\r\nLocation: /2");
    let script = Script::usual().page("/", page);
    let ran = said(vec![wanted("GET", "http://a.test/")], script).await;
    assert_eq!(failed_as(&ran, 1), FailureKind::Redirect);
}

#[tokio::test(start_paused = true)]
async fn each_cache_mode_does_what_it_says() {
    use CacheMode::{Default, ForceCache, NoCache, NoStore, OnlyIfCached, Reload};
    let script = Script::usual().page("/", Page::answer(10, OK));
    let modes = [
        OnlyIfCached,
        NoStore,
        OnlyIfCached,
        Default,
        ForceCache,
        OnlyIfCached,
        Default,
        Reload,
        NoCache,
    ];
    let list = modes.map(|cache| Wanted {
        cache,
        ..wanted("GET", "http://a.test/")
    });
    let ran = said(list.to_vec(), script).await;
    let how: Vec<_> = (1..=9)
        .map(|n| match verdict(&ran, n) {
            Verdict::Answered => "net",
            Verdict::Stored => "cache",
            Verdict::Failed(failure) if failure.kind == FailureKind::NotStored => "none",
            Verdict::Failed(failure) => panic!("{failure}"),
        })
        .collect();
    let expected = [
        "none", "net", "none", "net", "cache", "cache", "net", "net", "net",
    ];
    assert_eq!(how, expected);
    let asked_anew = |text: &&String| text.contains("Cache-Control: ");
    assert_eq!(ran.log.heard.iter().filter(asked_anew).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn ports_that_browsers_leave_alone_are_asked_only_where_that_is_allowed() {
    let list = [
        "http://a.test:25/",
        "http://a.test:6000/",
        "http://a.test/far",
    ];
    let wanted = list.map(|url| wanted("GET", url)).to_vec();
    let settings = Settings {
        allowed_ports: vec![6000],
        ..Settings::default()
    };
    let script = Script::usual().page("/far", redirect(302, "http://a.test:22/"));
    let commands = vec![(0, Command::Fetch(wanted))];
    let ran = run_commands(commands, script, settings).await;
    check(&ran.events);
    for request in [1, 4] {
        assert_eq!(failed_as(&ran, request), FailureKind::UnsafePort);
    }
    assert_eq!(*verdict(&ran, 2), Verdict::Answered);
    assert_eq!(
        *verdict(&ran, 3),
        Verdict::Answered,
        "what it leads to is another request"
    );
    let said =
        "browsers fetch nothing from port 25, which is for mail (SMTP) (--allow-port 25 does)";
    assert!(matches!(verdict(&ran, 1), Verdict::Failed(failure) if failure.words == said));
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_again_says_the_same_again() {
    let again = Wanted {
        because: Because::Again { of: RequestId(1) },
        ..wanted("POST", "http://a.test/")
    };
    let list = vec![with_body(wanted("POST", "http://me@a.test/")), again];
    let ran = said(list, Script::usual()).await;
    let [first, second] = ran.log.heard.as_slice() else {
        panic!("{:?}", ran.log.heard)
    };
    assert_eq!(first, second);
    assert!(first.contains("Authorization: Basic bWU6"));
}

#[tokio::test(start_paused = true)]
async fn a_request_without_credentials_shares_no_connection_with_one_that_has_them() {
    use Credentials::{Include, Omit, SameOrigin};
    let list = [Include, Omit, SameOrigin, Omit].map(|credentials| Wanted {
        credentials,
        ..wanted("GET", "http://a.test/")
    });
    let headers = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 5\r\n\r\nhello";
    let script = Script::usual().page("/", Page::answer(10, headers));
    let ran = said(list.to_vec(), script).await;
    let on: Vec<_> = ran.log.served.iter().map(|(on, ..)| *on).collect();
    assert_eq!(on, [1, 2, 1, 2]);
    let groups = ran.events.iter().filter_map(|event| match &event.fact {
        Fact::ConnectionPlanned { group, .. } => Some(group.to_string()),
        _ => None,
    });
    let groups: Vec<_> = groups.collect();
    assert_eq!(groups, ["a.test:80", "a.test:80 without credentials"]);
}

/// RFC 9112 §9.6: after it has said so, a client asks nothing more on the connection.
#[tokio::test(start_paused = true)]
async fn a_request_that_says_close_is_the_last_on_its_connection() {
    let mut last = wanted("GET", "http://a.test/1");
    last.saying.say("Connection", "close").unwrap();
    let next = wanted("GET", "http://a.test/2");
    let script = Script::usual()
        .page("/1", Page::answer(10, OK))
        .page("/2", Page::answer(10, OK));
    let ran = said(vec![last, next], script).await;
    assert_eq!(*verdict(&ran, 2), Verdict::Answered);
    let granted = ran.events.iter().filter_map(|event| match event.fact {
        Fact::ConnectionGranted { connection, .. } => Some(connection.0),
        _ => None,
    });
    assert_eq!(granted.collect::<Vec<_>>(), [1, 2]);
    let endings = ran.events.iter().find_map(|event| match &event.fact {
        Fact::ConnectionEnded { ending, .. } => Some(ending.clone()),
        _ => None,
    });
    let words = "the request said Connection: close".to_owned();
    assert_eq!(endings, Some(Ending::ByUs { words }));
}

/// Whatever of a body is over would be the beginning of the next request (RFC 9112 §11.2).
#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_a_body_that_is_not_as_long_as_was_said() {
    for (name, value) in [("Content-Length", "2"), ("Transfer-Encoding", "chunked")] {
        let mut wrong = with_body(wanted("POST", "http://a.test/1"));
        wrong.saying.say(name, value).unwrap();
        let next = wanted("GET", "http://a.test/2");
        let script = Script::usual()
            .page("/1", Page::answer(10, OK))
            .page("/2", Page::answer(10, OK));
        let ran = said(vec![wrong, next], script).await;
        let ending = ran.events.iter().find_map(|event| match &event.fact {
            Fact::ConnectionEnded { ending, .. } => Some(ending.clone()),
            _ => None,
        });
        let words = "the request was wrong about where its body ends".to_owned();
        assert_eq!(ending, Some(Ending::ByUs { words }), "{name}");
        let remark = ran.events.iter().find_map(|event| match &event.fact {
            Fact::Remarked { words, .. } => Some(words.as_str()),
            _ => None,
        });
        assert!(
            remark
                .unwrap()
                .starts_with("what the request says of its body's length")
        );
    }
}

/// RFC 9110 §10.1.1: where there is no body, none is expected.
#[tokio::test(start_paused = true)]
async fn an_expectation_stays_behind_with_its_body() {
    let mut first = with_body(wanted("POST", "http://a.test/1"));
    first.saying.say("Expect", "100-continue").unwrap();
    let script = Script::usual()
        .page("/1", redirect(303, "/2"))
        .page("/2", Page::answer(10, OK));
    let ran = said(vec![first], script).await;
    assert_eq!(*verdict(&ran, 2), Verdict::Answered);
    let heads = ran.events.iter().filter_map(|event| match &event.fact {
        Fact::RequestSent { head, .. } => Some(head.headers.first("expect").is_some()),
        _ => None,
    });
    assert_eq!(heads.collect::<Vec<_>>(), [true, false]);
}
