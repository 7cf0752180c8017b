//! Other people's records turned into facts.
//!
//! This room only reads; what cannot be understood is named and left out, and the rest goes on.

mod ndjson;

pub use ndjson::{BadRecord, Record, read_record};
