//! An embedded server that shows every stage of a fetch without a network.
//!
//! This room never leaves the loopback addresses and knows nothing of who fetches from it.

mod authority;
mod cache_pages;
mod cookie_pages;
mod lesson;
mod line;
mod names;
mod page;
mod pages;
mod queue_pages;
mod server;
mod site;
mod slow_pages;
mod trickle;
mod waves;
mod wild;

pub use lesson::Lesson;
pub use server::Demo;
pub use waves::{Asking, waves};
