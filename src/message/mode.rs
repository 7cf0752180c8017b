use serde::Deserialize;

/// How the cache may be used for a request, as the Fetch standard names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CacheMode {
    /// What is fresh is used, what comes is stored.
    #[default]
    Default,
    /// Nothing is used and nothing is stored.
    NoStore,
    /// Nothing is used; what comes is stored.
    Reload,
    /// Nothing is used unless the server says that it is still good; what comes is stored.
    NoCache,
    /// Whatever is stored is used, however old; the server is asked for the rest only.
    ForceCache,
    /// Whatever is stored is used, however old; the server is never asked.
    OnlyIfCached,
}

/// What is done with an answer that leads elsewhere, as the Fetch standard names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectMode {
    /// The request that it leads to is made.
    #[default]
    Follow,
    /// It is the answer.
    Manual,
    /// It is a failure.
    Error,
}
