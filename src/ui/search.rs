use std::collections::BTreeMap;
use std::fmt;

use regex::bytes::{Regex, RegexBuilder};

use crate::event::{Content, RequestId};
use crate::model::Request;

use crate::query::{between_slashes, no_regex};

/// What is searched for: text whatever its case, or `/regex/`.
#[derive(Clone, Debug)]
pub struct Needle(Regex);

/// A request as far as it is searched.
#[derive(Clone, Debug)]
pub struct Haystack {
    /// Which request.
    pub request: RequestId,
    url: String,
    sent: Vec<(String, String)>,
    received: Vec<(String, String)>,
    /// The body as it came.
    pub body: Option<Content>,
    /// The codings to be taken off it first.
    pub codings: Vec<String>,
}

/// Requests to be searched, on another thread.
#[derive(Clone, Debug)]
pub struct Quest {
    /// For what; another number each time something else is typed.
    pub number: u64,
    /// What is searched for.
    pub needle: Needle,
    /// Where.
    pub haystacks: Vec<Haystack>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number of the quest.
    pub number: u64,
    /// The hits of each request that was searched.
    pub hits: Vec<(RequestId, Vec<Hit>)>,
}

/// Something that was found in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// In its URL.
    Url,
    /// In a header that was sent, by its name.
    Sent(String),
    /// In a header of the answer, by its name.
    Received(String),
    /// In a line of the body, counted from 1.
    Body(usize),
}

/// So many hits of one body are told apart.
const OF_A_BODY: usize = 1_000;

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("URL"),
            Self::Sent(name) => write!(f, "request header {name}"),
            Self::Received(name) => write!(f, "response header {name}"),
            Self::Body(line) => write!(f, "body, line {line}"),
        }
    }
}

impl Needle {
    /// Understands what is typed; nothing where nothing is.
    pub(super) fn read(text: &str) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let inner = between_slashes(text);
        let escaped = regex::escape(text);
        let regex = RegexBuilder::new(inner.unwrap_or(&escaped))
            .case_insensitive(true)
            .build();
        let regex = regex.map_err(|error| no_regex(inner.unwrap_or(text), &error))?;
        // What matches nothing at all matches everywhere, and tells nothing.
        Ok((!regex.is_match(b"")).then_some(Self(regex)))
    }

    /// Where in `text` it is, as ranges of bytes.
    pub(super) fn places(&self, text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.0.find_iter(text.as_bytes()).map(|found| found.range())
    }

    fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }

    /// What is found in a request, its body without codings given.
    pub fn hits(&self, haystack: &Haystack, body: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.is_in(&haystack.url) {
            hits.push(Hit::Url);
        }
        let is_in = |(name, value): &&(String, String)| self.is_in(name) || self.is_in(value);
        let sent = haystack.sent.iter().filter(is_in);
        hits.extend(sent.map(|(name, _)| Hit::Sent(name.clone())));
        let received = haystack.received.iter().filter(is_in);
        hits.extend(received.map(|(name, _)| Hit::Received(name.clone())));
        hits.extend(self.lines(body).map(Hit::Body));
        hits
    }

    /// The lines in which it is, each once.
    fn lines(&self, body: &[u8]) -> impl Iterator<Item = usize> {
        let (mut line, mut counted, mut last) = (1, 0, 0);
        let found = self.0.find_iter(body).filter_map(move |found| {
            let before = body.get(counted..found.start()).unwrap_or_default();
            line += before.split(|byte| *byte == b'\n').count() - 1;
            counted = found.start();
            let is_new = line != last;
            last = line;
            is_new.then_some(line)
        });
        found.take(OF_A_BODY)
    }
}

impl Haystack {
    pub(super) fn of(request: &Request) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let sent = request
            .sent
            .iter()
            .flat_map(|(head, _)| head.headers.iter());
        let head = request.given_head();
        let received = head.into_iter().flat_map(|head| head.headers.iter());
        let body = request.given_body().and_then(|body| body.content.clone());
        let codings = request.codings_left();
        let codings = if body.is_some() { codings } else { Vec::new() };
        Self {
            request: request.id,
            url: request.url.to_string(),
            sent: sent.map(owned).collect(),
            received: received.map(owned).collect(),
            codings: codings.into_iter().map(str::to_owned).collect(),
            body,
        }
    }
}

/// The hits of a run, by request.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    of: BTreeMap<RequestId, Vec<Hit>>,
    total: usize,
}

impl Hits {
    /// Puts the hits of a request in place of those that it had.
    pub(super) fn put(&mut self, request: RequestId, hits: Vec<Hit>) {
        self.total += hits.len();
        let former = if hits.is_empty() {
            self.of.remove(&request)
        } else {
            self.of.insert(request, hits)
        };
        self.total -= former.map_or(0, |former| former.len());
    }

    pub(super) fn of(&self, request: RequestId) -> &[Hit] {
        self.of.get(&request).map_or(&[], Vec::as_slice)
    }

    pub(super) fn requests(&self) -> impl ExactSizeIterator<Item = RequestId> {
        self.of.keys().copied()
    }

    pub(super) const fn total(&self) -> usize {
        self.total
    }

    /// How many hits come before the `nth` of `request`, in the order of requests.
    pub(super) fn before(&self, request: RequestId, nth: usize) -> usize {
        let earlier = self.of.range(..request).map(|(_, hits)| hits.len());
        earlier.sum::<usize>() + nth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn haystack() -> Haystack {
        Haystack {
            request: RequestId(3),
            url: "http://a.test/logo.png".into(),
            sent: vec![("Accept".into(), "image/PNG".into())],
            received: vec![("Content-Type".into(), "image/png".into())],
            body: None,
            codings: vec![],
        }
    }

    fn found(text: &str, body: &[u8]) -> Vec<String> {
        let needle = Needle::read(text).unwrap().unwrap();
        let hits = needle.hits(&haystack(), body);
        hits.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn urls_headers_and_bodies_are_searched() {
        assert_eq!(
            found("png", b"one\nPNG png\n\xff\npng"),
            [
                "URL",
                "request header Accept",
                "response header Content-Type",
                "body, line 2",
                "body, line 4"
            ]
        );
        assert_eq!(found("/^content-/", b""), ["response header Content-Type"]);
        assert!(found("a.test/x", b"").is_empty(), "a dot is a dot");
    }

    #[test]
    fn what_cannot_be_searched_for_is_said() {
        assert!(Needle::read("").unwrap().is_none());
        assert!(Needle::read("/x*/").unwrap().is_none(), "it is everywhere");
        let words = Needle::read("/(/").unwrap_err();
        assert!(words.starts_with("/(/ is no regular expression"), "{words}");
    }

    #[test]
    fn hits_are_counted_as_they_come_and_go() {
        let mut hits = Hits::default();
        hits.put(RequestId(5), vec![Hit::Url, Hit::Body(1)]);
        hits.put(RequestId(2), vec![Hit::Url]);
        assert_eq!((hits.total(), hits.before(RequestId(5), 1)), (3, 2));
        hits.put(RequestId(5), vec![]);
        assert_eq!((hits.total(), hits.requests().len()), (1, 1));
    }
}
