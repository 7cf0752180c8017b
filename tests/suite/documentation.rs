//! The documentation is true: its keys are the program's keys, its facts the program's facts, its links lead somewhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use netwaterfall::cli::Args;
use netwaterfall::ui::{Mode, bindings};

const KEYS: &str = "docs/keys.md";
const BEGIN: &str = "UPDATE_EXPECT=1 cargo test documentation -->\n";
const END: &str = "<!-- /keys -->";
/// What is longer than this is no front page: it belongs on a page of its own.
const FRONT_PAGE_BYTES: usize = 12_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The README and what it leads to, each with its path from the top.
fn pages() -> Vec<(PathBuf, String)> {
    let pages = fs::read_dir(root().join("docs")).unwrap();
    let pages = pages.map(|entry| Path::new("docs").join(entry.unwrap().file_name()));
    let paths = [PathBuf::from("README.md"), PathBuf::from("src/README.md")];
    let paths = paths.into_iter().chain(pages);
    paths
        .map(|path| {
            let text = read(path.to_str().unwrap());
            (path, text)
        })
        .collect()
}

fn key_tables() -> String {
    let mut tables = String::new();
    for mode in Mode::ALL.iter().copied() {
        let words = mode.words();
        let place = words.get(..1).unwrap().to_uppercase() + words.get(1..).unwrap();
        writeln!(tables, "\n### {place}\n\n| key | does |\n|---|---|").unwrap();
        for binding in bindings().iter().filter(|binding| binding.mode == mode) {
            let keys = binding.keys.iter();
            let keys: Vec<_> = keys
                .map(|key| format!("`{key}`").replace('|', "\\|"))
                .collect();
            writeln!(tables, "| {} | {} |", keys.join(" "), binding.words).unwrap();
        }
    }
    tables.push('\n');
    tables
}

#[test]
fn the_keys_are_those_that_there_are() {
    let page = read(KEYS);
    let (before, rest) = page.split_once(BEGIN).expect("the mark before the keys");
    let (listed, after) = rest.split_once(END).expect("the mark after the keys");
    let tables = key_tables();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let text = format!("{before}{BEGIN}{tables}{END}{after}");
        fs::write(root().join(KEYS), text).unwrap();
    } else {
        assert_eq!(listed, tables, "UPDATE_EXPECT=1 cargo test documentation");
    }
}

#[test]
fn every_fact_is_documented() {
    let page = read("docs/formats.md");
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
            page.contains(&format!("`{snake}`")),
            "{snake} is not in docs/formats.md"
        );
        count += 1;
    }
    assert!(count > 20, "only {count} facts found in the source");
}

/// The words of a page that stand as code, cut at spaces and commas.
fn words_of_code(page: &str) -> BTreeSet<&str> {
    let code = page.split('`').skip(1).step_by(2);
    code.flat_map(|code| code.split([' ', ',', '='])).collect()
}

#[test]
fn every_option_and_command_is_documented() {
    let page = read("docs/command-line.md");
    let words = words_of_code(&page);
    let command = Args::command();
    let mut faults = Vec::new();
    let mut count = 0;
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        for option in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let Some(long) = option.get_long() else {
                continue;
            };
            count += 1;
            let short = option.get_short().map(|short| format!("-{short}"));
            let is_there = words.contains(format!("--{long}").as_str())
                || short.is_some_and(|short| words.contains(short.as_str()));
            if !is_there {
                faults.push(format!("--{long}"));
            }
        }
        if !page.contains(&format!("netwaterfall {}", command.get_name()))
            && command.get_name() != "netwaterfall"
        {
            faults.push(command.get_name().to_owned());
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "not in docs/command-line.md: {faults:?}");
    assert!(count > 40, "only {count} options found");
}

/// Where the links of a page lead that stay within the repository.
fn links(page: &str) -> Vec<&str> {
    let links = page.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    let pictures = page.split("src=\"").skip(1);
    let pictures = pictures.filter_map(|rest| rest.split('"').next());
    let links = links.chain(pictures);
    links.filter(|link| !link.contains("://")).collect()
}

/// A heading as the anchor that GitHub makes of it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for (path, text) in pages() {
        for link in links(&text) {
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            let Ok(bytes) = fs::read(root().join(&target)) else {
                faults.push(format!("{}: {link}: no such file", path.display()));
                continue;
            };
            let target = String::from_utf8_lossy(&bytes);
            let headings = target.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#').trim()));
            if !section.is_empty() && !anchors.any(|anchor| anchor == section) {
                faults.push(format!("{}: {link}: no such heading", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_readme_is_a_front_page() {
    let readme = read("README.md");
    assert!(readme.len() <= FRONT_PAGE_BYTES, "{} bytes", readme.len());
    for (path, _) in pages().iter().filter(|(path, _)| path.starts_with("docs")) {
        let path = path.display().to_string();
        assert!(
            readme.contains(&format!("]({path})")),
            "{path} is not named"
        );
    }
}
