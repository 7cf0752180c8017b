use std::collections::HashMap;

use crate::event::{CookieFate, Fact, WithheldCookie};
use crate::message::{Cookie, CookieKey};

use super::Model;

/// The cookies of the run, as facts tell of them: the first that was stored first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jar {
    cookies: Vec<Cookie>,
    places: HashMap<CookieKey, usize>,
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
    pub fn cookies(&self) -> &[Cookie] {
        &self.cookies
    }

    /// The cookie of this key.
    pub fn cookie(&self, key: &CookieKey) -> Option<&Cookie> {
        self.cookies.get(*self.places.get(key)?)
    }

    /// A cookie is in the jar now: another value makes it the last.
    pub fn keep(&mut self, cookie: &Cookie) {
        let key = cookie.key();
        let old = self.places.get(&key).copied();
        match old.and_then(|place| self.cookies.get_mut(place)) {
            Some(kept) if kept.value == cookie.value => {
                kept.clone_from(cookie);
                return;
            }
            Some(_) => self.lose(&key),
            None => {}
        }
        self.places.insert(key, self.cookies.len());
        self.cookies.push(cookie.clone());
    }

    /// A cookie is no longer in the jar.
    pub fn lose(&mut self, key: &CookieKey) {
        let Some(place) = self.places.remove(key) else {
            return;
        };
        self.cookies.remove(place);
        for later in self.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
    }

    /// Cookies went along: when is told with them.
    pub(super) fn use_again(&mut self, sent: &[Cookie]) {
        for cookie in sent {
            let place = self.places.get(&cookie.key());
            if let Some(kept) = place.and_then(|place| self.cookies.get_mut(*place)) {
                kept.used = cookie.used;
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
            Fact::CookieKept { cookie } => self.jar.keep(cookie),
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
            jar.keep(&cookie(name, value));
        }
        let pairs = |jar: &Jar| jar.cookies().iter().map(Cookie::pair).collect::<Vec<_>>();
        assert_eq!(pairs(&jar), ["b=2", "c=3", "a=4"]);
        jar.lose(&cookie("b", "").key());
        jar.lose(&cookie("b", "").key());
        assert_eq!(pairs(&jar), ["c=3", "a=4"]);
        assert_eq!(jar.cookie(&cookie("a", "").key()).unwrap().value, "4");
    }
}
