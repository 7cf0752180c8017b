use crate::event::Moment;

use super::Hits;

/// Figures of the whole run, kept up as facts come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requests in all.
    pub requests: usize,
    /// Requests that are over, well or badly.
    pub done: usize,
    /// Requests that failed.
    pub failed: usize,
    /// Requests that were answered from the cache.
    pub stored: usize,
    /// How the cache helped.
    pub hits: Hits,
    /// Requests in line for a connection now.
    pub waiting: usize,
    /// Bytes received in heads and bodies, before TLS.
    pub bytes: u64,
    /// Connections that were opened.
    pub connections: usize,
    /// Requests that ran on a connection used before.
    pub reused: usize,
    /// Bodies of which some was not kept.
    pub cut: usize,
    /// Columns of the widest path.
    pub widest_path: usize,
    /// Columns of the widest host.
    pub widest_host: usize,
    /// When the last request ended.
    pub last_end: Moment,
    /// When the last connection ended.
    pub last_parting: Moment,
}

impl Totals {
    /// Requests that are neither over nor in line.
    pub const fn open(&self) -> usize {
        self.requests.saturating_sub(self.done + self.waiting)
    }

    /// Requests that are not over.
    pub const fn unfinished(&self) -> usize {
        self.requests.saturating_sub(self.done)
    }
}
