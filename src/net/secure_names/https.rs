use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::http1::{Exchange, Fate, ProtocolError, Step, encode};
use crate::message::{Headers, Method, RequestHead, ResponseHead, Shared, visible};
use crate::net::Wire;

use super::line::{Broken, Came, Puts};

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

/// Carries questions as HTTP/1.1 requests, one after the other.
pub(super) async fn carry(mut wire: Wire, mut puts: Puts, posting: Posting) {
    loop {
        let put = tokio::select! {
            put = puts.recv() => put,
            // Nothing was asked: the server closes the line, or says what nobody can understand.
            _ = wire.read_u8() => None,
        };
        let Some(mut put) = put else {
            break;
        };
        // Whoever gave up waiting need not hear.
        let _ = put.leaving.send(());
        let heard = tokio::select! {
            heard = exchange(&mut wire, &posting, &put.bytes) => heard,
            // What nobody waits for would be in the way of what is asked next.
            () = put.asker.closed() => break,
        };
        let is_kept = matches!(&heard, Ok((_, Fate::Reuse)));
        let answer = heard.and_then(|(answer, _)| answered(answer));
        if !is_kept {
            puts.close();
        }
        let _ = put.asker.send(answer);
        if !is_kept {
            // What waits behind it goes into the next line.
            break;
        }
    }
    let _ = wire.shutdown().await;
}

/// An answer of HTTP, whole.
#[derive(Debug)]
struct Answer {
    head: ResponseHead,
    body: Vec<u8>,
}

async fn exchange(
    wire: &mut Wire,
    posting: &Posting,
    question: &[u8],
) -> Result<(Answer, Fate), Broken> {
    let (head, body) = posting.request(question);
    let bytes = encode(&head).map_err(|error| Broken::Answer(error.to_string()))?;
    let of_wire = |error: io::Error| Broken::of_wire(&error);
    wire.write_all(&[bytes.as_slice(), body].concat())
        .await
        .map_err(of_wire)?;
    wire.flush().await.map_err(of_wire)?;
    let mut exchange = Exchange::new(head.method);
    let mut answer = None;
    let mut input = vec![0; 4096];
    loop {
        let came = wire.read(&mut input).await.map_err(of_wire)?;
        let mut rest = input.get(..came).unwrap_or_default();
        loop {
            let (used, step) = if came == 0 {
                (0, exchange.ended().map_err(|fault| of_rule(&fault))?)
            } else {
                exchange.receive(rest).map_err(|fault| of_rule(&fault))?
            };
            let (taken, left) = rest.split_at_checked(used).unwrap_or_default();
            rest = left;
            match step {
                Step::More => break,
                Step::Head { head, .. } => {
                    let body = Vec::new();
                    answer = Some(Answer { head, body });
                }
                Step::Body(range) => take(&mut answer, taken.get(range).unwrap_or_default())?,
                Step::Held(bytes) => take(&mut answer, &bytes)?,
                Step::Interim(_) | Step::Trailers(_) => {}
                Step::Done => {
                    let answer = answer.ok_or_else(Broken::closed)?;
                    return Ok((answer, exchange.fate(rest.len())));
                }
            }
        }
    }
}

fn take(answer: &mut Option<Answer>, bytes: &[u8]) -> Result<(), Broken> {
    let Some(answer) = answer else {
        return Ok(());
    };
    if answer.body.len() + bytes.len() > LARGEST {
        let words = format!("sent more than the {LARGEST} bytes that a DNS message has at most");
        return Err(Broken::Answer(words));
    }
    answer.body.extend_from_slice(bytes);
    Ok(())
}

impl Posting {
    /// The head of the request for `question`, and its body.
    fn request<'a>(&self, question: &'a [u8]) -> (RequestHead, &'a [u8]) {
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

/// The message in an answer, if that is what it is.
fn answered(answer: Answer) -> Result<Came, Broken> {
    let Answer { head, body } = answer;
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

fn of_rule(fault: &ProtocolError) -> Broken {
    if matches!(fault, ProtocolError::Empty) {
        return Broken::closed();
    }
    Broken::Answer(format!("broke the rules of HTTP: {fault}"))
}
