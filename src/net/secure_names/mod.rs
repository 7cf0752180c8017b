//! Name servers that are asked over a line which nobody else can read: TLS or HTTPS.

mod https;
mod line;
mod server;
mod tls;

pub use server::{Asking, SecureServer};
