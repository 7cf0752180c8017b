//! May a stored answer be used, and why? (RFC 9111)
//!
//! Private and in memory: explicit `max-age` only, so far. This room reads no clock and asks no
//! server; `now` is always an argument.

mod directives;
mod store;
mod verdict;

pub use store::{Cache, Stored};
pub use verdict::{Unstored, Verdict};
