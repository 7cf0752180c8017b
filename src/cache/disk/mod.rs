//! The answers on a disk, in a database (redb).
//!
//! What is known of them is in memory, and decides; bodies are read when they are wanted. Two threads
//! of its own read and write, in batches: nobody who asks the cache waits for a disk to turn.

mod database;
mod opening;
mod row;
mod shelf;
mod waiting;

pub use opening::{FILE, Opened, Unopened, Watched, open, remove, watch};
pub use row::Row;
pub(super) use row::room;
pub(super) use shelf::Disk;
pub use shelf::is_thread;
