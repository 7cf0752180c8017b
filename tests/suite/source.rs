//! The source as text: files, and code without comments, strings and tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One file of the source.
pub(crate) struct SourceFile {
    /// Its path under `src`, with `/`.
    pub(crate) path: String,
    /// Its text with comments, strings and test items blanked out, lines kept; empty for a file of tests.
    pub(crate) code: String,
    /// How many lines stand above its tests; nothing for a file of tests.
    pub(crate) lines: usize,
}

impl SourceFile {
    /// Blanks `text` and counts what is left.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let bare = without_words(text);
        let code = without_tests(&bare);
        let tests = bare.lines().zip(bare.lines().skip(1));
        let above = tests
            .take_while(|(line, next)| {
                !(line.trim() == "#[cfg(test)]" && next.trim_end().ends_with('{'))
            })
            .count();
        let lines = if above + 1 == bare.lines().count() {
            above + 1
        } else {
            above
        };
        Self {
            path: path.to_owned(),
            code,
            lines,
        }
    }

    /// The room it belongs to: its folder, or its own name.
    pub(crate) fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        match first {
            "main.rs" => "run",
            _ => first.strip_suffix(".rs").unwrap_or(first),
        }
    }

    /// Its lines of code, numbered from 1.
    pub(crate) fn lines_of_code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

/// Every Rust file under `src`; those that hold only tests have no code.
pub(crate) fn files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(read);
    &FILES
}

fn read() -> Vec<SourceFile> {
    let root = root().join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let short = path.strip_prefix(&root).unwrap().to_str().unwrap();
        (short.replace('\\', "/"), fs::read_to_string(path).unwrap())
    };
    let sources: Vec<_> = paths.iter().map(read).collect();
    let tests: Vec<_> = sources
        .iter()
        .flat_map(|(path, text)| files_of_tests(path, &without_words(text)))
        .collect();
    let file = |(path, text): &(String, String)| {
        let mut file = SourceFile::new(path, text);
        if tests.iter().any(|test| path.starts_with(test)) {
            file.code.clear();
            file.lines = 0;
        }
        file
    };
    sources.iter().map(file).collect()
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|end| end == "rs") {
            paths.push(path);
        }
    }
}

/// The files and folders that `#[cfg(test)] mod name;` brings in.
fn files_of_tests(path: &str, code: &str) -> Vec<String> {
    let stem = path.strip_suffix(".rs").unwrap();
    let folder = match stem.rsplit_once('/') {
        Some((folder, "mod")) => format!("{folder}/"),
        None if matches!(stem, "lib" | "main") => String::new(),
        _ => format!("{stem}/"),
    };
    let behind = code.split("#[cfg(test)]").skip(1);
    behind
        .filter_map(|rest| rest.trim_start().strip_prefix("mod "))
        .filter_map(|rest| rest.split_once([';', '{']))
        .flat_map(|(name, _)| {
            let name = name.trim();
            [format!("{folder}{name}.rs"), format!("{folder}{name}/")]
        })
        .collect()
}

/// Blanks comments, strings and characters.
fn without_words(text: &str) -> String {
    let mut rest = text;
    let mut code = String::with_capacity(text.len());
    while let Some(c) = rest.chars().next() {
        let taken = words_ahead(rest, code.chars().next_back());
        if taken == 0 {
            code.push(c);
            rest = rest.strip_prefix(c).unwrap();
        } else {
            let (gone, kept) = rest.split_at(taken);
            code.extend(gone.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = kept;
        }
    }
    code
}

/// How many bytes ahead are a comment, a string or a character.
fn words_ahead(text: &str, before: Option<char>) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment(text);
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    let is_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !is_name && text.starts_with('r') {
        let hashes = text.chars().skip(1).take_while(|c| *c == '#').count();
        if text.chars().nth(hashes + 1) == Some('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let (open, inside) = text.split_at(hashes + 2);
            let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
            return open.len() + length;
        }
    }
    if text.starts_with('\'') {
        let inside: Vec<char> = text.chars().skip(1).take(2).collect();
        let is_character = matches!(inside.as_slice(), ['\\', _] | [_, '\'']);
        return if is_character { quoted(text, '\'') } else { 0 };
    }
    0
}

fn quoted(text: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, _) in text.char_indices() {
        let (_, rest) = text.split_at(at);
        if rest.starts_with("/*") {
            depth += 1;
        } else if rest.starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
        }
    }
    text.len()
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, behind)) = rest.split_once("#[cfg(test)]") {
        let (item, after) = behind.split_at(item_length(behind));
        kept.push_str(before);
        kept.extend(item.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    kept + rest
}

/// The bytes up to the end of the first item: a `;` or the brace that closes it.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_strings_and_tests_are_blanked() {
    let text = "use a; // b\n/* c /* d */ e */ f('\"', '\\'', r#\"g\"h\"#, \"i\\\"j\", 'k: loop {});\n\
                #[cfg(test)]\nuse l::{m};\n#[cfg(test)]\nmod tests {\n fn n() {}\n}\no";
    let file = SourceFile::new("x/y.rs", text);
    let words: Vec<_> = file.code.split(|c: char| !c.is_alphanumeric()).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["use", "a", "f", "k", "loop", "o"]);
    assert_eq!(file.code.lines().count(), text.lines().count());
    assert_eq!((file.lines, file.room()), (4, "x"));
}
