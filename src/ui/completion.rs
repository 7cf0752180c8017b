use std::collections::BTreeMap;

use crate::model::Model;

use crate::query::{FLAGS, KEYS, Key};

/// What could stand where a word of the filter is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Completion {
    /// The column of characters in which the word begins.
    pub(super) start: usize,
    pub(super) candidates: Vec<Candidate>,
    /// Which of them is taken next.
    pub(super) picked: usize,
}

/// A word that could be typed, and how many requests it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) word: String,
    /// Of how many requests; nothing for a key, whose value is still to come.
    pub(super) count: Option<usize>,
}

/// So many requests are looked at: a key is answered at once, however long the run is.
const LOOKED_AT: usize = 5_000;
/// So many candidates are kept.
const KEPT: usize = 50;

impl Completion {
    /// What could stand in place of the last word of `before`, the text left of the cursor.
    pub(super) fn of(before: &str, model: &Model) -> Self {
        let word = last_word(before);
        let start = before.chars().count() - word.chars().count();
        let (minus, typed) = match word.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", word),
        };
        let candidates = match typed.split_once(':') {
            _ if typed.is_empty() || typed.starts_with('/') => Vec::new(),
            None => keys(minus, &typed.to_ascii_lowercase()),
            Some((name, value)) => {
                let name = name.to_ascii_lowercase();
                let key = KEYS.iter().find(|key| key.name() == name);
                key.map_or_else(Vec::new, |key| values(*key, minus, value, model))
            }
        };
        Self {
            start,
            candidates,
            picked: 0,
        }
    }

    /// The next candidate, or the one before.
    pub(super) fn pick(&mut self, by: isize) {
        let count = self.candidates.len();
        if count > 0 {
            let moved = self.picked.cast_signed() + by;
            self.picked = moved.rem_euclid(count.cast_signed()).unsigned_abs();
        }
    }

    /// The candidate that is taken next.
    pub(super) fn taken(&self) -> Option<&Candidate> {
        self.candidates.get(self.picked)
    }
}

/// The word that the text ends in; blanks between quotes are part of it.
fn last_word(text: &str) -> &str {
    let (mut start, mut is_quoted) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => start = at + c.len_utf8(),
            _ => {}
        }
    }
    text.split_at_checked(start).map_or("", |(_, word)| word)
}

fn keys(minus: &str, typed: &str) -> Vec<Candidate> {
    let names = KEYS.iter().map(|key| key.name());
    let fitting = names.filter(|name| name.starts_with(typed));
    let candidate = |name: &str| Candidate {
        word: format!("{minus}{name}:"),
        count: None,
    };
    fitting.map(candidate).collect()
}

/// Values that requests of the run have, the most frequent first.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the keys whose values are no values of a request are few"
)]
fn values(key: Key, minus: &str, typed: &str, model: &Model) -> Vec<Candidate> {
    let typed = typed.trim_start_matches('"').to_lowercase();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    match key {
        Key::Is => {
            for (name, flag) in FLAGS {
                let looked_at = model.requests().iter().take(LOOKED_AT);
                let count = looked_at.filter(|request| flag.holds(request)).count();
                counts.insert(name.to_owned(), count);
            }
        }
        Key::LargerThan => {
            for size in ["100", "1k", "10k", "100k", "1M"] {
                counts.insert(size.to_owned(), 0);
            }
        }
        Key::HasOverrides => {
            counts.insert("no".to_owned(), model.requests().len());
            counts.insert("yes".to_owned(), 0);
        }
        _ => {
            for request in model.requests().iter().take(LOOKED_AT) {
                let mut of_one = key.values(request);
                of_one.sort_unstable();
                of_one.dedup();
                for value in of_one {
                    *counts.entry(value).or_default() += 1;
                }
            }
        }
    }
    let mut fitting: Vec<(String, usize)> = counts
        .into_iter()
        .filter(|(value, _)| value.to_lowercase().starts_with(&typed))
        .collect();
    if key != Key::LargerThan {
        fitting.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
    fitting.truncate(KEPT);
    let candidate = |(value, count): (String, usize)| {
        let has_blank = value.contains(char::is_whitespace);
        let value = if has_blank {
            format!("\"{value}\"")
        } else {
            value
        };
        Candidate {
            word: format!("{minus}{}:{value}", key.name()),
            count: (key != Key::LargerThan).then_some(count),
        }
    };
    fitting.into_iter().map(candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(before: &str, model: &Model) -> Vec<String> {
        let completion = Completion::of(before, model);
        let all = completion.candidates.into_iter();
        all.map(|candidate| candidate.word).collect()
    }

    fn run() -> Model {
        let mut model = Model::default();
        for (n, path) in ["/a", "/b", "/with blank"].iter().enumerate() {
            let planned = serde_json::json!({
                "fact": "request_planned", "at": 0, "request": n + 1,
                "method": if n == 0 { "POST" } else { "GET" },
                "url": format!("http://{}.test{path}", if n == 2 { "b" } else { "a" }),
                "because": "typed",
            });
            model.apply(&serde_json::from_value(planned).unwrap());
        }
        model
    }

    #[test]
    fn keys_are_completed_and_then_what_the_run_has_of_them() {
        let model = run();
        assert_eq!(words("x -me", &model), ["-method:"]);
        assert_eq!(words("set-c", &model).len(), 3);
        assert_eq!(words("method:", &model), ["method:GET", "method:POST"]);
        assert_eq!(words("-method:p", &model), ["-method:POST"]);
        assert_eq!(words("domain:", &model), ["domain:a.test", "domain:b.test"]);
        assert_eq!(words("is:r", &model), ["is:running"]);
        for nothing in ["", " ", "/re", "zzz", "nokey:x", "\"two wo"] {
            assert!(words(nothing, &model).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn picking_goes_round() {
        let mut completion = Completion::of("cookie", &Model::default());
        assert_eq!(completion.candidates.len(), 4);
        completion.pick(-1);
        assert_eq!(completion.taken().unwrap().word, "cookie-value:");
        completion.pick(1);
        assert_eq!(completion.picked, 0);
    }
}
