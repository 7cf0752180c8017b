use url::Url;

use crate::cookies::{
    Accepted, Asking, Choice, Dropped, Offered, Refused, ThirdParties, Visit, Withheld, registrable,
};
use crate::event::{CookieFate, Fact, WithheldCookie};
use crate::message::{Cookie, CookieKey, Credentials, Origin, ResponseHead};

use super::engine::Engine;
use super::fetch::Request;

/// How the run deals with cookies.
#[derive(Clone, Debug, Default)]
pub struct CookieRules {
    /// Whether there is no jar.
    pub is_off: bool,
    /// What is in the jar at the beginning.
    pub start: Vec<Cookie>,
    /// The page whose requests these are; nothing where each is its own page's.
    pub page: Option<Url>,
    /// What a request is to that page.
    pub visit: Visit,
    /// Whether other sites than the page's have cookies.
    pub third_parties: ThirdParties,
}

/// What comes before a `Cookie` header that was given: nothing from the jar.
enum Own {
    Given,
    Removed,
}

/// Puts what the jar had at the beginning on record.
pub(super) fn open_jar(engine: &Engine) {
    for cookie in &engine.settings.cookies.start {
        put(cookie.clone(), engine);
    }
}

/// Puts a cookie into the jar as it is.
pub(super) fn put(cookie: Cookie, engine: &Engine) {
    engine.jar.borrow_mut().put(cookie.clone());
    tell_kept(cookie, engine);
}

/// Takes cookies out of the jar because a person said so.
pub(super) fn take(keys: &[CookieKey], engine: &Engine) {
    for key in keys {
        if engine.jar.borrow_mut().take(key).is_some() {
            let words = "a person deleted it".to_owned();
            let key = key.clone();
            engine.reporter.say(Fact::CookieDropped {
                key: Box::new(key),
                words,
            });
        }
    }
}

/// Writes the `Cookie` header of a request, and says why cookies of its site are not in it.
pub(super) fn choose(request: &mut Request, engine: &Engine) {
    let given = request.saying.cookies.clone();
    let own = own_header(request);
    let mut choice = if engine.settings.cookies.is_off {
        Choice::default()
    } else {
        let asking = asking(request, engine);
        engine
            .jar
            .borrow_mut()
            .choose(&asking, engine.reporter.wall_ms())
    };
    let barred = match own {
        Some(Own::Given) => Some(Withheld::Given),
        Some(Own::Removed) => Some(Withheld::Removed),
        None => barred(request, engine).map(Bar::withheld),
    };
    if let Some(why) = barred {
        let sent = std::mem::take(&mut choice.sent);
        let withheld = sent.into_iter().map(|cookie| (cookie, why.clone()));
        choice.withheld.extend(withheld);
    }
    let pairs = choice.sent.iter().map(Cookie::pair);
    let pairs: Vec<_> = pairs.chain(given).collect();
    if own.is_none() && !pairs.is_empty() {
        let automatic = request.saying.cookies.is_none();
        request.head.add("Cookie", pairs.join("; "), automatic);
    }
    tell(request, choice, engine);
}

/// Offers the jar what an answer from the network sets.
pub(super) fn offer(request: &Request, head: &ResponseHead, engine: &Engine) {
    let rules = &engine.settings.cookies;
    for line in head.headers.all("set-cookie") {
        let refused = if rules.is_off {
            Some(Refused::Off)
        } else if head.is_interim() {
            Some(Refused::Interim)
        } else {
            barred(request, engine).map(Bar::refused)
        };
        let offered = refused.map_or_else(|| judge(line, request, engine), Offered::refused);
        let Offered {
            verdict,
            kept,
            dropped,
        } = offered;
        engine.reporter.say(Fact::CookieJudged {
            request: request.id,
            line: line.to_owned(),
            fate: fate(&verdict),
            words: match &verdict {
                Ok(accepted) => accepted.to_string(),
                Err(refused) => refused.to_string(),
            },
            expires: kept.as_ref().and_then(|cookie| cookie.expires),
        });
        tell_dropped(dropped, engine);
        if let Some(cookie) = kept {
            tell_kept(cookie, engine);
        }
    }
}

fn judge(line: &str, request: &Request, engine: &Engine) -> Offered {
    let now = engine.reporter.wall_ms();
    let asking = asking(request, engine);
    engine.jar.borrow_mut().offer(line, &asking, now)
}

const fn fate(verdict: &Result<Accepted, Refused>) -> CookieFate {
    match verdict {
        Ok(Accepted::Stored { .. }) => CookieFate::Stored,
        Ok(Accepted::Replaced { .. }) => CookieFate::Replaced,
        Ok(Accepted::Deleted | Accepted::NothingToDelete) => CookieFate::Deleted,
        Err(_) => CookieFate::Refused,
    }
}

/// Why no cookie at all goes along or is kept.
#[derive(Clone, Copy)]
enum Bar {
    Omitted,
    SameOrigin,
}

impl Bar {
    const fn withheld(self) -> Withheld {
        match self {
            Self::Omitted => Withheld::Omitted,
            Self::SameOrigin => Withheld::SameOrigin,
        }
    }

    const fn refused(self) -> Refused {
        match self {
            Self::Omitted => Refused::Omitted,
            Self::SameOrigin => Refused::SameOrigin,
        }
    }
}

fn barred(request: &Request, engine: &Engine) -> Option<Bar> {
    let page = engine.settings.cookies.page.as_ref();
    let is_elsewhere = page.is_some_and(|page| Origin::of(page).as_ref() != Some(request.origin()));
    match request.credentials {
        Credentials::Omit => Some(Bar::Omitted),
        Credentials::SameOrigin if is_elsewhere => Some(Bar::SameOrigin),
        Credentials::SameOrigin | Credentials::Include => None,
    }
}

/// Whether the request speaks of `Cookie` itself, so that the jar does not.
fn own_header(request: &Request) -> Option<Own> {
    let is_named = |name: &String| name.eq_ignore_ascii_case("cookie");
    if request.saying.has("cookie") {
        Some(Own::Given)
    } else if request.saying.without.iter().any(is_named) {
        Some(Own::Removed)
    } else {
        None
    }
}

fn asking<'a>(request: &'a Request, engine: &'a Engine) -> Asking<'a> {
    let rules = &engine.settings.cookies;
    Asking {
        url: &request.url,
        method: &request.head.method,
        page: rules.page.as_ref(),
        visit: rules.visit,
        third_parties: rules.third_parties,
    }
}

fn tell(request: &Request, choice: Choice, engine: &Engine) {
    tell_dropped(choice.dropped, engine);
    if choice.sent.is_empty() && choice.withheld.is_empty() {
        return;
    }
    let withheld = choice
        .withheld
        .into_iter()
        .map(|(cookie, why)| WithheldCookie {
            key: cookie.key(),
            words: why.to_string(),
        });
    engine.reporter.say(Fact::CookiesChosen {
        request: request.id,
        sent: choice.sent,
        withheld: withheld.collect(),
    });
}

fn tell_kept(cookie: Cookie, engine: &Engine) {
    let site = registrable(&cookie.domain).to_owned();
    engine.reporter.say(Fact::CookieKept {
        cookie: Box::new(cookie),
        site,
    });
}

fn tell_dropped(dropped: Vec<Dropped>, engine: &Engine) {
    for Dropped { key, why } in dropped {
        let words = why.to_string();
        engine.reporter.say(Fact::CookieDropped {
            key: Box::new(key),
            words,
        });
    }
}
