use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::message::{CacheMode, Headers, RequestHead};

use super::Stored;
use super::directives::Directives;
use super::freshness::Freshness;
use super::range::Asked;
use super::verdict::{Bypass, Ground, Verdict, Why};

/// What the cache is asked.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// From where.
    pub url: &'a Url,
    /// What answers are stored under: [`super::key`].
    pub key: &'a str,
    /// What will be said.
    pub head: &'a RequestHead,
    /// How the cache may be used.
    pub mode: CacheMode,
    /// Whether the server may be asked, and what for.
    pub reach: Reach,
}

/// Whether the server may be asked, and what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// It may.
    #[default]
    Online,
    /// It is asked, to bring up to date what was used stale.
    Refreshing,
    /// It may not, whatever the mode says.
    Offline,
}

/// What is done for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The stored answer is used.
    Use {
        /// Which.
        stored: Arc<Stored>,
        /// Why.
        verdict: Verdict,
    },
    /// The server is asked.
    Ask {
        /// What is said beyond the request's own head, in place of fields with these names.
        fields: Headers,
        /// What the answer may be about: what is validated, completed or chosen from.
        against: Vec<Arc<Stored>>,
        /// What is done if the server does not answer.
        rescue: Rescue,
        /// Why.
        verdict: Verdict,
    },
    /// There is no answer, and the server may not be asked.
    Refuse {
        /// Why.
        verdict: Verdict,
        /// Whether something is stored that may not be used.
        is_forbidden: bool,
    },
}

/// What is done if the server does not answer, or with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescue {
    /// That is how it is.
    No,
    /// The stored answer is used, stale as it is (RFC 9111 §4.2.4).
    Stale {
        /// How stale.
        freshness: Freshness,
        /// Whether in place of a 500, 502, 503 or 504 too (RFC 5861 §4).
        is_for_errors: bool,
    },
    /// The stored answer may not be used, by this rule: 504 is made (RFC 9111 §5.2.2.2).
    Forbidden(&'static str),
}

impl Ask<'_> {
    /// What the request says of caching; what is said for its mode is not a person's word.
    pub(super) fn wishes(&self) -> Directives {
        let is_automatic = |name: &String| name.eq_ignore_ascii_case("cache-control");
        if self.head.automatic.iter().any(is_automatic) {
            return Directives::default();
        }
        let mut wishes = Directives::of(&self.head.headers);
        if self.head.headers.first("cache-control").is_none() {
            // RFC 9111 §5.4.
            let mut pragmas = self.head.headers.members("pragma");
            wishes.is_no_cache = pragmas.any(|pragma| pragma.eq_ignore_ascii_case("no-cache"));
        }
        wishes
    }

    fn bypass(&self) -> Option<Bypass> {
        let conditions = [
            "If-None-Match",
            "If-Modified-Since",
            "If-Match",
            "If-Unmodified-Since",
            "If-Range",
        ];
        let has = |name: &&str| self.head.headers.first(name).is_some();
        let is_offline = self.reach == Reach::Offline;
        let method = &self.head.method;
        match self.mode {
            _ if !method.is_get() && !method.is_head() => Some(Bypass::Method),
            CacheMode::NoStore if !is_offline => Some(Bypass::NoStore),
            CacheMode::Reload if !is_offline => Some(Bypass::Reload),
            CacheMode::Default
            | CacheMode::NoStore
            | CacheMode::Reload
            | CacheMode::NoCache
            | CacheMode::ForceCache
            | CacheMode::OnlyIfCached => match conditions.into_iter().find(has) {
                Some(name) => Some(Bypass::Condition(name)),
                None if Asked::of(&self.head.headers) == Asked::Other => Some(Bypass::Parts),
                None => None,
            },
        }
    }

    /// Whether the server may not be asked.
    fn is_closed(&self, wishes: &Directives) -> bool {
        let is_mode = self.mode == CacheMode::OnlyIfCached;
        self.reach == Reach::Offline || is_mode || wishes.is_only_if_cached
    }

    /// The word for why a stored answer is used however old it is, if it is.
    const fn force(&self) -> Option<&'static str> {
        match (self.reach, self.mode) {
            (Reach::Offline, _) => Some("offline"),
            (_, CacheMode::ForceCache) => Some("force-cache"),
            (_, CacheMode::OnlyIfCached) => Some("only-if-cached"),
            _ => None,
        }
    }
}

/// What is done for a request with what is stored for its URL, the latest answer first.
pub(super) fn decide(ask: &Ask<'_>, known: &[Arc<Stored>], now: Duration) -> Decision {
    let wishes = ask.wishes();
    let is_closed = ask.is_closed(&wishes);
    let unless_closed = |verdict, fields, against, rescue| {
        if is_closed {
            let is_forbidden = matches!(rescue, Rescue::Forbidden(_));
            Decision::Refuse {
                verdict,
                is_forbidden,
            }
        } else {
            Decision::Ask {
                fields,
                against,
                rescue,
                verdict,
            }
        }
    };
    if let Some(why) = ask.bypass() {
        let verdict = Verdict::Bypassed(why);
        return unless_closed(verdict, Headers::new(), Vec::new(), Rescue::No);
    }
    let headers = &ask.head.headers;
    let is_match = |stored: &&Arc<Stored>| stored.difference(headers).is_none();
    let Some(stored) = known.iter().find(is_match) else {
        let (verdict, fields, against) = unmatched(ask, known);
        return unless_closed(verdict, fields, against, Rescue::No);
    };
    let freshness = stored.freshness(now);
    let permission = permission(ask, stored, freshness, &wishes);
    let stored = Arc::clone(stored);
    if !stored.covers(&ask.head.method, headers) {
        let (verdict, fields) = completion(&stored, headers);
        let against = if fields.is_empty() {
            vec![]
        } else {
            vec![stored]
        };
        return unless_closed(verdict, fields, against, Rescue::No);
    }
    match permission {
        Ok(ground) => Decision::Use {
            stored,
            verdict: Verdict::Used(freshness, ground),
        },
        Err(why) => {
            let rescue = rescue(&stored, freshness, why);
            let validators = stored.validators();
            // A HEAD is small: it is asked as it is, and what it says is news for the GET.
            let (verdict, fields) = if validators.is_empty() || ask.head.method.is_head() {
                (Verdict::Again(freshness, why), Headers::new())
            } else {
                let fields = validators.condition();
                (Verdict::Validated(freshness, why, validators), fields)
            };
            unless_closed(verdict, fields, vec![stored], rescue)
        }
    }
}

/// May `stored` be used without asking, or why not?
fn permission(
    ask: &Ask<'_>,
    stored: &Stored,
    freshness: Freshness,
    wishes: &Directives,
) -> Result<Ground, Why> {
    let said = &stored.said;
    let is_fresh = freshness.is_fresh();
    if ask.reach == Reach::Refreshing {
        return Err(Why::Refreshing);
    }
    // These bind whoever asks, and in every mode.
    if stored.is_no_cache() {
        return Err(Why::NoCache);
    }
    if !is_fresh && said.is_must_revalidate {
        return Err(Why::MustRevalidate);
    }
    if let Some(mode) = ask.force() {
        return Ok(if is_fresh {
            Ground::Fresh
        } else {
            Ground::Forced(mode)
        });
    }
    let is_asking = ask.mode == CacheMode::NoCache;
    if is_asking && !(said.is_immutable && is_fresh) {
        return Err(Why::Mode);
    }
    if wishes.is_no_cache {
        return Err(Why::Requested);
    }
    let is_older = |most: Duration| most.is_zero() || freshness.age.total() > most;
    match wishes.max_age {
        Some(Ok(most)) if is_older(most) && wishes.max_stale.is_none() => {
            return Err(Why::MaxAge(most));
        }
        _ => {}
    }
    match wishes.min_fresh {
        Some(least) if freshness.left() < least => return Err(Why::MinFresh(least)),
        _ => {}
    }
    let stale = freshness.stale_for();
    match (wishes.max_stale, said.stale_while_revalidate) {
        _ if is_asking => Ok(Ground::Immutable),
        _ if is_fresh => Ok(Ground::Fresh),
        (Some(most), _) if stale <= most => Ok(Ground::MaxStale(most)),
        (_, Some(window)) if stale <= window => Ok(Ground::WhileRevalidate(window)),
        _ => Err(Why::Stale),
    }
}

fn rescue(stored: &Stored, freshness: Freshness, why: Why) -> Rescue {
    match why {
        Why::NoCache => Rescue::Forbidden("no-cache"),
        Why::MustRevalidate => Rescue::Forbidden("must-revalidate"),
        Why::Stale => Rescue::Stale {
            freshness,
            is_for_errors: stored
                .said
                .stale_if_error
                .is_some_and(|window| freshness.stale_for() <= window),
        },
        Why::Mode | Why::Requested | Why::MaxAge(_) | Why::MinFresh(_) | Why::Refreshing => {
            Rescue::No
        }
    }
}

/// No stored answer was chosen by what the request says; the server may know one by its tag.
fn unmatched(ask: &Ask<'_>, known: &[Arc<Stored>]) -> (Verdict, Headers, Vec<Arc<Stored>>) {
    let differing = known
        .iter()
        .find_map(|stored| stored.difference(&ask.head.headers));
    let Some(name) = differing.map(str::to_owned) else {
        return (Verdict::Missing, Headers::new(), Vec::new());
    };
    let is_plain = Asked::of(&ask.head.headers) == Asked::Whole && ask.head.method.is_get();
    let has_tag = |stored: &&Arc<Stored>| {
        is_plain && stored.validators().etag.is_some() && stored.content.is_whole()
    };
    let against: Vec<_> = known.iter().filter(has_tag).cloned().collect();
    let tags: Vec<_> = against.iter().filter_map(|s| s.validators().etag).collect();
    let mut fields = Headers::new();
    if !tags.is_empty() {
        fields.push("If-None-Match", tags.join(", "));
    }
    let is_asked = !tags.is_empty();
    (Verdict::Varies { name, is_asked }, fields, against)
}

/// How the bytes are asked for that are wanted and not here (RFC 9111 §3.3).
fn completion(stored: &Stored, headers: &Headers) -> (Verdict, Headers) {
    let here = stored.content.without_bytes();
    let mut fields = Headers::new();
    let wanted = stored.asked(headers).within(stored.content.total);
    let gap = wanted.and_then(|wanted| stored.content.gap(&wanted));
    let validators = stored.validators();
    let (Some(gap), Some(tag)) = (gap, validators.strong()) else {
        return (Verdict::Incomplete(here), fields);
    };
    if stored.content.is_empty() {
        return (Verdict::Incomplete(here), fields);
    }
    fields.push("Range", range_field(&gap, stored.content.total));
    fields.push("If-Range", tag);
    (Verdict::Completed { here, gap }, fields)
}

fn range_field(gap: &Range<u64>, total: Option<u64>) -> String {
    let (first, last) = (gap.start, gap.end.saturating_sub(1));
    if total == Some(gap.end) {
        format!("bytes={first}-")
    } else {
        format!("bytes={first}-{last}")
    }
}
