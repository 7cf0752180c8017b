//! Other people's records turned into facts, and their requests into requests of ours.
//!
//! This room only reads; what cannot be understood is named and left out, and the rest goes on.

mod har;
mod ndjson;
mod pipe;

pub use ndjson::{BadRecord, Record, read_record};
pub use pipe::{Ask, BadAsk, read_ask};
