//! Which address a connection goes to, and when the others are tried (RFC 8305), to the millisecond.

use std::fmt::Write as _;

use expect_test::expect;
use netwaterfall::engine::{Families, Settings};
use netwaterfall::event::{Fact, Names, Verdict};
use netwaterfall::message::{Family, Reply};
use netwaterfall::net::NetErrorKind;

use crate::sim::{Dial, Ran, Script, check, fetch, run, run_commands, run_for};

const BOTH: [&str; 2] = ["10.0.0.1", "2001:db8::1"];

/// A script in which `two.test` has these addresses, told after 40 ms.
fn named(addresses: &[&str]) -> Script {
    Script::usual().name("two.test", addresses, 40, 60)
}

async fn raced(script: Script) -> String {
    let ran = run_for(&["http://two.test/"], script).await;
    check(&ran.events);
    told(&ran)
}

/// The facts of names and addresses, each with its millisecond.
fn told(ran: &Ran) -> String {
    let mut text = String::new();
    for event in &ran.events {
        let words = match &event.fact {
            Fact::QuerySent { question, .. } => format!("{}?", question.record.record()),
            Fact::QueryEnded { query, replied, .. } => match &replied.reply {
                Reply::Answered(answer) => format!("answer {query}: {}", answer.finding),
                Reply::Unanswered { words } => format!("answer {query}: {words}"),
            },
            Fact::NameSought {
                request,
                lookup,
                how,
                ..
            } => {
                format!("{request} look-up {} {how:?}", lookup.0)
            }
            Fact::NameResolved {
                request,
                addresses,
                names,
            } => {
                let kept = match names {
                    Names::Kept { age_ms, .. } => format!(", {age_ms} old"),
                    _ => String::new(),
                };
                format!("{request} {addresses:?}{kept}")
            }
            Fact::AddressTried {
                connection,
                address,
            } => format!("{connection} tries {}", address.ip()),
            Fact::AddressFailed {
                connection,
                address,
                failure,
            } => format!("{connection} not {}: {}", address.ip(), failure.words),
            Fact::SocketOpened {
                connection, peer, ..
            } => format!("{connection} is open to {}", peer.ip()),
            Fact::RequestEnded {
                request,
                verdict: Verdict::Failed(failure),
            } => format!("{request} {failure}"),
            _ => continue,
        };
        let micros = event.at.0 / 1_000;
        writeln!(text, "{}.{} {words}", micros / 1_000, micros % 1_000 / 100).unwrap();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn ipv6_goes_first_where_both_answer() {
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 answer 2: there are addresses
        40.0 #1 [2001:db8::1, 10.0.0.1]
        40.0 c1 tries 2001:db8::1
        60.0 c1 is open to 2001:db8::1
    "#]]
    .assert_eq(&raced(named(&BOTH)).await);
}

#[tokio::test(start_paused = true)]
async fn a_dead_ipv6_costs_a_quarter_of_a_second() {
    let script = named(&BOTH).dial("2001:db8::1", Dial::Never);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 answer 2: there are addresses
        40.0 #1 [2001:db8::1, 10.0.0.1]
        40.0 c1 tries 2001:db8::1
        290.0 c1 tries 10.0.0.1
        290.0 c2 tries 10.0.0.1
        310.0 c1 is open to 10.0.0.1
        310.0 c1 not 2001:db8::1: given up: 10.0.0.1:80 was faster
        310.0 c2 is open to 10.0.0.1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn a_refused_address_costs_no_more_than_its_refusal() {
    let script = named(&BOTH).dial("2001:db8::1", Dial::Refuses(7));
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 answer 2: there are addresses
        40.0 #1 [2001:db8::1, 10.0.0.1]
        40.0 c1 tries 2001:db8::1
        47.0 c1 not 2001:db8::1: nobody listens there (refused)
        47.0 c1 tries 10.0.0.1
        67.0 c1 is open to 10.0.0.1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn of_two_addresses_of_one_family_the_second_is_tried_too() {
    let script = named(&["10.0.0.1", "10.0.0.2"]).dial("10.0.0.1", Dial::Never);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there is none
        40.0 answer 2: there are addresses
        40.0 #1 [10.0.0.1, 10.0.0.2]
        40.0 c1 tries 10.0.0.1
        290.0 c1 tries 10.0.0.2
        290.0 c2 tries 10.0.0.2
        310.0 c1 is open to 10.0.0.2
        310.0 c1 not 10.0.0.1: given up: 10.0.0.2:80 was faster
        310.0 c2 is open to 10.0.0.2
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn an_ipv6_that_is_little_late_is_waited_for() {
    let script = named(&BOTH).late("two.test", Family::Ipv6, 30);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 2: there are addresses
        70.0 answer 1: there are addresses
        70.0 #1 [2001:db8::1, 10.0.0.1]
        70.0 c1 tries 2001:db8::1
        90.0 c1 is open to 2001:db8::1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn an_ipv6_that_is_too_late_is_not_waited_for() {
    let script = named(&BOTH).late("two.test", Family::Ipv6, 500);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 2: there are addresses
        90.0 #1 [10.0.0.1]
        90.0 c1 tries 10.0.0.1
        110.0 c1 is open to 10.0.0.1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn an_ipv6_that_comes_during_the_race_joins_it() {
    let script = named(&BOTH)
        .late("two.test", Family::Ipv6, 100)
        .dial("10.0.0.1", Dial::Never);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 2: there are addresses
        90.0 #1 [10.0.0.1]
        90.0 c1 tries 10.0.0.1
        140.0 answer 1: there are addresses
        340.0 c1 tries 2001:db8::1
        340.0 c2 tries 2001:db8::1
        360.0 c1 is open to 2001:db8::1
        360.0 c1 not 10.0.0.1: given up: [2001:db8::1]:80 was faster
        360.0 c2 is open to 2001:db8::1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn a_late_ipv4_is_not_waited_for_and_helps_a_dead_ipv6() {
    let script = named(&BOTH)
        .late("two.test", Family::Ipv4, 500)
        .dial("2001:db8::1", Dial::Refuses(10));
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 #1 [2001:db8::1]
        40.0 c1 tries 2001:db8::1
        50.0 c1 not 2001:db8::1: nobody listens there (refused)
        290.0 c2 tries 2001:db8::1
        300.0 c2 not 2001:db8::1: nobody listens there (refused)
        540.0 answer 2: there are addresses
        540.0 c1 tries 10.0.0.1
        540.0 c2 tries 10.0.0.1
        560.0 c1 is open to 10.0.0.1
        560.0 c2 is open to 10.0.0.1
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn families_take_turns_and_every_loser_has_its_error() {
    let addresses = ["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"];
    let script = named(&addresses)
        .dial("10.0.0.1", Dial::Never)
        .dial("10.0.0.2", Dial::Opens(40))
        .dial("2001:db8::1", Dial::Never)
        .dial("2001:db8::2", Dial::Refuses(5));
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 answer 2: there are addresses
        40.0 #1 [2001:db8::1, 10.0.0.1, 2001:db8::2, 10.0.0.2]
        40.0 c1 tries 2001:db8::1
        290.0 c1 tries 10.0.0.1
        290.0 c2 tries 10.0.0.1
        540.0 c1 tries 2001:db8::2
        540.0 c2 tries 2001:db8::2
        545.0 c1 not 2001:db8::2: nobody listens there (refused)
        545.0 c1 tries 10.0.0.2
        545.0 c2 not 2001:db8::2: nobody listens there (refused)
        545.0 c2 tries 10.0.0.2
        585.0 c1 is open to 10.0.0.2
        585.0 c1 not 2001:db8::1: given up: 10.0.0.2:80 was faster
        585.0 c1 not 10.0.0.1: given up: 10.0.0.2:80 was faster
        585.0 c2 is open to 10.0.0.2
        585.0 c2 not 10.0.0.1: given up: 10.0.0.2:80 was faster
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn when_all_fail_the_last_is_told_with_how_many_before() {
    let script = named(&BOTH)
        .dial("10.0.0.1", Dial::Refuses(5))
        .dial("2001:db8::1", Dial::Refuses(5));
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: there are addresses
        40.0 answer 2: there are addresses
        40.0 #1 [2001:db8::1, 10.0.0.1]
        40.0 c1 tries 2001:db8::1
        45.0 c1 not 2001:db8::1: nobody listens there (refused)
        45.0 c1 tries 10.0.0.1
        50.0 c1 not 10.0.0.1: nobody listens there (refused)
        50.0 #1 connect: 10.0.0.1:80: nobody listens there (refused) (another address failed before)
    "#]]
    .assert_eq(&raced(script).await);
}

#[tokio::test(start_paused = true)]
async fn only_the_family_that_is_asked_for_is_looked_up() {
    let settings = Settings {
        families: Families::Ipv4,
        ..Settings::default()
    };
    let urls = ["http://two.test/", "http://six.test/", "http://[::1]/"];
    let script = named(&BOTH).name("six.test", &["2001:db8::6"], 40, 60);
    let ran = run(&urls, script, settings).await;
    check(&ran.events);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 A?
        0.0 #2 look-up 2 Asked
        0.0 A?
        0.0 #3 dns: ::1 has no IPv4 address, and -4 asks for no other
        40.0 answer 1: there are addresses
        40.0 #1 [10.0.0.1]
        40.0 answer 1: there is none
        40.0 #2 dns: six.test exists but has no IPv4 address, and -4 asks for no other
        40.0 c1 tries 10.0.0.1
        60.0 c1 is open to 10.0.0.1
    "#]]
    .assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_exist_is_kept_for_as_long_as_its_zone_says() {
    let script = Script::usual().missing("no.test", 40, 30).no_name(
        "broken.test",
        40,
        NetErrorKind::NameServer,
    );
    let commands = vec![
        (0, fetch(&["http://no.test/"])),
        (10_000, fetch(&["http://no.test/", "http://broken.test/"])),
        (31_000, fetch(&["http://no.test/", "http://broken.test/"])),
    ];
    let ran = run_commands(commands, script, Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        40.0 answer 1: no such name
        40.0 answer 2: no such name
        40.0 #1 dns: no such name: no.test does not exist (NXDOMAIN)
        10000.0 #2 look-up 1 Kept
        10000.0 #2 dns: no such name: no.test does not exist (NXDOMAIN); so said 9 s ago, and good for 30 s
        10000.0 #3 look-up 2 Asked
        10000.0 AAAA?
        10000.0 A?
        10040.0 answer 1: asked in vain: NameServer
        10040.0 answer 2: asked in vain: NameServer
        10040.0 #3 dns: asked in vain: NameServer
        31000.0 #4 look-up 3 Asked
        31000.0 AAAA?
        31000.0 A?
        31000.0 #5 look-up 4 Asked
        31000.0 AAAA?
        31000.0 A?
        31040.0 answer 1: no such name
        31040.0 answer 2: no such name
        31040.0 #4 dns: no such name: no.test does not exist (NXDOMAIN)
        31040.0 answer 1: asked in vain: NameServer
        31040.0 answer 2: asked in vain: NameServer
        31040.0 #5 dns: asked in vain: NameServer
    "#]].assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_shared_while_it_is_awaited_and_kept_after() {
    let commands = vec![
        (0, fetch(&["http://two.test/1", "http://two.test/2"])),
        (50_000, fetch(&["http://two.test/3"])),
        (61_000, fetch(&["http://two.test/4"])),
    ];
    let ran = run_commands(commands, named(&["10.0.0.1"]), Settings::default()).await;
    check(&ran.events);
    expect![[r#"
        0.0 #1 look-up 1 Asked
        0.0 AAAA?
        0.0 A?
        0.0 #2 look-up 1 Shared
        40.0 answer 1: there is none
        40.0 answer 2: there are addresses
        40.0 #1 [10.0.0.1]
        40.0 #2 [10.0.0.1]
        40.0 c1 tries 10.0.0.1
        40.0 c2 tries 10.0.0.1
        60.0 c1 is open to 10.0.0.1
        60.0 c2 is open to 10.0.0.1
        50000.0 #3 look-up 1 Kept
        50000.0 #3 [10.0.0.1], 49960 old
        61000.0 #4 look-up 2 Asked
        61000.0 AAAA?
        61000.0 A?
        61040.0 answer 1: there is none
        61040.0 answer 2: there are addresses
        61040.0 #4 [10.0.0.1]
    "#]]
    .assert_eq(&told(&ran));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_does_not_wait_for_a_late_answer() {
    let script = named(&BOTH).late("two.test", Family::Ipv6, 3_600_000);
    let ran = run_for(&["http://two.test/"], script).await;
    check(&ran.events);
    assert!(ran.events.last().unwrap().at.0 < 1_000_000_000);
}
