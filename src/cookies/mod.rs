//! Which cookies go along, which are kept, and why not the others? (RFC 6265bis)
//!
//! This room is told what time it is and opens no file: lines, URLs and times in, verdicts out. Where
//! browsers differ from the document, it does as Chromium does, and says so.

mod asking;
mod attributes;
mod date;
mod domain;
mod eviction;
mod file;
mod jar;
mod offer;
mod path;
mod prefix;
mod site;
mod typed;
mod verdict;

pub use asking::{Asking, ThirdParties, Visit};
pub use date::cookie_date;
pub use file::{BadCookie, read_cookies, write_cookies};
pub use jar::{Choice, Dropped, Jar};
pub use offer::Offered;
pub use site::{Site, registrable};
pub use typed::{BadTyped, read_typed};
pub use verdict::{Accepted, Gone, Refused, Withheld};
