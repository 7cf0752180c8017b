//! All integration tests, in one program.

// Helpers are tests too: here, `cfg(test)` lets the lints know.
#[cfg(test)]
mod engine;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod loopback;
#[cfg(test)]
mod sim;
