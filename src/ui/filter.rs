use regex::{Regex, RegexBuilder};

use crate::event::CookieFate;
use crate::message::{Cookie, SetCookie, cookie_pairs};
use crate::model::Request;

/// Which requests are shown, as the Network panel of Chromium's `DevTools` has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    terms: Vec<Term>,
}

/// Something that a request is or is not.
#[derive(Clone, Debug)]
struct Term {
    is_negated: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// The URL has this in it, in lower case.
    Text(String),
    /// The URL matches.
    Regex(Regex),
    /// A property of the request is like this.
    Is(Key, Pattern),
    /// A state of the request.
    State(Flag),
    /// More bytes than this came.
    Larger(u64),
}

/// What stands before the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    CookieDomain,
    CookieName,
    CookiePath,
    CookieValue,
    Domain,
    HasResponseHeader,
    Method,
    MimeType,
    Scheme,
    SetCookieDomain,
    SetCookieName,
    SetCookieValue,
    StatusCode,
    Url,
}

const KEYS: [(&str, Key); 14] = [
    ("cookie-domain", Key::CookieDomain),
    ("cookie-name", Key::CookieName),
    ("cookie-path", Key::CookiePath),
    ("cookie-value", Key::CookieValue),
    ("domain", Key::Domain),
    ("has-response-header", Key::HasResponseHeader),
    ("method", Key::Method),
    ("mime-type", Key::MimeType),
    ("scheme", Key::Scheme),
    ("set-cookie-domain", Key::SetCookieDomain),
    ("set-cookie-name", Key::SetCookieName),
    ("set-cookie-value", Key::SetCookieValue),
    ("status-code", Key::StatusCode),
    ("url", Key::Url),
];

/// What stands behind `is:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flag {
    CookieBlocked,
    Failed,
    FromCache,
    Running,
}

const FLAGS: [(&str, Flag); 4] = [
    ("cookie-blocked", Flag::CookieBlocked),
    ("failed", Flag::Failed),
    ("from-cache", Flag::FromCache),
    ("running", Flag::Running),
];

/// A word with `*` for anything, whatever its case.
#[derive(Clone, Debug)]
struct Pattern(Vec<String>);

impl Filter {
    /// Understands what is typed; the error says what is wrong, and how to mend it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let terms = words(text).into_iter().map(|word| Term::read(&word));
        Ok(Self {
            terms: terms.collect::<Result<_, _>>()?,
        })
    }

    /// Whether it lets everything through.
    pub(super) const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a request is shown: it has to be all that is said.
    pub(super) fn lets_through(&self, request: &Request) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.test.holds(request) != term.is_negated)
    }
}

/// The words of a line; blanks between quotes are part of a word, and the quotes are not.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut is_quoted, mut has_word) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            '"' => (is_quoted, has_word) = (!is_quoted, true),
            c if c.is_whitespace() && !is_quoted => {
                if std::mem::take(&mut has_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => {
                word.push(c);
                has_word = true;
            }
        }
    }
    if has_word {
        words.push(word);
    }
    words
}

impl Term {
    fn read(word: &str) -> Result<Self, String> {
        // A minus alone is still being typed.
        let (is_negated, rest) = match word.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let test = Test::read(rest)?;
        Ok(Self {
            is_negated: is_negated && !rest.is_empty(),
            test,
        })
    }
}

impl Test {
    fn read(word: &str) -> Result<Self, String> {
        let inner = word
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty()) {
            let regex = RegexBuilder::new(inner).case_insensitive(true).build();
            // The last line of what the crate says is the sentence.
            return regex.map(Self::Regex).map_err(|error| {
                let words = error.to_string();
                let words = words.lines().last().unwrap_or_default();
                format!(
                    "/{inner}/ is no regular expression: {}",
                    words.trim_start_matches("error: ")
                )
            });
        }
        let Some((name, value)) = word.split_once(':') else {
            return Ok(Self::Text(word.to_lowercase()));
        };
        let name = name.to_ascii_lowercase();
        if name == "is" {
            let found = FLAGS
                .iter()
                .find(|(known, _)| value.eq_ignore_ascii_case(known));
            let all: Vec<_> = FLAGS.iter().map(|(known, _)| *known).collect();
            let flag = found.map(|(_, flag)| Self::State(*flag));
            return flag.ok_or_else(|| format!("is: takes {}", all.join(", ")));
        }
        if name == "larger-than" {
            let size = size(value).map(Self::Larger);
            return size.ok_or_else(|| "larger-than: takes bytes: 100, 10k, 1M".to_owned());
        }
        match KEYS.iter().find(|(known, _)| name == *known) {
            Some((known, _)) if value.is_empty() => {
                Err(format!("{known}: say what, after the colon"))
            }
            Some((_, key)) => Ok(Self::Is(*key, Pattern::read(value))),
            // As in DevTools: a part of a URL may have a colon in it.
            None => Ok(Self::Text(word.to_lowercase())),
        }
    }

    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Text(text) => request.url.as_str().to_lowercase().contains(text),
            Self::Regex(regex) => regex.is_match(request.url.as_str()),
            Self::Is(key, pattern) => key.values(request).iter().any(|value| pattern.fits(value)),
            Self::State(flag) => flag.holds(request),
            Self::Larger(bytes) => request.bytes > *bytes,
        }
    }
}

impl Flag {
    fn holds(self, request: &Request) -> bool {
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
        }
    }
}

impl Key {
    /// What a request has of it.
    fn values(self, request: &Request) -> Vec<String> {
        let head = request.head.as_ref();
        let one = |text: Option<String>| text.into_iter().collect();
        match self {
            Self::Domain => one(request.origin.as_ref().map(|origin| origin.host.clone())),
            Self::Scheme => vec![request.url.scheme().to_owned()],
            Self::Url => vec![request.url.as_str().to_owned()],
            Self::Method => vec![request.method.as_str().to_owned()],
            Self::StatusCode => one(request.status().map(|status| status.to_string())),
            Self::MimeType => one(head.and_then(crate::message::ResponseHead::media_type)),
            Self::HasResponseHeader => {
                let headers = head.into_iter().flat_map(|head| head.headers.iter());
                headers.map(|(name, _)| name.to_owned()).collect()
            }
            Self::CookieName => sent(request).into_iter().map(|(name, _)| name).collect(),
            Self::CookieValue => sent(request).into_iter().map(|(_, value)| value).collect(),
            Self::CookieDomain => of_jar(request, |cookie| cookie.domain.clone()),
            Self::CookiePath => of_jar(request, |cookie| cookie.path.clone()),
            Self::SetCookieName => set(request, |line| Some(line.name.to_owned())),
            Self::SetCookieValue => set(request, |line| Some(line.value.to_owned())),
            Self::SetCookieDomain => set(request, |line| {
                let mut all = line.attributes.iter();
                let domain = all.find(|(name, _)| name.eq_ignore_ascii_case("domain"))?;
                let domain = domain.1.unwrap_or_default();
                Some(domain.strip_prefix('.').unwrap_or(domain).to_owned())
            }),
        }
    }
}

fn sent(request: &Request) -> Vec<(String, String)> {
    let head = request.sent.as_ref().map(|(head, _)| &head.headers);
    let lines = head.into_iter().flat_map(|headers| headers.all("cookie"));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    lines.flat_map(cookie_pairs).map(owned).collect()
}

fn of_jar(request: &Request, part: fn(&Cookie) -> String) -> Vec<String> {
    let sent = request.chosen.iter().flat_map(|chosen| &chosen.sent);
    sent.map(part).collect()
}

fn set(request: &Request, part: fn(&SetCookie<'_>) -> Option<String>) -> Vec<String> {
    let head = request.head.iter();
    let lines = head.flat_map(|head| head.headers.all("set-cookie"));
    lines
        .filter_map(|line| part(&SetCookie::read(line)))
        .collect()
}

impl Pattern {
    fn read(text: &str) -> Self {
        let text = text.to_lowercase();
        // As a person writes classes of status codes: 4xx.
        let text = match text.strip_suffix("xx") {
            Some(class) if class.len() == 1 && class.bytes().all(|c| c.is_ascii_digit()) => {
                format!("{class}*")
            }
            _ => text,
        };
        Self(text.split('*').map(str::to_owned).collect())
    }

    /// Whether `text` is this, with anything for each `*`.
    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let [first, middle @ .., last] = &*self.0 else {
            return self.0.first().is_some_and(|only| *only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            match rest.split_once(part.as_str()) {
                Some((_, behind)) => rest = behind,
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

/// Bytes as people write them: 100, 10k, 1M.
fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => match text.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1_000_000),
            None => (text, 1),
        },
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Because, Event, Fact, Moment, RequestId};
    use crate::message::{Headers, Method, ResponseHead, Version};
    use crate::model::Model;

    fn request() -> Model {
        let mut model = Model::default();
        let at = Moment::START;
        let request = RequestId(1);
        let mut headers = Headers::new();
        headers.push("Content-Type", "text/html; charset=utf-8");
        headers.push("Set-Cookie", "sid=a b; Domain=.a.test");
        let judged = Fact::CookieJudged {
            request,
            line: "sid=1".into(),
            fate: CookieFate::Refused,
            words: String::new(),
            expires: None,
        };
        let planned = serde_json::json!({
            "fact": "request_planned", "at": 0, "request": 1, "method": "GET",
            "url": "https://www.a.test/Path?q=x:y", "because": Because::Typed,
        });
        model.apply(&serde_json::from_value(planned).unwrap());
        let head = ResponseHead {
            version: Version::Http11,
            status: 404,
            reason: String::new(),
            headers,
        };
        for fact in [
            Fact::HeadReceived {
                request,
                head,
                bytes: 0,
                length: None,
            },
            judged,
            Fact::BodyGrew {
                request,
                bytes: 12_000,
            },
        ] {
            model.apply(&Event { at, fact });
        }
        assert_eq!(model.request(request).unwrap().method, Method::get());
        model
    }

    #[test]
    fn a_request_has_to_be_all_that_is_said() {
        let model = request();
        let request = model.request(RequestId(1)).unwrap();
        for (text, is_shown) in [
            ("", true),
            ("path", true),
            ("-path", false),
            ("path elsewhere", false),
            ("x:y", true),
            ("domain:*.a.test method:get", true),
            ("domain:a.test", false),
            ("status-code:404 -status-code:200", true),
            ("status-code:4xx", true),
            ("mime-type:text/*", true),
            ("scheme:http", false),
            ("/PATH.q=[xy]/", true),
            ("-/path/", false),
            ("set-cookie-name:sid", true),
            ("set-cookie-value:\"a b\"", true),
            ("set-cookie-domain:A.test", true),
            ("cookie-name:sid", false),
            ("is:cookie-blocked is:running", true),
            ("is:failed", false),
            ("larger-than:10k -larger-than:1M", true),
            ("has-response-header:content-type", true),
            ("url:*q=x*", true),
            ("-", true),
        ] {
            let filter = Filter::read(text).unwrap();
            assert_eq!(filter.lets_through(request), is_shown, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_how_to_mend_it() {
        for (text, words) in [
            ("status-code:", "status-code: say what, after the colon"),
            (
                "is:odd",
                "is: takes cookie-blocked, failed, from-cache, running",
            ),
            ("larger-than:much", "larger-than: takes bytes: 100, 10k, 1M"),
        ] {
            assert_eq!(Filter::read(text).unwrap_err(), words);
        }
        let words = Filter::read("/(/").unwrap_err();
        assert!(
            words.starts_with("/(/ is no regular expression: "),
            "{words}"
        );
    }
}
