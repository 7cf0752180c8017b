//! The world: names, sockets, TLS.
//!
//! This room does what it is asked and says what it found; it knows nothing of requests, stages or
//! facts. Whatever belongs to one operating system stays in here.

mod error;
mod given;
mod internet;
mod names;
mod network;
mod security;
mod slow_line;

pub use error::{NetError, NetErrorKind};
pub use given::Given;
pub use internet::{Internet, Route};
pub use names::NameServers;
pub use network::{Answer, Network, Opened, Stream, Wire, Work};
pub use security::{Agreed, Roots, Tls};
pub use slow_line::SlowLine;
