use serde::{Deserialize, Serialize};

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

/// Whether cookies go along with a request, as the Fetch standard names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    /// They do, and those of the answer are kept.
    #[default]
    Include,
    /// As `include`: without a page, there is no other origin.
    SameOrigin,
    /// They do not, and such requests share no connection with others.
    Omit,
}

impl Credentials {
    /// Whether a request neither brings credentials nor takes any.
    pub const fn is_omitted(self) -> bool {
        matches!(self, Self::Omit)
    }

    /// Whether it is what is meant where nothing is said.
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Include)
    }
}

/// How soon a request gets a connection; those of one priority are served in turn.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Before all others.
    High,
    /// As a page's own `fetch()`.
    #[default]
    Auto,
    /// When nobody else waits.
    Low,
}

impl Priority {
    /// Whether it is what is meant where nothing is said.
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Auto)
    }

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Auto => "auto",
            Self::Low => "low",
        }
    }
}
