use std::borrow::Cow;
use std::io::{self, Write as _};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, LOCATION, VARY,
};

/// What the site says to one address, and how slowly.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The status of the answer.
    pub(super) status: StatusCode,
    /// Header fields, `Server` and `Date` left out.
    pub(super) fields: Vec<(HeaderName, Cow<'static, str>)>,
    /// What is sent of the body.
    pub(super) content: Bytes,
    /// How long it takes until the head comes.
    pub(super) wait: Duration,
    /// In how many pieces the body comes.
    pub(super) pieces: usize,
    /// The time from piece to piece.
    pub(super) every: Duration,
    /// The `Content-Length`; without it the body is chunked.
    pub(super) promised: Option<u64>,
    /// Whether it is sent with gzip to whoever takes that.
    pub(super) is_coded: bool,
    /// What becomes of the connection.
    pub(super) parting: Parting,
}

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parting {
    /// It is kept, unless the head says otherwise.
    Keep,
    /// It is closed when it has been idle for a while.
    Leave,
    /// It is reset before the promised body is complete.
    Reset,
}

impl Page {
    /// The same page where the client has it already (RFC 9110 §15.4.5).
    pub(super) fn unchanged(self) -> Self {
        Self {
            status: StatusCode::NOT_MODIFIED,
            content: Bytes::new(),
            promised: Some(0),
            ..self
        }
    }

    /// The same page as it is sent to whoever takes gzip, if it is one that is coded.
    pub(super) fn coded(self) -> io::Result<Self> {
        if !self.is_coded || self.content.is_empty() {
            return Ok(self);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.content)?;
        let content = encoder.finish()?;
        let page = Self {
            promised: Some(content.len() as u64),
            content: content.into(),
            ..self
        };
        Ok(page.field(CONTENT_ENCODING, "gzip"))
    }

    /// Its `ETag`, where it has one.
    pub(super) fn tag(&self) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name == ETAG)
            .map(|(_, value)| value.as_ref())
    }

    pub(super) fn text(kind: &'static str, content: &'static str) -> Self {
        Self::new(kind, Bytes::from_static(content.as_bytes()))
    }

    pub(super) fn new(kind: &'static str, content: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            fields: vec![(CONTENT_TYPE, kind.into())],
            promised: Some(content.len() as u64),
            content,
            wait: Duration::from_millis(120),
            pieces: 1,
            every: Duration::ZERO,
            is_coded: false,
            parting: Parting::Keep,
        }
    }

    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn field(mut self, name: HeaderName, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    pub(super) fn uncached(self) -> Self {
        self.field(CACHE_CONTROL, "no-store")
    }

    /// Milliseconds until the head.
    pub(super) fn wait(self, wait: u64) -> Self {
        let wait = Duration::from_millis(wait);
        Self { wait, ..self }
    }

    /// So many pieces, so many milliseconds apart.
    pub(super) fn pieces(self, pieces: usize, every: u64) -> Self {
        let every = Duration::from_millis(every);
        Self {
            pieces,
            every,
            ..self
        }
    }

    pub(super) fn chunked(self) -> Self {
        Self {
            promised: None,
            ..self
        }
    }

    /// Sent with gzip to whoever takes that.
    pub(super) fn gzip(self) -> Self {
        let page = self.field(VARY, "Accept-Encoding");
        Self {
            is_coded: true,
            ..page
        }
    }

    pub(super) fn parting(self, parting: Parting) -> Self {
        Self { parting, ..self }
    }

    /// A part of it, as `Range` asks: from a byte on, or up to one (RFC 9110 §14.2).
    pub(super) fn part(mut self, range: &str) -> Option<Self> {
        let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
        let whole = self.content.len();
        let first: usize = first.parse().ok()?;
        let last = last.parse().unwrap_or(whole).min(whole.checked_sub(1)?);
        self.content = (first <= last).then(|| self.content.slice(first..=last))?;
        self.promised = Some(self.content.len() as u64);
        let page = self.status(StatusCode::PARTIAL_CONTENT);
        Some(page.field(CONTENT_RANGE, format!("bytes {first}-{last}/{whole}")))
    }

    /// The way to somewhere else.
    pub(super) fn moved(status: StatusCode, to: &'static str) -> Self {
        Self::text("text/plain", "It is elsewhere.\n")
            .status(status)
            .uncached()
            .field(LOCATION, to)
    }
}

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON: &str = "application/json";
