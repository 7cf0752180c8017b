use regex::{Regex, RegexBuilder, escape};

use crate::model::Request;

use super::filter_key::{FLAGS, Flag, KEYS, Key};

/// Which requests are shown, as the Network panel of Chromium's `DevTools` has it.
#[derive(Clone, Debug, Default)]
pub struct Filter {
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
    /// The URL matches.
    Url(Regex),
    /// A property of the request is like this.
    Is(Key, Pattern),
    /// A property of the request has this in it.
    Has(Key, Pattern),
    /// A state of the request.
    State(Flag),
    /// As many bytes as this came, or more.
    Larger(u64),
    /// It holds for every request, or for none.
    Always(bool),
}

/// A word with `*` for anything, whatever its case.
#[derive(Clone, Debug)]
struct Pattern(Vec<String>);

impl Filter {
    /// Understands what is typed; the error says what is wrong, and how to mend it.
    pub fn read(text: &str) -> Result<Self, String> {
        let terms = words(text).into_iter().map(|word| Term::read(&word));
        Ok(Self {
            terms: terms.collect::<Result<_, _>>()?,
        })
    }

    /// Whether it lets everything through.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a request is shown: it has to be all that is said.
    pub fn lets_through(&self, request: &Request) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.test.holds(request) != term.is_negated)
    }
}

/// The words of a line; blanks between quotes are part of a word, and the quotes are not.
pub(super) fn words(text: &str) -> Vec<String> {
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

/// What `/inner/` matches, whatever the case; the error is a sentence.
pub fn regex(inner: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(inner).case_insensitive(true).build();
    regex.map_err(|error| no_regex(inner, &error))
}

/// The last line of what the crate says is the sentence.
pub fn no_regex(inner: &str, error: &regex::Error) -> String {
    let words = error.to_string();
    let words = words.lines().last().unwrap_or_default();
    format!(
        "/{inner}/ is no regular expression: {}",
        words.trim_start_matches("error: ")
    )
}

/// What stands between two slashes, if something does.
pub fn between_slashes(word: &str) -> Option<&str> {
    let inner = word.strip_prefix('/')?.strip_suffix('/')?;
    (!inner.is_empty()).then_some(inner)
}

impl Test {
    fn read(word: &str) -> Result<Self, String> {
        if let Some(inner) = between_slashes(word) {
            return regex(inner).map(Self::Url);
        }
        let text = || regex(&escape(word)).map(Self::Url);
        let Some((name, value)) = word.split_once(':') else {
            return text();
        };
        let name = name.to_ascii_lowercase();
        let found = KEYS.iter().find(|known| name == known.name());
        match found {
            // As in DevTools: a part of a URL may have a colon in it.
            None => text(),
            Some(Key::Is) => {
                let mut all = FLAGS.iter();
                let flag = all.find(|(known, _)| value.eq_ignore_ascii_case(known));
                let all: Vec<_> = FLAGS.iter().map(|(known, _)| *known).collect();
                let flag = flag.map(|(_, flag)| Self::State(*flag));
                flag.ok_or_else(|| format!("is: takes {}", all.join(", ")))
            }
            Some(Key::LargerThan) => {
                let size = size(value).map(Self::Larger);
                size.ok_or_else(|| "larger-than: takes bytes: 100, 10k, 1M".to_owned())
            }
            Some(key) if value.is_empty() => {
                Err(format!("{}: say what, after the colon", key.name()))
            }
            Some(Key::HasOverrides) => match value.to_ascii_lowercase().as_str() {
                "no" => Ok(Self::Always(true)),
                "yes" | "content" | "headers" => Ok(Self::Always(false)),
                _ => Err("has-overrides: takes yes, no, content, headers".to_owned()),
            },
            Some(key @ (Key::Url | Key::ResponseHeaderSetCookie)) => {
                Ok(Self::Has(*key, Pattern::read(&format!("*{value}*"))))
            }
            Some(key) => Ok(Self::Is(*key, Pattern::read(value))),
        }
    }

    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Url(regex) => regex.is_match(request.url.as_str()),
            Self::Is(key, pattern) | Self::Has(key, pattern) => {
                key.values(request).iter().any(|value| pattern.fits(value))
            }
            Self::State(flag) => flag.holds(request),
            Self::Larger(bytes) => request.transferred() >= *bytes,
            Self::Always(holds) => *holds,
        }
    }
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

/// Bytes as people write them: 100, 10k, 1.5M.
fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => match text.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1_000_000),
            None => (text, 1_u64),
        },
    };
    let (whole, tenths) = digits.split_once('.').unwrap_or((digits, "0"));
    let part = tenths.parse::<u64>().ok()?.checked_mul(unit)?;
    let places = u32::try_from(tenths.len()).ok()?;
    let part = part / 10_u64.checked_pow(places)?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(unit)?
        .checked_add(part)
}
