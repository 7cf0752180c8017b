use std::fmt;

use crate::message::{Headers, ResponseHead};

/// What tells one version of an answer from another (RFC 9110 §8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The entity tag as it is written.
    pub etag: Option<String>,
    /// When it was last changed, as it is written.
    pub last_modified: Option<String>,
}

impl Validators {
    pub(super) fn of(head: &ResponseHead) -> Self {
        let first = |name| head.headers.first(name).map(str::to_owned);
        Self {
            etag: first("etag").filter(|etag| !etag.is_empty()),
            last_modified: first("last-modified"),
        }
    }

    /// Whether there is nothing to validate with.
    pub const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// The entity tag, if it stands for the very bytes (RFC 9110 §8.8.1).
    ///
    /// A date is never taken for a strong validator: nobody tells how often a second the file
    /// was changed.
    pub fn strong(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| !etag.starts_with("W/"))
    }

    /// The fields that ask whether this version is still good (RFC 9110 §13.1).
    pub(super) fn condition(&self) -> Headers {
        let mut fields = Headers::new();
        if let Some(etag) = &self.etag {
            fields.push("If-None-Match", etag.as_str());
        }
        if let Some(date) = &self.last_modified {
            fields.push("If-Modified-Since", date.as_str());
        }
        fields
    }

    /// Whether a 304 or a part with these validators is about this version (RFC 9111 §4.3.4).
    ///
    /// One that names no validator is about whatever was asked for.
    pub(super) fn accept(&self, told: &Self) -> bool {
        match (&told.etag, &self.etag) {
            (Some(told), Some(etag)) => opaque(told) == opaque(etag),
            (Some(_), None) => false,
            (None, _) => match (&told.last_modified, &self.last_modified) {
                (Some(told), Some(date)) => told == date,
                (Some(_) | None, _) => true,
            },
        }
    }
}

/// Weak and strong tags are compared by what is in the quotes (RFC 9110 §8.8.3.2).
fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

/// The fields that a condition on these is made of.
impl fmt::Display for Validators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (&self.etag, &self.last_modified) {
            (Some(_), Some(_)) => "If-None-Match and If-Modified-Since",
            (Some(_), None) => "If-None-Match",
            (None, Some(_)) => "If-Modified-Since",
            (None, None) => "no condition",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(etag: Option<&str>, date: Option<&str>) -> Validators {
        Validators {
            etag: etag.map(str::to_owned),
            last_modified: date.map(str::to_owned),
        }
    }

    #[test]
    fn a_304_is_about_the_version_whose_tag_it_names() {
        let ours = known(Some("\"a\""), Some("Mon"));
        assert!(ours.accept(&known(Some("\"a\""), Some("Tue"))));
        assert!(ours.accept(&known(Some("W/\"a\""), None)));
        assert!(ours.accept(&known(None, Some("Mon"))));
        assert!(ours.accept(&known(None, None)));
        assert!(!ours.accept(&known(Some("\"b\""), Some("Mon"))));
        assert!(!ours.accept(&known(None, Some("Tue"))));
        assert!(!known(None, Some("Mon")).accept(&known(Some("\"b\""), None)));
    }

    #[test]
    fn only_a_strong_tag_stands_for_the_bytes() {
        assert_eq!(known(Some("\"a\""), None).strong(), Some("\"a\""));
        assert_eq!(known(Some("W/\"a\""), Some("Mon")).strong(), None);
    }
}
