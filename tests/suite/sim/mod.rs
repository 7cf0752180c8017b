//! A network that obeys a script and the paused clock, and runs of the engine over it.

mod authority;
mod laws;
mod network;
mod run;
mod script;
mod server;
mod timeline;

pub(crate) use authority::Authority;
pub(crate) use laws::{check, check_cut};
pub(crate) use run::{Ran, WALL_MS, cancel, fetch, run, run_commands, run_dropped, run_for};
pub(crate) use script::{Dial, Page, Script};
