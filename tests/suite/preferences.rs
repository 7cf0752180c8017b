//! Preferences in a file: what they change, what is said of those that make no sense.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use netwaterfall::ui::Theme;
use ratatui::style::Color;
use tempfile::TempDir;

use crate::pty::Screen;

const RUN: &str = "tests/fixtures/runs/mixed.ndjson";

fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ours = folder.path().join("netwaterfall");
    fs::create_dir(&ours).unwrap();
    fs::write(ours.join("config.toml"), config).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_netwaterfall");
    let mut command = Command::new(program);
    command.env("XDG_CONFIG_HOME", folder).args(args);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.output().unwrap()
}

fn said(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

#[test]
fn preferences_as_they_are_can_be_read_again() {
    let folder = folder(
        "per-host = 2\ncolumns = [\"time 12\", \"name\"]\n[keys.panes]\nfollow = [\"j\", \"F12\"]\n",
    );
    let first = run(folder.path(), &["--print-config", "--theme", "night"]);
    assert!(first.status.success());
    let text = said(&first.stdout);
    for line in [
        "per-host = \"2\"",
        "theme = \"night\"",
        "columns = [\"time 12\", \"name\"]",
        "follow = [\"j\", \"F12\"] # follow the newest",
        "down = [\"↓\"] # move down",
    ] {
        assert!(text.lines().any(|is| is == line), "no {line}:\n{text}");
    }
    let file = folder.path().join("again.toml");
    fs::write(&file, &text).unwrap();
    let again = run(
        folder.path(),
        &["--print-config", "--config", file.to_str().unwrap()],
    );
    assert_eq!(said(&again.stderr), "");
    assert_eq!(said(&again.stdout), text);
}

#[test]
fn the_password_of_a_proxy_is_not_printed_and_how_to_give_it_is() {
    let none = folder("");
    for (typed, printed) in [
        (
            "http://me:geheim@p.test:1",
            Some("# proxy = \"http://me:***@p.test:1\""),
        ),
        ("me:ge@heim@p.test", Some("# proxy = \"me:***@p.test\"")),
        ("socks5://me@p.test:1", None),
        ("p.test:1", None),
    ] {
        let shown = run(none.path(), &["--print-config", "-x", typed]);
        let text = said(&shown.stdout);
        let kept = format!("proxy = \"{typed}\"");
        let expected = printed.unwrap_or(&kept);
        assert!(
            text.lines().any(|line| line == expected),
            "no {expected}:\n{text}"
        );
        assert!(!text.contains("heim"), "{text}");
        let words =
            "# Its password is not printed: give it with -x, or in https_proxy and http_proxy.";
        assert_eq!(text.contains(words), printed.is_some());
        let kept = folder(&text);
        let again = run(kept.path(), &["replay", RUN]);
        assert_eq!(said(&again.stderr), "", "what is printed can be read again");
    }
    let written = folder("proxy = \"http://me:geheim@p.test:1\"\n");
    let shown = said(&run(written.path(), &["--print-config"]).stdout);
    assert!(shown.contains("me:***@p.test:1") && !shown.contains("geheim"));
}

#[test]
fn the_network_can_be_made_slow_by_a_file() {
    let slow = folder("throttle = \"offline\"\n");
    let shown = said(&run(slow.path(), &["--print-config"]).stdout);
    assert!(
        shown.lines().any(|line| line == "throttle = \"offline\""),
        "{shown}"
    );
    let typed = said(&run(slow.path(), &["--print-config", "--throttle", "none"]).stdout);
    assert!(
        typed.lines().any(|line| line == "throttle = \"none\""),
        "{typed}"
    );
    let words = |args: &[&str]| {
        let facts = said(&run(slow.path(), args).stdout);
        let of = facts
            .lines()
            .find(|line| line.contains("\"network_throttled\""));
        of.map(str::to_owned)
    };
    let fetch = [
        "http://127.0.0.1:1/",
        "--allow-port",
        "1",
        "--format",
        "ndjson",
    ];
    let told = words(&fetch).expect("the run begins with it");
    assert!(told.contains("offline"), "{told}");
    assert_eq!(words(&[&fetch[..], &["--throttle", "none"]].concat()), None);
    let wrong = folder("\nthrottle = \"offlien\"\n");
    let refused = run(wrong.path(), &["replay", RUN]);
    let error = said(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(
        error.contains("config.toml:2: ") && error.contains("offline"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_a_line_and_nothing_is_done() {
    for (config, words) in [
        (
            "\nper-hots = 2",
            "config.toml:2: there is no preference per-hots; did you mean per-host?",
        ),
        (
            "[keys.pane]\ndown = \"s\"",
            "config.toml:2: keys are not pressed in pane; did you mean keys.panes?",
        ),
        (
            "[keys.panes]\ndwon = \"s\"",
            "config.toml:2: nothing is called dwon there; did you mean down?",
        ),
        (
            "[keys.panes]\ndown = \"Ctl-x\"",
            "config.toml:2: no key is called Ctl-x; keys are",
        ),
        (
            "[keys.jar]\nsort = \"x\"\ncopy = \"x\"",
            "config.toml:3: x is given to sort already",
        ),
        (
            "[keys.filter]\nkeep = \"k\"",
            "config.toml:2: k is text there",
        ),
        (
            "columns = [\n  \"name\",\n  \"tme\",\n]",
            "config.toml:3: there is no column tme; did you mean time?",
        ),
        (
            "\ncolumns = [\"name wide\"]",
            "config.toml:2: write a name, and behind it a width",
        ),
        (
            "columns = [\"name\", \"name 9\"]",
            "config.toml:1: the column name is there already",
        ),
        (
            "columns = []",
            "config.toml:1: a table needs a column at least",
        ),
        ("columns = [1]", "config.toml:1: write columns = ["),
        (
            "[keys.everywhere]\nquit = []",
            "config.toml:2: something has to quit the program",
        ),
    ] {
        let folder = folder(config);
        let output = run(folder.path(), &["replay", RUN]);
        let error = said(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(words), "{error}");
        assert_eq!(
            (error.lines().count(), said(&output.stdout).as_str()),
            (1, "")
        );
        let without = run(folder.path(), &["replay", RUN, "--config", "none"]);
        assert_eq!(said(&without.stderr), "");
        assert!(said(&without.stdout).contains("15 requests"));
    }
}

#[test]
fn a_file_that_was_named_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["replay", RUN, "--config", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output.stderr).contains("nowhere.toml cannot be read: "));
    let output = run(folder.path(), &["replay", RUN]);
    assert_eq!(said(&output.stderr), "", "the usual one does not");
}

#[test]
fn the_manual_and_the_completions_name_every_option() {
    let folder = tempfile::tempdir().unwrap();
    let manual = said(&run(folder.path(), &["man"]).stdout);
    assert!(manual.contains(".TH netwaterfall 1"), "{manual}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&run(folder.path(), &["completions", shell]).stdout);
        for option in ["per-host", "print-config", "timeout-dns"] {
            assert!(script.contains(option), "{shell}: {option}");
            assert!(manual.contains(&option.replace('-', "\\-")), "{option}");
        }
    }
    let none = run(folder.path(), &["completions", "tcsh"]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn keys_that_were_chosen_are_the_keys_of_the_screen() {
    let folder = folder("[keys.panes]\nlegend = [\"z\"]\nleave = [\"e\"]\n");
    let home = [("XDG_CONFIG_HOME", folder.path().to_str().unwrap())];
    let mut screen = Screen::run_with(&["replay", RUN], 24, 132, &home);
    screen.until("z legend");
    screen.send(b"z");
    screen.until("Legend");
    screen.send(b"ee");
    assert_eq!(screen.wait(), 1, "some of the run failed");
}

/// The numbers of xterm's 256 colours that come to the terminal.
fn has(screen: &Screen, colour: Color) -> bool {
    let Color::Indexed(number) = colour else {
        panic!("{colour:?} has no number");
    };
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    raw.contains(&format!("38;5;{number}m")) || raw.contains(&format!("38;5;{number};"))
}

fn colour_of(theme: Theme) -> Color {
    theme.accent().fg.unwrap()
}

#[test]
fn the_terminals_background_chooses_the_colours() {
    let (night, day) = (colour_of(Theme::night()), colour_of(Theme::day()));
    for (background, args, is_night, is_day) in [
        (Some("rgb:1111/1111/1111"), &[][..], true, false),
        (Some("rgb:ffff/ffff/eeee"), &[][..], false, true),
        (None, &[][..], false, false),
        (
            Some("rgb:ffff/ffff/eeee"),
            &["--theme", "night"][..],
            true,
            false,
        ),
        (
            Some("rgb:ffff/ffff/eeee"),
            &["--theme", "ansi"][..],
            false,
            false,
        ),
        (
            Some("rgb:ffff/ffff/eeee"),
            &["--color", "never"][..],
            false,
            false,
        ),
    ] {
        let args: Vec<_> = ["replay", RUN].iter().chain(args).copied().collect();
        let mut screen = Screen::run_on(&args, background);
        screen.until("/missing");
        screen.send(b"q");
        screen.wait();
        let seen = (has(&screen, night), has(&screen, day));
        assert_eq!(seen, (is_night, is_day), "{background:?} {args:?}");
        assert!(screen.restored());
    }
}

#[test]
fn a_console_of_sixteen_colours_gets_no_others() {
    let environment = [("TERM", "linux"), ("COLORTERM", "")];
    let mut screen = Screen::run_with(&["replay", RUN], 25, 80, &environment);
    screen.until("/missing");
    screen.send(b"q");
    screen.wait();
    let raw = String::from_utf8_lossy(screen.raw()).into_owned();
    for extended in ["38;2;", "48;2;"] {
        assert!(!raw.contains(extended), "{extended}");
    }
    let numbers = raw
        .split("8;5;")
        .skip(1)
        .map(|rest| rest.split(['m', ';']).next().unwrap());
    assert!(
        numbers
            .into_iter()
            .all(|number| number.parse::<u8>().unwrap() < 16)
    );
    assert!(
        !raw.contains("\u{1b}]11;"),
        "it is not asked what it cannot answer"
    );
}

#[test]
fn columns_that_are_preferred_are_those_of_the_table_until_others_are_chosen() {
    let folder = folder("columns = [\"time 12\", \"name 20\", \"connection\"]\n");
    let home = folder.path().to_str().unwrap();
    let homes = [("XDG_CONFIG_HOME", home), ("XDG_STATE_HOME", home)];
    let heads = |screen: &Screen| {
        let text = screen.text();
        let line = text.lines().find(|line| line.contains("Name")).unwrap();
        let heads: Vec<_> = line.split_whitespace().take(3).map(str::to_owned).collect();
        heads.join(" ")
    };
    let mut screen = Screen::run_with(&["replay", RUN], 24, 100, &homes);
    screen.until("15 requests");
    assert_eq!(heads(&screen), "Time Name Conn");
    // The first of them goes one further right, and stays there.
    screen.send(b"c");
    screen.until("Columns");
    screen.send(b"J\x1b");
    screen.until("15 requests");
    screen.send(b"q");
    screen.wait();
    let mut screen = Screen::run_with(&["replay", RUN], 24, 100, &homes);
    screen.until("15 requests");
    assert_eq!(heads(&screen), "Name Time Conn");
    screen.send(b"q");
    screen.wait();
    let file = folder.path().join("netwaterfall/config.toml");
    fs::write(file, "columns = [\"status\", \"name\", \"host\"]\n").unwrap();
    let mut screen = Screen::run_with(&["replay", RUN], 24, 100, &homes);
    screen.until("15 requests");
    assert_eq!(heads(&screen), "Status Name Host");
    screen.send(b"q");
    screen.wait();
}
