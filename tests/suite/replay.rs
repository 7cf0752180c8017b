//! A run written down and read again is the same run.

use std::process::Command;

use netwaterfall::event::{Event, Fact, Moment};
use netwaterfall::export::{Bodies, masked, table};
use netwaterfall::import::{BadRecord, read_record};

use crate::runs::{RUNS, folded, recorded, text_of, written};

#[test]
fn a_run_that_was_written_down_is_the_same_when_it_is_read() {
    for name in RUNS {
        let events = recorded(name);
        let record = read_record(written(&events, Bodies::Kept).as_bytes()).unwrap();
        assert_eq!(record.bad, [], "{name}");
        assert_eq!(record.events, events, "{name}");
        assert_eq!(folded(&record.events), folded(&events), "{name}");
    }
}

#[test]
fn a_record_without_secrets_is_the_same_run() {
    for name in RUNS {
        let events = recorded(name);
        let hidden: Vec<_> = events
            .iter()
            .map(|event| masked(event).into_owned())
            .collect();
        let text = written(&hidden, Bodies::Kept);
        let record = read_record(text.as_bytes()).unwrap();
        assert_eq!(record.bad, [], "{name}");
        assert_eq!(record.events, hidden, "{name}");
        let (hidden, plain) = (folded(&hidden), folded(&events));
        assert_eq!(hidden.totals(), plain.totals(), "{name}");
        assert_eq!(hidden.oddities(), plain.oddities(), "{name}");
        assert_eq!(hidden.jar().cookies().len(), plain.jar().cookies().len());
        for secret in ["session=4711", "theme=dark"] {
            assert!(!text.contains(secret), "{name}");
        }
    }
}

#[test]
fn a_record_is_written_again_byte_for_byte() {
    for name in RUNS {
        assert_eq!(written(&recorded(name), Bodies::Kept), text_of(name));
    }
}

#[test]
fn bodies_that_were_left_out_are_all_that_is_lost() {
    for name in RUNS {
        let mut events = recorded(name);
        let text = written(&events, Bodies::Left);
        for event in &mut events {
            if let Fact::BodyKept { body, .. } = &mut event.fact {
                *body = body.without_content();
            }
        }
        let record = read_record(text.as_bytes()).unwrap();
        assert_eq!(folded(&record.events), folded(&events), "{name}");
    }
}

#[test]
fn the_table_of_a_run_is_the_table_of_its_replay() {
    for name in RUNS {
        let events = recorded(name);
        for bodies in [Bodies::Kept, Bodies::Left] {
            let record = read_record(written(&events, bodies).as_bytes()).unwrap();
            for columns in [1, 80, 132, 400] {
                let (run, replay) = (folded(&events), folded(&record.events));
                assert_eq!(table(&run, columns), table(&replay, columns));
            }
        }
    }
}

fn start() -> String {
    text_of("queue").lines().next().unwrap().to_owned()
}

#[test]
fn lines_that_are_no_facts_are_named_and_the_rest_is_read() {
    let later = r#"{"at":5,"fact":"run_ended"}"#;
    let strange = r#"{"at":4,"fact":"moon_rose","moon":1}"#;
    let cut = r#"{"at":6,"fact":"request_ended","requ"#;
    let text = format!(
        "{}\r\n\n{strange}\ngarbage\n{later}\n\u{1b}[2J\n{cut}",
        start()
    );
    let record = read_record(text.as_bytes()).unwrap();
    let lines: Vec<usize> = record.bad.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 6, 7]);
    let (_, why) = record.bad.first().unwrap();
    assert!(why.contains("moon_rose"), "{why}");
    assert!(folded(&record.events).run().is_over);
}

#[test]
fn a_record_cut_anywhere_is_read_as_far_as_it_goes() {
    let text = text_of("mixed");
    let events = recorded("mixed");
    let first = text.find('\n').unwrap();
    for end in (first..text.len()).step_by(97) {
        let record = read_record(text.as_bytes().get(..end).unwrap()).unwrap();
        assert!(record.bad.len() <= 1);
        assert!(events.starts_with(&record.events));
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let record = read_record(format!("\u{feff}{}", text_of("queue")).as_bytes()).unwrap();
    assert_eq!(record.events, recorded("queue"));
}

#[test]
fn what_is_no_record_is_refused_in_words() {
    let refusal = |text: &[u8]| read_record(text).unwrap_err().to_string();
    let later = start().replace(r#""version":1"#, r#""version":2"#);
    assert_eq!(read_record(later.as_bytes()), Err(BadRecord::Version(2)));
    assert_eq!(
        refusal(later.as_bytes()),
        "this record has format 2, and this program reads up to 1"
    );
    for empty in [&b""[..], b"\n", b" \r\n\n\t"] {
        assert_eq!(
            refusal(empty),
            "this file is empty; --events FILE writes a record"
        );
    }
    let binary: Vec<u8> = (0..=255_u8).cycle().take(4_096).collect();
    for text in [&binary[..], b"https://a.test/\n"] {
        let words = refusal(text);
        assert!(
            words.starts_with("this is neither a recorded run nor a HAR: line 1"),
            "{words}"
        );
        assert!(!words.chars().any(char::is_control), "{words:?}");
    }
    assert_eq!(
        refusal(br#"{"at":0,"fact":"run_ended"}"#),
        "this is neither a recorded run nor a HAR: line 1 is not a run_started fact (it is another fact)"
    );
}

#[test]
fn a_later_version_is_named_even_when_it_begins_in_another_way() {
    let text = r#"{"at":0,"fact":"run_started","version":7,"wall":"2030-01-01"}"#;
    assert_eq!(read_record(text.as_bytes()), Err(BadRecord::Version(7)));
}

#[test]
fn facts_of_moments_that_cannot_be_are_no_facts() {
    let text = format!("{}\n{}", start(), r#"{"at":-1,"fact":"run_ended"}"#);
    assert_eq!(read_record(text.as_bytes()).unwrap().bad.len(), 1);
    let far = Event {
        at: Moment(u64::MAX),
        fact: Fact::RunEnded,
    };
    let text = format!(
        "{}\n{}",
        start(),
        written(std::slice::from_ref(&far), Bodies::Kept)
    );
    assert_eq!(
        read_record(text.as_bytes()).unwrap().events.last(),
        Some(&far)
    );
}

/// The program itself: the table on one side, what was left out on the other.
#[test]
fn a_replay_without_a_screen_shows_the_same_table_and_names_bad_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson");
    std::fs::write(&path, format!("{}garbage\n", text_of("mixed"))).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
        .args(["replay", "--headless"])
        .arg(&path)
        .env("COLUMNS", "100")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    let lines = text_of("mixed").lines().count();
    let place = format!("run.ndjson:{}: left out, it is no fact", lines + 1);
    assert!(said.contains(&place), "{said}");
    let shown = String::from_utf8(ran.stdout).unwrap();
    let model = folded(&recorded("mixed"));
    let is_same = |columns: u16| table(&model, columns) == shown;
    assert!((20..300).any(is_same), "{shown}");
    assert_eq!(ran.status.code(), Some(1));
}
