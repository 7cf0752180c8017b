use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::cli::CookieOptions;
use crate::clock::Clock;
use crate::cookies::{read_cookies, write_cookies};
use crate::event::{Event, Fact, Moment};
use crate::message::Cookie;
use crate::model::Jar;

use super::headless::complain;

/// Bad lines of a file that are named one by one.
const NAMED: usize = 20;

/// What the jar begins with: the files of `-b`, then that of `--cookies`, which need not be there.
pub(super) fn read(options: &CookieOptions) -> Result<Vec<Cookie>> {
    let mut all = Vec::new();
    if options.no_cookies {
        return Ok(all);
    }
    for path in options.files() {
        let text = fs::read(&path).with_context(|| {
            let name = path.display();
            format!("-b {name}: cannot be read; cookies themselves are written NAME=VALUE")
        })?;
        all.extend(understood("-b", &path, &text));
    }
    if let Some(path) = &options.keep {
        match fs::read(path) {
            Ok(text) => all.extend(understood("--cookies", path, &text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let name = path.display();
                return Err(error).with_context(|| format!("--cookies {name}: cannot be read"));
            }
        }
    }
    Ok(all)
}

/// The cookies in a file; lines that make no sense are named on standard error.
fn understood(option: &str, path: &Path, text: &[u8]) -> Vec<Cookie> {
    let (cookies, bad) = read_cookies(text, Clock::start().wall_ms());
    let name = path.display();
    for bad in bad.iter().take(NAMED) {
        complain(&format!("{option} {name}: {bad}; left out"));
    }
    if let Some(more) = bad.len().checked_sub(NAMED).filter(|more| *more > 0) {
        complain(&format!(
            "{option} {name}: and {more} more lines like these"
        ));
    }
    cookies
}

/// The jar of a run on its way into files.
pub(super) struct JarFiles {
    files: Vec<(&'static str, PathBuf)>,
    jar: Jar,
    wall_ms: u64,
    latest: Moment,
}

impl JarFiles {
    /// Nothing, if the jar goes into no file.
    pub(super) fn of(options: &CookieOptions) -> Option<Self> {
        let named = [("-c", &options.write), ("--cookies", &options.keep)];
        let named = named
            .into_iter()
            .filter_map(|(option, path)| Some((option, path.clone()?)));
        let files: Vec<_> = named.collect();
        (!files.is_empty()).then(|| Self {
            files,
            jar: Jar::default(),
            wall_ms: 0,
            latest: Moment::START,
        })
    }

    /// Takes a fact in.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "three facts are about the jar"
    )]
    pub(super) fn note(&mut self, event: &Event) {
        self.latest = event.at;
        match &event.fact {
            Fact::RunStarted { wall_ms, .. } => self.wall_ms = *wall_ms,
            Fact::CookieKept { cookie, site } => self.jar.keep(cookie, site),
            Fact::CookieDropped { key, .. } => self.jar.lose(key),
            _ => {}
        }
    }

    /// Writes the files; what went wrong, if something did.
    pub(super) fn finish(self) -> Option<String> {
        let run = u64::try_from(self.latest.since(Moment::START).as_millis());
        let now = self.wall_ms.saturating_add(run.unwrap_or(0));
        let text = write_cookies(self.jar.cookies(), now);
        let failed = self.files.iter().filter_map(|(option, path)| {
            let error = replace(path, &text).err()?;
            let name = path.display();
            Some(format!(
                "{option} {name}: the cookies are not written: {error}"
            ))
        });
        let failed: Vec<_> = failed.collect();
        (!failed.is_empty()).then(|| failed.join("; "))
    }
}

/// Puts a new file in the place of an old one at once, for its owner alone to read.
///
/// Whatever happens, there is the old one or the new one, and never half of it.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    // Behind a link stands what is meant.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        // `/dev/stdout` and the like have nothing to replace.
        return fs::write(&path, text);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_new(&beside, text).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // What is left of it helps nobody.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_is_replaced_at_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("jar"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(link.is_symlink(), "the link is still one");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "nothing is left beside"
        );
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("no/such/folder/jar");
        assert!(replace(&nowhere, b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
