//! The picture, written down.
//!
//! This room turns facts and the model into text; where the text goes is another room's business.

mod ndjson;
mod report;

pub use ndjson::{Bodies, line};
pub use report::{failures, summary, table};
