use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use crate::event::{Body, Failure, FailureKind, Moment, Stage, WithheldCookie};
use crate::message::{Headers, Version};

use super::ndjson::written;

/// A line for another program: what happened to one of its requests.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    pub(super) id: &'a str,
    #[serde(flatten)]
    pub(super) what: What<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum What<'a> {
    Stage {
        stage: Stage,
        start_us: f64,
        end_us: f64,
        source: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        connection: Option<u32>,
        shared: bool,
    },
    Interim {
        status: u16,
        headers: &'a Headers,
    },
    Redirect {
        status: u16,
        url: &'a str,
    },
    Result(Outcome<'a>),
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Outcome<'a> {
    Answer(Box<Answer<'a>>),
    Error { ok: bool, error: Trouble<'a> },
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the lines have them")]
pub(super) struct Answer<'a> {
    pub(super) ok: bool,
    pub(super) status: u16,
    pub(super) reason: &'a str,
    pub(super) version: Version,
    pub(super) url: &'a str,
    pub(super) headers: &'a Headers,
    #[serde(flatten)]
    pub(super) body: Written<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) cut: bool,
    pub(super) from_cache: bool,
    pub(super) cache: &'a str,
    pub(super) connection: Option<u32>,
    pub(super) reused: bool,
    pub(super) cookies: Cookies<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trailers: Option<&'a Headers>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) remarks: &'a [String],
}

/// The cookies of an exchange, and what became of them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cookies<'a> {
    pub(super) sent: Vec<String>,
    pub(super) withheld: Vec<(&'a str, &'a str)>,
    pub(super) set: Vec<(&'a str, &'a str)>,
}

#[derive(Debug, Serialize)]
pub(super) enum Written<'a> {
    #[serde(rename = "body")]
    Text(&'a str),
    #[serde(rename = "body_b64")]
    Base64(String),
}

#[derive(Debug, Serialize)]
pub(super) struct Trouble<'a> {
    pub(super) kind: &'static str,
    pub(super) message: &'a str,
}

impl Told<'_> {
    /// The line, its end included.
    pub(super) fn line(&self) -> String {
        written(self)
    }
}

impl<'a> Written<'a> {
    /// A body as text where it is UTF-8.
    pub(super) fn of(body: Option<&'a Body>) -> Self {
        let content = body.and_then(|body| body.content.as_ref());
        let bytes: &[u8] = content.map_or(&[], |content| &content.0);
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(_) => Self::Base64(BASE64.encode(bytes)),
        }
    }
}

impl<'a> Cookies<'a> {
    pub(super) fn of(
        sent: &Headers,
        withheld: &'a [WithheldCookie],
        judged: &'a [(String, String)],
    ) -> Self {
        let pairs = sent.all("cookie").flat_map(|value| value.split(';'));
        let pair = |line: &'a str| line.split(';').next().unwrap_or_default().trim();
        Self {
            sent: pairs.map(|pair| pair.trim().to_owned()).collect(),
            withheld: withheld
                .iter()
                .map(|cookie| (cookie.key.name.as_str(), cookie.words.as_str()))
                .collect(),
            set: judged
                .iter()
                .map(|(line, words)| (pair(line), words.as_str()))
                .collect(),
        }
    }
}

/// The class of a failure, as another program is told it.
pub(super) const fn kind(failure: &Failure) -> &'static str {
    match failure.kind {
        FailureKind::NoSuchName | FailureKind::NameServer => "dns",
        FailureKind::TimedOut => "timeout",
        FailureKind::Certificate | FailureKind::Tls => "tls",
        FailureKind::Proxy => "connect",
        FailureKind::Redirect => "redirect",
        FailureKind::NotStored => "cache",
        FailureKind::Cancelled => "cancelled",
        FailureKind::Refused
        | FailureKind::Unreachable
        | FailureKind::Protocol
        | FailureKind::CutShort
        | FailureKind::Reset
        | FailureKind::UnsafePort
        | FailureKind::TooBig
        | FailureKind::System => match failure.stage {
            Stage::Dns => "dns",
            Stage::Queue | Stage::Connect | Stage::Proxy => "connect",
            Stage::Tls => "tls",
            Stage::Cache | Stage::Send | Stage::Wait | Stage::Receive | Stage::Close => "http",
        },
    }
}

/// Microseconds since the run began.
#[expect(
    clippy::cast_precision_loss,
    reason = "a run would have to last 104 days to lose a nanosecond"
)]
pub(super) fn micros(moment: Moment) -> f64 {
    moment.0 as f64 / 1000.0
}

/// The line for a request that could not be made at all.
pub fn unmade(id: &str, words: &str) -> String {
    failed(id, "usage", words)
}

pub(super) fn failed(id: &str, kind: &'static str, message: &str) -> String {
    let error = Trouble { kind, message };
    let outcome = Outcome::Error { ok: false, error };
    let what = What::Result(outcome);
    Told { id, what }.line()
}

/// The line for a line that is not understood.
pub fn not_understood(line: u32, message: &str) -> String {
    #[derive(Serialize)]
    struct Bad<'a> {
        event: &'a str,
        line: u32,
        message: &'a str,
    }
    let event = "error";
    written(&Bad {
        event,
        line,
        message,
    })
}

/// The line that says that all before has ended.
pub fn flushed() -> String {
    "{\"event\":\"flushed\"}\n".to_owned()
}
