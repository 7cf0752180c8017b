//! What is claimed of a run, and whether it holds: the language, the judgement, the exit code.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Output};

use expect_test::expect;
use netwaterfall::import::read_record;
use netwaterfall::query::Assertion;

use crate::pty::Screen;
use crate::runs::{folded, recorded};

const RUN: &str = "tests/fixtures/runs/mixed.ndjson";

fn judged(run: &str, claims: &[&str]) -> String {
    let model = folded(&recorded(run));
    let line = |claim: &&str| {
        let judgement = Assertion::read(claim).unwrap().judge(&model);
        let sign = if judgement.holds { "✓" } else { "✗" };
        assert!(!judgement.holds || judgement.requests.is_empty());
        format!("{sign} {}: {}\n", judgement.claim, judgement.words)
    };
    claims.iter().map(line).collect()
}

#[test]
fn claims_about_requests_are_judged() {
    let claims = [
        "all status-code:200",
        "all (is:failed) status-code:200",
        "all(-is:failed -status-code:3xx) -status-code:5xx",
        "all domain:nowhere",
        "all(domain:nowhere) method:GET",
        "none is:failed",
        "none status-code:5xx",
        "none(domain:nowhere) is:failed",
        "any is:from-cache",
        "any method:POST",
        "all(\"api?q=1\") mime-type:application/json",
        "none /\\/(app|api)/",
    ];
    expect![[r#"
        ✗ all status-code:200: 5 of 15 requests are not: #2 GET http://a.test/old (302), #4 GET http://a.test/missing (404), #7 GET http://c.test/ (failed: connect), and 2 more
        ✗ all (is:failed) status-code:200: 2 of 3 requests are not: #7 GET http://c.test/ (failed: connect), #8 GET http://gone.test/ (failed: dns)
        ✓ all(-is:failed -status-code:3xx) -status-code:5xx: all of 11 requests
        ✗ all domain:nowhere: 15 of 15 requests are not: #1 GET https://b.test/ (200), #2 GET http://a.test/old (302), #3 GET http://a.test/app.js (200), and 12 more
        ✗ all(domain:nowhere) method:GET: there is no such request
        ✗ none is:failed: 3 of 15 requests are: #5 GET http://a.test/reset (failed: receive), #7 GET http://c.test/ (failed: connect), #8 GET http://gone.test/ (failed: dns)
        ✓ none status-code:5xx: none of 15 requests
        ✓ none(domain:nowhere) is:failed: none of 0 requests
        ✓ any is:from-cache: 1 of 15 requests
        ✗ any method:POST: none of 15 requests is
        ✓ all("api?q=1") mime-type:application/json: all of 1 request
        ✗ none /\/(app|api)/: 3 of 15 requests are: #3 GET http://a.test/app.js (200), #9 GET https://b.test/api?q=1 (200), #11 GET http://a.test/app.js (200)
    "#]].assert_eq(&judged("mixed", &claims));
}

#[test]
fn claims_about_values_are_judged() {
    let claims = [
        "total < 2s",
        "total <= 1m",
        "requests == 15",
        "requests != 15",
        "failed = 0",
        "connections <= 6",
        "reused >= 20%",
        "reused > 90%",
        "bytes < 1kB",
        "count(domain:a.test) <= 3",
        "count(domain:a.test) >= 30",
        "count <= 20",
        "share(is:from-cache) >= 50%",
        "share(is:failed)<=20%",
        "p95(wait) < 100ms",
        "p50(wait) < 100ms",
        "median(wait) >= 80ms",
        "max(size) < 1MB",
        "max(size, domain:a.test) < 100",
        "min(size) >= 5",
        "sum(transferred, domain:a.test) < 500",
        "avg(time) < 140ms",
        "max(first-byte) < 200ms",
        "max(tls) < 30ms",
        "max(time, domain:nowhere) < 1s",
        "sum(size, domain:nowhere) < 1kB",
        "count(domain:nowhere) < 1",
    ];
    expect![[r#"
        ✗ total < 2s: it is 5.11 s: the last to end was #15 GET http://localhost/here (200)
        ✓ total <= 1m: it is 5.11 s
        ✓ requests == 15: it is 15
        ✗ requests != 15: it is 15
        ✗ failed = 0: it is 3: #5 GET http://a.test/reset (failed: receive), #7 GET http://c.test/ (failed: connect), #8 GET http://gone.test/ (failed: dns)
        ✗ connections <= 6: it is 9
        ✓ reused >= 20%: it is 25.0 %
        ✗ reused > 90%: it is 25.0 %
        ✗ bytes < 1kB: it is 3.2 kB: most of it is of #5 GET http://a.test/reset (2.1 kB), #12 GET https://b.test/ (200 B), #1 GET https://b.test/ (200 B)
        ✗ count(domain:a.test) <= 3: it is 8: #2 GET http://a.test/old (302), #3 GET http://a.test/app.js (200), #4 GET http://a.test/missing (404), and 5 more
        ✗ count(domain:a.test) >= 30: it is 8
        ✓ count <= 20: it is 15
        ✗ share(is:from-cache) >= 50%: it is 6.7 %
        ✓ share(is:failed)<=20%: it is 20.0 %
        ✗ p95(wait) < 100ms: it is 170 ms: #9 GET https://b.test/api?q=1 (170 ms), #12 GET https://b.test/ (110 ms), #1 GET https://b.test/ (110 ms)
        ✓ p50(wait) < 100ms: it is 80.0 ms
        ✓ median(wait) >= 80ms: it is 80.0 ms
        ✓ max(size) < 1MB: it is 2.0 kB
        ✗ max(size, domain:a.test) < 100: it is 2.0 kB: #5 GET http://a.test/reset (2.0 kB)
        ✗ min(size) >= 5: it is 0 B: #2 GET http://a.test/old (0 B), #9 GET https://b.test/api?q=1 (2 B)
        ✗ sum(transferred, domain:a.test) < 500: it is 2.7 kB: most of it is of #5 GET http://a.test/reset (2.1 kB), #3 GET http://a.test/app.js (158 B), #2 GET http://a.test/old (144 B)
        ✓ avg(time) < 140ms: it is 127 ms
        ✗ max(first-byte) < 200ms: it is 270 ms: #9 GET https://b.test/api?q=1 (270 ms), #1 GET https://b.test/ (210 ms)
        ✗ max(tls) < 30ms: it is 30.0 ms: #9 GET https://b.test/api?q=1 (30.0 ms), #1 GET https://b.test/ (30.0 ms)
        ✗ max(time, domain:nowhere) < 1s: there is nothing to measure
        ✓ sum(size, domain:nowhere) < 1kB: it is 0 B
        ✓ count(domain:nowhere) < 1: it is 0
    "#]].assert_eq(&judged("mixed", &claims));
}

#[test]
fn percentiles_are_figures_that_there_are() {
    // The sizes of `queue` are 40, 80, … 800 bytes.
    let claims = [
        "min(size) = 40",
        "p5(size) = 40",
        "p5.1(size) = 80",
        "p50(size) = 400",
        "median(size) = 400",
        "p95(size) = 760",
        "p99.9(size) = 800",
        "max(size) = 800",
        "avg(size) = 420",
        "sum(size) = 8400",
    ];
    for line in judged("queue", &claims).lines() {
        assert!(line.starts_with('✓'), "{line}");
    }
}

/// Claims that make no sense.
const REFUSED: [&str; 25] = [
    "",
    "  ",
    "totl < 2s",
    "p95",
    "p95(wayt) < 300ms",
    "p101(wait) < 1s",
    "p95(wait < 300ms",
    "p95(wait) 300ms",
    "total < 300",
    "total <",
    "max(size) < 1XB",
    "share(is:failed) < 3",
    "all",
    "none ",
    "all stauts-code:200",
    "all(methd:GET) status-code:200",
    "all is:faild",
    "all status-code:",
    "all /(/",
    "count(lager-than:1k) < 2",
    "max(size, domian:a.test) < 2",
    "total(wait) < 2s",
    "every status-code:200",
    "日本 total",
    "max(日本) < 1s",
];

#[test]
fn what_cannot_be_judged_is_refused_where_it_is_wrong() {
    let mut told = String::new();
    for text in REFUSED {
        let bad = Assertion::read(text).unwrap_err();
        writeln!(told, "{text:?}: {bad}").unwrap();
    }
    expect![[r#"
        "": column 1: write all, any or none and a filter (all status-code:200), or a value and a bound (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)
        "  ": column 3: write all, any or none and a filter (all status-code:200), or a value and a bound (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)
        "totl < 2s": column 1: totl is not known; did you mean total?
        "p95": column 4: say what of: p95(time), p95(wait), p95(size)
        "p95(wayt) < 300ms": column 5: no figure is called wayt; did you mean wait?
        "p101(wait) < 1s": column 1: p101 is not known: write all, any or none and a filter (all status-code:200), or a value and a bound (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)
        "p95(wait < 300ms": column 4: this parenthesis is not closed
        "p95(wait) 300ms": column 11: p95 is compared here: <, <=, >, >=, == or != and a bound
        "total < 300": column 9: 300 is no time: write 300ms, 2s or 1m
        "total <": column 8: say what total is compared with
        "max(size) < 1XB": column 13: 1XB is no size: write 500, 100kB, 1MB or 16KiB
        "share(is:failed) < 3": column 20: 3 is no percentage: write 80% or 99.5%
        "all": column 4: say what all of them are to be: all status-code:200
        "none ": column 6: say what none of them are to be: none status-code:200
        "all stauts-code:200": column 5: a filter has no key stauts-code; did you mean status-code?
        "all(methd:GET) status-code:200": column 5: a filter has no key methd; did you mean method?
        "all is:faild": column 5: is: takes cookie-blocked, failed, from-cache, running, service-worker-initiated, service-worker-intercepted
        "all status-code:": column 5: status-code: say what, after the colon
        "all /(/": column 5: /(/ is no regular expression: unclosed group
        "count(lager-than:1k) < 2": column 7: a filter has no key lager-than; did you mean larger-than?
        "max(size, domian:a.test) < 2": column 11: a filter has no key domian; did you mean domain?
        "total(wait) < 2s": column 7: total is of the whole run: leave the parenthesis away
        "every status-code:200": column 1: every is not known: write all, any or none and a filter (all status-code:200), or a value and a bound (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)
        "日本 total": column 1: write all, any or none and a filter (all status-code:200), or a value and a bound (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)
        "max(日本) < 1s": column 5: no figure is called 日本; there are time, first-byte, size, transferred, cache, dns, queue, connect, proxy, tls, send, wait, receive
    "#]].assert_eq(&told);
    for fine in [
        "all localhost:8080",
        "none http://a.test/x",
        "all(a.test:80) -b.test:81",
    ] {
        Assertion::read(fine).unwrap_or_else(|bad| panic!("{fine}: {bad}"));
    }
}

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
    command.env("XDG_CONFIG_HOME", "/nonexistent").args(args);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.output().unwrap()
}

fn said(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

#[test]
fn what_does_not_hold_is_said_in_a_line_and_by_the_exit_code() {
    let replay = |claims: &[&str]| {
        let mut args = vec!["replay", RUN];
        args.extend(claims.iter().flat_map(|claim| ["--assert", claim]));
        let ran = run(&args);
        (ran.status.code(), said(&ran.stderr))
    };
    let (code, words) = replay(&["failed <= 3", "total < 1m"]);
    assert_eq!(
        (code, words.as_str()),
        (Some(1), ""),
        "requests failed all the same"
    );
    let (code, words) = replay(&["failed = 0", "total < 1m", "all scheme:https"]);
    assert_eq!(code, Some(4));
    expect![[r#"
        netwaterfall: failed = 0 does not hold: it is 3: #5 GET http://a.test/reset (failed: receive), #7 GET http://c.test/ (failed: connect), #8 GET http://gone.test/ (failed: dns)
        netwaterfall: all scheme:https does not hold: 12 of 15 requests are not: #2 GET http://a.test/old (302), #3 GET http://a.test/app.js (200), #4 GET http://a.test/missing (404), and 9 more
    "#]].assert_eq(&words);
}

#[test]
fn a_claim_that_is_not_understood_is_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("run.ndjson");
    let ran = run(&[
        "http://127.0.0.1:2/",
        "--events",
        record.to_str().unwrap(),
        "--assert",
        "totl < 2s",
    ]);
    assert_eq!(ran.status.code(), Some(2));
    let words =
        "netwaterfall: --assert 'totl < 2s', column 1: totl is not known; did you mean total?\n";
    assert_eq!(said(&ran.stderr), words);
    assert!(!record.exists(), "nothing was begun");
    for task in [&["man"][..], &["whatif", RUN], &["pipe"], &["cache", "ls"]] {
        let ran = run(&[task, &["--assert", "total < 2s"]].concat());
        assert_eq!(ran.status.code(), Some(2), "{task:?}");
        assert!(
            said(&ran.stderr).contains("leave --assert away"),
            "{task:?}"
        );
    }
}

#[test]
fn the_reports_say_what_held_and_what_did_not() {
    let claims = ["--assert", "failed = 0", "--assert", "total < 1m"];
    let ran = run(&[&["replay", RUN, "--format", "json"], &claims[..]].concat());
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let told = &report["assertions"];
    assert_eq!(told[0]["claim"], "failed = 0");
    assert_eq!(told[0]["holds"], false);
    assert_eq!(told[0]["requests"], serde_json::json!([5, 7, 8]));
    assert_eq!(told[1]["holds"], true);
    assert_eq!(told[1]["words"], "it is 5.11 s");
    let ran = run(&[&["replay", RUN, "--format", "markdown"], &claims[..]].concat());
    let page = said(&ran.stdout);
    assert!(
        page.contains("### What was asserted\n\n- ✗ `failed = 0`: it is 3: "),
        "{page}"
    );
    assert!(page.contains("- ✓ `total < 1m`: it is 5.11 s\n"), "{page}");
}

#[test]
fn an_archive_of_a_browser_has_a_budget_too() {
    let fetched = fs::read("tests/fixtures/har/chrome.har").unwrap();
    let model = folded(&read_record(&fetched).unwrap().events);
    let count = model.requests().len();
    let judge = |claim: &str| Assertion::read(claim).unwrap().judge(&model);
    assert!(judge(&format!("requests = {count}")).holds);
    assert!(!judge("requests = 0").holds);
    let ran = run(&[
        "replay",
        "tests/fixtures/har/chrome.har",
        "--assert",
        "max(time) < 1us",
    ]);
    assert_eq!(ran.status.code(), Some(4), "{}", said(&ran.stderr));
}

#[test]
fn a_run_on_a_screen_is_judged_when_it_is_left() {
    let args = [
        "replay",
        RUN,
        "--assert",
        "failed = 0",
        "--assert",
        "total < 1m",
    ];
    let mut screen = Screen::run(&args, 24, 100);
    screen.until("15 requests");
    screen.send(b"q");
    assert_eq!(screen.wait(), 4);
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    assert!(
        raw.contains("netwaterfall: failed = 0 does not hold: it is 3: "),
        "{raw}"
    );
    assert!(!raw.contains("total < 1m does"));
}
