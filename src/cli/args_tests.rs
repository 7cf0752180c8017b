use std::path::Path;
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};

use super::{Args, Color, Format, Input, NameServer, Settings, Task, UsageError};

fn understand(words: &str) -> Result<Settings, UsageError> {
    let words = std::iter::once("netwaterfall").chain(words.split_whitespace());
    Settings::understand(Args::try_parse_from(words).unwrap())
}

fn refused(words: &[&str]) -> String {
    let words = std::iter::once("netwaterfall").chain(words.iter().copied());
    Args::try_parse_from(words).unwrap_err().to_string()
}

#[test]
fn the_options_are_consistent_and_each_has_its_line_of_help() {
    Args::command().debug_assert();
    let help = Args::command().render_help().to_string();
    let help: Vec<_> = help.split_whitespace().collect();
    let help = help.join(" ");
    for option in Args::command().get_arguments() {
        let line = option.get_help().unwrap().to_string();
        assert!(line.len() < 80 && !line.contains('\n'), "{line}");
        assert!(help.contains(line.trim_end_matches('.')), "{line}");
    }
    assert!(help.contains("[default: 256]"));
}

#[test]
fn nothing_typed_opens_the_screen_with_the_defaults() {
    let settings = understand("").unwrap();
    assert_eq!(settings.task, Task::Screen);
    assert_eq!(settings.waits.dns, Duration::from_secs(10));
    assert_eq!(settings.waits.receive, Duration::from_mins(1));
    assert_eq!((settings.waits.queue, settings.waits.total), (None, None));
    assert_eq!(
        (settings.limits.per_host, settings.limits.max_connections),
        (None, 256)
    );
    assert_eq!(settings.limits.max_body, 16 << 20);
    assert_eq!(
        (settings.output.format, settings.output.color),
        (Format::Table, Color::Auto)
    );
    assert!(settings.list().is_empty());
}

#[test]
fn everything_typed_is_understood() {
    let settings = understand(
        "a.test -f one.txt --file - --per-host 2 --max-connections=9 --dns [::1]:54 -k \
         --cacert a.pem --cacert b.pem --timeout-queue 1s --timeout-receive 250ms --max-time 2m \
         --max-body 10k --headless --format ndjson --events out.ndjson --bodies --no-mouse \
         --color never",
    )
    .unwrap();
    assert_eq!(settings.urls, ["a.test"]);
    assert_eq!(
        settings.inputs,
        [Input::File("one.txt".into()), Input::StandardInput]
    );
    assert_eq!(
        (settings.limits.per_host, settings.limits.max_connections),
        (Some(2), 9)
    );
    assert_eq!(
        settings.reach.dns,
        Some(NameServer::Plain("[::1]:54".parse().unwrap()))
    );
    assert_eq!(
        settings.security.cacerts,
        [Path::new("a.pem"), Path::new("b.pem")]
    );
    assert_eq!(settings.waits.queue, Some(Duration::from_secs(1)));
    assert_eq!(settings.waits.receive, Duration::from_millis(250));
    assert_eq!(settings.waits.total, Some(Duration::from_mins(2)));
    assert_eq!(settings.limits.max_body, 10_240);
    let output = settings.output;
    assert!(settings.security.insecure && output.headless && output.bodies && output.no_mouse);
    assert_eq!(
        (output.format, output.color),
        (Format::Ndjson, Color::Never)
    );
    assert_eq!(output.events.as_deref(), Some(Path::new("out.ndjson")));
}

#[test]
fn output_options_may_stand_before_and_behind_a_subcommand() {
    for words in [
        "demo --headless --format ndjson --events e",
        "--headless --format ndjson --events e demo",
        "--headless demo --format ndjson --events e",
    ] {
        let settings = understand(words).unwrap();
        assert_eq!(settings.task, Task::Demo(None), "{words}");
        assert!(settings.output.headless, "{words}");
        assert_eq!(settings.output.format, Format::Ndjson, "{words}");
        assert_eq!(
            settings.output.events.as_deref(),
            Some(Path::new("e")),
            "{words}"
        );
    }
    let list = understand("-f demo").unwrap();
    assert_eq!((list.task, list.urls.len()), (Task::Screen, 0));
    assert_eq!(understand("-- demo").unwrap().urls, ["demo"]);
    let replay = understand("replay run.ndjson --no-mouse").unwrap();
    let run = "run.ndjson".into();
    assert_eq!(
        replay.task,
        Task::Replay {
            run,
            speed: None,
            look: super::Look::default()
        }
    );
}

#[test]
fn what_makes_no_sense_together_is_refused_in_a_sentence() {
    for (words, sentence) in [
        (
            "a.test demo",
            "demo takes no URLs: leave a.test away, or leave demo away",
        ),
        (
            "-f l.txt replay x",
            "replay takes no URLs: leave l.txt away, or leave replay away",
        ),
        (
            "--headless",
            "there is nothing to fetch: give a URL, -f FILE, or demo",
        ),
        (
            "-f - -f -",
            "standard input can be read once: give - once only, to -f, -d, --json or -F",
        ),
        (
            "-f - -d @-",
            "standard input can be read once: give - once only, to -f, -d, --json or -F",
        ),
        (
            "a.test -F a=@-;type=b -F c=<-",
            "standard input can be read once: give - once only, to -f, -d, --json or -F",
        ),
        (
            "-f l --events l",
            "--events would write over l: give another file",
        ),
        (
            "replay l --events l",
            "--events would write over l: give another file",
        ),
    ] {
        assert_eq!(
            understand(words).unwrap_err().to_string(),
            sentence,
            "{words}"
        );
    }
}

#[test]
fn figures_out_of_range_are_refused_in_words() {
    for (words, sentence) in [
        (
            ["--per-host", "0"],
            "none would let nothing through: give 1 or more",
        ),
        (
            ["--per-host", "-3"],
            "it cannot be negative: give 1 or more",
        ),
        (
            ["--max-connections", "x"],
            "it is no whole number: give 1 or more",
        ),
        (
            ["--timeout-tls", "5"],
            "the unit is missing: write 5ms or 5s",
        ),
        (["--timeout-dns", "-5s"], "a time cannot be negative"),
        (
            ["--max-time", "0s"],
            "no time at all would let nothing through",
        ),
        (["--max-body", "-1"], "a size cannot be negative"),
        (["--dns", "dns.test"], "it is no address"),
        (["--dns", "http://dns.test/"], "write https://"),
        (
            ["--format", "xml"],
            "[possible values: table, json, ndjson, har, markdown, svg]",
        ),
    ] {
        let said = refused(&words);
        assert!(said.contains(sentence), "{said}");
    }
}
