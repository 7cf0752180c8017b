//! The pictures that the README shows are what the program draws.

use std::fs;
use std::process::Command;

use expect_test::expect_file;

use crate::pty::Screen;
use crate::source::root;

/// A picture: its name, the recorded run, when it is looked at, and the keys pressed before.
const PICTURES: [(&str, &str, &str, &str); 10] = [
    ("waterfall", "queue", "180ms", "j j j j j j j"),
    ("headers", "mixed", "1s", "j 1 j j"),
    ("cookies", "cookies", "1s", "2"),
    ("timing", "queue", "60s", "j j j j j j j 3"),
    ("body", "mixed", "60s", "4"),
    ("connection", "mixed", "60s", "5"),
    ("cache", "mixed", "60s", "j j 6"),
    ("jar", "cookies", "1s", "C j"),
    ("whatif", "queue", "60s", "W"),
    ("palette", "mixed", "60s", ": c o p y"),
];
const SIZE: (&str, &str) = ("112", "32");
/// A page with pictures larger than that is slow to come.
const LARGEST: usize = 150_000;

fn picture(run: &str, at: &str, keys: &str, theme: &str) -> String {
    let run = format!("tests/fixtures/runs/{run}.ndjson");
    let made = Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
        .args(["replay", &run, "--at", at, "--keys", keys])
        .args(["--format", "svg", "--theme", theme, "--config", "none"])
        .env("COLUMNS", SIZE.0)
        .env("LINES", SIZE.1)
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&made.stderr), "");
    String::from_utf8(made.stdout).unwrap()
}

#[test]
fn the_screens_that_the_readme_shows_are_drawn_so() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (name, run, at, keys) in PICTURES {
        for (theme, suffix) in [("night", "dark"), ("day", "light")] {
            let path = format!("assets/screens/{name}-{suffix}.svg");
            let drawn = picture(run, at, keys, theme);
            assert!(drawn.len() < LARGEST, "{path}: {} bytes", drawn.len());
            assert!(
                drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n"),
                "{path}"
            );
            assert!(readme.contains(&path), "{path} is not in the README");
            expect_file![root().join(path)].assert_eq(&drawn);
        }
    }
}

#[test]
fn a_picture_has_the_colours_of_its_theme() {
    let drawn = |theme| picture("queue", "180ms", "", theme);
    // The tone of what is received: night's and day's of 256, and the terminal's own blue.
    for (theme, ink, paper) in [
        ("night", "#5fafff", "#0d1117"),
        ("day", "#0000af", "#ffffff"),
        ("ansi", "#388bfd", "#0d1117"),
    ] {
        let drawn = drawn(theme);
        assert!(drawn.contains(ink) && drawn.contains(paper), "{theme}");
    }
    assert!(!drawn("mono").contains("#388bfd"));
}

#[test]
fn a_moment_and_keys_are_looked_at_as_on_the_screen() {
    let early = picture("queue", "50ms", "", "ansi");
    assert!(
        early.contains("live") && !early.contains(">done<"),
        "{early}"
    );
    let help = picture("mixed", "60s", "o F1", "ansi");
    assert!(
        help.contains(">Keys<") && help.contains(">address<"),
        "{help}"
    );
}

#[test]
fn a_replay_can_begin_at_a_moment_with_keys_pressed() {
    let run = "tests/fixtures/runs/mixed.ndjson";
    let args = [
        "replay", run, "--at", "100ms", "--keys", "j 3", "--config", "none",
    ];
    let mut screen = Screen::run(&args, 43, 132);
    screen.until("‖ held");
    screen.until("─ #2 ");
    screen.until("not yet");
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

#[test]
fn what_is_no_key_is_refused() {
    let run = |args: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
            .args([
                "replay",
                "tests/fixtures/runs/mixed.ndjson",
                "--config",
                "none",
            ])
            .args(args)
            .current_dir(root())
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let (code, words) = run(&["--keys", "j Retrun", "--format", "svg"]);
    assert_eq!(code, Some(2));
    assert!(words.contains("no key is called Retrun"), "{words}");
    let (code, words) = run(&["--keys", "j"]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("--keys") && words.contains("needs a screen"),
        "{words}"
    );
    assert_eq!(run(&["--at", "soon"]).0, Some(2));
}
