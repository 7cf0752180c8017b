//! All integration tests, in one program.

// Helpers are tests too: here, `cfg(test)` lets the lints know.
#[cfg(test)]
mod house;
#[cfg(test)]
mod source;
// #[cfg(test)]
// mod pty;
// #[cfg(test)]
// mod terminal;
