use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::event::Event;
use crate::export::{Bodies, line};

/// Writes facts to a file as they come, for replay.
pub(super) struct Recorder {
    path: PathBuf,
    file: BufWriter<File>,
    bodies: Bodies,
    trouble: Option<String>,
}

impl Recorder {
    /// Begins a record; an old one in the same place is written over.
    pub(super) fn create(path: &Path, bodies: Bodies) -> Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("--events {}: cannot be written", path.display()))?;
        let file = BufWriter::new(file);
        Ok(Self {
            path: path.to_owned(),
            file,
            bodies,
            trouble: None,
        })
    }

    /// Writes a fact; after the first trouble nothing more is written.
    pub(super) fn write(&mut self, event: &Event) {
        if self.trouble.is_some() {
            return;
        }
        let written = self.file.write_all(line(event, self.bodies).as_bytes());
        self.trouble = written.err().map(|error| self.explain(&error));
    }

    /// Writes out what is held back; what went wrong, if something did.
    pub(super) fn finish(mut self) -> Option<String> {
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
