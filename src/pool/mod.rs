//! Who gets which connection.
//!
//! Plain data: this room opens nothing, sends nothing and reads no clock. It is told what
//! happened and answers with [`Move`]s for the engine to carry out.

mod host_pool;
mod pools;

pub use host_pool::{HostPool, Move};
pub use pools::{Limits, Pools};
