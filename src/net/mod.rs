//! The world: names, sockets, TLS.
//!
//! This room does what it is asked and says what it found; it knows nothing of requests, stages or
//! facts. Whatever belongs to one operating system stays in here.

mod error;
mod given;
mod internet;
#[cfg(target_os = "linux")]
mod kernel;
mod names;
mod network;
mod slow_line;
mod tap;
mod tls;

pub use error::{NetError, NetErrorKind};
pub use given::Given;
pub use internet::{Internet, Route, Stamping};
pub use names::NameServers;
pub use network::{Answer, Network, Opened, Stream, Wire, Work};
pub use slow_line::SlowLine;
pub use tap::{Tap, TcpFigures, TcpState, Untold};
pub use tls::{
    Agreed, BadIdentity, Hello, Identity, Introduction, Roots, Rules, Shown, Tls, TlsVersion, Way,
};
