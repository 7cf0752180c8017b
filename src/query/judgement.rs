use crate::event::{Moment, RequestId};
use crate::message::visible;
use crate::model::{Model, Request, standing};

use super::amount::Amount;
use super::assertion::{Assertion, Claim, Quantity};
use super::filter::Filter;
use super::measured::{Measure, Measured, Relation, Summary};

/// So many requests are named one by one.
const NAMED: usize = 3;

/// Whether what was claimed of a run holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What was claimed, as it was typed.
    pub claim: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found, in words.
    pub words: String,
    /// The requests because of which it does not hold, the gravest first.
    pub requests: Vec<RequestId>,
}

impl Assertion {
    /// Looks whether it holds of a run.
    ///
    /// A claim about nothing does not hold: whoever writes one expects something.
    pub fn judge(&self, model: &Model) -> Judgement {
        let now = model.latest();
        let (holds, words, requests) = match &self.claim {
            Claim::Are(quantity, meant, filter) => are(*quantity, meant, filter, model),
            Claim::Is(measure, relation, bound) => is(measure, *relation, *bound, model, now),
        };
        Judgement {
            claim: self.text.clone(),
            holds,
            words,
            requests: if holds { Vec::new() } else { requests },
        }
    }
}

fn are(
    quantity: Quantity,
    meant: &Filter,
    filter: &Filter,
    model: &Model,
) -> (bool, String, Vec<RequestId>) {
    let meant: Vec<_> = model
        .requests()
        .iter()
        .filter(|request| meant.lets_through(request))
        .collect();
    let (fit, unfit): (Vec<&Request>, Vec<_>) = meant
        .iter()
        .partition(|request| filter.lets_through(request));
    let count = meant.len();
    let of = if count == 1 { "request" } else { "requests" };
    let (holds, words, at_fault) = match quantity {
        Quantity::All | Quantity::Any if count == 0 => {
            return (false, "there is no such request".to_owned(), Vec::new());
        }
        Quantity::All if unfit.is_empty() => (true, format!("all of {count} {of}"), unfit),
        Quantity::All => {
            let words = format!("{} of {count} {of} {} not", unfit.len(), be(&unfit));
            (false, words, unfit)
        }
        Quantity::None if fit.is_empty() => (true, format!("none of {count} {of}"), fit),
        Quantity::None => {
            let words = format!("{} of {count} {of} {}", fit.len(), be(&fit));
            (false, words, fit)
        }
        Quantity::Any if fit.is_empty() => (false, format!("none of {count} {of} is"), fit),
        Quantity::Any => (true, format!("{} of {count} {of}", fit.len()), fit),
    };
    let ids: Vec<_> = at_fault.iter().map(|request| request.id).collect();
    if holds || ids.is_empty() {
        return (holds, words, ids);
    }
    let named = ids.iter().map(|id| (*id, None));
    let words = format!("{words}: {}", named_all(named, model));
    (holds, words, ids)
}

const fn be(all: &[&Request]) -> &'static str {
    if all.len() == 1 { "is" } else { "are" }
}

fn is(
    measure: &Measure,
    relation: Relation,
    bound: Amount,
    model: &Model,
    now: Moment,
) -> (bool, String, Vec<RequestId>) {
    let Some(found) = measure.of(model, now) else {
        return (false, "there is nothing to measure".to_owned(), Vec::new());
    };
    let holds = relation.holds(found.amount, bound);
    let words = format!("it is {}", found.amount);
    if holds {
        return (holds, words, Vec::new());
    }
    let at_fault = at_fault(measure, relation, bound, found);
    if at_fault.is_empty() {
        return (holds, words, Vec::new());
    }
    let ids = at_fault.iter().map(|(id, _)| *id).collect();
    let why = match measure {
        Measure::Total => "the last to end was ",
        Measure::Of(Summary::Sum, ..) => "most of it is of ",
        Measure::Connections
        | Measure::Reused
        | Measure::Count(_)
        | Measure::Share(_)
        | Measure::Of(..) => "",
    };
    let words = format!("{words}: {why}{}", named_all(at_fault.into_iter(), model));
    (holds, words, ids)
}

/// The requests because of which a value is on the wrong side of its bound.
fn at_fault(
    measure: &Measure,
    relation: Relation,
    bound: Amount,
    found: Measured,
) -> Vec<(RequestId, Option<Amount>)> {
    let is_passed = relation.is_passed(found.amount, bound);
    let mut parts = found.parts;
    match measure {
        // Too few of something are nobody's fault.
        Measure::Total | Measure::Count(_) | Measure::Share(_) if is_passed => parts,
        Measure::Of(Summary::Sum, ..) if is_passed => {
            parts.reverse();
            parts.truncate(NAMED);
            parts
        }
        Measure::Of(summary, ..) if *summary != Summary::Sum => {
            let is_wrong = |part: &(RequestId, Option<Amount>)| {
                part.1.is_some_and(|amount| !relation.holds(amount, bound))
            };
            parts.retain(is_wrong);
            if is_passed {
                parts.reverse();
            }
            parts
        }
        Measure::Total
        | Measure::Connections
        | Measure::Reused
        | Measure::Count(_)
        | Measure::Share(_)
        | Measure::Of(..) => Vec::new(),
    }
}

/// The first of them by number, method, URL and what came; the others by how many they are.
fn named_all(
    all: impl ExactSizeIterator<Item = (RequestId, Option<Amount>)>,
    model: &Model,
) -> String {
    let more = all.len().saturating_sub(NAMED);
    let named = all.take(NAMED).filter_map(|(id, amount)| {
        let request = model.request(id)?;
        let came = match (amount, request.status()) {
            (Some(amount), _) => amount.to_string(),
            (None, Some(status)) if request.failure().is_none() => status.to_string(),
            (None, _) => standing(request, model, model.latest()).to_string(),
        };
        let url = visible(request.url.as_str());
        Some(format!("{id} {} {url} ({came})", request.method))
    });
    let mut named: Vec<_> = named.collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join(", ")
}
