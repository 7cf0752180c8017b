use crate::message::CacheMode;

use super::decision::{Ask, Decision, Reach};
use super::directives::Directives;
use super::freshness::Rule;
use super::verdict::{Ground, Verdict, Why};

/// What browsers do in place of a decision, where that is something else.
pub fn instead(ask: &Ask<'_>, decision: &Decision) -> Option<&'static str> {
    let (Decision::Use { verdict, .. }
    | Decision::Ask { verdict, .. }
    | Decision::Refuse { verdict, .. }) = decision;
    let wishes = ask.wishes();
    let is_own_refusal = matches!(decision, Decision::Refuse { .. })
        && ask.reach != Reach::Offline
        && ask.mode != CacheMode::OnlyIfCached;
    if is_own_refusal {
        return Some("browsers heed no only-if-cached in Cache-Control: they ask the server");
    }
    match verdict {
        Verdict::Used(freshness, ground) => match ground {
            Ground::Immutable => Some("Chromium asks: it heeds no immutable"),
            Ground::MaxStale(_) => Some("browsers heed no max-stale: they ask the server"),
            Ground::Fresh if is_unheeded(&wishes) => None,
            Ground::Fresh => guessed(freshness.lifetime.rule, decision),
            Ground::Forced(_) | Ground::WhileRevalidate(_) => None,
        },
        Verdict::Validated(_, why, _) | Verdict::Again(_, why) => asked(ask, *why),
        Verdict::Varies { .. } => {
            Some("browsers keep one answer for a URL, and ask with its ETag alone")
        }
        Verdict::Bypassed(_)
        | Verdict::Missing
        | Verdict::Completed { .. }
        | Verdict::Incomplete(_) => None,
    }
}

/// Whether the request says something that browsers do not heed, and that made no difference.
const fn is_unheeded(wishes: &Directives) -> bool {
    wishes.min_fresh.is_some() || wishes.max_stale.is_some()
}

fn asked(ask: &Ask<'_>, why: Why) -> Option<&'static str> {
    let is_forced = matches!(ask.mode, CacheMode::ForceCache | CacheMode::OnlyIfCached)
        || ask.reach == Reach::Offline;
    match why {
        Why::NoCache if is_forced => Some("browsers use it all the same, no-cache or not"),
        Why::MustRevalidate if is_forced => {
            Some("browsers use it all the same, must-revalidate or not")
        }
        Why::MaxAge(most) if !most.is_zero() => {
            Some("browsers heed max-age=0 alone in a request: they use it")
        }
        Why::MinFresh(_) => Some("browsers heed no min-fresh: they use it"),
        Why::MaxAge(_)
        | Why::NoCache
        | Why::MustRevalidate
        | Why::Stale
        | Why::Mode
        | Why::Requested
        | Why::Refreshing => None,
    }
}

/// A lifetime that was guessed for a status that browsers guess none for.
fn guessed(rule: Rule, decision: &Decision) -> Option<&'static str> {
    let Decision::Use { stored, .. } = decision else {
        return None;
    };
    let is_theirs = matches!(stored.head.status, 200 | 203 | 206);
    (rule == Rule::Heuristic && !is_theirs)
        .then_some("browsers guess lifetimes of 200, 203 and 206 alone: they ask the server")
}
