use std::fmt;

use crate::message::visible;

use super::curl::{is_curl, read_curl};
use super::line::{BadLine, Listed, read_bytes};
use super::shell::extent;

/// As many bytes as a command for curl may have; forms and JSON can be long.
const LONGEST_COMMAND: usize = 1 << 20;

/// What a list says, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlList {
    /// What to fetch, in order.
    pub wanted: Vec<Listed>,
    /// What could not be understood, in order.
    pub problems: Vec<Problem>,
}

/// A line that could not be understood: `urls.txt:3:5: reason`; or a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands: a file, `standard input`, `argument 2`; safe to show.
    pub source: String,
    /// The line, from 1; nothing where there are no lines.
    pub line: Option<u32>,
    /// The character within it, from 1; nothing where a list as a whole is wrong.
    pub column: Option<usize>,
    /// What is wrong and how to mend it, as a sentence; safe to show.
    pub reason: String,
}

impl UrlList {
    /// Puts another list behind this one.
    pub fn join(&mut self, other: Self) {
        self.wanted.extend(other.wanted);
        self.problems.extend(other.problems);
    }

    /// Whether there is neither a URL nor a problem.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.problems.is_empty()
    }

    fn add(&mut self, source: &str, line: Option<u32>, read: Result<Option<Listed>, BadLine>) {
        match read {
            Ok(None) => {}
            Ok(Some(listed)) => self.wanted.push(Listed { line, ..listed }),
            Err(BadLine { column, reason }) => self.problems.push(Problem {
                source: visible(source).into_owned(),
                line,
                column: Some(column),
                reason,
            }),
        }
    }
}

impl UrlList {
    /// What a command asks for, which may be several.
    fn add_all(&mut self, source: &str, line: Option<u32>, read: Result<Vec<Listed>, BadLine>) {
        match read {
            Ok(found) => found
                .into_iter()
                .for_each(|one| self.add(source, line, Ok(Some(one)))),
            Err(bad) => self.add(source, line, Err(bad)),
        }
    }
}

impl Problem {
    /// A list that cannot be used at all; `reason` names it.
    pub(super) fn whole(source: String, reason: String) -> Self {
        Self {
            source,
            line: None,
            column: None,
            reason,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(column) = self.column else {
            return f.write_str(&self.reason);
        };
        f.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ":{column}: {}", self.reason)
    }
}

/// Reads a list: a URL, `METHOD URL` or a command for curl a line, `#` before comments; a command may
/// go on over several lines.
///
/// A bad line becomes a problem and the others are read all the same.
pub fn read_text(source: &str, bytes: &[u8]) -> UrlList {
    let mut list = UrlList::default();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let reason = "this is UTF-16 text: save it as UTF-8";
        list.add(source, Some(1), Err(BadLine::at(1, reason)));
        return list;
    }
    let mut rest = lines(bytes).zip(1..).peekable();
    while let Some((line, number)) = rest.next() {
        let text = str::from_utf8(line).ok().filter(|text| is_curl(text));
        let Some(text) = text else {
            list.add(source, Some(number), read_bytes(line));
            continue;
        };
        let command = command(text, rest.clone().map(|(next, _)| next));
        for _ in 1..command.lines().count() {
            rest.next();
        }
        list.add_all(source, Some(number), read_curl(&command));
    }
    list
}

/// A command with the lines that it goes on in; another command begins anew.
fn command<'a>(first: &str, behind: impl Iterator<Item = &'a [u8]>) -> String {
    let mut text = first.to_owned();
    for line in behind {
        let next = str::from_utf8(line).ok();
        let Some(next) = next.filter(|next| !is_curl(next) && text.len() < LONGEST_COMMAND) else {
            break;
        };
        text.push('\n');
        text.push_str(next);
    }
    let lines: Vec<&str> = text.split('\n').take(extent(&text)).collect();
    lines.join("\n")
}

/// Whether there is a command for curl in a text.
pub fn has_curl(text: &str) -> bool {
    text.lines().any(is_curl)
}

/// Reads URLs that were typed one by one.
pub fn read_arguments(urls: &[String]) -> UrlList {
    let mut list = UrlList::default();
    for (url, number) in urls.iter().zip(1..) {
        let source = format!("argument {number}");
        if is_curl(url) {
            list.add_all(&source, None, read_curl(url));
        } else {
            list.add(&source, None, super::read_line(url).map(Some));
        }
    }
    list
}

/// The lines without their ends: LF, CR LF, or CR alone as terminals paste it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    bytes
        .split(move |byte| *byte == end)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
