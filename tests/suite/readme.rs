//! The README is true: its keys are the program's keys, and its facts the program's facts.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use netwaterfall::ui::{Mode, bindings};

const BEGIN: &str = "UPDATE_EXPECT=1 cargo test readme -->\n";
const END: &str = "<!-- /keys -->";

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap()
}

fn key_table() -> String {
    let mut table = String::from("\n| key | does |\n|---|---|\n");
    for mode in Mode::ALL.iter().copied() {
        let place = if mode == Mode::Panes {
            String::new()
        } else {
            format!(" ({})", mode.words())
        };
        for binding in bindings().iter().filter(|binding| binding.mode == mode) {
            let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            writeln!(table, "| {} | {}{place} |", keys.join(" "), binding.words).unwrap();
        }
    }
    table.push('\n');
    table
}

#[test]
fn the_readme_lists_the_keys_that_there_are() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once(BEGIN).expect("the mark before the keys");
    let (listed, after) = rest.split_once(END).expect("the mark after the keys");
    let table = key_table();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(listed, table, "UPDATE_EXPECT=1 cargo test readme");
    }
}

#[test]
fn the_readme_names_every_fact() {
    let readme = read("README.md");
    let source = read("src/event/fact.rs");
    let body = source.split("pub enum Fact {").nth(1).unwrap();
    let body = body.split("\n}").next().unwrap();
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    let mut count = 0;
    for variant in variants {
        let name = variant.split(['(', ' ', ',']).next().unwrap();
        let snake = name
            .char_indices()
            .fold(String::new(), |mut snake, (at, c)| {
                if c.is_ascii_uppercase() && at > 0 {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
                snake
            });
        assert!(
            readme.contains(&format!("`{snake}`")),
            "{snake} is not in the README"
        );
        count += 1;
    }
    assert!(count > 20, "only {count} facts found in the source");
}

#[test]
fn the_readme_names_every_option() {
    let readme = read("README.md");
    for option in [
        "--headless",
        "--format table",
        "--format ndjson",
        "--format svg",
        "--events",
        "--bodies",
        "--cacert",
        "--cert",
        "--key",
        "--tls-min",
        "--tls-max",
        "--no-resume",
        "SSLKEYLOGFILE",
        "-x PROXY",
        "--noproxy",
        "https_proxy",
        "--dns",
        "--per-host",
        "--max-connections",
        "--timeout-dns",
        "--max-time",
        "--max-body",
        "--resolve",
        "--connect-to",
        "`-4`",
        "`-6`",
        "--clock ours",
        "--json",
        "-b FILE",
        "-c FILE",
        "--cookies FILE",
        "--no-cookies",
        "--secrets",
        "--site URL",
        "--navigation",
        "--no-third-party",
        "--bearer",
        "--no-mouse",
        "--color",
        "--theme",
        "--plain",
        "--speed TIMES",
        "--at TIME",
        "--keys",
        "--config FILE",
        "--print-config",
        "netwaterfall man",
        "netwaterfall completions",
    ] {
        assert!(readme.contains(option), "{option}");
    }
}
