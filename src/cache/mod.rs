//! May a stored answer be used, and why? (RFC 9111)
//!
//! A complete private cache whose every decision is a value with its arithmetic. This room reads no
//! clock and asks no server; `now` is always an argument, counted since 1970. Memory and disk share all
//! decisions: only `disk/` touches files.

mod browsers;
mod content;
mod date;
mod decision;
mod directives;
mod disk;
mod freshness;
mod index;
mod key;
mod list;
mod merging;
mod range;
mod selection;
mod store;
mod stored;
mod storing;
mod story;
mod validators;
mod verdict;

pub use browsers::instead;
pub use content::Content;
pub use decision::{Ask, Decision, Reach, Rescue};
pub use disk::{FILE, Opened, Row, Unopened, Watched, is_thread, open, remove, watch};
pub use freshness::{Age, Freshness, Lifetime, Rule, Times};
pub use key::{key, shown};
pub use store::{Cache, Came, Unrelated};
pub use stored::{Record, Stored};
pub use storing::{Kept, Unstored, UseAfter};
pub use validators::Validators;
pub use verdict::{Bypass, Ground, Verdict, Why};
