use crate::event::{Event, FORMAT_VERSION, Fact};

use super::har::read_archive;

/// A recorded run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What happened, in the order of the lines.
    pub events: Vec<Event>,
    /// Lines that could not be understood, and why.
    pub bad: Vec<(usize, String)>,
}

/// Why a file is no record of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// The first line does not begin a run.
    #[error("this is neither a recorded run nor a HAR: line 1 is not a run_started fact ({0})")]
    Start(String),
    /// The record is from a later version of the program.
    #[error("this record has format {0}, and this program reads up to {FORMAT_VERSION}")]
    Version(u32),
    /// It is an archive, and nothing of it can be read.
    #[error("this is no HAR: {0}")]
    Archive(String),
    /// There is nothing in it.
    #[error("this file is empty; --events FILE writes a record")]
    Empty,
}

/// Reads a recorded run, or an archive of another tool: whichever it is, it says so itself.
pub fn read_record(text: &[u8]) -> Result<Record, BadRecord> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if looks_like_archive(text) {
        return read_archive(text);
    }
    match read_lines(text) {
        // An object may begin with something else than its log.
        Err(BadRecord::Start(words)) if text.trim_ascii_start().starts_with(b"{") => {
            read_archive(text).map_err(|_| BadRecord::Start(words))
        }
        read => read,
    }
}

/// Whether the first thing in a file is a log, as in every archive that a browser wrote.
fn looks_like_archive(text: &[u8]) -> bool {
    let inside = text.trim_ascii_start().strip_prefix(b"{");
    inside.is_some_and(|inside| inside.trim_ascii_start().starts_with(b"\"log\""))
}

/// Reads a record line by line; a line that makes no sense is noted and left out.
fn read_lines(text: &[u8]) -> Result<Record, BadRecord> {
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(l, _)| !is_blank(l));
    let (first, _) = lines.next().ok_or(BadRecord::Empty)?;
    if let Some(version) = later_version(first) {
        return Err(BadRecord::Version(version));
    }
    let first: Event =
        serde_json::from_slice(first).map_err(|error| BadRecord::Start(error.to_string()))?;
    if !matches!(first.fact, Fact::RunStarted { .. }) {
        return Err(BadRecord::Start("it is another fact".to_owned()));
    }
    let mut record = Record {
        events: vec![first],
        bad: Vec::new(),
    };
    for (line, number) in lines {
        match serde_json::from_slice(line) {
            Ok(event) => record.events.push(event),
            Err(error) => record.bad.push((number, format!("it is no fact: {error}"))),
        }
    }
    Ok(record)
}

/// The version of a record that this program is too old for, whatever else its first line says.
fn later_version(first: &[u8]) -> Option<u32> {
    let first: serde_json::Value = serde_json::from_slice(first).ok()?;
    let is_start = first.get("fact")?.as_str()? == "run_started";
    let version = u32::try_from(first.get("version")?.as_u64()?).unwrap_or(u32::MAX);
    (is_start && version > FORMAT_VERSION).then_some(version)
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}
