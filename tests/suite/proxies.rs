//! Through proxies, over the simulated network: exact timelines, and what the proxy hears.

use expect_test::expect;
use netwaterfall::engine::{Proxies, Settings};
use netwaterfall::event::{Event, Fact};
use netwaterfall::export::{Bodies, line, masked};
use netwaterfall::pool::Limits;

use crate::sim::{Dial, Page, Ran, Script, check, run};

const AUTH: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";

fn through(proxy: &str) -> Settings {
    let proxy = Some(proxy.parse().unwrap());
    let proxies = Proxies {
        http: proxy.clone(),
        https: proxy,
        except: "c.test".parse().unwrap(),
    };
    Settings {
        proxies,
        ..Settings::default()
    }
}

fn script() -> Script {
    Script::usual()
        .name("proxy.test", &["10.0.0.9"], 10, 60)
        .page("a.test:443", Page::default().wait(30).pass())
}

async fn ran(urls: &[&str], script: Script, proxy: &str) -> Ran {
    let ran = run(urls, script, through(proxy)).await;
    check(&ran.events);
    ran
}

fn answers(events: &[Event]) -> Vec<String> {
    let told = events.iter().filter_map(|event| match &event.fact {
        Fact::ProxyAnswered { asked, answer, .. } => Some(format!("{asked}: {answer}")),
        _ => None,
    });
    told.collect()
}

#[tokio::test(start_paused = true)]
async fn https_goes_through_a_tunnel_that_is_a_stage_of_its_own() {
    let ran = ran(&["https://a.test/"], script(), "proxy.test:3128").await;
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–100 · send 100 · wait 100–170 · 200 · receive 170 · 5 bytes · answered
        c1 a.test:443 through http://proxy.test:3128 · connect 10–30 · proxy 30–80 · TLS 1.3 · tls 80–100 · close 170–190 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    assert_eq!(ran.log.asked, ["proxy.test"], "the proxy looks the rest up");
    assert_eq!(
        answers(&ran.events),
        ["CONNECT a.test:443: 200 Connection established"]
    );
    expect![[r#"
        CONNECT a.test:443 HTTP/1.1
        Host: a.test:443
        Proxy-Connection: keep-alive
        User-Agent: netwaterfall/0.1.0

    "#]]
    .assert_eq(&ran.log.heard[0].replace('\r', ""));
}

#[tokio::test(start_paused = true)]
async fn http_is_asked_of_the_proxy_by_its_whole_url() {
    let ran = ran(
        &["http://a.test/x?y#z"],
        script(),
        "http://me:geheim@proxy.test:3128",
    )
    .await;
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–30 · send 30 · wait 30–100 · 200 · receive 100 · 5 bytes · answered
        c1 a.test:80 through http://proxy.test:3128 · connect 10–30 · close 100–120 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
    expect![[r#"
        GET http://a.test/x?y HTTP/1.1
        Host: a.test
        Proxy-Connection: keep-alive
        User-Agent: netwaterfall/0.1.0
        Accept: */*
        Accept-Encoding: gzip, deflate
        Accept-Language: en-US,en;q=0.9
        Proxy-Authorization: Basic bWU6Z2VoZWlt

    "#]]
    .assert_eq(&ran.log.heard[0].replace('\r', ""));
    let told: String = ran
        .events
        .iter()
        .map(|event| line(&masked(event), Bodies::Kept))
        .collect();
    assert!(
        !told.contains("geheim") && !told.contains("bWU6Z2VoZWlt"),
        "{told}"
    );
    assert!(told.contains("Basic ***"));
}

#[tokio::test(start_paused = true)]
async fn who_is_excepted_is_reached_directly() {
    let ran = ran(&["http://c.test/"], script(), "proxy.test:3128").await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 c.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn socks_is_given_addresses_or_names() {
    let with_names = ran(
        &["https://a.test/", "http://b.test/"],
        script(),
        "socks5h://proxy.test",
    )
    .await;
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–90 · send 90 · wait 90–160 · 200 · receive 160 · 5 bytes · answered
        #2 dns 0–10 · c2 · queue 10–70 · send 70 · wait 70–140 · 200 · receive 140 · 5 bytes · answered
        c1 a.test:443 through socks5h://proxy.test:1080 · connect 10–30 · proxy 30–70 · TLS 1.3 · tls 70–90 · close 160–180 · by us: the run was over
        c2 b.test:80 through socks5h://proxy.test:1080 · connect 10–30 · proxy 30–70 · close 160–180 · by us: the run was over
    "#]].assert_eq(&with_names.timelines());
    assert_eq!(with_names.log.asked, ["proxy.test"]);
    assert_eq!(
        answers(&with_names.events),
        [
            "SOCKS5 connect a.test:443: granted",
            "SOCKS5 connect b.test:80: granted"
        ]
    );
    let with_addresses = ran(&["https://a.test/"], script(), "socks5://proxy.test").await;
    expect![[r#"
        #1 dns 0–10 · dns 10–50 · c1 · queue 50–130 · send 130 · wait 130–200 · 200 · receive 200 · 5 bytes · answered
        c1 a.test:443 through socks5://proxy.test:1080 · connect 50–70 · proxy 70–110 · TLS 1.3 · tls 110–130 · close 200–220 · by us: the run was over
    "#]].assert_eq(&with_addresses.timelines());
    assert_eq!(with_addresses.log.asked, ["proxy.test", "a.test"]);
    assert_eq!(
        answers(&with_addresses.events),
        ["SOCKS5 connect 10.0.0.1:443: granted"]
    );
}

/// Why `url` fails through the proxy.
async fn why(url: &str, script: Script, proxy: &str) -> String {
    let ran = ran(&[url], script, proxy).await;
    let failed = ran.events.iter().find_map(|event| match &event.fact {
        Fact::RequestEnded {
            verdict: netwaterfall::event::Verdict::Failed(failure),
            ..
        } => Some(format!("{:?}: {failure}", failure.kind)),
        _ => None,
    });
    failed.unwrap_or_else(|| panic!("it did not fail: {}", ran.timelines()))
}

#[tokio::test(start_paused = true)]
async fn what_a_proxy_will_not_do_is_told() {
    let answering = |answer: &str| script().page("b.test:443", Page::answer(5, answer));
    let url = "https://b.test/";
    let proxy = "proxy.test:3128";
    let forbidden = answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    let said = [
        why(url, forbidden, proxy).await,
        why(url, answering(AUTH), proxy).await,
        why(url, answering(AUTH), "me:geheim@proxy.test:3128").await,
        why(url, answering(&AUTH.replace("Basic", "Digest")), proxy).await,
        why(url, answering("SSH-2.0-x\r\n\r\n"), proxy).await,
        why(url, answering("HTTP/1.1 200 OK\r\n\r\nhello"), proxy).await,
        why(
            url,
            script().page("b.test:443", Page::default().close()),
            proxy,
        )
        .await,
        why(
            url,
            script().page("b.test:443", Page::default().never()),
            proxy,
        )
        .await,
        why(url, script().dial("10.0.0.9", Dial::Refuses(5)), proxy).await,
        why(url, script(), "gone.test:3128").await,
        why(url, script(), "socks5://proxy.test:3128").await,
    ];
    expect![[r#"
        Proxy: proxy: the proxy would not connect to b.test:443: 403 Forbidden
        Proxy: proxy: the proxy wants a name and a password: -x http://NAME:PASSWORD@HOST:PORT (407)
        Proxy: proxy: the proxy did not accept the name and the password
        Proxy: proxy: the proxy asks who we are by Digest, and only Basic is spoken here
        Protocol: proxy: the proxy did not answer in HTTP: the answer is not HTTP: it begins with "SSH-2.0-x\r\n\r\n"
        Protocol: proxy: the proxy said more than its answer
        CutShort: proxy: the proxy closed the connection without an answer
        TimedOut: proxy: took longer than 30s (--timeout-proxy)
        Refused: connect: the proxy http://proxy.test:3128 cannot be reached: 10.0.0.9:3128: nobody listens there (refused)
        NoSuchName: dns: the proxy http://gone.test:3128 cannot be found: no such name: gone.test does not exist (NXDOMAIN)
        TimedOut: proxy: took longer than 30s (--timeout-proxy)"#]].assert_eq(&said.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_asks_who_we_are_answers_so_over_http() {
    let script = script().page("http://a.test/", Page::answer(5, AUTH));
    let ran = ran(&["http://a.test/"], script, "proxy.test:3128").await;
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–30 · send 30 · wait 30–55 · 407 · receive 55 · 0 bytes · answered
        c1 a.test:80 through http://proxy.test:3128 · connect 10–30 · close 55–75 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn the_connections_through_a_proxy_have_a_limit() {
    let settings = Settings {
        limits: Limits {
            per_proxy: 2,
            ..Limits::default()
        },
        ..through("proxy.test:3128")
    };
    let urls = [
        "http://a.test/1",
        "http://b.test/2",
        "http://d.test/3",
        "http://c.test/4",
    ];
    let ran = run(&urls, script(), settings).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–30 · send 30 · wait 30–100 · 200 · receive 100 · 5 bytes · answered
        #2 dns 0–10 · c2 · queue 10–30 · send 30 · wait 30–100 · 200 · receive 100 · 5 bytes · answered
        #3 dns 0–10 · c4 · queue 10–120 · send 120 · wait 120–190 · 200 · receive 190 · 5 bytes · answered
        #4 dns 0–40 · c3 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:80 through http://proxy.test:3128 · connect 10–30 · close 100–120 · by us: another host needed the room, for #3
        c2 b.test:80 through http://proxy.test:3128 · connect 10–30 · close 190–210 · by us: the run was over
        c3 c.test:80 · connect 40–60 · close 190–210 · by us: the run was over
        c4 d.test:80 through http://proxy.test:3128 · connect 100–120 · close 190–210 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}
