//! What the engine does with stored answers: over the simulated network, in exact time.

use netwaterfall::engine::Settings;
use netwaterfall::event::{Because, CacheUse, Command, Fact, Replacement, Wanted};
use netwaterfall::message::CacheMode;

use crate::sim::{Page, Ran, Script, check, fetch, run_commands};

const URL: &str = "http://a.test/x";

/// An answer that says `lines` and has the body `hello`.
fn hello(lines: &str) -> Page {
    Page::answer(
        50,
        format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 5\r\n\r\nhello"),
    )
}

fn answer(head: &str) -> Page {
    Page::answer(50, format!("HTTP/1.1 {head}\r\n\r\n"))
}

/// Fetches the URL at each of these milliseconds.
async fn at(times: &[u64], script: Script) -> Ran {
    let commands = times.iter().map(|at| (*at, fetch(&[URL]))).collect();
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    ran
}

/// The URL is answered so, one page after the other.
fn pages(pages: impl IntoIterator<Item = Page>) -> Script {
    pages
        .into_iter()
        .fold(Script::usual(), |script, page| script.page("/x", page))
}

fn asked(url: &str, mode: CacheMode, lines: &[(&str, &str)]) -> Command {
    let mut wanted = Wanted::get(url.parse().unwrap(), Because::Typed);
    wanted.cache = mode;
    for (name, value) in lines {
        wanted.saying.say(name, value).unwrap();
    }
    Command::Fetch(vec![wanted])
}

/// What the cache said and made, a line each.
fn told(ran: &Ran) -> Vec<String> {
    let of_cache = |fact: &Fact| match fact {
        Fact::CacheAnswered { request, verdict } => Some(format!("{request} {}", verdict.words)),
        Fact::CacheWaited { request, of } => Some(format!("{request} waits for {of}")),
        Fact::CacheStored { request, words } => Some(format!("{request} {words}")),
        Fact::AnswerReplaced {
            request,
            replacement,
            head,
            body,
            ..
        } => {
            let (status, bytes) = (head.status, body.bytes);
            Some(format!(
                "{request} {replacement:?}: {status}, {bytes} bytes"
            ))
        }
        _ => None,
    };
    ran.events
        .iter()
        .filter_map(|event| of_cache(&event.fact))
        .collect()
}

/// What the server was asked, head by head: the values of these fields.
fn heard(ran: &Ran, names: &[&str]) -> Vec<Vec<String>> {
    let value = |head: &str, name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or_else(String::new, |(_, value)| value.to_owned())
    };
    let heads = ran.log.heard.iter();
    heads
        .map(|head| names.iter().map(|name| value(head, name)).collect())
        .collect()
}

// Validation.

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_validated_and_a_304_makes_it_fresh_again() {
    let first = "Cache-Control: max-age=10\r\nETag: \"a\"\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n";
    let script = pages([
        hello(&format!("{first}X: old\r\n")),
        answer("304 Not Modified\r\nETag: \"a\"\r\nX: new\r\nCache-Control: max-age=20"),
    ]);
    let ran = at(&[0, 20_000, 30_000], script).await;
    assert_eq!(
        told(&ran),
        [
            "#1 nothing stored for this URL",
            "#1 stored: fresh for 10 s (max-age)",
            "#2 stale since 9 s: asked with If-None-Match and If-Modified-Since",
            "#2 Validated: 200, 5 bytes",
            "#3 fresh: age 10 s < max-age 20",
        ]
    );
    let conditions = heard(&ran, &["If-None-Match", "If-Modified-Since"]);
    assert_eq!(conditions[1], ["\"a\"", "Mon, 01 Jan 2024 00:00:00 GMT"]);
    let news = ran.events.iter().find_map(|event| match &event.fact {
        Fact::AnswerReplaced { head, body, .. } => {
            let bytes = body.content.as_ref().unwrap().0.to_vec();
            Some((head.headers.first("x").map(str::to_owned), bytes))
        }
        _ => None,
    });
    assert_eq!(news.unwrap(), (Some("new".to_owned()), b"hello".to_vec()));
}

#[tokio::test(start_paused = true)]
async fn a_304_about_another_version_is_not_believed() {
    let script = pages([
        hello("Cache-Control: max-age=1\r\nETag: \"a\"\r\n"),
        answer("304 Not Modified\r\nETag: \"b\""),
        hello("ETag: \"b\"\r\n"),
    ]);
    let ran = at(&[0, 5_000], script).await;
    let conditions = heard(&ran, &["If-None-Match"]);
    assert_eq!(conditions, [[""], ["\"a\""], [""]]);
    assert_eq!(
        told(&ran).last().unwrap(),
        "#2 stored: validated at each use (no lifetime)"
    );
    let requests = ran.requests();
    let last = requests.lines().last().unwrap();
    assert!(
        last.contains("304") && last.contains("200") && last.ends_with("answered"),
        "{last}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_server_is_asked_which_variant_is_meant() {
    let vary = "Vary: Accept-Language\r\nCache-Control: max-age=100\r\n";
    let script = pages([
        hello(&format!("{vary}ETag: \"en\"\r\n")),
        hello(&format!("{vary}ETag: \"de\"\r\n")),
        answer("304 Not Modified\r\nETag: \"en\""),
    ]);
    let ask = |language| asked(URL, CacheMode::Default, &[("Accept-Language", language)]);
    let times = [
        (0, "en"),
        (1_000, "de"),
        (2_000, "en-GB"),
        (3_000, "en-GB"),
        (4_000, "DE"),
    ];
    let commands = times.map(|(at, language)| (at, ask(language))).into();
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let differs = "not used: Vary on accept-language differs; \
                   the server is asked with If-None-Match which one is meant";
    assert_eq!(
        told(&ran)[2..],
        [
            format!("#2 {differs}"),
            "#2 stored: fresh for 100 s (max-age)".to_owned(),
            format!("#3 {differs}"),
            "#3 Validated: 200, 5 bytes".to_owned(),
            "#4 fresh: age 1 s < max-age 100".to_owned(),
            "#5 fresh: age 3 s < max-age 100".to_owned(),
        ]
    );
    assert_eq!(heard(&ran, &["If-None-Match"])[2], ["\"de\", \"en\""]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_varies_on_everything_is_asked_about_each_time() {
    let vary = "Vary: *\r\nCache-Control: max-age=100\r\n";
    let script = pages([
        hello(&format!("{vary}ETag: \"one\"\r\n")),
        answer("304 Not Modified\r\nETag: \"one\""),
        hello(vary),
    ]);
    let ask = || asked(URL, CacheMode::Default, &[]);
    let commands = [0, 1_000, 2_000].map(|at| (at, ask())).into();
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let differs = "not used: Vary: * fits no request; \
                   the server is asked with If-None-Match which one is meant";
    assert_eq!(
        told(&ran)[2..],
        [
            format!("#2 {differs}"),
            "#2 Validated: 200, 5 bytes".to_owned(),
            format!("#3 {differs}"),
            "#3 not stored: Vary: * fits no later request, and no ETag lets the server say otherwise"
                .to_owned(),
        ]
    );
}

// Staleness.

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_used_while_another_request_brings_it_up_to_date() {
    let said = "Cache-Control: max-age=1, stale-while-revalidate=60\r\nETag: \"a\"\r\n";
    let fresh = "304 Not Modified\r\nCache-Control: max-age=100\r\nETag: \"a\"";
    let script = pages([hello(said), answer(fresh)]);
    let commands = vec![
        (0, fetch(&[URL])),
        (5_000, fetch(&[URL, URL])),
        (9_000, fetch(&[URL])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let stale = "stale since 3 s, used: stale-while-revalidate 60";
    assert_eq!(
        told(&ran)[2..],
        [
            format!("#2 {stale}"),
            format!("#3 {stale}"),
            "#4 used stale, and now brought up to date: asked with If-None-Match".to_owned(),
            "#4 Validated: 200, 5 bytes".to_owned(),
            "#5 fresh: age 4 s < max-age 100".to_owned(),
        ]
    );
    let is_behind = |fact: &Fact| matches!(fact, Fact::RequestPlanned { because: Because::Refreshing { of }, .. } if of.0 == 2);
    assert_eq!(
        ran.events
            .iter()
            .filter(|event| is_behind(&event.fact))
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_is_replaced_by_a_stale_answer_only_if_the_server_said_so() {
    let error = || answer("503 Busy\r\nContent-Length: 0");
    let said = |extra: &str| hello(&format!("Cache-Control: max-age=1{extra}\r\n"));
    let ran = at(&[0, 5_000], pages([said(", stale-if-error=60"), error()])).await;
    assert_eq!(told(&ran).last().unwrap(), "#2 Stale: 200, 5 bytes");
    let ran = at(&[0, 5_000], pages([said(""), error()])).await;
    assert_eq!(
        told(&ran).last().unwrap(),
        "#2 not stored: 503 without a lifetime"
    );
    let ran = at(&[0, 90_000], pages([said(", stale-if-error=60"), error()])).await;
    assert_eq!(
        told(&ran).last().unwrap(),
        "#2 not stored: 503 without a lifetime"
    );
}

#[tokio::test(start_paused = true)]
async fn when_nobody_can_be_asked_a_stale_answer_is_used_unless_that_is_forbidden() {
    let gone = || Page::default().close();
    let ran = at(
        &[0, 90_000],
        pages([hello("Cache-Control: max-age=1\r\n"), gone()]),
    )
    .await;
    assert_eq!(told(&ran).last().unwrap(), "#2 Stale: 200, 5 bytes");
    assert!(ran.requests().ends_with("stored\n"), "{}", ran.requests());
    for rule in ["max-age=1, must-revalidate", "max-age=1000, no-cache"] {
        let lines = format!("Cache-Control: {rule}\r\n");
        let ran = at(&[0, 90_000], pages([hello(&lines), gone()])).await;
        let made = ran.events.iter().find_map(|event| match &event.fact {
            Fact::AnswerReplaced {
                replacement, head, ..
            } => Some((*replacement, head.status)),
            _ => None,
        });
        assert_eq!(made, Some((Replacement::GatewayTimeout, 504)), "{rule}");
        assert!(ran.requests().ends_with("answered\n"), "{}", ran.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn offline_uses_whatever_is_stored_and_asks_nobody() {
    let script = pages([hello("Cache-Control: max-age=1\r\n")]);
    let settings = Settings {
        caching: CacheUse::Offline,
        ..Settings::default()
    };
    let commands = vec![(0, fetch(&[URL]))];
    let ran = run_commands(commands, script, settings).await;
    check(&ran.events);
    assert_eq!(told(&ran), ["#1 nothing stored for this URL"]);
    assert!(
        ran.log.asked.is_empty() && ran.requests().contains("offline"),
        "{}",
        ran.requests()
    );
}

// The modes of the Fetch standard.

#[tokio::test(start_paused = true)]
async fn each_mode_does_as_the_fetch_standard_says() {
    let script = || pages([hello("Cache-Control: max-age=10\r\nETag: \"a\"\r\n")]);
    for (mode, at, words) in [
        (CacheMode::NoStore, 1_000, "not asked: no-store"),
        (CacheMode::Reload, 1_000, "not asked: reload"),
        (
            CacheMode::NoCache,
            1_000,
            "the request is to be validated (no-cache): asked with If-None-Match",
        ),
        (
            CacheMode::ForceCache,
            99_000,
            "stale since 88 s, used all the same: force-cache",
        ),
        (
            CacheMode::OnlyIfCached,
            99_000,
            "stale since 88 s, used all the same: only-if-cached",
        ),
    ] {
        let commands = vec![(0, fetch(&[URL])), (at, asked(URL, mode, &[]))];
        let ran = run_commands(commands, script(), Settings::default()).await;
        check(&ran.events);
        assert_eq!(told(&ran)[2], format!("#2 {words}"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_request_says_of_its_own_age_is_heeded() {
    let script = || pages([hello("Cache-Control: max-age=10\r\nETag: \"a\"\r\n")]);
    for (said, at, words) in [
        (
            "max-age=3",
            9_000,
            "age 8 s, and the request says max-age=3: asked with If-None-Match",
        ),
        ("max-age=30", 9_000, "fresh: age 8 s < max-age 10"),
        (
            "min-fresh=5",
            9_000,
            "fresh for 1 s, and the request says min-fresh=5: asked with If-None-Match",
        ),
        (
            "max-stale",
            99_000,
            "stale since 88 s, used: the request says max-stale",
        ),
        (
            "max-stale=10",
            99_000,
            "stale since 88 s: asked with If-None-Match",
        ),
        (
            "no-cache",
            9_000,
            "the request says no-cache: asked with If-None-Match",
        ),
        ("only-if-cached", 9_000, "fresh: age 8 s < max-age 10"),
    ] {
        let ask = asked(URL, CacheMode::Default, &[("Cache-Control", said)]);
        let commands = vec![(0, fetch(&[URL])), (at, ask)];
        let ran = run_commands(commands, script(), Settings::default()).await;
        check(&ran.events);
        assert_eq!(told(&ran)[2], format!("#2 {words}"), "{said}");
    }
}

// Parts.

#[tokio::test(start_paused = true)]
async fn an_answer_that_broke_off_is_completed_by_its_rest() {
    let cut = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\n01234";
    let rest = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 5-9/10\r\n\
                Content-Length: 5\r\n\r\n56789";
    let script = pages([Page::answer(50, cut).close(), Page::answer(50, rest)]);
    let ran = at(&[0, 5_000], script).await;
    assert_eq!(
        told(&ran),
        [
            "#1 nothing stored for this URL",
            "#1 stored: 5 of 10 bytes",
            "#2 5 of 10 bytes are stored: bytes 5–9 are asked for with If-Range",
            "#2 Completed: 200, 10 bytes",
        ]
    );
    assert_eq!(
        heard(&ran, &["Range", "If-Range"])[1],
        ["bytes=5-", "\"a\""]
    );
    let whole = ran.events.iter().find_map(|event| match &event.fact {
        Fact::AnswerReplaced { body, head, .. } => {
            assert_eq!(head.headers.first("content-length"), Some("10"));
            Some(body.content.as_ref().unwrap().0.to_vec())
        }
        _ => None,
    });
    assert_eq!(whole.unwrap(), b"0123456789");
}

#[tokio::test(start_paused = true)]
async fn a_rest_of_another_version_is_never_joined() {
    let cut = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\n01234";
    let other = "HTTP/1.1 206 Partial Content\r\nETag: \"b\"\r\nContent-Range: bytes 5-9/10\r\n\
                 Content-Length: 5\r\n\r\nwrong";
    let script = pages([
        Page::answer(50, cut).close(),
        Page::answer(50, other),
        hello("ETag: \"b\"\r\n"),
    ]);
    let ran = at(&[0, 5_000], script).await;
    assert_eq!(heard(&ran, &["Range"]), [[""], ["bytes=5-"], [""]]);
    assert!(
        ran.requests().ends_with("5 bytes · answered\n"),
        "{}",
        ran.requests()
    );
}

#[tokio::test(start_paused = true)]
async fn a_range_is_cut_out_of_what_is_stored() {
    let script = pages([hello("Cache-Control: max-age=100\r\n")]);
    let part = asked(URL, CacheMode::Default, &[("Range", "bytes=1-3")]);
    let commands = vec![(0, fetch(&[URL])), (1_000, part)];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    assert!(
        ran.requests().contains("#2 206 · 3 bytes · stored"),
        "{}",
        ran.requests()
    );
}

// Unsafe methods.

#[tokio::test(start_paused = true)]
async fn what_an_unsafe_method_changed_is_forgotten() {
    let kept = hello("Cache-Control: max-age=100\r\n");
    let post = answer("201 Created\r\nLocation: /y\r\nContent-Length: 0");
    let script = pages([kept.clone(), post, kept.clone()]).page("/y", kept);
    let (other, method) = ("http://a.test/y", "POST".parse().unwrap());
    let posting = Wanted::plain(method, URL.parse().unwrap(), Because::Typed);
    let commands = vec![
        (0, fetch(&[URL, other])),
        (1_000, Command::Fetch(vec![posting])),
        (2_000, fetch(&[URL, other])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    let told = told(&ran);
    assert!(
        told[5].ends_with(
            "; what was stored for 2 URLs is forgotten: POST (browsers forget the first)"
        ),
        "{told:?}"
    );
    assert_eq!(
        told[6..8],
        [
            "#4 nothing stored for this URL",
            "#5 nothing stored for this URL"
        ]
    );
}

// One asks for many.

#[tokio::test(start_paused = true)]
async fn requests_for_one_url_share_one_exchange() {
    let script = pages([hello("Cache-Control: max-age=100\r\n")]);
    let commands = vec![(0, fetch(&[URL, URL, URL]))];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    assert_eq!(ran.log.served.len(), 1);
    assert_eq!(
        told(&ran),
        [
            "#1 nothing stored for this URL",
            "#2 waits for #1",
            "#3 waits for #1",
            "#1 stored: fresh for 100 s (max-age)",
            "#2 fresh: age 0 s < max-age 100",
            "#3 fresh: age 0 s < max-age 100",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_cannot_share_goes_on_as_soon_as_the_head_says_so() {
    let secret = || {
        let head = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 10\r\n\r\n";
        Page::answer(50, head).slowly("0123456789", 1, 1_000)
    };
    let commands = vec![(0, fetch(&[URL, URL, URL]))];
    let ran = run_commands(commands, pages([secret()]), Settings::default()).await;
    check(&ran.events);
    // Both at once, when the first head is here at 130 ms, and not one after the other.
    let starts: Vec<u64> = ran
        .events
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::RequestSent { .. } => Some(event.at.0 / 1_000_000),
            _ => None,
        })
        .collect();
    assert_eq!(starts, [60, 150, 150]);
}

#[tokio::test(start_paused = true)]
async fn another_language_does_not_wait_for_an_answer_that_is_not_its_own() {
    let head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=100\r\nVary: Accept-Language\r\n\
                Content-Length: 10\r\n\r\n";
    let slow = Page::answer(50, head).slowly("0123456789", 1, 1_000);
    let ask = |language| asked(URL, CacheMode::Default, &[("Accept-Language", language)]);
    let commands = vec![(0, ask("en")), (0, ask("de")), (0, ask("en"))];
    let ran = run_commands(commands, pages([slow]), Settings::default()).await;
    check(&ran.events);
    assert_eq!(ran.log.served.len(), 2);
    assert!(
        ran.requests()
            .contains("#3 200 · 10 bytes · cache 0–10130 · stored"),
        "{}",
        ran.requests()
    );
}

#[tokio::test(start_paused = true)]
async fn when_the_one_who_asks_fails_the_next_takes_over() {
    let script = pages([
        Page::default().wait(50).reset(),
        hello("Cache-Control: max-age=100\r\n"),
    ]);
    let commands = vec![(0, fetch(&[URL, URL, URL]))];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    assert_eq!(ran.log.served.len(), 2);
    let requests = ran.requests();
    let ends: Vec<_> = requests
        .lines()
        .map(|line| line.rsplit(" · ").next().unwrap())
        .collect();
    assert!(
        ends[0].contains("reset") && ends[1] == "answered" && ends[2] == "stored",
        "{requests}"
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_twenty_seconds() {
    let script = pages([Page::hello(40_000), hello("")]);
    let ran = at(&[0, 1_000], script).await;
    assert!(
        ran.requests().contains("#2 cache 1000–21000"),
        "{}",
        ran.requests()
    );
}

// HEAD.

#[tokio::test(start_paused = true)]
async fn a_head_brings_a_stored_answer_up_to_date_or_tells_that_it_has_changed() {
    let stored = || hello("Cache-Control: max-age=10\r\nETag: \"a\"\r\n");
    for (tag, expected) in [
        (
            "a",
            [
                "#2 what is stored is brought up to date",
                "#3 fresh: age 40 s < max-age 100",
            ],
        ),
        (
            "b",
            [
                "#2 not stored: only answers to GET are",
                "#3 nothing stored for this URL",
            ],
        ),
    ] {
        let news =
            format!("200 OK\r\nETag: \"{tag}\"\r\nCache-Control: max-age=100\r\nContent-Length: 5");
        let (method, url) = ("HEAD".parse().unwrap(), URL.parse().unwrap());
        let head = Wanted::plain(method, url, Because::Typed);
        let commands = vec![
            (0, fetch(&[URL])),
            (20_000, Command::Fetch(vec![head])),
            (60_000, fetch(&[URL])),
        ];
        let script = pages([stored(), answer(&news), stored()]);
        let ran = run_commands(commands, script, Settings::default()).await;
        check(&ran.events);
        assert_eq!(told(&ran)[3..5], expected);
    }
}

// Switched off.

#[tokio::test(start_paused = true)]
async fn switched_off_the_cache_neither_answers_nor_stores_until_it_is_on_again() {
    let script = pages([hello("Cache-Control: max-age=100\r\n")]);
    let commands = vec![
        (0, fetch(&[URL])),
        (1_000, Command::UseCache(CacheUse::Off)),
        (2_000, fetch(&[URL])),
        (3_000, Command::UseCache(CacheUse::On)),
        (4_000, fetch(&[URL])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    assert_eq!(
        told(&ran)[1..],
        [
            "#1 stored: fresh for 100 s (max-age)",
            "#2 not asked: the cache is off",
            "#2 not stored: the cache is off",
            "#3 fresh: age 3 s < max-age 100",
        ]
    );
}

// Where browsers do something else.

#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn where_browsers_do_something_else_it_is_said() {
    let said = |ran: &Ran| {
        let told = ran.events.iter().rev().find_map(|event| match &event.fact {
            Fact::CacheAnswered { verdict, .. } => Some(verdict.browsers.clone()),
            _ => None,
        });
        told.unwrap().unwrap_or_default()
    };
    let (default, force) = (CacheMode::Default, CacheMode::ForceCache);
    for (stored, mode, wish, at, words) in [
        ("max-age=9", default, "", 5, ""),
        ("max-age=9", default, "", 99, ""),
        (
            "max-age=9, must-revalidate",
            force,
            "",
            99,
            "browsers use it all the same, must-revalidate or not",
        ),
        (
            "no-cache",
            force,
            "",
            5,
            "browsers use it all the same, no-cache or not",
        ),
        (
            "max-age=9, immutable",
            CacheMode::NoCache,
            "",
            5,
            "Chromium asks: it heeds no immutable",
        ),
        (
            "max-age=9",
            default,
            "max-stale",
            99,
            "browsers heed no max-stale: they ask the server",
        ),
        (
            "max-age=99",
            default,
            "max-age=2",
            9,
            "browsers heed max-age=0 alone in a request: they use it",
        ),
        ("max-age=99", default, "max-age=0", 9, ""),
        (
            "max-age=99",
            default,
            "min-fresh=95",
            9,
            "browsers heed no min-fresh: they use it",
        ),
        (
            "max-age=9",
            default,
            "only-if-cached",
            99,
            "browsers heed no only-if-cached in Cache-Control: they ask the server",
        ),
    ] {
        let script = pages([hello(&format!(
            "Cache-Control: {stored}\r\nETag: \"a\"\r\n"
        ))]);
        let lines = [("Cache-Control", wish)];
        let lines = if wish.is_empty() { &[][..] } else { &lines };
        let commands = vec![(0, fetch(&[URL])), (at * 1_000, asked(URL, mode, lines))];
        let ran = run_commands(commands, script, Settings::default()).await;
        check(&ran.events);
        assert_eq!(said(&ran), words, "{stored}, {wish}, {mode:?}");
    }
}
