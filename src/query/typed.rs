use strsim::jaro_winkler;

use super::amount::Amount;
use super::assertion::{Claim, Quantity};
use super::figure::Figure;
use super::filter::{Filter, words};
use super::filter_key::KEYS;
use super::measured::{Measure, Relation, Summary};

/// What is wrong with an assertion, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {reason}")]
pub struct BadAssertion {
    /// Where it is wrong: characters, counted from 1.
    pub column: usize,
    /// What, as a sentence.
    pub reason: String,
}

/// Everything that an assertion begins with, an example for each.
const SHAPES: &str = "write all, any or none and a filter (all status-code:200), or a value and a bound \
     (total < 2s, p95(wait) < 300ms, count(domain:a.test) <= 20)";

/// What an assertion can begin with, but for percentiles.
const NAMES: [&str; 14] = [
    "all",
    "any",
    "none",
    "total",
    "requests",
    "failed",
    "connections",
    "reused",
    "bytes",
    "count",
    "share",
    "sum",
    "avg",
    "median",
];

/// What is typed, read from left to right.
pub(super) struct Line<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut line = Self { text, at: 0 };
        line.skip_blanks();
        line
    }

    pub(super) fn claim(&mut self) -> Result<Claim, BadAssertion> {
        let start = self.at;
        let name = self.name();
        let quantity = match name {
            "" => return Err(self.wrong(start, SHAPES.to_owned())),
            "all" => Some(Quantity::All),
            "any" | "some" => Some(Quantity::Any),
            "none" | "no" => Some(Quantity::None),
            _ => None,
        };
        match quantity {
            Some(quantity) => self.requests(name, quantity),
            None => self.value(name, start),
        }
    }

    /// `all FILTER`, or `all(FILTER) FILTER`.
    fn requests(&mut self, name: &str, quantity: Quantity) -> Result<Claim, BadAssertion> {
        self.skip_blanks();
        let meant = match self.parenthesis()? {
            Some((inside, at)) => self.filter(inside, at)?,
            None => Filter::default(),
        };
        self.skip_blanks();
        let (rest, at) = (self.rest(), self.at);
        if rest.trim().is_empty() {
            let reason = format!("say what {name} of them are to be: {name} status-code:200");
            return Err(self.wrong(at, reason));
        }
        Ok(Claim::Are(quantity, meant, self.filter(rest, at)?))
    }

    /// `VALUE SIGN BOUND`.
    fn value(&mut self, name: &str, start: usize) -> Result<Claim, BadAssertion> {
        let measure = self.measure(name, start)?;
        self.skip_blanks();
        let sign = Relation::SIGNS
            .iter()
            .find(|(sign, _)| self.rest().starts_with(sign));
        let Some((sign, relation)) = sign else {
            let reason = format!("{name} is compared here: <, <=, >, >=, == or != and a bound");
            return Err(self.wrong(self.at, reason));
        };
        self.at += sign.len();
        self.skip_blanks();
        if self.rest().is_empty() {
            let reason = format!("say what {name} is compared with");
            return Err(self.wrong(self.at, reason));
        }
        let bound = Amount::read(self.rest().trim_end(), measure.unit());
        let bound = bound.map_err(|reason| self.wrong(self.at, reason))?;
        Ok(Claim::Is(measure, *relation, bound))
    }

    fn measure(&mut self, name: &str, start: usize) -> Result<Measure, BadAssertion> {
        let inside = self.parenthesis()?;
        let all = Filter::default();
        let whole = match name {
            "total" => Some(Measure::Total),
            "requests" => Some(Measure::Count(all)),
            "failed" => Some(Measure::Count(self.filter("is:failed", start)?)),
            "connections" => Some(Measure::Connections),
            "reused" => Some(Measure::Reused),
            "bytes" => Some(Measure::Of(Summary::Sum, Figure::Transferred, all)),
            _ => None,
        };
        if let Some(whole) = whole {
            return match inside {
                None => Ok(whole),
                Some((_, at)) => {
                    let reason = format!("{name} is of the whole run: leave the parenthesis away");
                    Err(self.wrong(at, reason))
                }
            };
        }
        if let "count" | "share" = name {
            let (inside, at) = inside.unwrap_or(("", self.at));
            let filter = self.filter(inside, at)?;
            let is_share = name == "share";
            return Ok(if is_share {
                Measure::Share(filter)
            } else {
                Measure::Count(filter)
            });
        }
        let Some(summary) = Summary::read(name) else {
            return Err(self.unknown(name, start));
        };
        let Some((inside, at)) = inside else {
            let reason = format!("say what of: {name}(time), {name}(wait), {name}(size)");
            return Err(self.wrong(self.at, reason));
        };
        let (figure, filter) = inside.split_once(',').unwrap_or((inside, ""));
        let behind = at + figure.len() + 1;
        let figure = self.figure(figure, at)?;
        let filter = self.filter(filter, behind.min(self.text.len()))?;
        Ok(Measure::Of(summary, figure, filter))
    }

    fn figure(&self, text: &str, at: usize) -> Result<Figure, BadAssertion> {
        let name = text.trim();
        let at = at + text.len() - text.trim_start().len();
        let found = Figure::all().find(|(known, _)| *known == name);
        found.map(|(_, figure)| figure).ok_or_else(|| {
            let names: Vec<_> = Figure::all().map(|(name, _)| name).collect();
            let reason = match nearest(name, names.iter().copied()) {
                Some(like) => format!("no figure is called {name}; did you mean {like}?"),
                None => format!("no figure is called {name}; there are {}", names.join(", ")),
            };
            self.wrong(at, reason)
        })
    }

    /// A filter, in which nothing may be a key that there is not: a slip would let nothing through.
    fn filter(&self, text: &str, at: usize) -> Result<Filter, BadAssertion> {
        let at = at + text.len() - text.trim_start().len();
        for word in words(text) {
            let word = word.strip_prefix('-').unwrap_or(&word);
            let Some((name, value)) = word.split_once(':') else {
                continue;
            };
            let name = name.to_ascii_lowercase();
            // `http://…` and `a.test:80` are texts of a URL.
            let is_port = value.starts_with(|c: char| c.is_ascii_digit());
            let is_host = value.starts_with("//") || (is_port && name.contains('.'));
            let is_known = KEYS.iter().any(|key| key.name() == name);
            let like = nearest(&name, KEYS.iter().map(|key| key.name()));
            if let Some(like) = like.filter(|_| !is_known && !is_host) {
                let inside = text.trim_start().find(word).unwrap_or(0);
                let reason = format!("a filter has no key {name}; did you mean {like}?");
                return Err(self.wrong(at + inside, reason));
            }
        }
        Filter::read(text).map_err(|reason| self.wrong(at, reason))
    }

    fn unknown(&self, name: &str, at: usize) -> BadAssertion {
        let others = ["min", "max", "p95", "p99"];
        let reason = match nearest(name, NAMES.into_iter().chain(others)) {
            Some(like) => format!("{name} is not known; did you mean {like}?"),
            None => format!("{name} is not known: {SHAPES}"),
        };
        self.wrong(at, reason)
    }

    /// The name that stands here.
    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// What stands in the parenthesis that begins here, and where; quotes may have others in them.
    fn parenthesis(&mut self) -> Result<Option<(&'a str, usize)>, BadAssertion> {
        let rest = self.rest();
        if !rest.starts_with('(') {
            return Ok(None);
        }
        let (mut depth, mut is_quoted) = (0_usize, false);
        for (place, c) in rest.char_indices() {
            match c {
                '"' => is_quoted = !is_quoted,
                '(' if !is_quoted => depth += 1,
                ')' if !is_quoted => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = rest.get(1..place).unwrap_or_default();
                let start = self.at + 1;
                self.at += place + 1;
                return Ok(Some((inside, start)));
            }
        }
        Err(self.wrong(self.at, "this parenthesis is not closed".to_owned()))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn wrong(&self, at: usize, reason: String) -> BadAssertion {
        let before = self.text.get(..at).unwrap_or(self.text);
        BadAssertion {
            column: before.chars().count() + 1,
            reason,
        }
    }
}

/// The word of `known` that is most like `word`, if one is like it at all.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = known
        .into_iter()
        .map(|known| (jaro_winkler(word, known), known));
    let likely = likeness.filter(|(likeness, _)| *likeness > 0.8);
    let most = likely.max_by(|a, b| a.0.total_cmp(&b.0));
    most.map(|(_, known)| known)
}
