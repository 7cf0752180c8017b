use std::fmt;

use crate::message::visible;

use super::line::{BadLine, Listed, read_bytes};

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

/// Reads a list: a URL or `METHOD URL` a line, `#` before comments.
///
/// A bad line becomes a problem and the others are read all the same.
pub fn read_text(source: &str, bytes: &[u8]) -> UrlList {
    let mut list = UrlList::default();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let reason = "this is UTF-16 text: save it as UTF-8";
        list.add(source, Some(1), Err(BadLine::at(1, reason)));
        return list;
    }
    for (line, number) in lines(bytes).zip(1..) {
        list.add(source, Some(number), read_bytes(line));
    }
    list
}

/// Reads URLs that were typed one by one.
pub fn read_arguments(urls: &[String]) -> UrlList {
    let mut list = UrlList::default();
    for (url, number) in urls.iter().zip(1..) {
        let source = format!("argument {number}");
        let read = super::read_line(url).map(Some);
        list.add(&source, None, read);
    }
    list
}

/// The lines without their ends: LF, CR LF, or CR alone as terminals paste it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    bytes
        .split(move |byte| *byte == end)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
