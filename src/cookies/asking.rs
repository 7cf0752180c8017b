use url::Url;

use crate::message::{Cookie, Method, SameSite};

use super::domain::{domain_matches, host_of, is_loopback};
use super::path::path_matches;
use super::site::Site;
use super::verdict::Withheld;

/// A request, as far as cookies ask: to whom, and on whose behalf.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// What is asked for.
    pub url: &'a Url,
    /// With which method.
    pub method: &'a Method,
    /// The page that asks; nothing where each request is its own page's.
    pub page: Option<&'a Url>,
    /// Whether the request is a part of that page, or leads away from it.
    pub visit: Visit,
    /// Whether other sites than the page's have cookies.
    pub third_parties: ThirdParties,
}

/// What a request is to the page that makes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visit {
    /// A picture, a script, a call: a part of it.
    #[default]
    Part,
    /// A link or a form: what comes takes its place.
    Navigation,
}

/// Whether other sites than the page's have cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThirdParties {
    /// As `SameSite` says.
    #[default]
    Allowed,
    /// Only those that are kept apart for the page's site.
    Off,
}

/// How a request stands to the page that makes it (RFC 6265bis §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distance {
    /// Of one site.
    Same,
    /// A navigation from another site, with a method that only asks.
    SafeNavigation,
    /// A navigation from another site, with any other method.
    Navigation,
    /// Part of another site's page.
    Foreign,
}

/// A cookie that does not say `SameSite` goes along with a form for so long (Chromium's "Lax+POST").
const NEW: u64 = 2 * 60 * 1000;

impl Asking<'_> {
    /// Whether the way is secure, or does not leave this machine.
    pub(super) fn is_secure(&self) -> bool {
        self.url.scheme() == "https" || is_loopback(&host_of(self.url))
    }

    pub(super) fn distance(&self) -> Distance {
        let Some(page) = self.page else {
            return Distance::Same;
        };
        if Site::of(page) == Site::of(self.url) {
            return Distance::Same;
        }
        let is_safe = matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE");
        match self.visit {
            Visit::Part => Distance::Foreign,
            Visit::Navigation if is_safe => Distance::SafeNavigation,
            Visit::Navigation => Distance::Navigation,
        }
    }

    /// The top-level site that partitioned cookies are kept apart for.
    pub(super) fn partition(&self) -> String {
        let top = match (self.page, self.visit) {
            (Some(page), Visit::Part) => page,
            (_, Visit::Navigation) | (None, _) => self.url,
        };
        Site::of(top).to_string()
    }

    /// The page's site, for people.
    pub(super) fn page_site(&self) -> String {
        Site::of(self.page.unwrap_or(self.url)).to_string()
    }

    /// Why a cookie does not go along, if it does not (RFC 6265bis §5.8.3).
    pub(super) fn withholds(&self, cookie: &Cookie, host: &str, now: u64) -> Option<Withheld> {
        self.by_place(cookie, host)
            .or_else(|| (cookie.secure && !self.is_secure()).then_some(Withheld::Secure))
            .or_else(|| self.by_site(cookie, now))
            .or_else(|| self.by_party(cookie))
    }

    fn by_place(&self, cookie: &Cookie, host: &str) -> Option<Withheld> {
        let is_for_host = if cookie.host_only {
            host == cookie.domain
        } else {
            domain_matches(host, &cookie.domain)
        };
        if !is_for_host {
            return Some(Withheld::Domain {
                hosts: cookie.hosts(),
                host: host.to_owned(),
            });
        }
        let path = self.url.path();
        (!path_matches(path, &cookie.path)).then(|| Withheld::Path {
            path: cookie.path.clone(),
            request: path.to_owned(),
        })
    }

    fn by_site(&self, cookie: &Cookie, now: u64) -> Option<Withheld> {
        let distance = self.distance();
        let page = || self.page_site();
        match (cookie.same_site, distance) {
            (_, Distance::Same)
            | (Some(SameSite::None), _)
            | (Some(SameSite::Lax) | None, Distance::SafeNavigation) => None,
            (Some(SameSite::Strict), _) => Some(Withheld::Strict { page: page() }),
            (Some(SameSite::Lax), _) => Some(Withheld::Lax { page: page() }),
            (None, Distance::Navigation) if now.saturating_sub(cookie.created) <= NEW => None,
            (None, _) => Some(Withheld::Defaulted { page: page() }),
        }
    }

    fn by_party(&self, cookie: &Cookie) -> Option<Withheld> {
        if let Some(kept_for) = &cookie.partition {
            let here = self.partition();
            return (*kept_for != here).then(|| Withheld::Partition {
                kept_for: kept_for.clone(),
                here,
            });
        }
        let is_third = self.distance() == Distance::Foreign;
        (is_third && self.third_parties == ThirdParties::Off).then(|| Withheld::ThirdParty {
            page: self.page_site(),
        })
    }
}
