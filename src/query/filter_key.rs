use crate::event::CookieFate;
use crate::message::{Cookie, ResponseHead, SetCookie, cookie_pairs};
use crate::model::Request;

/// Turns the table below into [`Key`] and [`KEYS`].
macro_rules! keys {
    ($($key:ident $name:literal)+) => {
        /// What stands before the colon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = concat!("`", $name, ":`")] $key,)+
        }

        /// Every key of `DevTools`.
        pub const KEYS: &[Key] = &[$(Key::$key),+];

        impl Key {
            /// The word before the colon.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)+
                }
            }
        }
    };
}

keys! {
    CookieDomain "cookie-domain"
    CookieName "cookie-name"
    CookiePath "cookie-path"
    CookieValue "cookie-value"
    Domain "domain"
    HasOverrides "has-overrides"
    HasRequestHeader "has-request-header"
    HasResponseHeader "has-response-header"
    Is "is"
    LargerThan "larger-than"
    Method "method"
    MimeType "mime-type"
    MixedContent "mixed-content"
    Priority "priority"
    ResourceType "resource-type"
    ResponseHeaderSetCookie "response-header-set-cookie"
    Scheme "scheme"
    SetCookieDomain "set-cookie-domain"
    SetCookieName "set-cookie-name"
    SetCookieValue "set-cookie-value"
    StatusCode "status-code"
    Url "url"
}

/// What stands behind `is:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// A cookie of its site was withheld, or one of its answer refused.
    CookieBlocked,
    /// It failed.
    Failed,
    /// It was answered from the cache.
    FromCache,
    /// It is not over.
    Running,
    /// There are no service workers: nothing is theirs.
    ServiceWorker,
}

/// Every state, by the word behind `is:`.
pub const FLAGS: [(&str, Flag); 6] = [
    ("cookie-blocked", Flag::CookieBlocked),
    ("failed", Flag::Failed),
    ("from-cache", Flag::FromCache),
    ("running", Flag::Running),
    ("service-worker-initiated", Flag::ServiceWorker),
    ("service-worker-intercepted", Flag::ServiceWorker),
];

impl Flag {
    /// Whether a request is in it.
    pub fn holds(self, request: &Request) -> bool {
        match self {
            Self::CookieBlocked => {
                let chosen = request.chosen.as_ref();
                chosen.is_some_and(|chosen| !chosen.withheld.is_empty())
                    || request
                        .judged
                        .iter()
                        .any(|judged| judged.fate == CookieFate::Refused)
            }
            Self::Failed => request.failure().is_some(),
            Self::FromCache => request.is_stored(),
            Self::Running => request.ended.is_none(),
            Self::ServiceWorker => false,
        }
    }
}

impl Key {
    /// What a request has of it.
    pub fn values(self, request: &Request) -> Vec<String> {
        let head = request.head.as_ref();
        let one = |text: Option<String>| text.into_iter().collect();
        match self {
            Self::Domain => one(request.origin.as_ref().map(|origin| origin.host.clone())),
            Self::Scheme => vec![request.url.scheme().to_owned()],
            Self::Url => vec![request.url.as_str().to_owned()],
            Self::Method => vec![request.method.as_str().to_owned()],
            Self::Priority => vec![request.priority.name().to_owned()],
            Self::StatusCode => one(request.status().map(|status| status.to_string())),
            Self::MimeType => one(head.and_then(ResponseHead::media_type)),
            Self::ResourceType => one(request
                .given_head()
                .and_then(ResponseHead::media_type)
                .map(|media| resource(&media).to_owned())),
            Self::HasRequestHeader => {
                let sent = request
                    .sent
                    .iter()
                    .flat_map(|(head, _)| head.headers.iter());
                sent.map(|(name, _)| name.to_owned()).collect()
            }
            Self::HasResponseHeader => {
                let headers = head.into_iter().flat_map(|head| head.headers.iter());
                headers.map(|(name, _)| name.to_owned()).collect()
            }
            Self::ResponseHeaderSetCookie => {
                let lines = head
                    .into_iter()
                    .flat_map(|head| head.headers.all("set-cookie"));
                lines.map(str::to_owned).collect()
            }
            Self::CookieName => {
                let sent = sent(request).into_iter().map(|(name, _)| name);
                let withheld = withheld(request).map(|key| key.name.clone());
                sent.chain(withheld).collect()
            }
            Self::CookieValue => sent(request).into_iter().map(|(_, value)| value).collect(),
            Self::CookieDomain => {
                let withheld = withheld(request).map(|key| key.domain.clone());
                of_jar(request, |cookie| &cookie.domain)
                    .chain(withheld)
                    .collect()
            }
            Self::CookiePath => {
                let withheld = withheld(request).map(|key| key.path.clone());
                of_jar(request, |cookie| &cookie.path)
                    .chain(withheld)
                    .collect()
            }
            Self::SetCookieName => set(request, |line| Some(line.name.to_owned())),
            Self::SetCookieValue => set(request, |line| Some(line.value.to_owned())),
            Self::SetCookieDomain => set(request, |line| {
                let mut all = line.attributes.iter();
                let domain = all.find(|(name, _)| name.eq_ignore_ascii_case("domain"))?;
                let domain = domain.1.unwrap_or_default();
                Some(domain.strip_prefix('.').unwrap_or(domain).to_owned())
            }),
            // No page, so no content of it is mixed; the others are no values of a request.
            Self::MixedContent | Self::HasOverrides | Self::Is | Self::LargerThan => Vec::new(),
        }
    }
}

/// What `DevTools` would call what came, by its media type.
fn resource(media: &str) -> &'static str {
    match media.split_once('/').unwrap_or((media, "")) {
        ("text", "html") | ("application", "xhtml+xml") => "document",
        ("text", "css") => "stylesheet",
        ("text" | "application", "javascript" | "x-javascript" | "ecmascript") => "script",
        ("image", _) => "image",
        ("audio" | "video", _) => "media",
        ("font", _) | ("application", "font-woff" | "font-woff2") => "font",
        ("text", "vtt") => "texttrack",
        ("text", "event-stream") => "eventsource",
        ("application", "manifest+json") => "manifest",
        ("application", "wasm") => "wasm",
        ("application", "json") => "fetch",
        ("application", other) if other.ends_with("+json") => "fetch",
        _ => "other",
    }
}

fn withheld(request: &Request) -> impl Iterator<Item = &crate::message::CookieKey> {
    let chosen = request.chosen.iter().flat_map(|chosen| &chosen.withheld);
    chosen.map(|cookie| &cookie.key)
}

fn sent(request: &Request) -> Vec<(String, String)> {
    let head = request.sent.as_ref().map(|(head, _)| &head.headers);
    let lines = head.into_iter().flat_map(|headers| headers.all("cookie"));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    lines.flat_map(cookie_pairs).map(owned).collect()
}

fn of_jar(request: &Request, part: fn(&Cookie) -> &String) -> impl Iterator<Item = String> {
    let sent = request.chosen.iter().flat_map(|chosen| &chosen.sent);
    sent.map(part).cloned()
}

fn set(request: &Request, part: fn(&SetCookie<'_>) -> Option<String>) -> Vec<String> {
    let head = request.head.iter();
    let lines = head.flat_map(|head| head.headers.all("set-cookie"));
    lines
        .filter_map(|line| part(&SetCookie::read(line)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_of_devtools_are_there() {
        assert_eq!(KEYS.len(), 22);
    }

    #[test]
    fn resources_are_told_by_their_media_types() {
        let told = [
            "text/html",
            "image/png",
            "application/ld+json",
            "text/plain",
        ]
        .map(resource);
        assert_eq!(told, ["document", "image", "fetch", "other"]);
    }
}
