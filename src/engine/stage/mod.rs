//! The work of each stage, a file a stage.
//!
//! No file in here reads a clock or reports its own beginning or end: the reporter does.

pub(super) mod cache;
pub(super) mod close;
pub(super) mod connect;
pub(super) mod dns;
pub(super) mod exchange;
pub(super) mod keep;
pub(super) mod proxy;
pub(super) mod queue;
mod reading;
mod send;
pub(super) mod tls;
