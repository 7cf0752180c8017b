//! Bytes to messages and back, as HTTP/1.1 has it (RFC 9112).
//!
//! This room never touches a socket or a clock: bytes are handed in, steps come out.

mod chunked;
mod encode;
mod exchange;
mod fate;
mod framing;
mod head;
mod leniency;
mod rule;

pub use encode::{Unsayable, encode};
pub use exchange::{Exchange, Step};
pub use fate::Fate;
pub use framing::Framing;
pub use leniency::{Leniency, Tolerance};
pub use rule::ProtocolError;
