use std::time::Duration;

/// How many connections may be open at a time, and for how long they may be of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections of one group.
    pub per_host: usize,
    /// Connections in all.
    pub all: usize,
    /// Connections through one proxy.
    pub per_proxy: usize,
    /// Requests of low priority under way in all.
    pub low: usize,
    /// Requests of low priority under way in one group.
    pub low_per_host: usize,
    /// How long a connection that carried a request may be idle.
    pub idle_used: Duration,
    /// How long a connection that carried none may be idle.
    pub idle_unused: Duration,
    /// How long the first connection of a group may take before another is tried beside it.
    pub backup_after: Duration,
}

/// Chromium's limits; the 256 and the 128 are plain caps here, where Chromium now throws dice above them.
impl Default for Limits {
    fn default() -> Self {
        Self {
            per_host: 6,
            all: 256,
            per_proxy: 128,
            low: 10,
            low_per_host: 6,
            idle_used: Duration::from_mins(5),
            idle_unused: Duration::from_mins(1),
            backup_after: Duration::from_millis(250),
        }
    }
}
