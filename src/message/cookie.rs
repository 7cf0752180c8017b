use std::fmt;

use serde::{Deserialize, Serialize};

/// A cookie as a jar keeps it (RFC 6265bis §5.7); times are milliseconds since 1970.
///
/// Name and value are isomorphic like header values: a character is a byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cookie {
    /// The name; empty for a nameless cookie.
    pub name: String,
    /// The value.
    pub value: String,
    /// The host it is of, or the highest host it is for, without a leading dot.
    pub domain: String,
    /// Whether it is for that host alone, and not for those below.
    #[serde(default)]
    pub host_only: bool,
    /// The path it is for, and those below.
    pub path: String,
    /// When it expires; nothing for a session cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<u64>,
    /// Whether it goes along over https only.
    #[serde(default)]
    pub secure: bool,
    /// Whether scripts of a page may not see it.
    #[serde(default)]
    pub http_only: bool,
    /// Whether it goes along from other sites; nothing where the server did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<SameSite>,
    /// How late it has to go when there are too many.
    #[serde(default, skip_serializing_if = "is_medium")]
    pub priority: CookiePriority,
    /// The top-level site that it is kept apart for, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// When it was stored with this value.
    pub created: u64,
    /// When it was last sent.
    pub used: u64,
}

/// Whether a cookie goes along with requests that another site makes (RFC 6265bis §5.6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SameSite {
    /// Never.
    Strict,
    /// When a link or the like leads here.
    Lax,
    /// Always.
    None,
}

/// How late a cookie has to go when there are too many (Chromium's `Priority`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum CookiePriority {
    /// First.
    Low,
    /// After those.
    #[default]
    Medium,
    /// Last.
    High,
}

/// What makes two cookies the same, so that one takes the place of the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CookieKey {
    /// The name.
    pub name: String,
    /// The host it is of or for.
    pub domain: String,
    /// Whether it is for that host alone.
    #[serde(default)]
    pub host_only: bool,
    /// The path it is for.
    pub path: String,
    /// The top-level site that it is kept apart for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

impl Cookie {
    /// A session cookie for `domain` alone, of which nobody said more.
    pub fn new(name: impl Into<String>, value: impl Into<String>, domain: &str) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            domain: domain.to_owned(),
            host_only: true,
            path: "/".to_owned(),
            expires: None,
            secure: false,
            http_only: false,
            same_site: None,
            priority: CookiePriority::default(),
            partition: None,
            created: 0,
            used: 0,
        }
    }

    /// What makes it this cookie and no other.
    pub fn key(&self) -> CookieKey {
        CookieKey {
            name: self.name.clone(),
            domain: self.domain.clone(),
            host_only: self.host_only,
            path: self.path.clone(),
            partition: self.partition.clone(),
        }
    }

    /// Whether `key` is its own.
    pub fn is(&self, key: &CookieKey) -> bool {
        self.name == key.name
            && self.domain == key.domain
            && self.host_only == key.host_only
            && self.path == key.path
            && self.partition == key.partition
    }

    /// Whether its time is over at `now`.
    pub fn is_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// How a `Cookie` header says it: a nameless cookie is its value alone.
    pub fn pair(&self) -> String {
        if self.name.is_empty() {
            self.value.clone()
        } else {
            format!("{}={}", self.name, self.value)
        }
    }

    /// The hosts it is for, as people write them: a dot for those below.
    pub fn hosts(&self) -> String {
        let dot = if self.host_only { "" } else { "." };
        format!("{dot}{}", self.domain)
    }
}

impl SameSite {
    /// The word in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }

    /// What a header's word means; nothing for a word that is unknown.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Strict, Self::Lax, Self::None]
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(word))
    }
}

impl CookiePriority {
    /// The word in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }

    /// What a header's word means; a word that is unknown means nothing special.
    pub fn read(word: &str) -> Self {
        [Self::Low, Self::High]
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(word))
            .unwrap_or_default()
    }
}

/// `name (.domain/path)`: never the value.
impl fmt::Display for CookieKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.host_only { "" } else { "." };
        write!(f, "{} ({dot}{}{})", self.name, self.domain, self.path)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_medium(priority: &CookiePriority) -> bool {
    *priority == CookiePriority::Medium
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_written_as_little_as_it_says_and_read_back() {
        let mut cookie = Cookie::new("a", "1", "a.test");
        let line = serde_json::to_string(&cookie).unwrap();
        assert!(
            !line.contains("priority") && !line.contains("expires"),
            "{line}"
        );
        assert_eq!(serde_json::from_str::<Cookie>(&line).unwrap(), cookie);
        cookie.same_site = Some(SameSite::None);
        cookie.priority = CookiePriority::High;
        cookie.partition = Some("https://b.test".into());
        let line = serde_json::to_string(&cookie).unwrap();
        assert_eq!(serde_json::from_str::<Cookie>(&line).unwrap(), cookie);
        assert!(cookie.is(&cookie.key()));
    }

    #[test]
    fn words_are_read_in_any_case() {
        assert_eq!(SameSite::read("sTRICT"), Some(SameSite::Strict));
        assert_eq!(SameSite::read("odd"), None);
        assert_eq!(CookiePriority::read("HIGH"), CookiePriority::High);
        assert_eq!(CookiePriority::read("odd"), CookiePriority::Medium);
        assert_eq!(Cookie::new("", "v", "a.test").pair(), "v");
    }
}
