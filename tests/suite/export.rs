//! The picture, written down.

use expect_test::expect;
use netwaterfall::event::Moment;
use netwaterfall::export::{Bodies, failures, har, markdown, summary, table};
use netwaterfall::message::width;

use crate::runs::{RUNS, folded, recorded, until, written};

fn table_of(name: &str, columns: u16) -> String {
    table(&folded(&recorded(name)), columns)
}

#[test]
fn all_sorts_in_80_columns() {
    expect![[r#"
         # Status    Method  Name               Host      Type       Size     Time │0
         1 200       GET     /                  b.test    html       38 B   210 ms │█
         2 302       GET     /old               a.test    –           0 B   140 ms │█
         3 200       GET     /app.js            a.test    js         40 B   270 ms │█
         4 404       GET     /missing           a.test    html        9 B   120 ms │█
         5 ✕ receive GET     /reset             a.test    png      2.0 kB   230 ms │█✕
         6 200       GET     /bye               a.test    json       17 B   135 ms │█
         7 ✕ connect GET     /                  c.test    –             –  65.0 ms │▒✕
         8 ✕ dns     GET     /                  gone.test –             –     0 µs │░✕
         9 200       GET     /api?q=1           b.test    json        2 B   270 ms │╌█
        10 200       GET     /login?next=%2Fold a.test    –           5 B  90.0 ms │╌█
        11 200       GET     /app.js            a.test    js         40 B     0 µs │                   ◆
        12 200       GET     /                  b.test    html       38 B   110 ms │                   █
        13 404       GET     /missing           a.test    html        9 B  50.0 ms │                   █
        14 200       GET     /literal           10.0.0.2  –           5 B   110 ms │                   █
        15 200       GET     /here              localhost –           5 B   110 ms │                   █

        #5 GET http://a.test/reset  receive: the server reset the connection
        #7 GET http://c.test/  connect: 10.0.0.3:80: nobody listens there (refused)
        #8 GET http://gone.test/  dns: no such name: gone.test does not exist (NXDOMAIN)

        15 requests · 11 answered · 1 from cache · 3 failed · 9 connections · 3 reused · 3.2 kB · 5.11 s
    "#]].assert_eq(&table_of("mixed", 80));
}

#[test]
fn all_sorts_in_132_columns() {
    expect![[r#"
         # Status    Method  Name               Host      Type       Size     Time │0         1 s        2 s        3 s       4 s
         1 200       GET     /                  b.test    html       38 B   210 ms │▓╌█
         2 302       GET     /old               a.test    –           0 B   140 ms │╌╌
         3 200       GET     /app.js            a.test    js         40 B   270 ms │╌██
         4 404       GET     /missing           a.test    html        9 B   120 ms │╌╌
         5 ✕ receive GET     /reset             a.test    png      2.0 kB   230 ms │╌██✕
         6 200       GET     /bye               a.test    json       17 B   135 ms │╌╌
         7 ✕ connect GET     /                  c.test    –             –  65.0 ms │▒✕
         8 ✕ dns     GET     /                  gone.test –             –     0 µs │░✕
         9 200       GET     /api?q=1           b.test    json        2 B   270 ms │▓╌╌
        10 200       GET     /login?next=%2Fold a.test    –           5 B  90.0 ms │ ╌╌
        11 200       GET     /app.js            a.test    js         40 B     0 µs │                                                     ◆
        12 200       GET     /                  b.test    html       38 B   110 ms │                                                     ╌╌
        13 404       GET     /missing           a.test    html        9 B  50.0 ms │                                                     ╌█
        14 200       GET     /literal           10.0.0.2  –           5 B   110 ms │                                                     ╌╌
        15 200       GET     /here              localhost –           5 B   110 ms │                                                     ╌╌

        #5 GET http://a.test/reset  receive: the server reset the connection
        #7 GET http://c.test/  connect: 10.0.0.3:80: nobody listens there (refused)
        #8 GET http://gone.test/  dns: no such name: gone.test does not exist (NXDOMAIN)

        15 requests · 11 answered · 1 from cache · 3 failed · 9 connections · 3 reused · 3.2 kB · 5.11 s
    "#]].assert_eq(&table_of("mixed", 132));
}

#[test]
fn a_line_in_132_columns() {
    expect![[r#"
         # Status    Method  Name    Host   Type       Size     Time │0         100 ms    200 ms    300 ms    400 ms    500 ms    600 ms
         1 200       GET     /1.txt  a.test text       40 B   159 ms │░░░░▒▒╌╌╌╌╌╌╌╌╌█
         2 200       GET     /2.txt  a.test text       80 B   196 ms │░░░░▒▒╌╌╌╌╌╌╌╌╌╌╌╌██
         3 200       GET     /3.txt  a.test text      120 B   135 ms │░░░░▒▒╌╌╌╌╌███
         4 200       GET     /4.txt  a.test text      160 B   172 ms │░░░░▒▒╌╌╌╌╌╌╌╌╌███
         5 200       GET     /5.txt  a.test text      200 B   209 ms │░░░░▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌██
         6 200       GET     /6.txt  a.test text      240 B   148 ms │░░░░▒▒╌╌╌╌╌████
         7 200       GET     /7.txt  a.test text      280 B   260 ms │░░░░··········╌╌╌╌╌╌╌╌╌████
         8 200       GET     /8.txt  a.test text      320 B   322 ms │░░░░···········╌╌╌╌╌╌╌╌╌╌╌╌╌█████
         9 200       GET     /9.txt  a.test text      360 B   260 ms │░░░░············╌╌╌╌╌██████
        10 200       GET     /10.txt a.test text      400 B   310 ms │░░░░·············╌╌╌╌╌╌╌╌╌██████
        11 200       GET     /11.txt a.test text      440 B   383 ms │░░░░················╌╌╌╌╌╌╌╌╌╌╌╌╌██████
        12 200       GET     /12.txt a.test text      480 B   323 ms │░░░░·················╌╌╌╌╌███████
        13 200       GET     /13.txt a.test text      520 B   423 ms │░░░░······················╌╌╌╌╌╌╌╌╌████████
        14 200       GET     /14.txt a.test text      560 B   460 ms │░░░░······················╌╌╌╌╌╌╌╌╌╌╌╌╌████████
        15 200       GET     /15.txt a.test text      600 B   437 ms │░░░░···························╌╌╌╌╌╌████████
        16 200       GET     /16.txt a.test text      640 B   498 ms │░░░░·····························╌╌╌╌╌╌╌╌╌█████████
        17 200       GET     /17.txt a.test text      680 B   536 ms │░░░░·····························╌╌╌╌╌╌╌╌╌╌╌╌╌█████████
        18 200       GET     /18.txt a.test text      720 B   535 ms │░░░░···································╌╌╌╌╌██████████
        19 200       GET     /19.txt a.test text      760 B   612 ms │░░░░·······································╌╌╌╌╌╌╌╌╌██████████
        20 200       GET     /20.txt a.test text      800 B   663 ms │░░░░········································╌╌╌╌╌╌╌╌╌╌╌╌╌██████████

        14 requests waited 3.18 s in all for a.test:80
        20 requests · 20 answered · 0 failed · 6 connections · 14 reused · 9.7 kB · 663 ms
    "#]].assert_eq(&table_of("queue", 132));
}

#[test]
fn hostile_answers_in_132_columns() {
    expect![[r#"
         # Status    Method  Name                         Host            Type       Size     Time │0                 100 ms
         1 200       GET     /plain                       a.test          –           5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         2 200       GET     /%E6%97%A5%E6%9C%AC%E8%AA%9… a.test          –           5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         3 200       GET     /c1                          a.test          Â\u{9…      5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         4 ✕ receive GET     /esc                         a.test          –             –   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█✕
         5 200       GET     /wide                        a.test          æ\u{9…      5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         6 299       GET     /reason                      a.test          –           5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         7 200       GET     /                            xn--wgv71a.test –           5 B   130 ms │░░░░░░░▒▒▒▒╌╌╌╌╌╌╌╌╌╌╌╌╌█
         8 200       GET     /long-way/long-way/long-way… a.test          –           5 B   200 ms │░░░░░░░·················╌╌╌╌╌╌╌╌╌╌╌╌╌█
         9 200       GET     /body                        a.test          text       45 B   200 ms │░░░░░░░·················╌╌╌╌╌╌╌╌╌╌╌╌╌█
        10 ✕ receive GET     /away                        a.test          –           0 B   200 ms │░░░░░░░·················╌╌╌╌╌╌╌╌╌╌╌╌╌█✕

        #4 GET http://a.test/esc  receive: a header line is malformed: a value has a control character (RFC 9110 §5.5)
        #10 GET http://a.test/away  receive: the redirect leads to "http://xÂ\u{9b}31m.test/", which is no URL: invalid international domain name

        3 requests waited 270 ms in all for a.test:80
        10 requests · 8 answered · 2 failed · 7 connections · 3 reused · 722 B · 200 ms
    "#]].assert_eq(&table_of("hostile", 132));
}

#[test]
fn all_sorts_in_markdown() {
    expect![[r#"
        ## 15 requests, 3 failed

        15 requests · 11 answered · 1 from cache · 3 failed · 9 connections · 3 reused · 3.2 kB · 5.11 s

        ### What failed

        - 5 `GET http://a.test/reset`: receive: the server reset the connection
        - 7 `GET http://c.test/`: connect: 10.0.0.3\:80: nobody listens there (refused)
        - 8 `GET http://gone.test/`: dns: no such name: gone.test does not exist (NXDOMAIN)

        ### The slowest 10

        | | Request | Time | Where it went |
        |--:|:--|--:|:--|
        | 3 | `GET http://a.test/app.js` | 270 ms | receive 120 ms (44 %), wait 80.0 ms (30 %), dns 40.0 ms (15 %), connect 30.0 ms (11 %) |
        | 9 | `GET https://b.test/api?q=1` | 270 ms | wait 170 ms (63 %), dns 40.0 ms (15 %), connect 30.0 ms (11 %), tls 30.0 ms (11 %) |
        | 5 | `GET http://a.test/reset` | 230 ms | receive 100 ms (43 %), wait 60.0 ms (26 %), dns 40.0 ms (17 %), connect 30.0 ms (13 %) |
        | 1 | `GET https://b.test/` | 210 ms | wait 110 ms (52 %), dns 40.0 ms (19 %), connect 30.0 ms (14 %), tls 30.0 ms (14 %) |
        | 2 | `GET http://a.test/old` | 140 ms | wait 70.0 ms (50 %), dns 40.0 ms (29 %), connect 30.0 ms (21 %) |
        | 6 | `GET http://a.test/bye` | 135 ms | wait 65.0 ms (48 %), dns 40.0 ms (30 %), connect 30.0 ms (22 %) |
        | 4 | `GET http://a.test/missing` | 120 ms | wait 50.0 ms (42 %), dns 40.0 ms (33 %), connect 30.0 ms (25 %) |
        | 12 | `GET https://b.test/` | 110 ms | wait 110 ms (100 %) |
        | 14 | `GET http://10.0.0.2/literal` | 110 ms | wait 80.0 ms (73 %), connect 30.0 ms (27 %) |
        | 15 | `GET http://localhost/here` | 110 ms | wait 80.0 ms (73 %), connect 30.0 ms (27 %) |

        ### Requests

        | | Status | Method | URL | Size | Time | Slowest stage |
        |--:|:--|:--|:--|--:|--:|:--|
        | 1 | 200 | `GET` | `https://b.test/` | 38 B | 210 ms | wait 110 ms |
        | 2 | 302 | `GET` | `http://a.test/old` | 0 B | 140 ms | wait 70.0 ms |
        | 3 | 200 | `GET` | `http://a.test/app.js` | 40 B | 270 ms | receive 120 ms |
        | 4 | 404 | `GET` | `http://a.test/missing` | 9 B | 120 ms | wait 50.0 ms |
        | 5 | 200, failed: receive | `GET` | `http://a.test/reset` | 2.0 kB | 230 ms | receive 100 ms |
        | 6 | 200 | `GET` | `http://a.test/bye` | 17 B | 135 ms | wait 65.0 ms |
        | 7 | failed: connect | `GET` | `http://c.test/` | – | 65.0 ms | dns 40.0 ms |
        | 8 | failed: dns | `GET` | `http://gone.test/` | – | 0 µs | – |
        | 9 | 200 | `GET` | `https://b.test/api?q=1` | 2 B | 270 ms | wait 170 ms |
        | 10 | 200 | `GET` | `http://a.test/login?next=%2Fold` | 5 B | 90.0 ms | wait 90.0 ms |
        | 11 | 200, from cache | `GET` | `http://a.test/app.js` | 40 B | 0 µs | – |
        | 12 | 200 | `GET` | `https://b.test/` | 38 B | 110 ms | wait 110 ms |
        | 13 | 404 | `GET` | `http://a.test/missing` | 9 B | 50.0 ms | wait 50.0 ms |
        | 14 | 200 | `GET` | `http://10.0.0.2/literal` | 5 B | 110 ms | wait 80.0 ms |
        | 15 | 200 | `GET` | `http://localhost/here` | 5 B | 110 ms | wait 80.0 ms |

        ### Connections

        | | To | Opened in | TLS | Requests | Ended |
        |--:|:--|--:|:--|--:|:--|
        | c1 | `b.test:443` | 60.0 ms | TLS 1.3 | 1 | by the server: while it was idle: the server closed the connection |
        | c2 | `b.test:443` | 60.0 ms | TLS 1.3 | 2 | by us: the run was over |
        | c3 | `a.test:80` | 30.0 ms | – | 2 | by us: the run was over |
        | c4 | `a.test:80` | 30.0 ms | – | 2 | by us: the run was over |
        | c5 | `a.test:80` | 30.0 ms | – | 1 | by us: the run was over |
        | c6 | `a.test:80` | 30.0 ms | – | 1 | by the server: the server reset the connection |
        | c7 | `a.test:80` | 30.0 ms | – | 1 | by us: the server said Connection: close |
        | c8 | `c.test:80` | – | – | 0 | never opened: 10.0.0.3\:80: nobody listens there (refused) |
        | c9 | `10.0.0.2:80` | 30.0 ms | – | 1 | by us: the run was over |
        | c10 | `localhost:80` | 30.0 ms | – | 1 | by us: the run was over |
    "#]].assert_eq(&markdown(&folded(&recorded("mixed")), &[]));
}

#[test]
fn hostile_answers_are_no_markup() {
    expect![[r###"
        ## 10 requests, 2 failed

        10 requests · 8 answered · 2 failed · 7 connections · 3 reused · 722 B · 200 ms

        - 3 requests waited 270 ms in all for a.test\:80

        ### What failed

        - 4 `GET http://a.test/esc`: receive: a header line is malformed: a value has a control character (RFC 9110 §5.5)
        - 10 `GET http://a.test/away`: receive: the redirect leads to "http\://xÂ\\u{9b}31m.test/", which is no URL: invalid international domain name

        ### The slowest 10

        | | Request | Time | Where it went |
        |--:|:--|--:|:--|
        | 8 | `GET http://a.test/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-w…` | 200 ms | queue 90.0 ms (45 %), wait 70.0 ms (35 %), dns 40.0 ms (20 %) |
        | 9 | `GET http://a.test/body` | 200 ms | queue 90.0 ms (45 %), wait 70.0 ms (35 %), dns 40.0 ms (20 %) |
        | 10 | `GET http://a.test/away` | 200 ms | queue 90.0 ms (45 %), wait 70.0 ms (35 %), dns 40.0 ms (20 %) |
        | 1 | `GET http://a.test/plain` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 2 | `GET http://a.test/%E6%97%A5%E6%9C%AC%E8%AA%9E/%F0%9F%98%80?q=%E2%80%AEevil` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 3 | `GET http://a.test/c1` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 4 | `GET http://a.test/esc` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 5 | `GET http://a.test/wide` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 6 | `GET http://a.test/reason` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |
        | 7 | `GET http://xn--wgv71a.test/` | 130 ms | wait 70.0 ms (54 %), dns 40.0 ms (31 %), connect 20.0 ms (15 %) |

        ### Requests

        | | Status | Method | URL | Size | Time | Slowest stage |
        |--:|:--|:--|:--|--:|--:|:--|
        | 1 | 200 | `GET` | `http://a.test/plain` | 5 B | 130 ms | wait 70.0 ms |
        | 2 | 200 | `GET` | `http://a.test/%E6%97%A5%E6%9C%AC%E8%AA%9E/%F0%9F%98%80?q=%E2%80%AEevil` | 5 B | 130 ms | wait 70.0 ms |
        | 3 | 200 | `GET` | `http://a.test/c1` | 5 B | 130 ms | wait 70.0 ms |
        | 4 | failed: receive | `GET` | `http://a.test/esc` | – | 130 ms | wait 70.0 ms |
        | 5 | 200 | `GET` | `http://a.test/wide` | 5 B | 130 ms | wait 70.0 ms |
        | 6 | 299 | `GET` | `http://a.test/reason` | 5 B | 130 ms | wait 70.0 ms |
        | 7 | 200 | `GET` | `http://xn--wgv71a.test/` | 5 B | 130 ms | wait 70.0 ms |
        | 8 | 200 | `GET` | `http://a.test/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-way/long-w…` | 5 B | 200 ms | queue 90.0 ms |
        | 9 | 200 | `GET` | `http://a.test/body` | 45 B | 200 ms | queue 90.0 ms |
        | 10 | 302, failed: receive | `GET` | `http://a.test/away` | 0 B | 200 ms | queue 90.0 ms |

        ### Connections

        | | To | Opened in | TLS | Requests | Ended |
        |--:|:--|--:|:--|--:|:--|
        | c1 | `a.test:80` | 20.0 ms | – | 2 | by us: the run was over |
        | c2 | `a.test:80` | 20.0 ms | – | 2 | by us: the run was over |
        | c3 | `a.test:80` | 20.0 ms | – | 2 | by us: the run was over |
        | c4 | `a.test:80` | 20.0 ms | – | 1 | by us: a header line is malformed: a value has a control character (RFC 9110 §5.5) |
        | c5 | `a.test:80` | 20.0 ms | – | 1 | by us: the run was over |
        | c6 | `a.test:80` | 20.0 ms | – | 1 | by us: the run was over |
        | c7 | `xn--wgv71a.test:80` | 20.0 ms | – | 1 | by us: the run was over |
    "###]].assert_eq(&markdown(&folded(&recorded("hostile")), &[]));
}

#[test]
fn every_row_of_markdown_has_as_many_cells_as_its_head() {
    for name in RUNS {
        let page = markdown(&folded(&recorded(name)), &[]);
        let mut cells = None;
        for line in page.lines() {
            if !line.starts_with('|') {
                cells = None;
                continue;
            }
            let count = line.replace("\\|", "").matches('|').count();
            assert_eq!(*cells.get_or_insert(count), count, "{name}: {line}");
        }
        assert!(page.starts_with("## "), "{page}");
    }
}

#[test]
fn a_long_run_in_markdown_is_folded_and_says_what_it_leaves_out() {
    let mut model = folded(&recorded("queue"));
    assert!(!markdown(&model, &[]).contains("<details>"));
    for n in 0..300 {
        let planned = serde_json::json!({
            "fact": "request_planned", "at": 900_000_000, "request": 100 + n, "method": "GET",
            "url": format!("http://me:geheim@a.test/{n}"), "because": "typed",
        });
        model.apply(&serde_json::from_value(planned).unwrap());
    }
    let page = markdown(&model, &[]);
    assert!(
        page.contains("<details><summary>320 requests</summary>\n\n|"),
        "{page}"
    );
    assert!(page.contains("And 120 more, left out here: `--format json` has them all."));
    assert!(!page.contains("geheim"), "reports are shown around");
    assert!(page.len() < 65_536, "it fits into a comment of GitHub's");
}

#[test]
fn a_run_that_is_not_over_says_so() {
    let events = recorded("queue");
    let model = folded(until(&events, Moment::from_millis(180)));
    expect!["20 requests · 4 answered · 0 failed · 16 unfinished · 6 connections · 4 reused · 823 B · 172 ms"].assert_eq(&summary(&model));
    assert_eq!(failures(&model), "");
}

#[test]
fn a_run_without_requests_is_a_summary() {
    expect![[r#"
        0 requests · 0 answered · 0 failed · 0 connections · 0 reused · 0 B · 0 µs
    "#]]
    .assert_eq(&table(&folded([]), 80));
}

#[test]
fn no_control_character_is_written() {
    let is_loud = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{202c}\u{2028}".contains(c);
    for name in RUNS {
        for columns in [1, 80, 132, 300] {
            let table = table_of(name, columns);
            assert!(!table.contains(is_loud), "{table:?}");
        }
        for bodies in [Bodies::Kept, Bodies::Left] {
            let is_loud = |c: char| c.is_control() && c != '\n';
            assert!(
                !written(&recorded(name), bodies).contains(is_loud),
                "{name}"
            );
        }
    }
}

/// The bars begin in one column, whatever stands before them.
#[test]
fn the_columns_are_straight() {
    for name in RUNS {
        let table = table_of(name, 132);
        let mut rows = table.lines().take_while(|line| !line.is_empty());
        let head = rows.next().unwrap().split_once("│ ").is_some();
        assert!(!head, "the axis begins with its zero");
        let before = |row: &str| width(row.split_once('│').unwrap().0);
        let places: Vec<usize> = table
            .lines()
            .take_while(|line| !line.is_empty())
            .map(before)
            .collect();
        assert!(places.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
        let widest = table.lines().take(places.len()).map(width).max().unwrap();
        assert!(widest <= 132, "{widest}\n{table}");
    }
}

/// The archive of a recorded run, read back.
fn archive_of(name: &str, has_secrets: bool) -> serde_json::Value {
    let text = har(&folded(&recorded(name)), has_secrets, &|_| None);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_phases_of_an_archive_add_up_and_say_what_did_not_happen() {
    for name in RUNS {
        let model = folded(&recorded(name));
        let archive = archive_of(name, true);
        let entries = archive["log"]["entries"].as_array().unwrap();
        assert_eq!(entries.len(), model.requests().len());
        for (entry, request) in entries.iter().zip(model.requests()) {
            let timings = entry["timings"].as_object().unwrap();
            let phase = |name: &str| timings[name].as_f64().unwrap();
            let sum: f64 = ["blocked", "dns", "connect", "send", "wait", "receive"]
                .map(|name| phase(name).max(0.0))
                .iter()
                .sum();
            let time = entry["time"].as_f64().unwrap();
            assert!((sum - time).abs() < 0.002, "{name} {}: {entry}", request.id);
            assert!(
                phase("ssl") <= phase("connect"),
                "{name}: ssl is part of connect"
            );
            if request.is_reused {
                assert_eq!(timings["connect"], -1.0, "{name}: somebody else's connect");
            }
            assert_eq!(entry["response"]["status"], request.status().unwrap_or(0));
            assert_eq!(
                entry["response"]["_error"].is_string(),
                request.failure().is_some()
            );
        }
    }
}

#[test]
fn an_archive_has_what_the_format_wants() {
    let archive = archive_of("mixed", false);
    let mut entry = archive["log"]["entries"][0].clone();
    let stages = entry.as_object_mut().unwrap().remove("_stages").unwrap();
    let receive = serde_json::json!({"stage": "receive", "began": 210.0, "took": 0.0});
    assert_eq!(stages[6], receive);
    expect![[r#"
        {
          "_priority": "auto",
          "_took": 210.0,
          "cache": {},
          "connection": "c1",
          "request": {
            "bodySize": 0,
            "cookies": [],
            "headers": [
              {
                "name": "Host",
                "value": "b.test"
              },
              {
                "name": "Connection",
                "value": "keep-alive"
              },
              {
                "name": "User-Agent",
                "value": "netwaterfall/0.1.0"
              },
              {
                "name": "Accept",
                "value": "*/*"
              },
              {
                "name": "Accept-Encoding",
                "value": "gzip, deflate, br, zstd"
              },
              {
                "name": "Accept-Language",
                "value": "en-US,en;q=0.9"
              }
            ],
            "headersSize": 176,
            "httpVersion": "HTTP/1.1",
            "method": "GET",
            "queryString": [],
            "url": "https://b.test/"
          },
          "response": {
            "_transferSize": 200,
            "bodySize": 38,
            "content": {
              "mimeType": "text/html; charset=utf-8",
              "size": 38
            },
            "cookies": [
              {
                "httpOnly": false,
                "name": "theme",
                "path": "/",
                "secure": false,
                "value": "***"
              }
            ],
            "headers": [
              {
                "name": "Content-Type",
                "value": "text/html; charset=utf-8"
              },
              {
                "name": "Content-Length",
                "value": "38"
              },
              {
                "name": "Keep-Alive",
                "value": "timeout=1"
              },
              {
                "name": "Set-Cookie",
                "value": "theme=***; Path=/; Max-Age=3600; SameSite=Lax"
              }
            ],
            "headersSize": 162,
            "httpVersion": "HTTP/1.1",
            "redirectURL": "",
            "status": 200,
            "statusText": "OK"
          },
          "serverIPAddress": "10.0.0.2",
          "startedDateTime": "2026-01-01T00:00:00.000000000Z",
          "time": 210.0,
          "timings": {
            "blocked": 0.0,
            "connect": 60.0,
            "dns": 40.0,
            "receive": 0.0,
            "send": 0.0,
            "ssl": 30.0,
            "wait": 110.0
          }
        }
    "#]]
    .assert_eq(&format!(
        "{}\n",
        serde_json::to_string_pretty(&entry).unwrap()
    ));
}
