use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::cli::Settings;
use crate::event::Event;
use crate::export::{Bodies, line, masked};

use super::archive_file::ArchiveFile;
use super::headless::complain;
use super::jar_files::JarFiles;

/// Everything of a run that goes into files: its facts, its cookies, and in the end its archive.
pub(super) struct Recorder {
    record: Option<Record>,
    archive: Option<ArchiveFile>,
    jar: Option<JarFiles>,
}

/// Facts on their way into a file, for replay.
struct Record {
    path: PathBuf,
    file: BufWriter<File>,
    bodies: Bodies,
    has_secrets: bool,
    trouble: Option<String>,
}

impl Recorder {
    /// What was asked to be written; nothing, if nothing was.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>> {
        let bodies = if settings.output.bodies {
            Bodies::Kept
        } else {
            Bodies::Left
        };
        let has_secrets = settings.output.secrets;
        let create = |path: &PathBuf| Record::create(path, bodies, has_secrets);
        let record = settings.output.events.as_ref().map(create).transpose()?;
        let create = |path: &PathBuf| ArchiveFile::create(path, bodies, has_secrets);
        let archive = settings.output.har.as_ref().map(create).transpose()?;
        let jar = JarFiles::of(&settings.cookies);
        let is_wanted = record.is_some() || archive.is_some() || jar.is_some();
        Ok(is_wanted.then_some(Self {
            record,
            archive,
            jar,
        }))
    }

    /// Writes a fact; after the first trouble nothing more is written.
    pub(super) fn write(&mut self, event: &Event) {
        if let Some(record) = &mut self.record {
            record.write(event);
        }
        if let Some(archive) = &mut self.archive {
            archive.note(event);
        }
        if let Some(jar) = &mut self.jar {
            jar.note(event);
        }
    }

    /// Writes out what is held back, and says what went wrong; whether all is written.
    pub(super) fn close(recorder: Option<Self>) -> bool {
        let trouble = recorder.and_then(Self::finish);
        if let Some(trouble) = &trouble {
            complain(trouble);
        }
        trouble.is_none()
    }

    /// Writes out what is held back; what went wrong, if something did.
    pub(super) fn finish(self) -> Option<String> {
        let record = self.record.and_then(Record::finish);
        let archive = self.archive.and_then(ArchiveFile::finish);
        let jar = self.jar.and_then(JarFiles::finish);
        let troubles: Vec<String> = [record, archive, jar].into_iter().flatten().collect();
        (!troubles.is_empty()).then(|| troubles.join("; "))
    }
}

impl Record {
    /// Begins a record; an old one in the same place is written over.
    fn create(path: &Path, bodies: Bodies, has_secrets: bool) -> Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("--events {}: cannot be written", path.display()))?;
        let file = BufWriter::new(file);
        Ok(Self {
            path: path.to_owned(),
            file,
            bodies,
            has_secrets,
            trouble: None,
        })
    }

    /// Writes a fact; after the first trouble nothing more is written.
    fn write(&mut self, event: &Event) {
        if self.trouble.is_some() {
            return;
        }
        let event = if self.has_secrets {
            Cow::Borrowed(event)
        } else {
            masked(event)
        };
        let written = self.file.write_all(line(&event, self.bodies).as_bytes());
        self.trouble = written.err().map(|error| self.explain(&error));
    }

    /// Writes out what is held back; what went wrong, if something did.
    fn finish(mut self) -> Option<String> {
        let flushed = self.file.flush().err();
        let trouble = flushed.map(|error| self.explain(&error));
        self.trouble.or(trouble)
    }

    fn explain(&self, error: &std::io::Error) -> String {
        format!(
            "--events {}: the record is incomplete: {error}",
            self.path.display()
        )
    }
}
