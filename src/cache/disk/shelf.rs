use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use redb::{Database, ReadableDatabase as _};

use crate::cache::Stored;

use super::database::{body, commit};
use super::waiting::{Put, Waiting};

/// The name of the threads that read and write.
const NAME: &str = "cache";

/// The bodies on a disk, and the threads that read and write them.
pub(in crate::cache) struct Disk {
    waiting: Arc<Waiting>,
    reads: Option<Sender<Read>>,
    threads: Vec<JoinHandle<()>>,
    /// The place of the next body.
    next: u64,
}

/// A body that somebody wants.
struct Read {
    place: u64,
    then: Got,
}

/// What is done with a body that was read.
pub(super) type Got = Box<dyn FnOnce(Option<Arc<[u8]>>) + Send>;

impl Disk {
    /// Starts the threads; places from `next` on are free.
    pub(super) fn start(database: Database, next: u64) -> io::Result<Self> {
        let database = Arc::new(database);
        let waiting = Arc::new(Waiting::default());
        let (reads, wanted) = channel();
        let (from, to) = (Arc::clone(&database), Arc::clone(&waiting));
        let reader = spawn(move || read(&wanted, &from))?;
        let writer = spawn(move || write(&to, &database))?;
        Ok(Self {
            waiting,
            reads: Some(reads),
            threads: vec![reader, writer],
            next,
        })
    }

    /// Takes an answer; what is left in memory is the same without its bytes.
    ///
    /// One that has none is of a body that is on the disk already.
    pub(in crate::cache) fn take_in(
        &mut self,
        key: &Arc<str>,
        stored: &Stored,
        used: u64,
    ) -> Arc<Stored> {
        let body = stored.content.held().cloned();
        let known = stored.record.place.filter(|_| body.is_none());
        let place = known.unwrap_or(self.next);
        self.next = self.next.max(place.saturating_add(1));
        let stored = Arc::new(stored.at_place(place));
        let put = Put {
            key: Arc::clone(key),
            stored: Arc::clone(&stored),
            body,
        };
        self.waiting.add(|batch| batch.put(place, put, used));
        stored
    }

    /// Takes note that answers were used.
    pub(in crate::cache) fn note_use(&self, stored: &[Arc<Stored>], used: u64) {
        self.waiting.add(|batch| {
            let places = stored.iter().filter_map(|stored| stored.record.place);
            batch.used.extend(places.map(|place| (place, used)));
        });
    }

    /// Forgets what is at `place`.
    pub(in crate::cache) fn drop_from(&self, place: u64) {
        self.waiting.add(|batch| batch.drop_from(place));
    }

    /// Reads the body at `place`, and gives it to `then`.
    pub(in crate::cache) fn read(&self, place: u64, then: Got) {
        if let Some(bytes) = self.waiting.body(place) {
            return then(Some(bytes));
        }
        let read = Read { place, then };
        let unread = match &self.reads {
            Some(reads) => reads.send(read).err().map(|error| error.0),
            None => Some(read),
        };
        if let Some(read) = unread {
            (read.then)(None);
        }
    }

    /// Why it takes nothing, if it does not.
    pub(in crate::cache) fn obstacle(&self) -> Option<String> {
        let state = self.waiting.state();
        let is_behind = || "the disk is slower than what comes".to_owned();
        let trouble = state.trouble.clone();
        trouble.or_else(|| state.is_full().then(is_behind))
    }
}

/// What was stored is written, and the file is free for others.
impl Drop for Disk {
    fn drop(&mut self) {
        self.reads = None;
        self.waiting.end();
        for thread in self.threads.drain(..) {
            // One that broke down has said so.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a disk, {} places", self.next)
    }
}

/// Whether this is a thread whose break-down is taken care of.
pub fn is_thread() -> bool {
    thread::current().name() == Some(NAME)
}

/// Starts a thread that is known by its name.
pub(super) fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    thread::Builder::new().name(NAME.to_owned()).spawn(work)
}

fn read(wanted: &Receiver<Read>, database: &Database) {
    while let Ok(Read { place, then }) = wanted.recv() {
        let reading = || {
            let reading = database.begin_read()?;
            body(&reading, place)
        };
        // A file that somebody changed may break anything that believes in it.
        let outcome = catch_unwind(AssertUnwindSafe(reading));
        let found: Result<_, redb::Error> = outcome.unwrap_or(Ok(None));
        then(found.ok().flatten());
    }
}

fn write(waiting: &Waiting, database: &Database) {
    while let Some(batch) = waiting.take() {
        let outcome = catch_unwind(AssertUnwindSafe(|| commit(database, &batch)));
        let outcome = match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("the cache on disk cannot be written: {error}")),
            Err(_) => Err("the cache on disk cannot be written: its file is damaged".to_owned()),
        };
        waiting.written(outcome);
    }
}
