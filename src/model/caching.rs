use crate::event::CacheUse;

/// Where answers are stored, and how that is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caching {
    /// How it is used by what is fetched from now on.
    pub used: CacheUse,
    /// What was on the disk at the beginning, if answers are stored there.
    pub disk: Option<OnDisk>,
    /// What a person should know of it, a sentence each.
    pub notes: Vec<String>,
}

/// What was on the disk when the run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDisk {
    /// For how many URLs something was stored.
    pub urls: u64,
    /// Bytes that this took.
    pub bytes: u64,
    /// Bytes that may be taken.
    pub limit: u64,
}
