use std::fmt;

use serde::Serialize;

use crate::event::{Hit, Replacement, Verdict};

use super::Request;

/// How the cache helped a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// What was stored is fresh.
    Fresh,
    /// What came for another request meanwhile was its answer too.
    Shared,
    /// What was stored was used stale.
    Stale,
    /// The server said that what was stored is still good.
    Validated,
    /// What was stored was completed by what came.
    Completed,
}

/// How the cache helped `request`, if it did and the request is over.
pub fn help(request: &Request) -> Option<Help> {
    let (_, verdict) = request.ended.as_ref()?;
    let how = request.cached.as_ref().and_then(|cached| cached.how);
    let replaced = request
        .replaced
        .as_ref()
        .map(|replaced| replaced.replacement);
    match (verdict, replaced) {
        (Verdict::Failed(_), _)
        | (_, Some(Replacement::GatewayTimeout))
        | (Verdict::Answered, None) => None,
        (_, Some(Replacement::Validated)) => Some(Help::Validated),
        (_, Some(Replacement::Completed)) => Some(Help::Completed),
        (_, Some(Replacement::Stale)) => Some(Help::Stale),
        (Verdict::Stored, None) => Some(match how {
            Some(Hit::Shared) => Help::Shared,
            Some(Hit::Stale) => Help::Stale,
            // Older records do not say.
            Some(Hit::Fresh) | None => Help::Fresh,
        }),
    }
}

/// How often the cache helped, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hits {
    /// What was stored was fresh.
    pub fresh: usize,
    /// What came for another request was the answer too.
    pub shared: usize,
    /// What was stored was used stale.
    pub stale: usize,
    /// The server said that what was stored is still good.
    pub validated: usize,
    /// What was stored was completed.
    pub completed: usize,
}

impl Hits {
    pub(super) const fn count(&mut self, help: Option<Help>) {
        match help {
            None => {}
            Some(Help::Fresh) => self.fresh += 1,
            Some(Help::Shared) => self.shared += 1,
            Some(Help::Stale) => self.stale += 1,
            Some(Help::Validated) => self.validated += 1,
            Some(Help::Completed) => self.completed += 1,
        }
    }

    /// Whether there is more to say than that something was fresh.
    pub const fn is_mixed(&self) -> bool {
        self.shared + self.stale + self.validated + self.completed > 0
    }
}

/// `8 fresh, 1 stale, 3 still good`.
impl fmt::Display for Hits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.fresh, "fresh"),
            (self.shared, "shared"),
            (self.stale, "stale"),
            (self.validated, "still good"),
            (self.completed, "completed"),
        ];
        let told = parts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<_> = told
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        f.write_str(&told.join(", "))
    }
}
