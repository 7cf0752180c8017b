use std::time::Duration;

use super::Stored;
use super::freshness::Whole;

impl Stored {
    /// What is known of it `now`, names and words, for people.
    pub fn story(&self, now: Duration) -> Vec<(String, String)> {
        let freshness = self.freshness(now);
        let age = freshness.age;
        let ago = |then: Duration| format!("{} ago", Whole(now.saturating_sub(then)));
        let mut told = Vec::new();
        let mut tell = |name: &str, words: String| told.push((name.to_owned(), words));
        let (status, content) = (self.head.status, &self.content);
        let first = ago(self.record.first);
        tell(
            "entry",
            format!("{status}, {content}, first stored {first}"),
        );
        if self.record.validated > 0 {
            let (times, last) = (self.record.validated, ago(self.times.came));
            tell("validated", format!("{times} ×, last {last}"));
        }
        let (total, with, here) = (Whole(age.total()), Whole(age.came_with), Whole(age.here));
        tell(
            "age",
            format!("{total} = {with} when it came + {here} here"),
        );
        tell("lifetime", freshness.lifetime.to_string());
        if freshness.is_fresh() {
            tell("fresh for", Whole(freshness.left()).to_string());
        } else {
            tell("stale since", Whole(freshness.stale_for()).to_string());
        }
        let validators = self.validators();
        let strength = if validators.strong().is_some() {
            "strong"
        } else {
            "weak"
        };
        if let Some(etag) = &validators.etag {
            tell("validator", format!("ETag {etag} ({strength})"));
        }
        if let Some(date) = &validators.last_modified {
            tell("validator", format!("Last-Modified {date}"));
        }
        if validators.is_empty() {
            tell(
                "validator",
                "none: when stale it is asked for anew".to_owned(),
            );
        }
        for (name, value) in self.chosen() {
            // Whoever reads a record is not to read secrets in it.
            let is_secret = matches!(name, "cookie" | "authorization" | "proxy-authorization");
            let value = if is_secret { "***" } else { value };
            tell("chosen by", format!("{name}: {value}"));
        }
        for rule in self.rules() {
            tell("rule", rule);
        }
        told
    }

    /// What its directives mean, beyond its lifetime.
    fn rules(&self) -> Vec<String> {
        let said = &self.said;
        let window = |window: Duration| window.as_secs();
        let while_asked = said.stale_while_revalidate.map(|time| {
            let time = window(time);
            format!("stale-while-revalidate: used for {time} s more while the server is asked")
        });
        let if_error = said.stale_if_error.map(|time| {
            let time = window(time);
            format!("stale-if-error: used for {time} s more in place of an error")
        });
        let fields = (!said.uncached_fields.is_empty()).then(|| {
            let names = said.uncached_fields.join(", ");
            format!("no-cache={names}: stored without these fields (browsers keep them)")
        });
        let plain = |is_said: bool, words: &str| is_said.then(|| words.to_owned());
        [
            plain(said.is_no_cache, "no-cache: never used without asking"),
            plain(
                said.is_must_revalidate,
                "must-revalidate: never used stale, not even when nobody can be asked",
            ),
            plain(
                said.is_must_understand && said.is_no_store,
                "must-understand: its status is known, so that no-store does not count (browsers do not store it)",
            ),
            fields,
            plain(
                said.is_immutable,
                "immutable: not asked for while fresh, not even by no-cache",
            ),
            while_asked,
            if_error,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
