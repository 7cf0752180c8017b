use std::fmt;
use std::time::Duration;

use crate::message::ResponseHead;

use super::date::http_date;
use super::directives::{Directives, MOST, seconds};
use super::list::parts;

/// When an answer was asked for and when it came, since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When the request left.
    pub asked: Duration,
    /// When the head of the answer was here.
    pub came: Duration,
}

/// For how long an answer may be used without asking, and which rule says so (RFC 9111 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// How long.
    pub time: Duration,
    /// Why.
    pub rule: Rule,
}

/// What gives an answer its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `max-age`.
    MaxAge,
    /// `max-age` with a value that is no number: in doubt it is stale.
    BadMaxAge,
    /// `Expires` less `Date`.
    Expires,
    /// `Expires` with a value that is no date, which is in the past (RFC 9111 §5.3).
    BadExpires,
    /// A tenth of the time between `Last-Modified` and `Date` (RFC 9111 §4.2.2).
    Heuristic,
    /// The status is for good, as 301 is.
    Permanent(u16),
    /// Nothing.
    None,
}

/// How old an answer is, summed up (RFC 9111 §4.2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Age {
    /// What it had when it came: its `Age` and the time on the way, or by its `Date`.
    pub came_with: Duration,
    /// How long it has been here.
    pub here: Duration,
}

/// An age against a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How old the answer is.
    pub age: Age,
    /// How old it may grow.
    pub lifetime: Lifetime,
}

impl Age {
    /// All of it.
    pub fn total(self) -> Duration {
        self.came_with.saturating_add(self.here)
    }
}

impl Freshness {
    /// Whether it is younger than it may grow.
    pub fn is_fresh(&self) -> bool {
        self.lifetime.time > self.age.total()
    }

    /// For how long it will be fresh.
    pub fn left(&self) -> Duration {
        self.lifetime.time.saturating_sub(self.age.total())
    }

    /// For how long it has been stale.
    pub fn stale_for(&self) -> Duration {
        self.age.total().saturating_sub(self.lifetime.time)
    }
}

/// How long the answer `head` may be used; `came` stands in for a `Date` that it lacks.
pub(super) fn lifetime(head: &ResponseHead, said: &Directives, came: Duration) -> Lifetime {
    let of = |time, rule| Lifetime { time, rule };
    match said.max_age {
        Some(Ok(time)) => return of(time, Rule::MaxAge),
        Some(Err(_)) => return of(Duration::ZERO, Rule::BadMaxAge),
        None => {}
    }
    let date = |name| head.headers.first(name).map(|value| http_date(value, came));
    let sent = date("date").flatten().unwrap_or(came);
    match date("expires") {
        Some(Some(expires)) => return of(expires.saturating_sub(sent), Rule::Expires),
        Some(None) => return of(Duration::ZERO, Rule::BadExpires),
        None => {}
    }
    let may_guess = (is_heuristic(head.status) || said.is_public) && !said.is_must_revalidate;
    match date("last-modified").flatten().filter(|_| may_guess) {
        Some(changed) => of(sent.saturating_sub(changed) / 10, Rule::Heuristic),
        None if matches!(head.status, 300 | 301 | 308 | 410) => {
            of(MOST, Rule::Permanent(head.status))
        }
        None => of(Duration::ZERO, Rule::None),
    }
}

/// Whether a lifetime may be guessed for answers with this status (RFC 9110 §15.1).
pub(super) const fn is_heuristic(status: u16) -> bool {
    matches!(
        status,
        200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501
    )
}

/// The age that an answer came with (RFC 9111 §4.2.3): `corrected_initial_age`.
pub(super) fn initial_age(head: &ResponseHead, times: Times) -> Duration {
    let date = head.headers.first("date");
    let date = date.and_then(|value| http_date(value, times.came));
    // `Date` has whole seconds; a fraction of the clock's own would make a new answer old.
    let whole = Duration::from_secs(times.came.as_secs());
    let apparent = date.map_or(Duration::ZERO, |date| whole.saturating_sub(date));
    let said = head
        .headers
        .first("age")
        .and_then(|value| parts(value).next());
    let said = said.and_then(seconds).unwrap_or_default();
    let on_the_way = times.came.saturating_sub(times.asked);
    apparent.max(said.saturating_add(on_the_way))
}

/// Whole seconds, as HTTP counts them.
pub(super) struct Whole(pub(super) Duration);

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_secs())
    }
}

/// The rule with its figure.
impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Whole(self.time);
        match self.rule {
            Rule::MaxAge => write!(f, "max-age {}", self.time.as_secs()),
            Rule::BadMaxAge => f.write_str("a max-age that is no number"),
            Rule::Expires => write!(f, "Expires − Date = {time}"),
            Rule::BadExpires => f.write_str("an Expires that is no date"),
            Rule::Heuristic => write!(f, "a tenth of Date − Last-Modified = {time}"),
            Rule::Permanent(status) => write!(f, "{status} is for good"),
            Rule::None => f.write_str("no lifetime"),
        }
    }
}

/// The comparison: `fresh: age 40 s < max-age 600`.
impl fmt::Display for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (age, lifetime) = (Whole(self.age.total()), &self.lifetime);
        match lifetime.rule {
            Rule::Permanent(_) if self.is_fresh() => write!(f, "fresh: age {age}, and {lifetime}"),
            Rule::None => f.write_str("stale: nothing says for how long it may be used"),
            Rule::BadMaxAge | Rule::BadExpires => write!(f, "stale: it has {lifetime}"),
            Rule::MaxAge | Rule::Expires | Rule::Heuristic if self.is_fresh() => {
                write!(f, "fresh: age {age} < {lifetime}")
            }
            Rule::MaxAge | Rule::Expires | Rule::Heuristic | Rule::Permanent(_) => write!(
                f,
                "stale since {}: age {age} ≥ {lifetime}",
                Whole(self.stale_for())
            ),
        }
    }
}
