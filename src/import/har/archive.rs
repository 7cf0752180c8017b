use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::event;
use crate::import::ndjson::{BadRecord, Record};

use super::entry::Entry;
use super::teller::Teller;

/// Reads an archive; entries that make no sense are noted and left out.
///
/// Of an archive that is broken or cut, everything before that place is read.
pub(in crate::import) fn read_archive(text: &[u8]) -> Result<Record, BadRecord> {
    let text = String::from_utf8_lossy(text);
    let mut found = Found::default();
    let mut json = serde_json::Deserializer::from_str(&text);
    let read = Within::Archive(&mut found).deserialize(&mut json);
    if found.entries.is_none() {
        let words = read.err().map(|error| error.to_string());
        return Err(BadRecord::Archive(words.unwrap_or_else(|| {
            "it has no log.entries, which every HAR has".to_owned()
        })));
    }
    let mut bad = Vec::new();
    let mut entries = Vec::new();
    let mut place = Place::default();
    let raw = found.entries.iter().flatten().zip(1..);
    for (raw, number) in raw {
        match Entry::read(raw.get(), number) {
            Ok(entry) => entries.push(entry),
            Err(words) => {
                let line = place.line_of(&text, raw.get());
                bad.push((line, format!("entry {number} has {words}")));
            }
        }
    }
    let left_out = u32::try_from(bad.len()).unwrap_or(u32::MAX);
    if let Err(error) = read {
        let words = format!("the HAR is broken here, and what follows is lost: {error}");
        bad.push((error.line(), words));
    }
    let archive = event::Archive {
        creator: found
            .creator
            .unwrap_or_else(|| "an unnamed tool".to_owned()),
        browser: found.browser,
        left_out,
    };
    let events = Teller::tell(archive, found.started.as_deref(), entries);
    Ok(Record { events, bad })
}

/// What is of use in an archive, as far as it could be read.
#[derive(Default)]
struct Found<'a> {
    creator: Option<String>,
    browser: Option<String>,
    started: Option<String>,
    entries: Option<Vec<&'a RawValue>>,
}

/// A program and its version.
#[derive(Deserialize)]
struct Program {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

impl Program {
    /// In one string; nothing where there is no name. What is no program is nobody.
    fn read(raw: &RawValue) -> Option<String> {
        let program: Self = serde_json::from_str(raw.get()).ok()?;
        let words = format!("{} {}", program.name, program.version);
        Some(words.trim().to_owned()).filter(|words| !words.is_empty())
    }
}

/// Where in an archive we are; what is found is kept even if the rest is broken.
enum Within<'f, 'a> {
    Archive(&'f mut Found<'a>),
    Log(&'f mut Found<'a>),
    Entries(&'f mut Option<Vec<&'a RawValue>>),
}

impl<'a> DeserializeSeed<'a> for Within<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, from: D) -> Result<(), D::Error> {
        match self {
            Self::Archive(_) | Self::Log(_) => from.deserialize_map(self),
            Self::Entries(_) => from.deserialize_seq(self),
        }
    }
}

impl<'a> Visitor<'a> for Within<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Archive(_) => "an object with a log",
            Self::Log(_) => "a log with entries",
            Self::Entries(_) => "a list of entries",
        })
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let (found, is_log) = match self {
            Self::Archive(found) => (found, false),
            Self::Log(found) => (found, true),
            Self::Entries(_) => return Ok(()),
        };
        while let Some(key) = map.next_key::<String>()? {
            match (is_log, key.as_str()) {
                (false, "log") => map.next_value_seed(Within::Log(found))?,
                (true, "entries") => {
                    map.next_value_seed(Within::Entries(&mut found.entries))?;
                }
                (true, "creator") => found.creator = Program::read(map.next_value()?),
                (true, "browser") => found.browser = Program::read(map.next_value()?),
                (true, "_started") => {
                    let raw: &RawValue = map.next_value()?;
                    found.started = serde_json::from_str(raw.get()).ok();
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        if let Self::Entries(entries) = self {
            let entries = entries.get_or_insert_default();
            while let Some(entry) = list.next_element()? {
                entries.push(entry);
            }
        }
        Ok(())
    }
}

/// Counts lines up to one entry after the other, so that a text is gone through once.
#[derive(Default)]
struct Place {
    offset: usize,
    line: usize,
}

impl Place {
    /// The line on which `part` begins, which is a part of `text` behind those asked for before.
    fn line_of(&mut self, text: &str, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let between = text.as_bytes().get(self.offset..offset).unwrap_or_default();
        self.line += between.split(|byte| *byte == b'\n').skip(1).count();
        self.offset = offset.max(self.offset);
        self.line + 1
    }
}
