//! TLS: what is offered, what is shown, and whether it is to be trusted.

mod certificate;
mod identity;
mod judge;
mod refusal;
mod roots;
mod rules;
mod staple;
mod tls;
mod watched;

pub use identity::{BadIdentity, Identity, Introduction};
pub use roots::Roots;
pub use rules::{Rules, TlsVersion};
pub use tls::{Agreed, Hello, Shown, Tls};
pub use watched::Way;

pub(super) use refusal::explain;
