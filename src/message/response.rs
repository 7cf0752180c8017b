use std::fmt;

use serde::{Deserialize, Serialize};

use super::Headers;

/// The HTTP version that a peer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// An answer without a head (RFC 1945 §1.1).
    #[serde(rename = "HTTP/0.9")]
    Http09,
    /// RFC 1945.
    #[serde(rename = "HTTP/1.0")]
    Http10,
    /// RFC 9112.
    #[serde(rename = "HTTP/1.1")]
    Http11,
    /// RFC 9113; this program does not speak it, and reads of it in other tools' archives.
    #[serde(rename = "HTTP/2")]
    Http2,
    /// RFC 9114; as before.
    #[serde(rename = "HTTP/3")]
    Http3,
    /// Nobody wrote down which.
    #[serde(rename = "HTTP")]
    Unsaid,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http09 => "HTTP/0.9",
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
            Self::Http3 => "HTTP/3",
            Self::Unsaid => "HTTP",
        })
    }
}

/// A status line and its headers, as they came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseHead {
    /// The version in the status line.
    pub version: Version,
    /// The status code.
    pub status: u16,
    /// The reason phrase, isomorphic like header values; often empty.
    pub reason: String,
    /// The header fields.
    pub headers: Headers,
}

impl ResponseHead {
    /// Whether this is one of the answers before the answer (RFC 9110 §15.2).
    pub const fn is_interim(&self) -> bool {
        self.status >= 100 && self.status < 200 && self.status != 101
    }

    /// Where a redirect leads (RFC 9110 §15.4), if this is one that a browser follows; an empty
    /// `Location` leads nowhere.
    pub fn location(&self) -> Option<&str> {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
            .then(|| self.headers.first("location"))
            .flatten()
            .filter(|location| !location.is_empty())
    }

    /// The content codings in the order in which they were put on, `identity` left out.
    pub fn codings(&self) -> impl Iterator<Item = &str> {
        self.headers
            .members("content-encoding")
            .filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    }

    /// The media type without its parameters, in lower case, such as `text/html`.
    pub fn media_type(&self) -> Option<String> {
        let value = self.headers.first("content-type")?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
    }
}
