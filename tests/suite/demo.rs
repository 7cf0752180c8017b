//! The demo's lessons, run by the real program: their rows, and what they say.

use std::process::{Command, Output};

use expect_test::expect;
use regex::Regex;
use serde_json::Value;

fn demo(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
    command.env("XDG_CONFIG_HOME", "/nonexistent");
    command.arg("demo").args(args).output().unwrap()
}

/// The report of a lesson, once it is over as it should be.
fn taught(lesson: &str, code: i32) -> Value {
    let ran = demo(&[lesson, "--headless", "--format", "json"]);
    let words = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(code), "{lesson}: {words}");
    assert_eq!(words, "", "{lesson}");
    serde_json::from_slice(&ran.stdout).unwrap()
}

fn counts(report: &Value) -> String {
    let totals = &report["totals"];
    ["requests", "failed", "from_cache"]
        .map(|name| format!("{} {name}", totals[name]))
        .join(", ")
}

fn path(request: &Value) -> &str {
    let url = request["url"].as_str().unwrap();
    let (_, rest) = url.split_once("://").unwrap();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

fn requests(report: &Value) -> &Vec<Value> {
    report["requests"].as_array().unwrap()
}

/// Lines, whoever came first.
fn sorted(lines: impl Iterator<Item = String>) -> String {
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    lines.concat()
}

#[test]
fn each_stage_is_slow_once() {
    let report = taught("slow", 0);
    assert_eq!(counts(&report), "18 requests, 0 failed, 0 from_cache");
    for (slow, stage) in [
        ("/the-name-server-is-slow", "dns"),
        ("/the-handshake-is-slow", "tls"),
        ("/the-server-thinks", "wait"),
        ("/the-body-trickles", "receive"),
        ("/7-waits-in-line", "queue"),
    ] {
        let mut all = requests(&report).iter();
        let request = all.find(|request| path(request) == slow).unwrap();
        let timings = request["timings"].as_array().unwrap().iter();
        let took = |timing: &Value| timing["took_ms"].as_f64().unwrap_or_default();
        let slowest = timings.max_by(|a, b| took(a).total_cmp(&took(b))).unwrap();
        assert_eq!(slowest["stage"], stage, "{slow}");
    }
}

#[test]
fn everything_fails_in_words_of_its_own() {
    let report = taught("broken", 1);
    assert_eq!(counts(&report), "53 requests, 30 failed, 0 from_cache");
    let failed = requests(&report)
        .iter()
        .filter(|one| !one["failure"].is_null());
    let told = sorted(failed.map(|request| {
        let (stage, words) = (&request["failure"]["stage"], &request["failure"]["words"]);
        let (stage, words) = (stage.as_str().unwrap(), words.as_str().unwrap());
        format!("{} {stage}: {words}\n", path(request))
    }));
    let days = Regex::new("\\d+ days")
        .unwrap()
        .replace_all(&told, "N days")
        .into_owned();
    let told = Regex::new("127.0.0.1:\\d{4,}")
        .unwrap()
        .replace_all(&days, "SERVER");
    expect![[r#"
        / connect: browsers fetch nothing from port 25, which is for mail (SMTP) (--allow-port 25 does)
        /another-name tls: the certificate is not for other.broken.test, but for somebody-else.test
        /bad-chunk receive: a chunk's size line is malformed (RFC 9112 §7.1)
        /barred-port connect: browsers fetch nothing from port 25, which is for mail (SMTP) (--allow-port 25 does)
        /blank-before-colon receive: a header line is malformed: a blank stands before the colon (RFC 9112 §5.1)
        /cut-body receive: the server closed the connection after 23 of 1000 bytes of the body
        /cut-chunks receive: the server closed the connection before the last chunk, after 5 bytes of the body
        /expired tls: the certificate expired N days ago, on 2021-01-01
        /here receive: the 20th redirect in a row led back to what #34 asked for: they go round in a circle
        /length-and-chunks receive: both Transfer-Encoding and Content-Length, a way to smuggle answers (RFC 9112 §6.3)
        /mute tls: took longer than 2s (--timeout-tls)
        /mute-name-server dns: took longer than 2s (--timeout-dns)
        /no-address dns: no-address.broken.test exists but has no address
        /no-answer wait: the server closed the connection without an answer
        /no-such-name dns: no such name: nowhere.test does not exist (NXDOMAIN)
        /no-tls tls: the server does not speak TLS on this port
        /nobody-listens connect: 127.0.0.1:2: nobody listens there (refused)
        /not-yet-valid tls: the certificate is not valid yet: it will be in N days, on 3000-01-01
        /nul-in-a-header receive: a header line is malformed: a value has a control character (RFC 9110 §5.5)
        /old-tls tls: the server speaks none of the versions of TLS that were offered
        /refused-name dns: nobody knows where refusing.broken.test is: name server SERVER refused to answer (REFUSED)
        /reset-body receive: the server reset the connection
        /reset-in-the-head receive: the server reset the connection
        /self-signed tls: the certificate is self-signed: no authority vouches for it (--cacert FILE trusts it)
        /silence wait: took longer than 2s (--timeout-wait)
        /stalled-body receive: nothing more came for 2s (--timeout-receive)
        /to-ftp receive: the redirect leads to ftp:, which is not fetched
        /to-no-url receive: the redirect leads to "http://[", which is no URL: invalid IPv6 address
        /two-lengths receive: two different Content-Length: 5 and 7 (RFC 9112 §6.3)
        /unknown-authority tls: the certificate's authority “an authority that nobody knows” is not trusted, and the server sent no certificate of it: the chain may be incomplete
    "#]].assert_eq(&told);
}

#[test]
fn what_becomes_of_stored_answers_is_told() {
    let report = taught("cache", 0);
    assert_eq!(counts(&report), "26 requests, 0 failed, 8 from_cache");
    let told = sorted(requests(&report).iter().map(|request| {
        let (verdict, cache) = (request["verdict"].as_str().unwrap(), &request["cache"]);
        format!(
            "{} {} {verdict} {cache}\n",
            request["status"],
            path(request)
        )
    }));
    expect![[r#"
        200 /asked-about.js answered null
        200 /changed-meanwhile.json answered null
        200 /changed-meanwhile.json answered null
        200 /download.bin stored "fresh"
        200 /fresh-by-guess.html answered null
        200 /fresh-by-guess.html stored "fresh"
        200 /fresh-for-ten-minutes.css answered null
        200 /fresh-for-ten-minutes.css stored "fresh"
        200 /fresh-for-ten-minutes.css stored "fresh"
        200 /fresh-for-ten-minutes.css stored "fresh"
        200 /never-stored.html answered null
        200 /never-stored.html answered null
        200 /stale-and-refreshed.json answered null
        200 /stale-and-refreshed.json stored "stale"
        200 /stale-if-error.json answered null
        200 /vary answered null
        200 /vary answered null
        200 /vary stored "fresh"
        206 /download.bin answered "completed"
        206 /download.bin answered null
        301 /moved-for-good answered null
        301 /moved-for-good stored "fresh"
        304 /asked-about.js answered "validated"
        304 /fresh-for-ten-minutes.css answered "validated"
        304 /stale-and-refreshed.json answered "validated"
        503 /stale-if-error.json answered "stale"
    "#]]
    .assert_eq(&told);
}

#[test]
fn which_cookies_are_kept_and_go_along_is_told() {
    let ran = demo(&["cookies", "--headless", "--format", "ndjson"]);
    assert_eq!(ran.status.code(), Some(0));
    let facts = String::from_utf8(ran.stdout).unwrap();
    let all = facts
        .lines()
        .map(|fact| serde_json::from_str(fact).unwrap());
    let mut judged: Vec<Value> = all
        .filter(|fact: &Value| fact["fact"] == "cookie_judged")
        .collect();
    judged.sort_by_key(|fact| fact["request"].as_u64());
    let told = judged.iter().map(|fact| {
        let line = fact["line"].as_str().unwrap();
        let (name, _) = line.split_once('=').unwrap();
        let words = fact["words"].as_str().unwrap();
        format!("{name}: {words}\n")
    });
    let told: String = told.collect();
    expect![[r#"
        session: stored until the session ends
        theme: stored for 365 days
        strict: stored until the session ends
        wide: stored until the session ends
        orders: stored until the session ends
        brief: stored for 1 s
        foreign: refused: Domain=shop.test: the answer is from cookies.test
        greedy: refused: Domain=test: anybody may have a name below it
        gone: not stored: it expired before it came, and there was none to delete
        everywhere: refused: SameSite=None asks for Secure too
        __Host-id: stored until the session ends
        __Host-lost: refused: the name begins with __Host-, which asks for no Domain
        __Secure-id: stored until the session ends
        __Secure-lost: refused: the name begins with __Secure-, which asks for Secure
        spy: stored until the session ends
        lax: refused: SameSite=Lax: the page is of another site, https://cookies.test
        usual: refused: no SameSite, so as Lax: the page is of another site, https://cookies.test
        __Host-part: stored until the session ends
        session: refused: on http it would stand before the Secure cookie of its name for /
        session: deleted: it expired before it came
    "#]]
    .assert_eq(&told);
    for why in [
        "no SameSite, so as Lax",
        "Path=/account",
        "Secure on http",
        "no Domain",
        "expired",
    ] {
        let withheld = facts
            .lines()
            .filter_map(|fact| fact.split_once("\"withheld\""));
        let mut withheld = withheld.map(|(_, withheld)| withheld);
        assert!(
            withheld.any(|words| words.contains(why)),
            "nothing is withheld: {why}"
        );
    }
}

#[test]
fn thirty_requests_wait_for_one_host_and_others_do_not() {
    let report = taught("queue", 0);
    assert_eq!(counts(&report), "34 requests, 0 failed, 0 from_cache");
    let waits = report["waits"].as_array().unwrap();
    assert_eq!(waits.len(), 1);
    assert_eq!(waits[0]["origin"]["host"], "queue.test");
    let ended = |kind: &str| {
        let all = requests(&report)
            .iter()
            .filter(|one| path(one).contains(kind));
        let all: Vec<_> = all.map(|one| one["ended_ms"].as_f64().unwrap()).collect();
        all
    };
    let last_style = ended("style").into_iter().fold(0.0, f64::max);
    assert!(
        ended("picture")
            .into_iter()
            .all(|picture| picture > last_style)
    );
}

#[test]
fn a_lesson_that_there_is_not_is_refused_with_one_that_there_is() {
    let ran = demo(&["brokn"]);
    assert_eq!(ran.status.code(), Some(2));
    let words = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(
        words.contains("a similar value exists: 'broken'"),
        "{words}"
    );
    let ran = demo(&["--help"]);
    let words = String::from_utf8_lossy(&ran.stdout).into_owned();
    for lesson in ["slow:", "broken:", "cache:", "cookies:", "queue:"] {
        assert!(words.contains(lesson), "{words}");
    }
}
