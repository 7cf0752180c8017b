use crate::message::{CacheMode, Cookie, Payload, RequestHead, Saying, cookie_pairs};

use super::Request;

/// What makes a request the same request once more.
impl Request {
    /// What it said beyond its URL; what is automatic is left to be said anew.
    pub fn saying(&self) -> Saying {
        let mut saying = Saying::default();
        let Some((head, _)) = &self.sent else {
            return saying;
        };
        let is_automatic = |name: &str| {
            let mut names = head.automatic.iter();
            names.any(|known| known.eq_ignore_ascii_case(name))
        };
        for (name, value) in head.headers.iter() {
            if name.eq_ignore_ascii_case("cookie") && !is_automatic(name) {
                saying.cookies = self.own_cookies(value);
            } else if !is_automatic(name) {
                saying.headers.push(name, value);
            }
        }
        saying.payload = self.sent_body.as_ref().map(|content| Payload {
            bytes: content.0.clone(),
            // Automatic or not, it belongs to the body.
            media_type: head.headers.first("content-type").map(str::to_owned),
        });
        if let Some(origin) = &self.origin {
            let mode = CacheMode::default();
            let usual =
                RequestHead::composed(self.method.clone(), &self.url, origin, &saying, mode);
            let is_said = |name: &str| head.headers.first(name).is_some();
            let names = usual.automatic.iter().cloned();
            saying.without = names
                .filter(|name| !is_said(name) && name != "Content-Length")
                .collect();
        }
        saying
    }

    /// The pairs of a `Cookie` header that did not come from the jar.
    fn own_cookies(&self, value: &str) -> Option<String> {
        let chosen = self.chosen.iter().flat_map(|chosen| &chosen.sent);
        let mut from_jar: Vec<String> = chosen.map(Cookie::pair).collect();
        let mut own = Vec::new();
        for (name, value) in cookie_pairs(value) {
            let pair = format!("{name}={value}");
            match from_jar.iter().position(|known| *known == pair) {
                Some(place) => drop(from_jar.remove(place)),
                None => own.push(pair),
            }
        }
        (!own.is_empty()).then(|| own.join("; "))
    }
}
