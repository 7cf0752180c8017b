//! The world: names, sockets, TLS.
//!
//! This room does what it is asked and says what it found; it knows nothing of requests, stages or
//! facts. Whatever belongs to one operating system stays in here.

mod destinations;
mod error;
mod given;
mod internet;
#[cfg(target_os = "linux")]
mod kernel;
mod name_message;
mod name_server;
mod names;
mod network;
mod secure_names;
mod slow_line;
mod socks;
mod system_names;
mod tap;
mod throttle;
mod throttled_line;
mod tls;

pub use error::{NetError, NetErrorKind};
pub use given::Given;
pub use internet::{Internet, Route, Stamping};
pub use names::NameServers;
pub use network::{Found, Heard, KnownBy, Network, Opened, Stream, Wire, Work};
pub use secure_names::{Asking, SecureServer};
pub use slow_line::SlowLine;
pub use socks::pass_socks;
pub use tap::{Tap, TcpFigures, TcpState, Untold};
pub use throttle::{Switch, Throttle};
pub use tls::{
    Agreed, BadIdentity, Hello, Identity, Introduction, Roots, Rules, Shown, Tls, TlsVersion, Way,
};
