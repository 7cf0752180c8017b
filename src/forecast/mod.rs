//! What if? A recorded run scheduled again, with other settings.
//!
//! The pool is the engine's own; times are the recorded ones and the clock is made of numbers. This
//! room asks no network and reads no clock: a run goes in, facts of a run that never was come out.

mod agenda;
mod change;
mod difference;
mod simulation;
mod task;
mod teller;
mod wires;
mod work;

pub use change::{Change, PerHost};
pub use difference::{Difference, Figures};
pub use simulation::forecast;
