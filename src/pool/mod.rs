//! Who gets which connection.
//!
//! Plain data: this room opens nothing, sends nothing and reads no clock. It is told what
//! happened and answers with [`Move`]s for the engine to carry out.

mod delayable;
mod host_pool;
mod limits;
mod line;
mod moves;
mod pools;
#[cfg(test)]
mod pools_tests;
mod ranking;
mod ways;

pub use host_pool::{HostPool, Room, Wear};
pub use limits::Limits;
pub use moves::Move;
pub use pools::Pools;
