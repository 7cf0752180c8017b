//! All integration tests, in one program.

// Helpers are tests too: here, `cfg(test)` lets the lints know.
#[cfg(test)]
mod engine;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod house;
#[cfg(test)]
mod loopback;
#[cfg(test)]
mod pty;
#[cfg(test)]
mod sim;
#[cfg(test)]
mod source;
#[cfg(test)]
mod terminal;
