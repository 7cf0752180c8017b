//! The picture, written down.
//!
//! This room turns facts and the model into text; where the text goes is another room's business.

mod archive;
mod curl;
mod escaped;
mod har;
mod hop;
mod json;
mod life;
mod listing;
mod looked_up;
mod markdown;
mod masked;
mod narration;
mod ndjson;
mod pipe;
mod piped;
mod piped_stages;
mod report;
mod row;

#[cfg(test)]
mod piped_tests;

pub use curl::curl;
pub use har::{Contents, har};
pub use json::report;
pub use listing::{Listed, listing, listing_json, listing_ndjson};
pub use markdown::markdown;
pub use masked::masked;
pub use narration::{Narrator, Told};
pub use ndjson::{Bodies, line};
pub use pipe::{flushed, not_understood, unmade};
pub use piped::{Piped, Progress};
pub use report::{failures, summary, table};
pub use row::row;
