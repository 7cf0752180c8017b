use crate::event::{Event, FORMAT_VERSION, Fact};

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
    #[error("this is no recorded run: line 1 is not a run_started fact ({0})")]
    Start(String),
    /// The record is from a later version of the program.
    #[error("this record has format {0}, and this program reads up to {FORMAT_VERSION}")]
    Version(u32),
    /// There is nothing in it.
    #[error("this file is empty; --events FILE writes a record")]
    Empty,
}

/// Reads a record line by line; a line that makes no sense is noted and left out.
pub fn read_record(text: &[u8]) -> Result<Record, BadRecord> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(l, _)| !is_blank(l));
    let (first, _) = lines.next().ok_or(BadRecord::Empty)?;
    let first: Event =
        serde_json::from_slice(first).map_err(|error| BadRecord::Start(error.to_string()))?;
    let Fact::RunStarted { version, .. } = first.fact else {
        return Err(BadRecord::Start("it is another fact".to_owned()));
    };
    if version > FORMAT_VERSION {
        return Err(BadRecord::Version(version));
    }
    let mut record = Record {
        events: vec![first],
        bad: Vec::new(),
    };
    for (line, number) in lines {
        match serde_json::from_slice(line) {
            Ok(event) => record.events.push(event),
            Err(error) => record.bad.push((number, error.to_string())),
        }
    }
    Ok(record)
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}
