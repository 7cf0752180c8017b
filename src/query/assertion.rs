use super::amount::Amount;
use super::filter::Filter;
use super::measured::{Measure, Relation};
use super::typed::{BadAssertion, Line};

/// Something that is claimed of a run: `all status-code:200`, `p95(wait) < 300ms`.
#[derive(Clone, Debug)]
pub struct Assertion {
    pub(super) text: String,
    pub(super) claim: Claim,
}

#[derive(Clone, Debug)]
pub(super) enum Claim {
    /// Of the requests that are meant, so many are like that.
    Are(Quantity, Filter, Filter),
    /// A value is so to a bound.
    Is(Measure, Relation, Amount),
}

/// How many of those that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    All,
    Any,
    None,
}

impl Assertion {
    /// Understands what is typed; the error says in which column what is wrong.
    pub fn read(text: &str) -> Result<Self, BadAssertion> {
        let mut line = Line::new(text);
        let claim = line.claim()?;
        Ok(Self {
            text: text.trim().to_owned(),
            claim,
        })
    }
}
