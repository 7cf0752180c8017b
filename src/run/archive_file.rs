use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::event::Event;
use crate::export::Bodies;
use crate::model::Model;

use super::archive::archive;
use super::unpacking::remark_broken;

/// The HTTP archive that a run is written into at its end.
pub(super) struct ArchiveFile {
    path: PathBuf,
    file: File,
    bodies: Bodies,
    has_secrets: bool,
    model: Model,
}

impl ArchiveFile {
    /// Sees that the file can be written before anything is fetched; what is in it stays until then.
    pub(super) fn create(path: &Path, bodies: Bodies, has_secrets: bool) -> Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(|| format!("--har {}: cannot be written", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            bodies,
            has_secrets,
            model: Model::default(),
        })
    }

    /// Takes note of what happened.
    pub(super) fn note(&mut self, event: &Event) {
        self.model.apply(event);
    }

    /// Writes the archive; what went wrong, if something did.
    pub(super) fn finish(mut self) -> Option<String> {
        remark_broken(&mut self.model);
        let text = archive(&self.model, self.has_secrets, self.bodies == Bodies::Kept);
        let error = self.write(text.as_bytes()).err()?;
        let name = self.path.display();
        Some(format!("--har {name}: the archive is incomplete: {error}"))
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        // A pipe has no length to be cut to.
        if self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        self.file.write_all(text)?;
        self.file.flush()
    }
}
