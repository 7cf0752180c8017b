//! What Linux tells an ordinary user of its own sockets: time stamps and TCP's book-keeping.

mod diag;
mod stamped;

pub(super) use diag::{Diag, Diagnosis};
pub(super) use stamped::{Stamped, wake_stamps};
