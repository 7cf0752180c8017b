use std::fmt;

use url::Url;

use crate::message::{Headers, Method, RequestHead, ResponseHead};

use super::Stored;
use super::directives::Directives;
use super::freshness::{Lifetime, Rule, Whole, is_heuristic};
use super::key::bare;
use super::selection::{ALL, Selector, selectors};

/// What the cache made of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is stored.
    Stored {
        /// For how long it is fresh.
        lifetime: Lifetime,
        /// How it is used after that.
        use_after: UseAfter,
    },
    /// The bytes that came are stored, of so many.
    Part(String),
    /// What is stored for the URL is brought up to date.
    Freshened,
}

/// How a stored answer is used when it is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseAfter {
    /// The server says each time whether it is still good, fresh or not.
    ValidatedAlways,
    /// The server is asked whether it is still good.
    Validated,
    /// It is asked for anew.
    Anew,
}

/// Why an answer was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unstored {
    /// Only answers to GET are, and to POST if they say that they are the answer to GET too.
    #[error("not stored: only answers to GET are")]
    Method,
    /// Answers with this status are only stored if they say for how long they are good.
    #[error("not stored: {0} without a lifetime")]
    Status(u16),
    /// It says no more than that something is still good, or is about a part only.
    #[error("not stored: {0} is no answer to store")]
    NoAnswer(u16),
    /// The server forbids it.
    #[error("not stored: no-store")]
    NoStore,
    /// Only who knows the status may store it.
    #[error("not stored: must-understand, and nobody knows {0} (browsers store it)")]
    NotUnderstood(u16),
    /// The request forbids it.
    #[error("not stored: the request says no-store (browsers store it)")]
    Request,
    /// The request's mode forbids it.
    #[error("not stored: the request's mode is no-store")]
    Mode,
    /// The request had a condition of its own.
    #[error("not stored: the request has a condition of its own")]
    Condition,
    /// No request could ever match it.
    #[error("not stored: Vary: * fits no later request, and no ETag lets the server say otherwise")]
    VaryAll,
    /// It is larger than an entry may be.
    #[error("not stored: larger than an entry may be")]
    TooLarge,
    /// Not all of it was read, or kept.
    #[error("not stored: not all of the body was kept")]
    Unread,
    /// Some of it is missing, and nothing would tell whether the rest belongs to it.
    #[error("not stored: incomplete, without a strong ETag and a length to complete it by")]
    Incomplete,
    /// The cache is off.
    #[error("not stored: the cache is off")]
    Off,
    /// The disk takes nothing.
    #[error("not stored: {0}")]
    Disk(String),
}

/// May an answer be stored (RFC 9111 §3), and by which request headers was it chosen?
pub(super) fn may_store(
    url: &Url,
    request: &RequestHead,
    head: &ResponseHead,
) -> Result<Vec<Selector>, Unstored> {
    let said = Directives::of(&head.headers);
    let is_explicit = said.max_age.is_some() || head.headers.first("expires").is_some();
    let is_good_for_get = || is_explicit && is_about(url, head) && head.status / 100 == 2;
    let method = &request.method;
    let is_as_get = method.is_get() || (method.as_str() == "POST" && is_good_for_get());
    if !is_as_get {
        return Err(Unstored::Method);
    }
    may_keep(request, head)
}

/// May what is stored for GET be stored as `head` has it now, whatever method brought the news?
pub(super) fn may_keep(
    request: &RequestHead,
    head: &ResponseHead,
) -> Result<Vec<Selector>, Unstored> {
    let said = Directives::of(&head.headers);
    let is_explicit = said.max_age.is_some() || head.headers.first("expires").is_some();
    if head.status < 200 || head.status == 304 || head.status == 416 {
        return Err(Unstored::NoAnswer(head.status));
    }
    if said.is_must_understand && !is_understood(head.status) {
        return Err(Unstored::NotUnderstood(head.status));
    }
    if said.is_no_store && !said.is_must_understand {
        return Err(Unstored::NoStore);
    }
    if Directives::of(&request.headers).is_no_store {
        return Err(Unstored::Request);
    }
    let may = is_explicit || said.is_public || said.is_private || is_heuristic(head.status);
    if !may {
        return Err(Unstored::Status(head.status));
    }
    let chosen = selectors(&request.headers, &head.headers);
    let is_for_none = chosen.iter().any(|selector| selector.name == ALL);
    if is_for_none && head.headers.first("etag").is_none() {
        return Err(Unstored::VaryAll);
    }
    Ok(chosen)
}

/// Whether the answer says that it is what is at `url` (RFC 9110 §9.3.3).
fn is_about(url: &Url, head: &ResponseHead) -> bool {
    let location = head.headers.first("content-location");
    let about = location.and_then(|location| url.join(location).ok());
    about.is_some_and(|about| bare(&about) == bare(url))
}

/// The statuses whose rules are known here (RFC 9110 §15).
const fn is_understood(status: u16) -> bool {
    matches!(
        status,
        200..=204 | 206 | 300..=303 | 307 | 308 | 400..=417 | 421 | 422 | 426 | 500..=505
    )
}

/// Whether a method changes nothing at the server (RFC 9110 §9.2.1).
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

/// The URLs of which nothing stored is true any more after an answer to an unsafe method
/// (RFC 9111 §4.4).
pub(super) fn invalidated(url: &Url, method: &Method, head: &ResponseHead) -> Vec<Url> {
    if is_safe(method) || head.status >= 400 || head.status < 200 {
        return Vec::new();
    }
    let named = |headers: &Headers, name| headers.first(name).and_then(|at| url.join(at).ok());
    let others = [
        named(&head.headers, "location"),
        named(&head.headers, "content-location"),
    ];
    let is_ours = |other: &Url| other.origin() == url.origin();
    let others = others.into_iter().flatten().filter(is_ours);
    std::iter::once(url.clone()).chain(others).collect()
}

impl Kept {
    pub(super) fn of(stored: &Stored) -> Self {
        if !stored.content.is_whole() {
            return Self::Part(stored.content.to_string());
        }
        let use_after = if stored.is_no_cache() {
            UseAfter::ValidatedAlways
        } else if stored.validators().is_empty() {
            UseAfter::Anew
        } else {
            UseAfter::Validated
        };
        Self::Stored {
            lifetime: stored.lifetime,
            use_after,
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lifetime, use_after) = match self {
            Self::Freshened => return f.write_str("what is stored is brought up to date"),
            Self::Part(content) => return write!(f, "stored: {content}"),
            Self::Stored {
                lifetime,
                use_after,
            } => (lifetime, use_after),
        };
        let time = Whole(lifetime.time);
        match (use_after, lifetime.rule) {
            (UseAfter::ValidatedAlways, _) => {
                f.write_str("stored: no-cache, so it is validated at each use")
            }
            (_, Rule::Permanent(_)) => write!(f, "stored: {lifetime}"),
            (_, Rule::MaxAge) if !lifetime.time.is_zero() => {
                write!(f, "stored: fresh for {time} (max-age)")
            }
            (_, Rule::Expires | Rule::Heuristic) if !lifetime.time.is_zero() => {
                write!(f, "stored: fresh for {time} ({lifetime})")
            }
            (UseAfter::Validated, _) => write!(f, "stored: validated at each use ({lifetime})"),
            (UseAfter::Anew, _) => write!(f, "stored: stale from the start ({lifetime})"),
        }
    }
}
