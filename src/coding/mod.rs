//! What a content coding hides: gzip, deflate, br and zstd, one on top of the other too.
//!
//! This room only turns bytes into bytes: it holds no sockets, no clock and no threads, and it
//! never makes more bytes than its limits allow.

mod brotli;
mod decode;
#[cfg(test)]
mod decode_tests;
mod gzip;
mod inflate;
mod limits;
mod outcome;
mod sink;
mod zstd;

pub use decode::{MOST_CODINGS, decode};
pub use limits::Limits;
pub use outcome::{CodingError, Decoded, Note};
