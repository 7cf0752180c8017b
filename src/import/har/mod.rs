//! HTTP archives (HAR 1.2) of browsers and other tools turned into facts.
//!
//! What an archive does not say stays unsaid; what is wrong with one entry costs no other.

mod archive;
mod cookies;
mod date;
mod entry;
mod failing;
mod heads;
mod phases;
mod teller;
mod wires;

pub(in crate::import) use archive::read_archive;
