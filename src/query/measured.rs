use std::cmp::Ordering;

use crate::event::{Moment, RequestId};
use crate::model::{Model, Request};

use super::amount::{Amount, Unit};
use super::figure::Figure;
use super::filter::Filter;

/// What is made of the figures of many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Summary {
    Sum,
    Mean,
    Least,
    /// So many thousandths of them are at most that much: 500 is the median, 1000 the most.
    Percentile(u16),
}

/// A value of a run.
#[derive(Clone, Debug)]
pub(super) enum Measure {
    /// How long the run took.
    Total,
    /// Connections that were opened.
    Connections,
    /// The share of exchanges that ran on a connection used before.
    Reused,
    /// How many requests are like that.
    Count(Filter),
    /// Their share in all.
    Share(Filter),
    /// Figures of those that are like that, taken together.
    Of(Summary, Figure, Filter),
}

/// A value as it was found, and the requests that made it what it is.
pub(super) struct Measured {
    pub(super) amount: Amount,
    /// With what each has of it, where it has a figure.
    pub(super) parts: Vec<(RequestId, Option<Amount>)>,
}

impl Summary {
    /// Understands its name: `sum`, `avg`, `p95`, `p99.9` …
    pub(super) fn read(name: &str) -> Option<Self> {
        match name {
            "sum" => Some(Self::Sum),
            "avg" | "mean" => Some(Self::Mean),
            "min" => Some(Self::Least),
            "max" => Some(Self::Percentile(1000)),
            "median" | "med" => Some(Self::Percentile(500)),
            _ => {
                let (whole, tenth) = match name.strip_prefix('p')?.split_once('.') {
                    Some((whole, tenth)) => (whole, tenth),
                    None => (name.strip_prefix('p')?, "0"),
                };
                let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                let is_read = is_number(whole) && is_number(tenth) && tenth.len() == 1;
                let rank =
                    whole.parse::<u16>().ok()?.checked_mul(10)? + tenth.parse::<u16>().ok()?;
                (is_read && (1..=1000).contains(&rank)).then_some(Self::Percentile(rank))
            }
        }
    }

    /// Of sorted figures; nothing of none, but for their sum.
    fn of(self, sorted: &[Amount], unit: Unit) -> Option<Amount> {
        let sum = || sorted.iter().map(|amount| amount.number).sum::<f64>();
        let number = match self {
            Self::Sum => sum(),
            Self::Mean => sum() / Amount::count(sorted.len().max(1)).number,
            Self::Least => return sorted.first().copied(),
            Self::Percentile(thousandths) => {
                // The nearest rank: a figure that there is.
                let rank = (sorted.len() * usize::from(thousandths)).div_ceil(1000);
                return sorted.get(rank.max(1) - 1).copied();
            }
        };
        let has_any = self == Self::Sum || !sorted.is_empty();
        has_any.then_some(Amount { number, unit })
    }
}

impl Measure {
    pub(super) const fn unit(&self) -> Unit {
        match self {
            Self::Total => Unit::Time,
            Self::Connections | Self::Count(_) => Unit::Count,
            Self::Reused | Self::Share(_) => Unit::Percent,
            Self::Of(_, figure, _) => figure.unit(),
        }
    }

    /// What it is in a run; nothing where there is nothing to measure.
    pub(super) fn of(&self, model: &Model, now: Moment) -> Option<Measured> {
        let whole = |amount| {
            Some(Measured {
                amount,
                parts: Vec::new(),
            })
        };
        match self {
            Self::Total => {
                let last = model.requests().iter().max_by_key(|one| one.until(now));
                Some(Measured {
                    amount: Amount::time(model.total(now)),
                    parts: last.map(|request| (request.id, None)).into_iter().collect(),
                })
            }
            Self::Connections => whole(Amount::count(model.totals().connections)),
            Self::Reused => {
                let ran = model.requests().iter().filter(|one| one.granted.is_some());
                whole(Amount::share(model.totals().reused, ran.count())?)
            }
            Self::Count(filter) => {
                let found = fitting(filter, model);
                Some(Measured {
                    amount: Amount::count(found.len()),
                    parts: found,
                })
            }
            Self::Share(filter) => {
                let found = fitting(filter, model);
                Some(Measured {
                    amount: Amount::share(found.len(), model.requests().len())?,
                    parts: found,
                })
            }
            Self::Of(summary, figure, filter) => {
                let meant = model.requests().iter();
                let meant = meant.filter(|request| filter.lets_through(request));
                let part = |request: &Request| Some((request.id, figure.of(request, model, now)?));
                let mut parts: Vec<_> = meant.filter_map(part).collect();
                parts.sort_by(|a, b| a.1.number.total_cmp(&b.1.number));
                let sorted: Vec<_> = parts.iter().map(|(_, amount)| *amount).collect();
                let amount = summary.of(&sorted, figure.unit())?;
                let parts = parts.into_iter().map(|(id, amount)| (id, Some(amount)));
                Some(Measured {
                    amount,
                    parts: parts.collect(),
                })
            }
        }
    }
}

fn fitting(filter: &Filter, model: &Model) -> Vec<(RequestId, Option<Amount>)> {
    let all = model.requests().iter();
    let found = all.filter(|request| filter.lets_through(request));
    found.map(|request| (request.id, None)).collect()
}

/// How a value is to be to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unequal,
}

impl Relation {
    /// The longer signs first, so that none is taken for a part of another.
    pub(super) const SIGNS: [(&'static str, Self); 7] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<", Self::Less),
        (">", Self::More),
        ("=", Self::Equal),
    ];

    pub(super) fn holds(self, value: Amount, bound: Amount) -> bool {
        let order = value.number.total_cmp(&bound.number);
        match self {
            Self::Less => order == Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::More => order == Ordering::Greater,
            Self::AtLeast => order != Ordering::Less,
            Self::Equal => order == Ordering::Equal,
            Self::Unequal => order != Ordering::Equal,
        }
    }

    /// Whether a value that breaks it is too much, and not too little.
    pub(super) fn is_passed(self, value: Amount, bound: Amount) -> bool {
        match self {
            Self::Less | Self::AtMost => true,
            Self::Equal => value.number > bound.number,
            Self::More | Self::AtLeast | Self::Unequal => false,
        }
    }
}
