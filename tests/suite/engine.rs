//! The engine over the simulated network: exact timelines, without waiting.

use expect_test::expect;
use netwaterfall::engine::Settings;

use crate::sim::{Script, run};

#[tokio::test(start_paused = true)]
async fn a_plain_fetch_lives_every_stage_in_turn() {
    let ran = run(&["http://a.test/"], Script::usual(), Settings::default()).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 200 · receive 130 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 130–150 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn tls_costs_one_round_trip() {
    let ran = run(&["https://a.test/"], Script::usual(), Settings::default()).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–80 · send 80 · wait 80–150 · 200 · receive 150 · 5 bytes · answered
        c1 a.test:443 · connect 40–60 · TLS 1.3 · tls 60–80 · close 150–170 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}
