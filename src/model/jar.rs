use std::collections::HashMap;

use crate::event::{CookieFate, Fact, WithheldCookie};
use crate::message::{Cookie, CookieKey};

use super::Model;

/// The cookies of the run, as facts tell of them: the first that was stored first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jar {
    kept: Vec<Kept>,
    places: HashMap<CookieKey, usize>,
}

/// A cookie of the jar, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The cookie.
    pub cookie: Cookie,
    /// What somebody registered of its domain.
    pub site: String,
}

/// What of the jar went along with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// What went, in order.
    pub sent: Vec<Cookie>,
    /// What did not, and why.
    pub withheld: Vec<WithheldCookie>,
}

/// What became of a `Set-Cookie` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The line, without its name.
    pub line: String,
    /// What became of it.
    pub fate: CookieFate,
    /// That in words, with the rule that decided.
    pub words: String,
    /// When the cookie expires, in milliseconds since 1970, where one was kept that does.
    pub expires: Option<u64>,
}

impl Jar {
    /// Every cookie, the first that was stored first.
    pub fn cookies(&self) -> impl ExactSizeIterator<Item = &Cookie> {
        self.kept.iter().map(|kept| &kept.cookie)
    }

    /// The same, with whose each is.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// The cookie of this key.
    pub fn cookie(&self, key: &CookieKey) -> Option<&Cookie> {
        Some(&self.kept.get(*self.places.get(key)?)?.cookie)
    }

    /// A cookie is in the jar now: another value makes it the last.
    pub fn keep(&mut self, cookie: &Cookie, site: &str) {
        let key = cookie.key();
        let old = self.places.get(&key).copied();
        match old.and_then(|place| self.kept.get_mut(place)) {
            Some(kept) if kept.cookie.value == cookie.value => {
                kept.cookie.clone_from(cookie);
                return;
            }
            Some(_) => self.lose(&key),
            None => {}
        }
        self.places.insert(key, self.kept.len());
        self.kept.push(Kept {
            cookie: cookie.clone(),
            site: site.to_owned(),
        });
    }

    /// A cookie is no longer in the jar.
    pub fn lose(&mut self, key: &CookieKey) {
        let Some(place) = self.places.remove(key) else {
            return;
        };
        self.kept.remove(place);
        for later in self.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
    }

    /// Cookies went along: when is told with them.
    pub(super) fn use_again(&mut self, sent: &[Cookie]) {
        for cookie in sent {
            let place = self.places.get(&cookie.key());
            if let Some(kept) = place.and_then(|place| self.kept.get_mut(*place)) {
                kept.cookie.used = cookie.used;
            }
        }
    }
}

/// What is written down about cookies, as it is told.
impl Model {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_cookies(&mut self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::CookieKept { cookie, site } => self.jar.keep(cookie, site),
            Fact::CookieDropped { key, .. } => self.jar.lose(key),
            Fact::CookiesChosen {
                request,
                sent,
                withheld,
            } => {
                self.jar.use_again(sent);
                let chosen = Chosen {
                    sent: sent.clone(),
                    withheld: withheld.clone(),
                };
                self.request_mut(*request)?.chosen = Some(chosen);
            }
            Fact::CookieJudged {
                request,
                line,
                fate,
                words,
                expires,
            } => {
                let judged = Judged {
                    line: line.clone(),
                    fate: *fate,
                    words: words.clone(),
                    expires: *expires,
                };
                self.request_mut(*request)?.judged.push(judged);
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_value_makes_a_cookie_the_last() {
        let mut jar = Jar::default();
        let cookie = |name: &str, value: &str| Cookie::new(name, value, "a.test");
        for (name, value) in [("a", "1"), ("b", "2"), ("a", "1"), ("c", "3"), ("a", "4")] {
            jar.keep(&cookie(name, value), "a.test");
        }
        let pairs = |jar: &Jar| jar.cookies().map(Cookie::pair).collect::<Vec<_>>();
        assert_eq!(pairs(&jar), ["b=2", "c=3", "a=4"]);
        jar.lose(&cookie("b", "").key());
        jar.lose(&cookie("b", "").key());
        assert_eq!(pairs(&jar), ["c=3", "a=4"]);
        assert_eq!(jar.cookie(&cookie("a", "").key()).unwrap().value, "4");
    }
}
