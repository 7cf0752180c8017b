//! What is asked of a run: which requests are meant, and whether what is claimed of it holds.
//!
//! This room only looks at the model; who asks, and what is done with the answer, is not its
//! business.

mod amount;
mod assertion;
mod figure;
mod filter;
mod filter_key;
mod judgement;
mod measured;
mod typed;

#[cfg(test)]
mod filter_tests;

pub use assertion::Assertion;
pub use filter::{Filter, between_slashes, no_regex, regex};
pub use filter_key::{FLAGS, Flag, KEYS, Key};
pub use judgement::Judgement;
pub use typed::BadAssertion;
