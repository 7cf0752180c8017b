use std::fmt;
use std::time::Duration;

use crate::message::visible;

use super::amount::duration;
use super::{Model, Waits};

/// Something that a person who looks at the run should know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Facts came that made no sense where they did.
    Oddities(u32),
    /// Something about where answers are stored.
    Cache(String),
    /// Bodies were larger than is kept.
    Cut(usize),
    /// Certificates are not to be trusted, and were accepted all the same.
    Unverified(usize),
    /// Requests waited for one host, and what one more connection would have saved.
    Waited(Waits, Option<Duration>),
}

/// What there is to say about the run, the gravest first.
pub fn remarks(model: &Model) -> Vec<Remark> {
    let unchecked = model.unverified;
    let notes = model.caching().notes.iter().cloned().map(Remark::Cache);
    let others = [
        (model.oddities() > 0).then(|| Remark::Oddities(model.oddities())),
        (unchecked > 0).then_some(Remark::Unverified(unchecked)),
        (model.totals().cut > 0).then(|| Remark::Cut(model.totals().cut)),
        waited(model),
    ];
    notes.chain(others.into_iter().flatten()).collect()
}

/// Whom was waited for most, once there is nothing more to wait for.
fn waited(model: &Model) -> Option<Remark> {
    if model.is_moving() {
        return None;
    }
    let hosts = model.hosts().iter().rev();
    let most = hosts.max_by_key(|host| host.waited.1)?;
    let (requests, in_all) = most.waited;
    let most = Waits {
        group: most.group.clone(),
        requests,
        in_all,
    };
    (most.in_all >= WORTH_SAYING).then(|| Remark::Waited(most, model.saving()))
}

/// Nobody needs to know of a shorter wait.
const WORTH_SAYING: Duration = Duration::from_millis(1);

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match self {
            Self::Oddities(count) => {
                let s = if *count == 1 { "" } else { "s" };
                write!(
                    f,
                    "{count} fact{s} made no sense where they came, and were left out"
                )
            }
            Self::Cache(note) => f.write_str(&visible(note)),
            Self::Cut(count) => {
                write!(f, "{count} bod{} too large to keep whole", ending(*count))
            }
            Self::Waited(waits, saving) => {
                let count = waits.requests;
                let (s, in_all) = (plural(count), duration(waits.in_all));
                write!(
                    f,
                    "{count} request{s} waited {in_all} in all for {}",
                    waits.group
                )?;
                match saving {
                    Some(saved) if saved.is_zero() => {
                        f.write_str("; one more connection would have saved nothing")
                    }
                    Some(saved) => {
                        let saved = duration(*saved);
                        write!(f, "; one more connection would have saved {saved}")
                    }
                    None => Ok(()),
                }
            }
            Self::Unverified(count) => {
                let s = plural(*count);
                write!(
                    f,
                    "{count} connection{s} to a server whose certificate is not to be trusted (-k)"
                )
            }
        }
    }
}

const fn ending(count: usize) -> &'static str {
    if count == 1 { "y was" } else { "ies were" }
}
