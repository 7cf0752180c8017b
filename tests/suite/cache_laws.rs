//! Whatever is asked and answered, what RFC 9111 forbids is never served.
//!
//! The oracle below knows nothing of the cache: it keeps its own book of what the server said, and judges by
//! a few lines per rule. Time is given.

use std::sync::Arc;
use std::time::Duration;

use netwaterfall::cache::{Ask, Cache, Came, Decision, Reach, Rescue, Stored, Times};
use netwaterfall::message::{
    CacheMode, Headers, Method, Origin, RequestHead, ResponseHead, Saying, Version,
};
use proptest::prelude::*;
use url::Url;

/// When the history begins: Tue, 14 Nov 2023 22:13:20 GMT.
const START: u64 = 1_700_000_000;

/// One request, and what the server would answer it.
#[derive(Clone, Debug)]
struct Step {
    /// Seconds since the step before.
    later: u64,
    url: usize,
    method: &'static str,
    mode: CacheMode,
    is_offline: bool,
    language: Option<&'static str>,
    wish: Option<&'static str>,
    /// Seconds that the answer takes.
    delay: u64,
    status: u16,
    control: &'static str,
    /// How old the answer is by its `Age`.
    age: Option<u64>,
    /// By how many seconds its `Expires` is after its `Date`.
    expires: Option<u64>,
    /// By how many seconds its `Last-Modified` is before its `Date`.
    modified: Option<u64>,
    tag: Option<&'static str>,
    vary: Option<&'static str>,
}

const URLS: [&str; 3] = ["http://a.test/x", "http://a.test/x?y", "http://a.test/z"];

#[expect(clippy::too_many_lines, reason = "a generator for each part of a step")]
fn step() -> impl Strategy<Value = Step> {
    let modes = [
        CacheMode::Default,
        CacheMode::Default,
        CacheMode::Default,
        CacheMode::NoStore,
        CacheMode::Reload,
        CacheMode::NoCache,
        CacheMode::ForceCache,
        CacheMode::OnlyIfCached,
    ];
    let wishes = [
        None,
        None,
        None,
        Some("no-cache"),
        Some("no-store"),
        Some("max-age=0"),
        Some("max-age=20"),
        Some("min-fresh=20"),
        Some("max-stale"),
        Some("max-stale=20"),
        Some("only-if-cached"),
    ];
    let controls = [
        "",
        "max-age=10",
        "max-age=60",
        "max-age=60, must-revalidate",
        "max-age=60, no-cache",
        "no-store",
        "max-age=60, no-store",
        "private, max-age=5, stale-while-revalidate=30",
        "max-age=5, stale-if-error=40",
        "max-age=60, immutable",
        "must-revalidate",
        "s-maxage=100",
        "MAX-AGE=\"30\"",
        "max-age=ten",
    ];
    let asked = (
        prop::sample::select(vec![0_u64, 1, 5, 9, 30, 70, 200]),
        0..URLS.len(),
        prop::sample::select(vec!["GET", "GET", "GET", "GET", "HEAD", "POST", "DELETE"]),
        prop::sample::select(modes.to_vec()),
        prop::bool::weighted(0.1),
        prop::sample::select(vec![None, Some("de"), Some("en")]),
        prop::sample::select(wishes.to_vec()),
    );
    let answered = (
        prop::sample::select(vec![0_u64, 0, 2]),
        prop::sample::select(vec![200_u16, 200, 200, 200, 404, 302, 500]),
        prop::sample::select(controls.to_vec()),
        prop::option::weighted(0.2, 0..50_u64),
        prop::option::weighted(0.3, 0..90_u64),
        prop::option::weighted(0.5, (0..90_u64).prop_map(|tenth| tenth * 10)),
        prop::sample::select(vec![None, Some("\"a\""), Some("\"b\""), Some("W/\"c\"")]),
        prop::sample::select(vec![
            None,
            None,
            None,
            None,
            Some("Accept-Language"),
            Some("*"),
        ]),
    );
    (asked, answered).prop_map(|(asked, answered)| {
        let (later, url, method, mode, is_offline, language, wish) = asked;
        let (delay, status, control, age, expires, modified, tag, vary) = answered;
        Step {
            later,
            url,
            method,
            mode,
            is_offline,
            language,
            wish,
            delay,
            status,
            control,
            age,
            expires,
            modified,
            tag,
            vary,
        }
    })
}

/// A date as HTTP writes it: all of a history is within November and December 2023.
fn date(seconds: u64) -> String {
    let since = seconds - 1_698_796_800; // Wed, 01 Nov 2023 00:00:00 GMT
    let (days, rest) = (since / 86_400, since % 86_400);
    let names = ["Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue"];
    let name = names[usize::try_from(days % 7).unwrap()];
    let (month, day) = if days < 30 {
        ("Nov", days + 1)
    } else {
        ("Dec", days - 29)
    };
    let (hours, minutes) = (rest / 3_600, rest / 60 % 60);
    format!(
        "{name}, {day:02} {month} 2023 {hours:02}:{minutes:02}:{:02} GMT",
        rest % 60
    )
}

/// What the book has of an answer; its body is its page in the book.
#[derive(Clone, Debug)]
struct Page {
    url: usize,
    language: Option<&'static str>,
    was_unwanted: bool,
    status: u16,
    fields: Vec<(&'static str, String)>,
    asked: u64,
    came: u64,
    is_forgotten: bool,
}

impl Page {
    fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Was it chosen by what the step's request says, too (§4.1)?
    fn fits(&self, step: &Step) -> bool {
        match self.field("Vary") {
            None => true,
            Some("*") => false,
            Some(_) => self.language == step.language,
        }
    }

    fn says(&self, directive: &str) -> bool {
        let control = self.field("Cache-Control").unwrap_or_default();
        control.split(", ").any(|said| said == directive)
    }

    fn seconds(&self, directive: &str) -> Option<u64> {
        let control = self
            .field("Cache-Control")
            .unwrap_or_default()
            .to_lowercase();
        let said = control.split(", ").find_map(|said| {
            said.strip_prefix(directive)?
                .strip_prefix('=')
                .map(str::to_owned)
        })?;
        said.trim_matches('"').parse().ok()
    }

    /// RFC 9111 §4.2.1 and §4.2.2; a guess is no more than a tenth.
    fn lifetime(&self, origins: &Origins) -> u64 {
        let control = self.field("Cache-Control").unwrap_or_default();
        if control.to_lowercase().contains("max-age") {
            return self.seconds("max-age").unwrap_or(0);
        }
        if self.field("Expires").is_some() {
            return origins.expires.unwrap_or(0);
        }
        // §4.2.2: only for statuses that are cacheable by default.
        let is_heuristic = matches!(self.status, 200 | 404);
        let guess = origins.modified.map_or(0, |modified| modified / 10);
        if is_heuristic && !self.says("must-revalidate") {
            guess
        } else {
            0
        }
    }

    /// RFC 9111 §4.2.3; the server's clock is right here, so that `Date` is when it answered.
    fn age(&self, origins: &Origins, now: u64) -> u64 {
        let said = origins.age.unwrap_or(0) + (self.came - self.asked);
        let apparent = self.came - origins.date;
        said.max(apparent) + (now - self.came)
    }
}

/// What the fields of a page were made of: the oracle reads no dates.
#[derive(Clone, Copy, Debug)]
struct Origins {
    age: Option<u64>,
    expires: Option<u64>,
    modified: Option<u64>,
    date: u64,
}

/// The book: pages by the number that is their body.
/// The answer that a body is of: it is its number.
fn page_of(body: &[u8]) -> usize {
    std::str::from_utf8(body).unwrap().parse().unwrap()
}

#[derive(Default)]
struct Book(Vec<(Page, Origins)>);

impl Book {
    /// Writes an answer down; its body is its number.
    fn write(&mut self, step: &Step, now: u64) -> (usize, ResponseHead) {
        let came = now + step.delay;
        let (fields, origins) = fields(step, now);
        let head = head(step.status, &fields);
        let page = Page {
            url: step.url,
            language: step.language,
            was_unwanted: step.wish == Some("no-store") || step.mode == CacheMode::NoStore,
            status: step.status,
            fields,
            asked: now,
            came,
            is_forgotten: false,
        };
        self.0.push((page, origins));
        (self.0.len() - 1, head)
    }

    /// A 304 came for a page: its fields take the place of those of the same names (§3.2).
    fn renew(&mut self, number: usize, step: &Step, now: u64) {
        let (news, origins) = fields(step, now);
        let (page, known) = &mut self.0[number];
        page.fields
            .retain(|(name, _)| news.iter().all(|(other, _)| other != name));
        let has = |name: &str| news.iter().any(|(other, _)| *other == name);
        *known = Origins {
            age: if has("Age") { origins.age } else { known.age },
            expires: if has("Expires") {
                origins.expires
            } else {
                known
                    .expires
                    .map(|expires| (known.date + expires).saturating_sub(origins.date))
            },
            modified: if has("Last-Modified") {
                origins.modified
            } else {
                known
                    .modified
                    .map(|modified| origins.date + modified - known.date)
            },
            date: origins.date,
        };
        page.fields.extend(news);
        (page.asked, page.came) = (now, now + step.delay);
        (page.language, page.is_forgotten) = (step.language, false);
    }

    /// Whether this answer may be served to `step` unasked; else the rule that forbids it.
    #[expect(clippy::too_many_lines, reason = "the rules, a few lines each")]
    fn judge(&self, number: usize, step: &Step, now: u64) -> Result<(), String> {
        let (page, origins) = &self.0[number];
        let (lifetime, age) = (page.lifetime(origins), page.age(origins, now));
        let stale = (age >= lifetime).then(|| age - lifetime);
        let is_forced =
            step.is_offline || matches!(step.mode, CacheMode::ForceCache | CacheMode::OnlyIfCached);
        let wish = |name: &str| step.wish == Some(name);
        let allowed_stale = match step.wish {
            Some("max-stale") => Some(u64::MAX),
            Some("max-stale=20") => Some(20),
            _ => None,
        };
        let while_asked = page.seconds("stale-while-revalidate");
        let rules = [
            ("§4: another URL", page.url != step.url),
            (
                "§4: only GET and HEAD",
                !matches!(step.method, "GET" | "HEAD"),
            ),
            ("§4.1: Vary", !page.fits(step)),
            ("§3: no-store", page.says("no-store")),
            ("§5.2.1.5: the request said no-store", page.was_unwanted),
            ("§4.4: forgotten by an unsafe method", page.is_forgotten),
            ("§5.2.2.4: no-cache", page.says("no-cache")),
            (
                "§5.2.2.2: must-revalidate",
                stale.is_some() && page.says("must-revalidate"),
            ),
            (
                "§4.2.4: stale, and nobody allows that",
                stale.is_some_and(|stale| {
                    let may = |most: Option<u64>| most.is_some_and(|most| stale <= most);
                    !is_forced && !may(allowed_stale) && !may(while_asked)
                }),
            ),
            (
                "§5.2.1.4: the request said no-cache",
                !is_forced && wish("no-cache"),
            ),
            ("§5.2.1.1: max-age=0", !is_forced && wish("max-age=0")),
            (
                "§5.2.1.1: max-age=20",
                !is_forced && wish("max-age=20") && age > 20,
            ),
            (
                "§5.2.1.3: min-fresh=20",
                !is_forced && wish("min-fresh=20") && lifetime.saturating_sub(age) < 20,
            ),
            (
                "Fetch: the mode asks",
                !step.is_offline
                    && (matches!(step.mode, CacheMode::NoStore | CacheMode::Reload)
                        || (step.mode == CacheMode::NoCache
                            && !(page.says("immutable") && stale.is_none()))),
            ),
        ];
        let broken = rules.iter().find(|(_, is_broken)| *is_broken);
        broken.map_or(Ok(()), |(rule, _)| {
            Err(format!(
                "{rule}: age {age}, lifetime {lifetime}, {page:?}, for {step:?}"
            ))
        })
    }
}

fn fields(step: &Step, now: u64) -> (Vec<(&'static str, String)>, Origins) {
    let sent = now + step.delay;
    let origins = Origins {
        age: step.age,
        expires: step.expires,
        modified: step.modified,
        date: sent,
    };
    let mut fields = vec![("Date", date(sent))];
    let mut say = |name, value: Option<String>| fields.extend(value.map(|value| (name, value)));
    say(
        "Cache-Control",
        (!step.control.is_empty()).then(|| step.control.to_owned()),
    );
    say("Age", step.age.map(|age| age.to_string()));
    say("Expires", step.expires.map(|expires| date(sent + expires)));
    say(
        "Last-Modified",
        step.modified.map(|modified| date(sent - modified)),
    );
    say("ETag", step.tag.map(str::to_owned));
    say("Vary", step.vary.map(str::to_owned));
    (fields, origins)
}

fn head(status: u16, fields: &[(&'static str, String)]) -> ResponseHead {
    let owned = |(name, value): &(&'static str, String)| ((*name).to_owned(), value.clone());
    ResponseHead {
        version: Version::Http11,
        status,
        reason: String::new(),
        headers: fields.iter().map(owned).collect(),
    }
}

/// The cache under test, and the book.
struct History {
    cache: Cache,
    book: Book,
    now: u64,
}

impl History {
    fn new() -> Self {
        Self {
            cache: Cache::default(),
            book: Book::default(),
            now: START,
        }
    }

    fn live(&mut self, step: &Step) -> Result<(), TestCaseError> {
        self.now += step.later;
        let url: Url = URLS[step.url].parse().unwrap();
        let method: Method = step.method.parse().unwrap();
        let mut saying = Saying::default();
        if let Some(language) = step.language {
            saying.say("Accept-Language", language).unwrap();
        }
        if let Some(wish) = step.wish {
            saying.say("Cache-Control", wish).unwrap();
        }
        let origin = Origin::of(&url).unwrap();
        let head = RequestHead::composed(method, &url, &origin, &saying, step.mode);
        let ask = Ask {
            url: &url,
            key: url.as_str(),
            head: &head,
            mode: step.mode,
            reach: if step.is_offline {
                Reach::Offline
            } else {
                Reach::Online
            },
        };
        match self.cache.look_up(&ask, Duration::from_secs(self.now)) {
            Decision::Use { stored, .. } => self.serve(&stored, step),
            Decision::Refuse { .. } => Ok(()),
            Decision::Ask {
                fields,
                against,
                rescue,
                ..
            } => {
                prop_assert!(!step.is_offline, "offline asks nobody");
                self.check_rescue(rescue, &against)?;
                self.answer(&ask, step, &fields, &against)
            }
        }
    }

    fn serve(&mut self, stored: &Stored, step: &Step) -> Result<(), TestCaseError> {
        let number = page_of(stored.content.held().unwrap());
        let judged = self.book.judge(number, step, self.now);
        judged.map_err(TestCaseError::fail)
    }

    /// §4.2.4, §5.2.2.2: what forbids stale use forbids it too when nobody can be asked.
    fn check_rescue(&self, rescue: Rescue, against: &[Arc<Stored>]) -> Result<(), TestCaseError> {
        if let (Rescue::Stale { .. }, Some(stored)) = (rescue, against.first()) {
            let number = page_of(stored.content.held().unwrap());
            let (page, _) = &self.book.0[number];
            prop_assert!(!page.says("must-revalidate") && !page.says("no-cache"));
        }
        Ok(())
    }

    /// The server answers: 304 where one of its tags is asked for, else in full.
    fn answer(
        &mut self,
        ask: &Ask<'_>,
        step: &Step,
        condition: &Headers,
        against: &[Arc<Stored>],
    ) -> Result<(), TestCaseError> {
        let tags: Vec<&str> = condition.members("if-none-match").collect();
        let times = Times {
            asked: Duration::from_secs(self.now),
            came: Duration::from_secs(self.now + step.delay),
        };
        let is_asked = step.tag.is_some_and(|tag| tags.contains(&tag));
        if is_asked && step.status == 200 {
            let (news, _) = fields(step, self.now);
            let renewed = self.cache.validated(ask, against, &head(304, &news), times);
            let renewed = renewed.map_err(|error| TestCaseError::fail(error.to_string()))?;
            let number = page_of(renewed.content.held().unwrap());
            let (page, _) = &self.book.0[number];
            prop_assert_eq!(page.url, step.url, "§4.3.4: an answer of this URL");
            prop_assert_eq!(page.field("ETag"), step.tag, "§4.3.4: of this version");
            self.book.renew(number, step, self.now);
        } else {
            let (number, head) = self.book.write(step, self.now);
            if !matches!(step.method, "GET" | "HEAD") && step.status < 400 {
                // §4.4.
                for (page, _) in &mut self.book.0 {
                    page.is_forgotten |= page.url == step.url;
                }
            }
            self.cache.invalidate(ask, &head);
            if step.mode != CacheMode::NoStore {
                let is_head = step.method == "HEAD";
                let body = if is_head {
                    String::new()
                } else {
                    number.to_string()
                };
                let came = Came {
                    head,
                    bytes: body.as_bytes().into(),
                    is_whole: true,
                    times,
                    former: None,
                };
                let kept = self.cache.keep(ask, &came);
                if is_head && kept.is_ok() {
                    self.freshened(step, ask.key);
                }
            }
        }
        self.now += step.delay;
        Ok(())
    }

    /// A HEAD brought a stored GET up to date (§4.3.5): one that would be chosen for it, which is now
    /// the latest.
    fn freshened(&mut self, step: &Step, key: &str) {
        let stored = self.cache.iter().find(|(known, _)| *known == key);
        // The news may be that it is not to be stored any more.
        let Some((_, [latest, ..])) = stored else {
            return;
        };
        let number = page_of(latest.content.held().unwrap());
        let (page, _) = &self.book.0[number];
        assert!(
            page.url == step.url && page.fits(step),
            "{page:?} for {step:?}"
        );
        self.book.renew(number, step, self.now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_served_that_the_rfc_forbids(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut history = History::new();
        for step in &steps {
            history.live(step)?;
        }
    }
}
