//! Ways that are not the straight ones, over the simulated network: `--connect-to`, alone and through proxies.

use expect_test::expect;
use netwaterfall::engine::{Proxies, Settings};
use netwaterfall::message::Detour;

use crate::sim::{Page, Ran, Script, check, run};

async fn led(urls: &[&str], detours: &[&str], proxy: Option<&str>) -> Ran {
    let detours = detours.iter().map(|text| text.parse::<Detour>().unwrap());
    let proxy = proxy.map(|text| text.parse().unwrap());
    let settings = Settings {
        detours: detours.collect(),
        proxies: Proxies {
            http: proxy.clone(),
            https: proxy,
            ..Proxies::default()
        },
        ..Settings::default()
    };
    let script = Script::usual()
        .name("proxy.test", &["10.0.0.9"], 10, 60)
        .page("b.test:443", Page::default().wait(30).pass());
    let ran = run(urls, script, settings).await;
    check(&ran.events);
    ran
}

#[tokio::test(start_paused = true)]
async fn a_host_is_spoken_to_elsewhere_under_its_own_name() {
    let urls = ["https://a.test/", "http://a.test/", "http://c.test/"];
    let ran = led(&urls, &["a.test:443:b.test:", ":80:b.test:8080"], None).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        #2 dns 0–40 · c2 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        #3 dns 0–40 · c3 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:443 to b.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
        c2 a.test:80 to b.test:8080 · connect 40–60 · close 150–170 · by us: the run was over
        c3 c.test:80 to b.test:8080 · connect 40–60 · close 150–170 · by us: the run was over
    "#]]
    .assert_eq(&ran.timelines());
    assert_eq!(ran.log.asked, ["b.test"]);
    let hosts: Vec<&str> = ran
        .log
        .served
        .iter()
        .map(|(_, host, _)| host.as_str())
        .collect();
    assert_eq!(hosts, ["a.test", "c.test", "a.test"]);
    let remarks = ran.remarks();
    assert!(
        remarks.contains("#1 ! spoken to at b.test:443 instead (--connect-to)"),
        "{remarks}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_proxy_is_asked_for_the_way_to_where_a_host_is_spoken_to() {
    let detours = ["a.test:443:b.test:443", "c.test:80:b.test:443"];
    let ran = led(&["https://a.test/"], &detours, Some("proxy.test:3128")).await;
    expect![[r#"
        #1 dns 0–10 · c1 · queue 10–100 · send 100 · wait 100–170 · 200 · receive 170 · 5 bytes · answered
        c1 a.test:443 to b.test:443 through http://proxy.test:3128 · connect 10–30 · proxy 30–80 · TLS 1.3 · tls 80–100 · close 170–190 · by us: the run was over
    "#]]
    .assert_eq(&ran.timelines());
    assert!(ran.log.heard[0].starts_with("CONNECT b.test:443 HTTP/1.1\r\n"));
    assert!(ran.log.heard[1].contains("\r\nHost: a.test\r\n"));
    // Whoever is reached elsewhere is not asked for by a whole URL.
    let ran = led(&["http://c.test/"], &detours, Some("proxy.test:3128")).await;
    assert!(ran.log.heard[0].starts_with("CONNECT b.test:443 HTTP/1.1\r\n"));
    let ran = led(&["https://a.test/"], &detours, Some("socks5://proxy.test")).await;
    assert_eq!(ran.log.asked, ["proxy.test", "b.test"]);
}
