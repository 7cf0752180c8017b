//! The screen at any fact of a run is the one that a fresh fold of the facts so far makes.

use std::fs;

use netwaterfall::event::Event;
use netwaterfall::model::{Model, Tape};
use proptest::prelude::*;

use crate::pty::Screen;
use crate::runs::{RUNS, folded, recorded};

/// A run of many times as many facts, so that pictures are kept on the way back.
fn long(name: &str) -> Vec<Event> {
    let events = recorded(name);
    std::iter::repeat_n(events, 4).flatten().collect()
}

#[derive(Clone, Debug)]
enum Move {
    /// Facts come, so many.
    Come(usize),
    /// To a share of those that are known, in thousandths.
    To(usize),
    /// By so many facts.
    By(isize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (0_usize..900).prop_map(Move::Come),
        (0_usize..=1_000).prop_map(Move::To),
        (-300_isize..300).prop_map(Move::By),
    ];
    proptest::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_moment_is_the_fold_of_the_facts_so_far(run in 0..RUNS.len(), moves in moves()) {
        let events = long(RUNS[run]);
        let mut coming = events.iter();
        let (mut tape, mut model) = (Tape::default(), Model::default());
        for step in moves {
            let known = tape.len();
            let to = match step {
                Move::Come(count) => {
                    for event in coming.by_ref().take(count) {
                        tape.push(event.clone(), &mut model);
                    }
                    tape.place()
                }
                Move::To(share) => known * share / 1_000,
                Move::By(by) => tape.place().saturating_add_signed(by),
            };
            tape.wind(to, &mut model);
            prop_assert_eq!(tape.place(), to.min(tape.len()));
            prop_assert!(model == folded(events.get(..tape.place()).unwrap()));
        }
    }
}

#[test]
fn every_fact_is_told_in_a_line_of_its_own() {
    for name in RUNS {
        for event in recorded(name) {
            let words = event.fact.to_string();
            assert!(!words.trim().is_empty(), "{event:?}");
        }
    }
}

const RUN: &str = "tests/fixtures/runs/queue.ndjson";

#[test]
fn a_replay_is_stepped_through_fact_by_fact() {
    let count = recorded("queue").len();
    let mut screen = Screen::run(&["replay", RUN], 24, 132);
    screen.until("● done");
    screen.send(b",");
    screen.until("‖ held");
    screen.until(&format!("fact {} of {count}", count - 1));
    screen.send(b",,");
    screen.until(&format!("fact {} of {count}", count - 3));
    screen.send(b".");
    screen.until(&format!("fact {} of {count}", count - 2));
    screen.send(b"..");
    screen.until(&format!("fact {count} of {count}"));
    screen.send(&[b'<'; 60]);
    screen.until(&format!("fact 1 of {count}: the run began"));
    screen.send(&[b'>'; 70]);
    // What is more than enough is told where the fact stood.
    screen.until("this is the latest fact");
    screen.send(b",.");
    screen.until(&format!("fact {count} of {count}"));
    screen.send(b"q");
    assert_eq!(screen.wait(), 0);
    assert!(screen.restored());
}

#[test]
fn a_replay_is_played_and_held() {
    let mut screen = Screen::run(&["replay", RUN, "--speed", "0.001"], 24, 132);
    screen.until("▸ play");
    screen.send(b" ");
    screen.until("‖ held");
    screen.send(b" ");
    screen.until("▸ play");
    screen.send(b"\x03");
    screen.wait();
    let mut screen = Screen::run(&["replay", RUN, "--speed", "1000"], 24, 132);
    screen.until("● done");
    screen.send(b"q");
    assert_eq!(screen.wait(), 0);
}

#[test]
fn a_live_run_is_held_while_it_goes_on() {
    let mut screen = Screen::run(&["demo"], 24, 132);
    screen.until("● live");
    screen.send(b" ");
    screen.until("‖ held");
    screen.send(b",");
    screen.until("fact");
    screen.send(b" ");
    screen.until("● done");
    screen.send(b"q");
    assert_eq!(screen.wait(), 1, "some of the demo fails on purpose");
}

#[test]
fn a_run_that_is_left_while_it_is_held_ends_as_it_ended() {
    let run = "tests/fixtures/runs/mixed.ndjson";
    let mut screen = Screen::run(&["replay", run], 24, 132);
    screen.until("● done");
    screen.send(&[b'<'; 60]);
    screen.until("fact 1 of");
    screen.send(b"q");
    assert_eq!(
        screen.wait(),
        1,
        "some failed, though none had at that fact"
    );
}

#[test]
fn a_replay_is_recorded_again_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again.ndjson");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
        .args(["replay", RUN, "--bodies", "--secrets", "--events"])
        .arg(&again)
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .unwrap();
    assert!(run.status.success());
    assert_eq!(
        fs::read_to_string(again).unwrap(),
        crate::runs::text_of("queue")
    );
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
        .args(["replay", RUN, "--speed", "4"])
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--speed needs a screen"));
}
