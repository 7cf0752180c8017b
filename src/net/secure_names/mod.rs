//! Name servers that are asked over a line which nobody else can read: TLS or HTTPS.

mod http1;
mod http2;
mod line;
mod posting;
mod server;
mod tls;

pub use server::{Asking, SecureServer};
