use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{Builder, ConcurrencyMode, Database, Error, ReadOnlyDatabase, ReadableDatabase as _};

use super::database::{self, VERSION};
use super::row::Row;
use super::shelf::{Disk, spawn};

/// The name of the file within its folder.
pub const FILE: &str = "cache.redb";
/// Bytes of pages that are kept in memory; bodies are read once, mostly.
const PAGES: usize = 16 << 20;

/// A cache on a disk that is ours.
#[derive(Debug)]
pub struct Opened {
    /// What is in it, in the order of its use.
    pub(in crate::cache) rows: Vec<Row>,
    pub(in crate::cache) disk: Disk,
    /// What a person should know of it, a sentence each.
    pub notes: Vec<String>,
}

/// A cache on a disk that is only looked at; it may be another's.
pub struct Watched {
    /// What is in it, what was used last first.
    pub rows: Vec<Row>,
    database: ReadOnlyDatabase,
}

/// Why the cache on a disk is not opened.
#[derive(Debug, thiserror::Error)]
pub enum Unopened {
    /// Another process writes to it.
    #[error("another netwaterfall has the cache in {0}")]
    Busy(PathBuf),
    /// There is none.
    #[error("there is no cache in {0}")]
    Missing(PathBuf),
    /// Whoever wrote to it did not come to an end.
    #[error("the cache was left in the middle of something")]
    Unfinished,
    /// It is no cache of this version.
    #[error("{path} is no cache that this version can read: {reason}")]
    Alien {
        /// Its file.
        path: PathBuf,
        /// What is the matter with it.
        reason: String,
    },
    /// The file or its folder cannot be used.
    #[error("{path} cannot be used: {error}")]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Opens the cache in `folder`, or begins one; what is no cache of this version is set aside.
pub fn open(folder: &Path) -> Result<Opened, Unopened> {
    let file = folder.join(FILE);
    make(folder, &file)?;
    let mut notes = Vec::new();
    let (database, (rows, bad)) = match attempt(&file) {
        Err(Unopened::Alien { path, reason }) => {
            let aside = set_aside(&path)?;
            notes.push(format!(
                "the cache in {} {reason}: it is set aside as {}, and a new one is begun",
                folder.display(),
                aside.display()
            ));
            make(folder, &file)?;
            attempt(&file)?
        }
        attempted => attempted?,
    };
    let places = rows.iter().filter_map(|row| row.stored.record.place);
    let next = places.chain(bad.iter().copied()).max();
    let next = next.map_or(0, |last| last.saturating_add(1));
    let disk = Disk::start(database, next).map_err(|error| unusable(&file, error))?;
    for place in &bad {
        disk.drop_from(*place);
    }
    if !bad.is_empty() {
        let count = bad.len();
        let s = if count == 1 { "" } else { "s" };
        notes.push(format!(
            "{count} answer{s} in {} cannot be read any more: forgotten",
            folder.display()
        ));
    }
    Ok(Opened { rows, disk, notes })
}

/// Looks at the cache in `folder`, which another process may be using.
pub fn watch(folder: &Path) -> Result<Watched, Unopened> {
    let file = folder.join(FILE);
    if !file.exists() {
        return Err(Unopened::Missing(folder.to_owned()));
    }
    match look(&file) {
        Err(Unopened::Unfinished) => {
            // Its process was killed; whoever opens it to write brings it in order.
            drop(attempt(&file)?);
            look(&file)
        }
        looked => looked,
    }
}

fn look(file: &Path) -> Result<Watched, Unopened> {
    let path = file.to_owned();
    guarded(file, move || {
        let database = builder().open_read_only(&path).map_err(Error::from)?;
        let reading = database.begin_read()?;
        check(database::version(&reading)?)?;
        let (mut rows, _) = database::rows(&reading)?;
        rows.reverse();
        Ok(Watched { rows, database })
    })
}

impl Watched {
    /// The body of one of the rows; nothing if it is not as it was.
    pub fn body(&self, row: &Row) -> Option<Arc<[u8]>> {
        let reading = self.database.begin_read().ok()?;
        database::body(&reading, row.stored.record.place?).ok()?
    }
}

/// Removes the cache in `folder`, and what was set aside; how many bytes these files had, and
/// nothing if there was none.
pub fn remove(folder: &Path) -> Result<Option<u64>, Unopened> {
    let file = folder.join(FILE);
    // Damaged or not, it is to go; but not from under somebody's hands.
    if file.exists()
        && let Err(error @ (Unopened::Busy(_) | Unopened::Unusable { .. })) = attempt(&file)
    {
        return Err(error);
    }
    let mut removed = None;
    for path in [aside(&file), file] {
        let Ok(about) = fs::metadata(&path) else {
            continue;
        };
        fs::remove_file(&path).map_err(|error| unusable(&path, error))?;
        removed = Some(removed.unwrap_or(0) + about.len());
    }
    Ok(removed)
}

/// Makes folder and file, for their owner alone.
fn make(folder: &Path, file: &Path) -> Result<(), Unopened> {
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(folder);
    made.map_err(|error| unusable(folder, error))?;
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).mode(0o600);
    let opened = options.open(file);
    opened.map(drop).map_err(|error| unusable(file, error))
}

type Rows = (Vec<Row>, Vec<u64>);

fn attempt(file: &Path) -> Result<(Database, Rows), Unopened> {
    let path = file.to_owned();
    guarded(file, move || {
        let database = builder().create(&path).map_err(Error::from)?;
        check(database::begin(&database)?)?;
        let reading = database.begin_read()?;
        let rows = database::rows(&reading)?;
        Ok((database, rows))
    })
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder
        .set_cache_size(PAGES)
        .set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

fn check(version: u64) -> Result<(), Trouble> {
    match version {
        VERSION => Ok(()),
        other => Err(Trouble::Version(other)),
    }
}

/// What goes wrong while a file is opened.
enum Trouble {
    Version(u64),
    Database(Error),
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

/// Does `work` with a file that may be anything; what breaks down over it takes nothing with it.
fn guarded<T: Send + 'static>(
    file: &Path,
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Unopened> {
    let alien = |reason: String| Unopened::Alien {
        path: file.to_owned(),
        reason,
    };
    let thread = spawn(work).map_err(|error| unusable(file, error))?;
    match thread.join() {
        Err(_) => Err(alien("is damaged".to_owned())),
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Trouble::Version(other))) => Err(alien(format!(
            "is of version {other}, and this program writes {VERSION}"
        ))),
        Ok(Err(Trouble::Database(error))) => Err(understood(file, error, &alien)),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all others are of a file that is not as it was written"
)]
fn understood(file: &Path, error: Error, alien: &dyn Fn(String) -> Unopened) -> Unopened {
    let folder = || file.parent().unwrap_or(file).to_owned();
    match error {
        Error::DatabaseAlreadyOpen | Error::LockProtocolMismatch => Unopened::Busy(folder()),
        Error::RepairAborted => Unopened::Unfinished,
        Error::Io(error) if is_of_content(&error) => alien(format!("is damaged ({error})")),
        Error::Io(error) => unusable(file, error),
        Error::UpgradeRequired(other) => {
            alien(format!("is a database of the older version {other}"))
        }
        other => alien(format!("is damaged ({other})")),
    }
}

/// Whether the file was read, and made no sense.
fn is_of_content(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput
    )
}

/// Gives a file another name, in place of one that was set aside before.
fn set_aside(file: &Path) -> Result<PathBuf, Unopened> {
    let aside = aside(file);
    fs::rename(file, &aside).map_err(|error| unusable(file, error))?;
    Ok(aside)
}

/// The name of a file that was set aside.
fn aside(file: &Path) -> PathBuf {
    file.with_extension("aside.redb")
}

fn unusable(path: &Path, error: io::Error) -> Unopened {
    Unopened::Unusable {
        path: path.to_owned(),
        error,
    }
}
