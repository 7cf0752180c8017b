use url::Url;

use crate::message::{Method, Priority, Saying, visible};

use super::target::read_target;

/// How many bytes a line may have.
pub const LONGEST_LINE: usize = 64 << 10;

/// A URL that stands in a list or was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// With which method.
    pub method: Method,
    /// From where; http or https, and with a host.
    pub url: Url,
    /// How soon it gets a connection: `!high` or `!low` behind the URL.
    pub priority: Priority,
    /// The line it stands in, from 1; nothing where it was typed by itself.
    pub line: Option<u32>,
    /// What it says by itself, as a command for curl does; nothing where it says what all say.
    pub saying: Option<Box<Saying>>,
}

/// Why a line could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadLine {
    /// The character at which it goes wrong, from 1.
    pub column: usize,
    /// What is wrong and how to mend it, as a sentence; safe to show.
    pub reason: String,
}

impl BadLine {
    /// What is wrong at `column`; words of the input in `reason` are made safe.
    pub(super) fn at(column: usize, reason: impl AsRef<str>) -> Self {
        Self {
            column,
            reason: visible(reason.as_ref()).into_owned(),
        }
    }
}

/// A piece of a line without blanks.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Where it begins, in characters from 1.
    pub(super) column: usize,
}

impl<'a> Word<'a> {
    /// The column right behind it.
    fn end(&self) -> usize {
        self.column + self.text.chars().count()
    }

    /// `text`, with which this word begins.
    pub(super) const fn head(self, text: &'a str) -> Self {
        let column = self.column;
        Self { text, column }
    }

    /// `text`, with which this word ends.
    pub(super) fn tail(self, text: &'a str) -> Self {
        let column = self.end() - text.chars().count();
        Self { text, column }
    }
}

/// Reads one line, such as `a.test/x` or `POST http://a.test/`.
pub fn read_line(text: &str) -> Result<Listed, BadLine> {
    read_bytes(text.as_bytes())?
        .ok_or_else(|| BadLine::at(1, "there is no URL: type one, such as https://example.com/"))
}

/// Reads one line of a list; nothing for a blank or a comment.
pub(super) fn read_bytes(line: &[u8]) -> Result<Option<Listed>, BadLine> {
    // A byte-order mark begins a file, and a file may have been put behind another.
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let line = without_comment(line);
    if line.iter().all(|byte| is_blank(char::from(*byte))) {
        return Ok(None);
    }
    if line.len() > LONGEST_LINE {
        let bytes = line.len();
        let reason = format!("the line has {bytes} bytes; a URL may have {LONGEST_LINE} at most");
        return Err(BadLine::at(1, reason));
    }
    let text = decoded(line)?;
    refuse_controls(text)?;
    let words = words(text);
    let (words, priority) = match words.as_slice() {
        [words @ .., last] if last.text.starts_with('!') => (words, read_priority(*last)?),
        words => (words, Priority::Auto),
    };
    if let [.., before] = words
        && before.text.starts_with('!')
    {
        let reason = "two priorities in a line: leave one away";
        return Err(BadLine::at(before.column, reason));
    }
    match words {
        [] => Err(BadLine::at(
            1,
            "there is no URL before the priority: write both",
        )),
        [first, rest @ ..] => {
            let listed = read_words(*first, rest)?;
            Ok(Some(Listed { priority, ..listed }))
        }
    }
}

/// A word behind a URL that says how soon it gets a connection.
fn read_priority(word: Word<'_>) -> Result<Priority, BadLine> {
    match word.text {
        "!high" => Ok(Priority::High),
        "!low" => Ok(Priority::Low),
        other => {
            let reason = format!("{other} is no priority: write !high or !low, or leave it away");
            Err(BadLine::at(word.column, reason))
        }
    }
}

fn read_words(first: Word<'_>, rest: &[Word<'_>]) -> Result<Listed, BadLine> {
    let [target, more @ ..] = rest else {
        if is_known_method(first.text) {
            let reason = format!(
                "{} is a method and its URL is missing: write both together, with a blank between",
                first.text
            );
            return Err(BadLine::at(first.column, reason));
        }
        return listed(Method::get(), first);
    };
    if is_like_a_url(first.text) {
        return Err(too_many(first, *target));
    }
    let method = read_method(first)?;
    match more {
        [] => listed(method, *target),
        [next, ..] => Err(too_many(*target, *next)),
    }
}

fn listed(method: Method, target: Word<'_>) -> Result<Listed, BadLine> {
    Ok(Listed {
        method,
        url: read_target(target)?,
        priority: Priority::Auto,
        line: None,
        saying: None,
    })
}

fn read_method(word: Word<'_>) -> Result<Method, BadLine> {
    let upper = word.text.to_ascii_uppercase();
    if upper == "CURL" {
        let reason = "a command for curl is read in lists and in the address bar, and not here";
        return Err(BadLine::at(word.column, reason));
    }
    if upper == "CONNECT" {
        let reason = "CONNECT asks for a tunnel and fetches nothing: use another method";
        return Err(BadLine::at(word.column, reason));
    }
    // Browsers send the methods they know in capitals, however they were typed.
    let text = if is_known_method(&upper) {
        &upper
    } else {
        word.text
    };
    text.parse().map_err(|error| {
        let reason = format!("{} is no method: {error}", word.text);
        BadLine::at(word.column, reason)
    })
}

/// Why `first` cannot be followed by `next`.
fn too_many(first: Word<'_>, next: Word<'_>) -> BadLine {
    let has_scheme = |word: Word<'_>| word.text.contains("://");
    let is_second = has_scheme(next) || (!has_scheme(first) && next.text.contains('.'));
    if is_second {
        let reason = "two URLs in a line: put each on a line of its own";
        return BadLine::at(next.column, reason);
    }
    let behind_scheme = first.text.split_once("://").map_or(first.text, |it| it.1);
    let reason = if behind_scheme.contains(['/', '?', '#', '\\']) {
        "a blank cannot stand in a URL: write it as %20"
    } else {
        "a blank cannot stand in the name of a host: take it away"
    };
    BadLine::at(first.end(), reason)
}

fn is_known_method(word: &str) -> bool {
    [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",
    ]
    .contains(&word)
}

fn is_like_a_url(word: &str) -> bool {
    word.contains(['.', ':', '/', '[']) || word.eq_ignore_ascii_case("localhost")
}

/// A `#` at the beginning or behind a blank begins a comment; any other is part of the URL.
fn without_comment(line: &[u8]) -> &[u8] {
    let mut before = b' ';
    let comment = line.iter().position(|byte| {
        let begins = *byte == b'#' && is_blank(char::from(before));
        before = *byte;
        begins
    });
    comment.map_or(line, |at| line.split_at(at).0)
}

fn decoded(line: &[u8]) -> Result<&str, BadLine> {
    str::from_utf8(line).map_err(|error| {
        let (good, bad) = line.split_at(error.valid_up_to());
        let column = String::from_utf8_lossy(good).chars().count() + 1;
        let byte = bad.first().copied().unwrap_or_default();
        let reason = format!("byte 0x{byte:02x} is not UTF-8 text: save the list as UTF-8");
        BadLine::at(column, reason)
    })
}

fn refuse_controls(text: &str) -> Result<(), BadLine> {
    let is_bad = |c: &char| c.is_control() && !is_blank(*c);
    let Some((c, column)) = text.chars().zip(1..).find(|(c, _)| is_bad(c)) else {
        return Ok(());
    };
    let name = match c {
        '\0' => " (NUL)",
        '\u{7}' => " (bell)",
        '\u{8}' => " (backspace)",
        '\n' => " (line feed)",
        '\r' => " (carriage return)",
        '\u{1b}' => " (escape)",
        '\u{7f}' => " (delete)",
        _ => "",
    };
    let reason = format!(
        "the control character U+{:04X}{name} cannot stand in a URL: take it away",
        u32::from(c)
    );
    Err(BadLine::at(column, reason))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut column = 1;
    for text in text.split(is_blank) {
        let word = Word { text, column };
        column = word.end() + 1;
        if !text.is_empty() {
            words.push(word);
        }
    }
    words
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}
