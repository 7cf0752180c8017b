use std::fmt;
use std::ops::Range;
use std::time::Duration;

use super::freshness::{Freshness, Whole};
use super::selection::ALL;
use super::{Content, Validators};

/// What the cache says to a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was not asked.
    Bypassed(Bypass),
    /// Nothing is stored for the URL.
    Missing,
    /// What is stored was chosen by a request header that says something else now (RFC 9111 §4.1).
    Varies {
        /// The header.
        name: String,
        /// Whether the server is asked which of the stored answers is meant.
        is_asked: bool,
    },
    /// The stored answer is used.
    Used(Freshness, Ground),
    /// The server is asked whether the stored answer is still good.
    Validated(Freshness, Why, Validators),
    /// The server is asked anew: there is nothing to validate with.
    Again(Freshness, Why),
    /// The server is asked for the bytes that are not here.
    Completed {
        /// What is here.
        here: Content,
        /// What is not.
        gap: Range<u64>,
    },
    /// Not all that is wanted is here, and the rest cannot be asked for on its own.
    Incomplete(Content),
}

/// Why the cache was not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bypass {
    /// Only answers to GET and HEAD are used again.
    Method,
    /// The cache is off.
    Off,
    /// The request's mode is `no-store`.
    NoStore,
    /// The request's mode is `reload`.
    Reload,
    /// The request has a condition of its own (Fetch standard, HTTP-network-or-cache fetch).
    Condition(&'static str),
    /// The request asks for several parts, or for something that is no part.
    Parts,
}

/// Why a stored answer may be used without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// It is fresh (RFC 9111 §4.2).
    Fresh,
    /// It is fresh and never changes meanwhile, so not even `no-cache` asks (RFC 8246 §2).
    Immutable,
    /// The request's mode wants it however old it is.
    Forced(&'static str),
    /// The request takes it as stale as this (RFC 9111 §5.2.1.2).
    MaxStale(Duration),
    /// It may be used for so long while the server is asked (RFC 5861 §3).
    WhileRevalidate(Duration),
}

/// Why the server has to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is stale.
    Stale,
    /// It is stale and says `must-revalidate` (RFC 9111 §5.2.2.2).
    MustRevalidate,
    /// It says `no-cache` (RFC 9111 §5.2.2.4).
    NoCache,
    /// The request's mode is `no-cache`.
    Mode,
    /// The request says `no-cache` (RFC 9111 §5.2.1.4).
    Requested,
    /// The request wants it no older than this (RFC 9111 §5.2.1.1).
    MaxAge(Duration),
    /// The request wants it to stay fresh for so long (RFC 9111 §5.2.1.3).
    MinFresh(Duration),
    /// It was used stale, and is now brought up to date.
    Refreshing,
}

/// The decision with its arithmetic.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bypassed(why) => write!(f, "not asked: {why}"),
            Self::Missing => f.write_str("nothing stored for this URL"),
            Self::Varies { name, is_asked } => {
                match name.as_str() {
                    ALL => f.write_str("not used: Vary: * fits no request")?,
                    name => write!(f, "not used: Vary on {name} differs")?,
                }
                let words = "; the server is asked with If-None-Match which one is meant";
                f.write_str(if *is_asked { words } else { "" })
            }
            Self::Used(freshness, ground) => used(*freshness, *ground, f),
            Self::Validated(freshness, why, with) => {
                because(*freshness, *why, f)?;
                write!(f, ": asked with {with}")
            }
            Self::Again(freshness, why) => {
                because(*freshness, *why, f)?;
                f.write_str(", and there is nothing to validate it with: asked anew")
            }
            Self::Completed { here, gap } => {
                let (first, last) = (gap.start, gap.end.saturating_sub(1));
                write!(
                    f,
                    "{here} are stored: bytes {first}–{last} are asked for with If-Range"
                )
            }
            Self::Incomplete(here) => {
                write!(f, "{here} are stored, and not what is wanted: asked anew")
            }
        }
    }
}

fn used(freshness: Freshness, ground: Ground, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let stale = Whole(freshness.stale_for());
    match ground {
        Ground::Fresh => write!(f, "{freshness}"),
        Ground::Immutable => {
            write!(f, "{freshness}, and immutable: not even no-cache asks")
        }
        Ground::Forced(mode) => write!(f, "stale since {stale}, used all the same: {mode}"),
        Ground::MaxStale(_) => write!(f, "stale since {stale}, used: the request says max-stale"),
        Ground::WhileRevalidate(window) => {
            let window = window.as_secs();
            write!(
                f,
                "stale since {stale}, used: stale-while-revalidate {window}"
            )
        }
    }
}

fn because(freshness: Freshness, why: Why, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match why {
        Why::Stale | Why::MustRevalidate if freshness.lifetime.time.is_zero() => {
            write!(f, "stale from the start ({})", freshness.lifetime)
        }
        Why::Stale => write!(f, "stale since {}", Whole(freshness.stale_for())),
        Why::MustRevalidate => {
            let stale = Whole(freshness.stale_for());
            write!(f, "stale since {stale}, and it says must-revalidate")
        }
        Why::NoCache => f.write_str("it says no-cache"),
        Why::Mode => f.write_str("the request is to be validated (no-cache)"),
        Why::Requested => f.write_str("the request says no-cache"),
        Why::MaxAge(most) => {
            let (age, most) = (Whole(freshness.age.total()), most.as_secs());
            write!(f, "age {age}, and the request says max-age={most}")
        }
        Why::MinFresh(least) => {
            let (left, least) = (Whole(freshness.left()), least.as_secs());
            write!(
                f,
                "fresh for {left}, and the request says min-fresh={least}"
            )
        }
        Why::Refreshing => write!(f, "used stale, and now brought up to date"),
    }
}

impl fmt::Display for Bypass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("only GET and HEAD are answered from the cache"),
            Self::Off => f.write_str("the cache is off"),
            Self::NoStore => f.write_str("no-store"),
            Self::Reload => f.write_str("reload"),
            Self::Condition(name) => write!(f, "the request has a condition of its own, {name}"),
            Self::Parts => f.write_str("the request is for several parts"),
        }
    }
}
