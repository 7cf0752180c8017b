use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::message::{Headers, Method, RequestHead, ResponseHead};

use super::directives::{Directives, seconds};
use super::{Unstored, Verdict};

/// An answer as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its head, as it came.
    pub head: ResponseHead,
    /// Its body, whole.
    pub body: Arc<[u8]>,
    lifetime: Duration,
    age_then: Duration,
    /// When it came, counted from any fixed point.
    came: Duration,
    selected_by: Vec<(String, Vec<String>)>,
}

/// A private cache in memory, bounded in bytes; the oldest entry gives way.
#[derive(Debug)]
pub struct Cache {
    entries: HashMap<Url, Stored>,
    order: VecDeque<Url>,
    bytes: usize,
    limit: usize,
}

impl Cache {
    /// An empty cache for `limit` bytes of bodies.
    pub fn new(limit: usize) -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
            limit,
        }
    }

    /// May a stored answer be used for this request, `now` after the fixed point?
    pub fn look_up(
        &self,
        url: &Url,
        request: &RequestHead,
        now: Duration,
    ) -> (Verdict, Option<&Stored>) {
        if !request.method.is_get() {
            return (Verdict::Method, None);
        }
        let Some(stored) = self.entries.get(&key(url)) else {
            return (Verdict::Missing, None);
        };
        if let Some(name) = stored.differs(&request.headers) {
            return (
                Verdict::Varies {
                    name: name.to_owned(),
                },
                None,
            );
        }
        let age = stored.age_then + now.saturating_sub(stored.came);
        let lifetime = stored.lifetime;
        if lifetime > age {
            (Verdict::Fresh { age, lifetime }, Some(stored))
        } else {
            (Verdict::Stale { age, lifetime }, None)
        }
    }

    /// The stored answer to this request, however old it is.
    pub fn stored(&self, url: &Url, request: &RequestHead) -> Option<&Stored> {
        let is_asked = request.method.is_get();
        let stored = self.entries.get(&key(url)).filter(|_| is_asked)?;
        stored.differs(&request.headers).is_none().then_some(stored)
    }

    /// Stores a complete answer if it may be stored.
    pub fn keep(
        &mut self,
        url: &Url,
        request: &RequestHead,
        head: &ResponseHead,
        body: &Arc<[u8]>,
        now: Duration,
    ) -> Result<(), Unstored> {
        let lifetime = lifetime(&request.method, head)?;
        if body.len() > self.limit / 8 {
            return Err(Unstored::TooLarge);
        }
        let names = head.headers.members("vary").map(str::to_owned);
        let values = |name: String| {
            let said = request.headers.all(&name).map(str::to_owned).collect();
            (name, said)
        };
        let stored = Stored {
            head: head.clone(),
            body: Arc::clone(body),
            lifetime,
            age_then: head
                .headers
                .first("age")
                .and_then(seconds)
                .unwrap_or_default(),
            came: now,
            selected_by: names.map(values).collect(),
        };
        self.insert(key(url), stored);
        Ok(())
    }

    /// Forgets what is stored for `url`, as after an unsafe method (RFC 9111 §4.4).
    pub fn forget(&mut self, url: &Url) {
        let url = key(url);
        if let Some(old) = self.entries.remove(&url) {
            self.bytes -= old.body.len();
            self.order.retain(|known| *known != url);
        }
    }

    fn insert(&mut self, url: Url, stored: Stored) {
        self.forget(&url);
        self.bytes += stored.body.len();
        self.order.push_back(url.clone());
        self.entries.insert(url, stored);
        while self.bytes > self.limit {
            let Some(oldest) = self.order.front().cloned() else {
                break;
            };
            self.forget(&oldest);
        }
    }
}

impl Stored {
    /// The first header named by `Vary` whose values differ now.
    fn differs(&self, now: &Headers) -> Option<&str> {
        let is_same = |name: &str, then: &[String]| now.all(name).eq(then.iter());
        self.selected_by
            .iter()
            .find(|(name, then)| !is_same(name, then))
            .map(|(name, _)| name.as_str())
    }
}

/// How old the answer may grow, if it may be stored at all (RFC 9111 §3).
fn lifetime(method: &Method, head: &ResponseHead) -> Result<Duration, Unstored> {
    let directives = Directives::of(&head.headers);
    if !method.is_get() {
        Err(Unstored::Method)
    } else if !matches!(head.status, 200 | 301 | 308 | 404 | 410) {
        Err(Unstored::Status)
    } else if directives.is_no_store {
        Err(Unstored::NoStore)
    } else if directives.is_no_cache {
        Err(Unstored::NoCache)
    } else if head.headers.members("vary").any(|name| name == "*") {
        Err(Unstored::VaryAll)
    } else {
        directives
            .max_age
            .filter(|age| !age.is_zero())
            .ok_or(Unstored::NoLifetime)
    }
}

/// The URL without its fragment, which is never sent.
fn key(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Origin, Version};

    const NOW: Duration = Duration::from_secs(1_000);

    fn ask(language: &str) -> (Url, RequestHead) {
        let url = Url::parse("http://a.test/x#part").unwrap();
        let mut head = RequestHead::plain(Method::get(), &url, &Origin::of(&url).unwrap());
        head.headers.push("Accept-Language", language);
        (url, head)
    }

    fn answer(lines: &[(&str, &str)]) -> ResponseHead {
        let headers = lines
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: "OK".into(),
            headers,
        }
    }

    fn kept(lines: &[(&str, &str)]) -> Result<Cache, Unstored> {
        let mut cache = Cache::new(1_000);
        let (url, request) = ask("en");
        cache.keep(
            &url,
            &request,
            &answer(lines),
            &Arc::from(&b"body"[..]),
            NOW,
        )?;
        Ok(cache)
    }

    fn told(cache: &Cache, language: &str, later: u64) -> String {
        let (url, request) = ask(language);
        cache
            .look_up(&url, &request, NOW + Duration::from_secs(later))
            .0
            .to_string()
    }

    #[test]
    fn an_answer_is_fresh_until_it_is_as_old_as_max_age() {
        let cache = kept(&[("Cache-Control", "max-age=60"), ("Age", "20")]).unwrap();
        assert_eq!(told(&cache, "en", 39), "fresh: age 59s < max-age 1m");
        assert_eq!(told(&cache, "en", 40), "stale: age 1m ≥ max-age 1m");
    }

    #[test]
    fn what_may_not_be_stored_is_not() {
        let refused = |lines: &[(&str, &str)]| kept(lines).unwrap_err();
        assert_eq!(
            refused(&[("Cache-Control", "max-age=9, no-store")]),
            Unstored::NoStore
        );
        assert_eq!(
            refused(&[("Cache-Control", "max-age=9"), ("Vary", "*")]),
            Unstored::VaryAll
        );
        assert_eq!(
            refused(&[("Cache-Control", "max-age=-1")]),
            Unstored::NoLifetime
        );
        assert_eq!(
            refused(&[("Cache-Control", "max-age=0")]),
            Unstored::NoLifetime
        );
        assert_eq!(refused(&[]), Unstored::NoLifetime);
    }

    #[test]
    fn an_answer_chosen_by_a_header_is_for_that_header_only() {
        let lines = [("Cache-Control", "max-age=60"), ("Vary", "Accept-Language")];
        let cache = kept(&lines).unwrap();
        assert!(told(&cache, "en", 1).starts_with("fresh"));
        assert_eq!(
            told(&cache, "de", 1),
            "not used: Vary on Accept-Language, which differs"
        );
    }

    #[test]
    fn the_oldest_gives_way_when_the_room_is_used_up() {
        let mut cache = Cache::new(800);
        let (_, request) = ask("en");
        let head = answer(&[("Cache-Control", "max-age=60")]);
        for n in 0..9 {
            let url = Url::parse(&format!("http://a.test/{n}")).unwrap();
            cache
                .keep(&url, &request, &head, &Arc::from([0; 100]), NOW)
                .unwrap();
        }
        let hit = |n: u32| {
            let url = Url::parse(&format!("http://a.test/{n}")).unwrap();
            cache.look_up(&url, &request, NOW).0.is_hit()
        };
        assert!(!hit(0) && hit(1) && hit(8));
    }
}
