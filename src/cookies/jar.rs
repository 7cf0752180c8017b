use std::cmp::Reverse;
use std::collections::HashMap;

use crate::message::{Cookie, CookieKey};

use super::asking::Asking;
use super::domain::host_of;
use super::eviction;
use super::site::registrable;
use super::verdict::{Gone, Withheld};

/// The cookies of a run, by what somebody registered.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    pub(super) sites: HashMap<String, Vec<Kept>>,
    pub(super) count: usize,
    next: u64,
}

/// A cookie, and how many were stored before it: clocks are too coarse to tell.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) cookie: Cookie,
    pub(super) order: u64,
}

/// A cookie that left the jar, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which.
    pub key: CookieKey,
    /// Why.
    pub why: Gone,
}

/// Which cookies go along with a request, and why not the others of its site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Those that go, in the order in which they are sent.
    pub sent: Vec<Cookie>,
    /// The others, in the order in which they were stored.
    pub withheld: Vec<(Cookie, Withheld)>,
    /// Those whose time was found to be over.
    pub dropped: Vec<Dropped>,
}

/// A cookie counts as used anew after so many milliseconds only, as Chromium has it.
const STALE: u64 = 60 * 1000;

impl Jar {
    /// Chooses the cookies that go along at `now` (RFC 6265bis §5.8.3).
    pub fn choose(&mut self, asking: &Asking<'_>, now: u64) -> Choice {
        let host = host_of(asking.url);
        let mut choice = Choice::default();
        let Some(site) = self.sites.get_mut(registrable(&host)) else {
            return choice;
        };
        let mut sent = Vec::new();
        for kept in site.iter_mut() {
            let cookie = &mut kept.cookie;
            if let Some(expires) = cookie.expires.filter(|expires| *expires <= now) {
                let ago = (now - expires) / 1000;
                let expired = Withheld::Expired { ago };
                choice.withheld.push((cookie.clone(), expired));
            } else if let Some(why) = asking.withholds(cookie, &host, now) {
                choice.withheld.push((cookie.clone(), why));
            } else {
                if now.saturating_sub(cookie.used) >= STALE {
                    cookie.used = now;
                }
                sent.push(&*kept);
            }
        }
        sent.sort_by_key(|kept| (Reverse(kept.cookie.path.len()), kept.order));
        choice.sent = sent.into_iter().map(|kept| kept.cookie.clone()).collect();
        choice.dropped = self.drop_expired(registrable(&host), now);
        choice
    }

    /// Puts a cookie in as it is, in place of the same one.
    pub fn put(&mut self, cookie: Cookie) {
        let key = cookie.key();
        let order = self.next;
        self.next += 1;
        let site = registrable(&cookie.domain).to_owned();
        let site = self.sites.entry(site).or_default();
        if let Some(kept) = site.iter_mut().find(|kept| kept.cookie.is(&key)) {
            // One that says the same stays where it stands.
            if kept.cookie.value != cookie.value {
                kept.order = order;
            }
            kept.cookie = cookie;
            return;
        }
        site.push(Kept { cookie, order });
        self.count += 1;
    }

    /// Takes a cookie out.
    pub fn take(&mut self, key: &CookieKey) -> Option<Cookie> {
        let site = registrable(&key.domain);
        let all = self.sites.get_mut(site)?;
        let place = all.iter().position(|kept| kept.cookie.is(key))?;
        let taken = all.remove(place);
        self.count -= 1;
        if all.is_empty() {
            self.sites.remove(site);
        }
        Some(taken.cookie)
    }

    /// Takes all out.
    pub fn clear(&mut self) -> Vec<Cookie> {
        let all = self.cookies().cloned().collect();
        self.sites.clear();
        self.count = 0;
        all
    }

    /// The cookie of this key.
    pub fn cookie(&self, key: &CookieKey) -> Option<&Cookie> {
        self.of_site(registrable(&key.domain))
            .iter()
            .map(|kept| &kept.cookie)
            .find(|cookie| cookie.is(key))
    }

    /// Every cookie, the first that was stored first.
    pub fn cookies(&self) -> impl Iterator<Item = &Cookie> {
        let mut all: Vec<_> = self.sites.values().flatten().collect();
        all.sort_by_key(|kept| kept.order);
        all.into_iter().map(|kept| &kept.cookie)
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn of_site(&self, site: &str) -> &[Kept] {
        self.sites.get(site).map_or(&[], Vec::as_slice)
    }

    /// Takes out what is too much for its site or for the jar, and what has expired among it.
    pub(super) fn make_room(&mut self, site: &str, now: u64) -> Vec<Dropped> {
        let mut dropped = Vec::new();
        if self.of_site(site).len() > eviction::SITE_MOST {
            dropped.extend(self.drop_expired(site, now));
            if let Some(all) = self.sites.get_mut(site) {
                let gone = eviction::from_site(all);
                self.count -= gone.len();
                dropped.extend(gone);
            }
        }
        if self.count > eviction::ALL_MOST {
            let gone = eviction::from_all(&self.sites, now);
            for key in &gone {
                self.take(&key.key);
            }
            dropped.extend(gone);
        }
        dropped
    }

    fn drop_expired(&mut self, site: &str, now: u64) -> Vec<Dropped> {
        let Some(all) = self.sites.get_mut(site) else {
            return Vec::new();
        };
        let is_over = |kept: &mut Kept| kept.cookie.is_expired(now);
        let dropped: Vec<_> = all
            .extract_if(.., is_over)
            .map(|kept| Dropped {
                key: kept.cookie.key(),
                why: Gone::Expired,
            })
            .collect();
        self.count -= dropped.len();
        if all.is_empty() {
            self.sites.remove(site);
        }
        dropped
    }
}
