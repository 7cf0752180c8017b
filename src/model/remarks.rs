use std::fmt;

use super::Model;

/// Something that a person who looks at the run should know about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Facts came that made no sense where they did.
    Oddities(u32),
    /// Bodies were larger than is kept.
    Cut(usize),
    /// Certificates were not checked.
    Unverified(usize),
}

/// What there is to say about the run, the gravest first.
pub fn remarks(model: &Model) -> Vec<Remark> {
    let unverified = |security: &crate::event::Security| !security.verified;
    let connections = model.connections().iter();
    let unchecked = connections
        .filter(|c| c.security.as_ref().is_some_and(unverified))
        .count();
    [
        (model.oddities() > 0).then(|| Remark::Oddities(model.oddities())),
        (unchecked > 0).then_some(Remark::Unverified(unchecked)),
        (model.totals().cut > 0).then(|| Remark::Cut(model.totals().cut)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match *self {
            Self::Oddities(count) => {
                let s = if count == 1 { "" } else { "s" };
                write!(
                    f,
                    "{count} fact{s} made no sense where they came, and were left out"
                )
            }
            Self::Cut(count) => {
                write!(f, "{count} bod{} too large to keep whole", ending(count))
            }
            Self::Unverified(count) => {
                write!(
                    f,
                    "certificates were not checked on {count} connection{} (-k)",
                    plural(count)
                )
            }
        }
    }
}

const fn ending(count: usize) -> &'static str {
    if count == 1 { "y was" } else { "ies were" }
}
