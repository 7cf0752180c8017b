use super::typed::Typed;
use super::{Color, Config, Format, ThemeName};

fn read(text: &str) -> Result<Config, String> {
    Config::understand("c.toml", text).map_err(|error| error.to_string())
}

fn wrong(text: &str) -> String {
    read(text).unwrap_err()
}

fn typed(file: &str, words: &str) -> Typed {
    let words = std::iter::once("netwaterfall").chain(words.split_whitespace());
    Typed::understand(words.map(Into::into).collect(), read(file).unwrap()).unwrap()
}

#[test]
fn a_file_says_what_nobody_typed() {
    let file = "per-host = 2\ntimeout-dns = \"3s\"\nno-mouse = true\ntheme = \"day\"\nresolve = [\"a:1:::1\", \"b:2:127.0.0.1\"]\n";
    let args = typed(file, "").args;
    assert_eq!(args.limits.per_host, Some(2));
    assert_eq!(args.waits.dns.as_secs(), 3);
    assert_eq!(args.output.theme, ThemeName::Day);
    assert!(args.output.no_mouse && !args.output.headless);
    assert_eq!(args.reach.resolve.len(), 2);
}

#[test]
fn the_command_line_goes_before_the_file() {
    let file = "per-host = 2\nno-mouse = true\nformat = \"json\"\ncolor = \"never\"";
    for words in [
        "--per-host 9 --no-mouse=false --format ndjson --color always x",
        "demo --per-host 9 --no-mouse=false --format ndjson --color always",
        "--per-host=9 demo --no-mouse=false --format ndjson --color always",
    ] {
        let args = typed(file, words).args;
        assert_eq!(args.limits.per_host, Some(9), "{words}");
        assert_eq!(args.output.format, Format::Ndjson, "{words}");
        assert_eq!(args.output.color, Color::Always, "{words}");
        assert!(!args.output.no_mouse, "{words}");
    }
    let args = typed(file, "demo --no-mouse").args;
    assert_eq!(args.limits.per_host, Some(2));
    assert!(args.output.no_mouse);
}

#[test]
fn what_makes_no_sense_is_told_with_its_line() {
    for (text, words) in [
        (
            "\nper-hots = 6",
            "c.toml:2: there is no preference per-hots; did you mean per-host?",
        ),
        (
            "moon = 1",
            "c.toml:1: there is no preference moon; --print-config lists them",
        ),
        (
            "url = \"x\"",
            "c.toml:1: there is no preference url; --print-config lists them",
        ),
        (
            "request = \"GET\"",
            "c.toml:1: request belongs on the command line, not into a file",
        ),
        (
            "events = \"x\"",
            "c.toml:1: events belongs on the command line, not into a file",
        ),
        ("no-mouse = 1", "c.toml:1: no-mouse is true or false"),
        ("per-host = true", "c.toml:1: write per-host = \"…\""),
        (
            "per-host = -1",
            "c.toml:1: invalid value '-1' for '--per-host <N>'",
        ),
        (
            "theme = \"dusk\"",
            "c.toml:1: invalid value 'dusk' for '--theme",
        ),
        (
            "columns = 3",
            "c.toml:1: write columns = [\"name 40\", \"time\", …]",
        ),
        ("keys = 3", "c.toml:1: write keys under the place"),
        (
            "[keys]\ndown = \"j\"",
            "c.toml:2: write keys under the place",
        ),
        (
            "[keys.panes]\ndown = 1",
            "c.toml:2: write down = [\"key\", …]",
        ),
        ("a = 1\na = 2", "c.toml:2: duplicate key"),
        ("theme = ", "c.toml:1: "),
        ("\n[keys.panes]\n\u{1b}[2J", "c.toml:3: "),
    ] {
        let said = wrong(text);
        assert!(said.starts_with(words), "{text:?}: {said}");
        assert!(!said.contains(char::is_control), "{said:?}");
    }
}

#[test]
fn keys_and_columns_are_handed_on_in_order() {
    let text = "columns = [\"name\", \"status\"]\n[keys.panes]\nup = \"w\"\ndown = [\"s\", \"↓\"]\n[keys.jar]\nsort = []\n";
    let config = read(text).unwrap();
    let keys = config.keys.iter().map(|key| {
        (
            key.line,
            key.place.as_str(),
            key.action.as_str(),
            key.keys.join(" "),
        )
    });
    let expected = [
        (3, "panes", "up", "w".to_owned()),
        (4, "panes", "down", "s ↓".to_owned()),
        (6, "jar", "sort", String::new()),
    ];
    assert!(keys.eq(expected), "{config:?}");
    let columns = config.columns.unwrap();
    assert_eq!(columns.line, 1);
    let words = [(1, "name"), (1, "status")].map(|(line, word)| (line, word.to_owned()));
    assert_eq!(columns.words, words);
}

/// Whatever was typed or read, it is the same when it is read again.
#[test]
fn what_is_printed_is_read_again() {
    for (file, words) in [
        ("", ""),
        ("per-host = 3\nno-mouse = true", "--theme day"),
        (
            "resolve = [\"a:1:::1\"]",
            "--resolve b:2:127.0.0.1 --resolve c:3:127.0.0.1",
        ),
        (
            "",
            "--cookies a\"b\\c\u{7f}.txt --dns 127.0.0.1 --timeout-queue 3s",
        ),
    ] {
        let first = typed(file, words);
        let text = first.options();
        let again = typed(&text, "");
        assert_eq!(again.options(), text);
        assert_eq!(format!("{:?}", again.args), format!("{:?}", first.args));
    }
}

#[test]
fn a_word_that_is_like_none_has_no_suggestion() {
    let known = ["per-host", "theme", "format"];
    assert_eq!(super::nearest("tehme", known), Some("theme"));
    assert_eq!(super::nearest("perhost", known), Some("per-host"));
    assert_eq!(super::nearest("zzz", known), None);
}
