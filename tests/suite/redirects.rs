//! What becomes of an answer that leads elsewhere: its body, its connection, and what stays behind.

use expect_test::expect;
use netwaterfall::engine::Settings;
use netwaterfall::event::{Because, Command, Wanted};

use crate::sim::{Page, Ran, Script, check, run_commands, run_for};

/// A redirect to `/next` with a body that is said to be this long.
fn redirect(length: usize) -> Page {
    let head = format!("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: {length}\r\n\r\n");
    Page::answer(50, head)
}

async fn one_at_a_time(page: Page) -> Ran {
    let mut settings = Settings::default();
    settings.limits.per_host = 1;
    let wanted = Wanted::get("http://a.test/".parse().unwrap(), Because::Typed);
    let script = Script::usual().page("/", page);
    let ran = run_commands(vec![(0, Command::Fetch(vec![wanted]))], script, settings).await;
    check(&ran.events);
    ran
}

fn remarks(ran: &Ran) -> String {
    let remarks = ran.remarks();
    let said = remarks.lines().filter(|line| line.contains(" ! "));
    said.collect::<Vec<_>>().join("\n")
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_redirect_is_read_so_that_its_connection_can_be_used_again() {
    let ran = one_at_a_time(redirect(2_000).slowly("x".repeat(2_000), 1_000, 100)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130–330 · 2000 bytes · answered
        #2 c1 again · queue 130–330 · send 330 · wait 330–400 · 200 · receive 400 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 400–420 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_followed_before_its_body_is_read() {
    let script = Script::usual().page("/", redirect(2_000).slowly("x".repeat(2_000), 1_000, 100));
    let ran = run_for(&["http://a.test/"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130–330 · 2000 bytes · answered
        #2 c2 · queue 130–150 · send 150 · wait 150–220 · 200 · receive 220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 330–350 · by us: the run was over
        c2 a.test:80 · connect 130–150 · close 330–350 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_large_body_of_a_redirect_costs_the_connection() {
    let ran = one_at_a_time(redirect(1 << 20).slowly("x".repeat(1 << 20), 4_096, 10)).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130–180 · 20480 bytes · answered
        #2 c2 · queue 130–200 · send 200 · wait 200–270 · 200 · receive 270 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 180–200 · by us: the answer was not read to its end
        c2 a.test:80 · connect 180–200 · close 270–290 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_of_a_redirect_costs_the_connection() {
    let ran = one_at_a_time(redirect(10).never()).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130–5130 · 0 bytes · answered
        #2 c2 · queue 130–5150 · send 5150 · wait 5150–5220 · 200 · receive 5220 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 5130–5150 · by us: the answer was not read to its end
        c2 a.test:80 · connect 5130–5150 · close 5220–5240 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn a_body_of_a_redirect_that_is_cut_is_nobodys_failure() {
    let ran = one_at_a_time(redirect(10).wait(10).send("xx").close()).await;
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–130 · 302 · receive 130–140 · 2 bytes · answered
        #2 c2 · queue 130–160 · send 160 · wait 160–230 · 200 · receive 230 · 5 bytes · answered
        c1 a.test:80 · connect 40–60 · close 140 · by us: the exchange on it failed
        c2 a.test:80 · connect 140–160 · close 230–250 · by us: the run was over
    "#]].assert_eq(&ran.timelines());
}

#[tokio::test(start_paused = true)]
async fn circles_are_named_once_and_at_the_end() {
    let to = |path: &str| {
        let head = format!("HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n");
        Page::answer(0, head)
    };
    let script = Script::usual()
        .page("/", to("/a"))
        .page("/a", to("/b#x"))
        .page("/b", to("/a"));
    let ran = run_for(&["http://a.test/"], script).await;
    check(&ran.events);
    expect!["120 #3 ! it leads back to what #2 asked for: the redirects may go round"]
        .assert_eq(&remarks(&ran));
    expect!["#21 c1 again · queue 460 · send 460 · wait 460–480 · 302 · receive 480 · 0 bytes · Redirect at 480: receive: the 20th redirect in a row led back to what #2 asked for: they go round in a circle"].assert_eq(ran.requests().lines().next_back().unwrap_or_default());
}

#[tokio::test(start_paused = true)]
async fn what_stays_behind_and_what_anyone_can_read_is_said() {
    let leave = "HTTP/1.1 302 Found\r\nLocation: http://c.test/\r\nContent-Length: 0\r\n\r\n";
    let mut wanted = Wanted::get("https://b.test/".parse().unwrap(), Because::Typed);
    wanted.saying.say("Authorization", "Bearer secret").unwrap();
    wanted.saying.say("X-Mine", "kept").unwrap();
    let script = Script::usual()
        .page("/", Page::answer(0, leave))
        .page("/", Page::usual());
    let commands = vec![(0, Command::Fetch(vec![wanted]))];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        100 #1 ! it leads from https to http: what follows can be read on the way
        100 #1 ! Authorization stays behind: it leads to another origin"#]]
    .assert_eq(&remarks(&ran));
    let last = ran.log.heard.last().unwrap();
    assert!(
        last.contains("X-Mine: kept") && !last.contains("secret"),
        "{last}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_empty_location_leads_nowhere() {
    let head = "HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 2\r\n\r\nok";
    let script = Script::usual().page("/", Page::answer(0, head));
    let ran = run_for(&["http://a.test/"], script).await;
    check(&ran.events);
    expect![[r#"
        #1 dns 0–40 · c1 · queue 40–60 · send 60 · wait 60–80 · 302 · receive 80 · 2 bytes · answered
    "#]].assert_eq(&ran.requests());
}
