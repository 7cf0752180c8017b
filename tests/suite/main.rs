//! All integration tests, in one program.

// Helpers are tests too: here, `cfg(test)` lets the lints know.
#[cfg(test)]
mod house;
#[cfg(test)]
mod source;

// Once there is a screen:
// #[cfg(test)]
// mod pty;
// #[cfg(test)]
// mod terminal;
