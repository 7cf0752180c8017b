use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::message::{Headers, Method, RequestHead, ResponseHead, Shared, visible};

use super::line::{Broken, Came};

/// What questions and answers are called (RFC 8484 §6).
const MEDIA_TYPE: &str = "application/dns-message";
/// No message is larger.
const LARGEST: usize = 65_535;

/// How questions become requests (RFC 8484 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    /// Host and port, as requests name them.
    pub(super) authority: String,
    /// Path and query.
    pub(super) target: String,
    /// Whether the question is a part of the target, so that answers can be stored on the way.
    pub(super) is_get: bool,
}

/// An answer of HTTP, as far as it came.
#[derive(Debug)]
pub(super) struct Answer {
    head: ResponseHead,
    body: Vec<u8>,
}

impl Posting {
    /// The head of the request for `question`, and its body.
    pub(super) fn request<'a>(&self, question: &'a [u8]) -> (RequestHead, &'a [u8]) {
        let mut headers = Headers::new();
        headers.push("Host", self.authority.as_str());
        headers.push("Accept", MEDIA_TYPE);
        let (method, target, body) = if self.is_get {
            let sign = if self.target.contains('?') { '&' } else { '?' };
            let question = BASE64_URL_SAFE_NO_PAD.encode(question);
            let target = format!("{}{sign}dns={question}", self.target);
            ("GET", target, <&[u8]>::default())
        } else {
            headers.push("Content-Type", MEDIA_TYPE);
            headers.push("Content-Length", question.len().to_string());
            ("POST", self.target.clone(), question)
        };
        let head = RequestHead {
            method: method.parse().unwrap_or_else(|_| Method::get()),
            target,
            headers,
            automatic: Shared::default(),
        };
        (head, body)
    }
}

impl Answer {
    /// An answer whose body is still to come.
    pub(super) const fn new(head: ResponseHead) -> Self {
        let body = Vec::new();
        Self { head, body }
    }

    /// Takes more of the body, as much as a message may have.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        if self.body.len() + bytes.len() > LARGEST {
            let words =
                format!("sent more than the {LARGEST} bytes that a DNS message has at most");
            return Err(Broken::Answer(words));
        }
        self.body.extend_from_slice(bytes);
        Ok(())
    }

    /// The message in the answer, if that is what it is.
    pub(super) fn message(self) -> Result<Came, Broken> {
        let Self { head, body } = self;
        let fault = |words: String| Err(Broken::Answer(words));
        let status = format!("HTTP {} {}", head.status, visible(&head.reason));
        let status = status.trim_end();
        if head.status != 200 {
            let place = head.headers.first("location");
            return fault(match place.filter(|_| (300..400).contains(&head.status)) {
                Some(place) => format!(
                    "answered {status}, which leads to {}: name servers are not followed",
                    visible(place)
                ),
                None => format!("answered {status} instead of a DNS message"),
            });
        }
        let media_type = head.headers.first("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case(MEDIA_TYPE) {
            let came = if media_type.is_empty() {
                "something without a type".to_owned()
            } else {
                visible(media_type).into_owned()
            };
            return fault(format!("answered {status} with {came}, not {MEDIA_TYPE}"));
        }
        let age = head.headers.first("age").and_then(|age| age.parse().ok());
        Ok(Came {
            bytes: body,
            age: Duration::from_secs(age.unwrap_or_default()),
        })
    }
}
