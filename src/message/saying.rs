use std::sync::Arc;

use url::Url;

use super::request::AGENT;
use super::{CacheMode, Headers, Method, Origin, RequestHead};

/// What a request is to say beyond its method and URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saying {
    /// Header fields as they were given; one takes the place of the automatic one of its name.
    pub headers: Headers,
    /// Names of automatic header fields that are left out.
    pub without: Vec<String>,
    /// Cookies beyond those of the jar, as a `Cookie` header says them.
    pub cookies: Option<String>,
    /// The body.
    pub payload: Option<Payload>,
}

/// A body that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Its media type, unless a header says another.
    pub media_type: Option<String>,
}

/// Why a header field cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadField {
    /// Its name is no token.
    #[error("the name of a header is made of letters, digits and !#$%&'*+-.^_`|~ only")]
    Name,
    /// Its value would end the line.
    #[error("the value of a header cannot have a line break or NUL in it")]
    Value,
}

impl Saying {
    /// Gives a header field, if HTTP can say it.
    pub fn say(&mut self, name: &str, value: &str) -> Result<(), BadField> {
        if name.parse::<Method>().is_err() {
            // A method and a name are both tokens (RFC 9110 §5.6.2).
            return Err(BadField::Name);
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(BadField::Value);
        }
        self.headers.push(name, value.trim_matches([' ', '\t']));
        Ok(())
    }

    /// Whether a header field of this name was given.
    pub fn has(&self, name: &str) -> bool {
        self.headers.first(name).is_some()
    }
}

impl RequestHead {
    /// The head for a fetch of `url`: what a browser says, in Chromium's order, and what was given.
    ///
    /// `br` and `zstd` are asked for over TLS only, as browsers do.
    pub fn composed(
        method: Method,
        url: &Url,
        origin: &Origin,
        saying: &Saying,
        cache: CacheMode,
    ) -> Self {
        let payload = saying.payload.as_ref();
        let length = match payload {
            Some(payload) => Some(payload.bytes.len()),
            // RFC 9110 §8.6: a method that anticipates content says that there is none.
            None => matches!(method.as_str(), "POST" | "PUT" | "PATCH").then_some(0),
        };
        let media_type = payload.and_then(|payload| payload.media_type.clone());
        let (pragma, control) = match cache {
            CacheMode::NoStore | CacheMode::Reload => (Some("no-cache"), Some("no-cache")),
            CacheMode::NoCache => (None, Some("max-age=0")),
            CacheMode::Default | CacheMode::ForceCache | CacheMode::OnlyIfCached => (None, None),
        };
        // A part of a coded body could not be decoded: browsers ask for parts as they are.
        let codings = if saying.has("range") {
            "identity"
        } else {
            origin.scheme.codings()
        };
        let owned = |text: &str| Some(text.to_owned());
        let mut draft = Draft::new(saying);
        draft.place("Host", Some(origin.authority()));
        draft.place("Connection", owned("keep-alive"));
        draft.place("Content-Length", length.map(|length| length.to_string()));
        draft.place("Pragma", pragma.and_then(owned));
        draft.place("Cache-Control", control.and_then(owned));
        draft.place("User-Agent", owned(AGENT));
        draft.place("Content-Type", media_type);
        draft.place("Accept", owned("*/*"));
        draft.place("Accept-Encoding", owned(codings));
        draft.place("Accept-Language", owned("en-US,en;q=0.9"));
        let (headers, automatic) = draft.finish();
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Self {
            method,
            target,
            headers,
            automatic: automatic.into(),
        }
    }
}

/// Header fields as they are put together.
struct Draft<'a> {
    saying: &'a Saying,
    headers: Headers,
    automatic: Vec<String>,
    placed: Vec<&'static str>,
}

impl<'a> Draft<'a> {
    fn new(saying: &'a Saying) -> Self {
        Self {
            saying,
            headers: Headers::new(),
            automatic: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// The place of a field that there would be by itself: what was given stands here instead.
    fn place(&mut self, name: &'static str, value: Option<String>) {
        let Some(value) = value else { return };
        let is_named = |known: &str| known.eq_ignore_ascii_case(name);
        self.placed.push(name);
        if self.saying.has(name) {
            for (given, value) in self.saying.headers.iter() {
                if is_named(given) {
                    self.headers.push(given, value);
                }
            }
            return;
        }
        // Without its length, nobody could tell where a body ends.
        let is_needed = name == "Content-Length" && self.saying.payload.is_some();
        if is_needed || !self.saying.without.iter().any(|known| is_named(known)) {
            self.headers.push(name, value);
            self.automatic.push(name.to_owned());
        }
    }

    fn finish(mut self) -> (Headers, Vec<String>) {
        for (name, value) in self.saying.headers.iter() {
            let is_placed = |placed: &&str| placed.eq_ignore_ascii_case(name);
            if !self.placed.iter().any(is_placed) {
                self.headers.push(name, value);
            }
        }
        (self.headers, self.automatic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(method: &str, saying: &Saying, cache: CacheMode) -> (Vec<String>, Vec<String>) {
        let url = Url::parse("http://a.test/").unwrap();
        let origin = Origin::of(&url).unwrap();
        let method = method.parse().unwrap();
        let head = RequestHead::composed(method, &url, &origin, saying, cache);
        let names = head.headers.iter().map(|(name, _)| name.to_owned());
        (names.collect(), head.automatic.to_vec())
    }

    #[test]
    fn the_order_is_chromiums_and_all_of_it_is_automatic() {
        let payload = Payload {
            bytes: Arc::from(&b"abc"[..]),
            media_type: Some("text/plain".into()),
        };
        let saying = Saying {
            payload: Some(payload),
            ..Saying::default()
        };
        let (names, automatic) = names("POST", &saying, CacheMode::Reload);
        let order = "Host Connection Content-Length Pragma Cache-Control User-Agent Content-Type \
                     Accept Accept-Encoding Accept-Language";
        assert_eq!(names.join(" "), order);
        assert_eq!(automatic, names);
    }

    #[test]
    fn what_is_given_stands_in_place_or_behind_and_what_is_removed_is_gone() {
        let mut saying = Saying::default();
        for name in ["X-b", "ACCEPT", "x-A", "accept"] {
            saying.say(name, "1").unwrap();
        }
        saying.without = vec!["user-agent".into(), "Connection".into()];
        let (names, automatic) = names("GET", &saying, CacheMode::Default);
        let order = "Host ACCEPT accept Accept-Encoding Accept-Language X-b x-A";
        assert_eq!(names.join(" "), order);
        assert_eq!(automatic.join(" "), "Host Accept-Encoding Accept-Language");
    }

    #[test]
    fn a_field_cannot_forge_another() {
        let mut saying = Saying::default();
        assert_eq!(saying.say("A", "b\r\nC: d"), Err(BadField::Value));
        assert_eq!(saying.say("A: b", "c"), Err(BadField::Name));
        assert_eq!(saying.say("", "c"), Err(BadField::Name));
        assert!(saying.headers.is_empty());
    }
}
