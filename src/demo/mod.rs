//! An embedded server that shows every stage of a fetch without a network.
//!
//! This room never leaves the loopback addresses and knows nothing of who fetches from it.

mod authority;
mod line;
mod names;
mod pages;
mod server;
mod site;
mod trickle;
mod waves;

pub use server::Demo;
pub use waves::waves;
