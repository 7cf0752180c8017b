use crate::message::{Cookie, CookieKey, SameSite, SetCookie};

use super::asking::{Asking, Distance, ThirdParties};
use super::attributes::Attributes;
use super::domain::{domain_for, domain_matches, host_of};
use super::jar::{Dropped, Jar};
use super::path::{default_path, path_matches};
use super::prefix::Prefix;
use super::site::registrable;
use super::verdict::{Accepted, Gone, Refused};

/// What became of a `Set-Cookie` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The verdict.
    pub verdict: Result<Accepted, Refused>,
    /// The cookie as it is now in the jar, if it is.
    pub kept: Option<Cookie>,
    /// The cookies that had to go for it.
    pub dropped: Vec<Dropped>,
}

impl Offered {
    /// The jar is as it was.
    pub const fn refused(why: Refused) -> Self {
        Self {
            verdict: Err(why),
            kept: None,
            dropped: Vec::new(),
        }
    }
}

/// Name and value may have so many bytes (RFC 6265bis §5.6).
const LONGEST: usize = 4096;

impl Jar {
    /// Offers the jar what an answer's `Set-Cookie` line says (RFC 6265bis §5.7).
    pub fn offer(&mut self, line: &str, asking: &Asking<'_>, now: u64) -> Offered {
        match self.judge(line, asking, now) {
            Ok(cookie) if cookie.is_expired(now) => self.delete(&cookie.key()),
            Ok(cookie) => self.store(cookie, now),
            Err(refused) => Offered::refused(refused),
        }
    }

    /// The cookie that a line makes, if it may be stored.
    fn judge(&self, line: &str, asking: &Asking<'_>, now: u64) -> Result<Cookie, Refused> {
        // Chromium has it that a line ends here, wherever it was broken.
        let line = line.split(['\r', '\n', '\0']).next().unwrap_or_default();
        let set = SetCookie::read(line);
        check_text(line, &set)?;
        let said = Attributes::of(&set);
        let host = host_of(asking.url);
        let (domain, host_only) = domain_for(&host, said.domain)?;
        let cookie = Cookie {
            name: set.name.to_owned(),
            value: set.value.to_owned(),
            domain,
            host_only,
            path: said
                .path
                .unwrap_or_else(|| default_path(asking.url))
                .to_owned(),
            expires: said.expires(now),
            secure: said.secure,
            http_only: said.http_only,
            same_site: said.same_site,
            priority: said.priority,
            partition: said.partitioned.then(|| asking.partition()),
            created: now,
            used: now,
        };
        check_promises(&cookie, &said)?;
        if !asking.is_secure() {
            self.check_way(&cookie)?;
        }
        check_page(&cookie, asking)?;
        Ok(cookie)
    }

    /// What comes in clear is no Secure cookie, and does not stand before one.
    fn check_way(&self, cookie: &Cookie) -> Result<(), Refused> {
        if cookie.secure {
            return Err(Refused::SecureOnHttp);
        }
        let stands_before = |other: &Cookie| {
            let is_near = domain_matches(&cookie.domain, &other.domain)
                || domain_matches(&other.domain, &cookie.domain);
            other.secure
                && other.name == cookie.name
                && is_near
                && path_matches(&cookie.path, &other.path)
        };
        let of_site = self.of_site(registrable(&cookie.domain));
        match of_site.iter().find(|kept| stands_before(&kept.cookie)) {
            Some(kept) => Err(Refused::Shadows {
                path: kept.cookie.path.clone(),
            }),
            None => Ok(()),
        }
    }

    fn store(&mut self, mut cookie: Cookie, now: u64) -> Offered {
        let lives = cookie
            .expires
            .map(|expires| expires.saturating_sub(now) / 1000);
        let verdict = match self.cookie(&cookie.key()) {
            Some(old) => {
                let changes = changes(old, &cookie);
                if old.value == cookie.value {
                    // As Chromium has it: only another value makes it a new cookie.
                    cookie.created = old.created;
                }
                Accepted::Replaced { changes, lives }
            }
            None => Accepted::Stored { lives },
        };
        self.put(cookie.clone());
        let dropped = self.make_room(registrable(&cookie.domain), now);
        let is_kept = dropped.iter().all(|gone| !cookie.is(&gone.key));
        Offered {
            verdict: Ok(verdict),
            kept: is_kept.then_some(cookie),
            dropped,
        }
    }

    fn delete(&mut self, key: &CookieKey) -> Offered {
        let (verdict, dropped) = match self.take(key) {
            Some(_) => {
                let gone = Dropped {
                    key: key.clone(),
                    why: Gone::Deleted,
                };
                (Accepted::Deleted, vec![gone])
            }
            None => (Accepted::NothingToDelete, Vec::new()),
        };
        Offered {
            verdict: Ok(verdict),
            kept: None,
            dropped,
        }
    }
}

/// What name and value may be.
pub(super) fn check_text(line: &str, set: &SetCookie<'_>) -> Result<(), Refused> {
    let has_tab = set.name.contains('\t') || set.value.contains('\t');
    if has_tab || line.chars().any(|c| c.is_ascii_control() && c != '\t') {
        return Err(Refused::Control);
    }
    if set.name.is_empty() {
        if set.value.is_empty() {
            return Err(Refused::Empty);
        }
        if Prefix::of(set.value).is_some() {
            return Err(Refused::HiddenPrefix);
        }
        if set.value.contains('=') {
            return Err(Refused::NamelessPair);
        }
    }
    // A character is a byte.
    let bytes = set.name.chars().count() + set.value.chars().count();
    if bytes > LONGEST {
        return Err(Refused::TooLong { bytes });
    }
    Ok(())
}

/// What a cookie says of itself has to go together.
pub(super) fn check_promises(cookie: &Cookie, said: &Attributes<'_>) -> Result<(), Refused> {
    if let Some(prefix) = Prefix::of(&cookie.name)
        && let Some(lacks) = prefix.lacks(cookie, said.path.is_some())
    {
        let prefix = prefix.name();
        return Err(Refused::Prefix { prefix, lacks });
    }
    if cookie.secure {
        return Ok(());
    }
    if cookie.same_site == Some(SameSite::None) {
        return Err(Refused::NoneInsecure);
    }
    if cookie.partition.is_some() {
        return Err(Refused::PartitionedInsecure);
    }
    Ok(())
}

/// What another site's page may not have sent, it may not have set.
fn check_page(cookie: &Cookie, asking: &Asking<'_>) -> Result<(), Refused> {
    if asking.distance() != Distance::Foreign {
        return Ok(());
    }
    let page = asking.page_site();
    let same_site = match cookie.same_site {
        Some(SameSite::None) if cookie.partition.is_some() => return Ok(()),
        Some(SameSite::None) if asking.third_parties == ThirdParties::Off => {
            return Err(Refused::ThirdParty { page });
        }
        Some(SameSite::None) => return Ok(()),
        Some(SameSite::Strict) => "SameSite=Strict",
        Some(SameSite::Lax) => "SameSite=Lax",
        None => "no SameSite, so as Lax",
    };
    Err(Refused::CrossSite { same_site, page })
}

/// What is different of a cookie that takes another's place.
fn changes(old: &Cookie, new: &Cookie) -> Vec<&'static str> {
    [
        ("value", old.value != new.value),
        ("expiry", old.expires != new.expires),
        ("Secure", old.secure != new.secure),
        ("HttpOnly", old.http_only != new.http_only),
        ("SameSite", old.same_site != new.same_site),
        ("Priority", old.priority != new.priority),
    ]
    .into_iter()
    .filter_map(|(name, is_different)| is_different.then_some(name))
    .collect()
}
