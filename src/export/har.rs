use std::time::{Duration, SystemTime};

use crate::event::{HarPhase, Moment, Stage};
use crate::message::{
    Headers, Hidden, RequestHead, ResponseHead, SetCookie, Version, cookie_pairs,
};
use crate::model::{Model, Request, Stretch, stretches};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::archive::{
    Answered, Archive, Asked, Contained, Creator, Crumb, Entry, Lived, Log, Nothing, Pair, Posted,
    Timings,
};
use super::json::millis;
use super::ndjson::written;

/// The bytes of a request's body as somebody reads it, its codings taken off; nothing to leave it out.
pub type Contents<'a> = &'a dyn Fn(&Request) -> Option<Vec<u8>>;

/// The run as an HTTP archive (HAR 1.2), which browsers and other tools read.
///
/// The phases are as Chromium writes them: `connect` has `ssl` in it, what did not happen is -1, and
/// what a request did not wait for is not its own. Fields of ours begin with `_`.
pub fn har(model: &Model, has_secrets: bool, contents: Contents<'_>) -> String {
    let paper = Paper {
        model,
        mask: (!has_secrets).then_some(Hidden::All("***")),
        contents,
    };
    let planned = model.requests().iter();
    written(&Archive {
        log: Log {
            version: "1.2",
            creator: Creator {
                name: "netwaterfall",
                version: env!("CARGO_PKG_VERSION"),
            },
            started: paper.date(Moment::START),
            entries: planned.map(|request| paper.entry(request)).collect(),
        },
    })
}

/// A run that is written down, and how.
struct Paper<'a> {
    model: &'a Model,
    mask: Option<Hidden<'a>>,
    contents: Contents<'a>,
}

impl Paper<'_> {
    fn entry(&self, request: &Request) -> Entry {
        let now = self.model.latest();
        let timings = timings(request, self.model, now);
        let connection = request.connection.and_then(|id| self.model.connection(id));
        let server = connection.and_then(|connection| connection.ends);
        let exact = |took: Duration| took.as_secs_f64() * 1000.0;
        let lived = |stretch: Stretch| Lived {
            stage: stretch.stage,
            began: exact(stretch.from.since(request.planned)),
            took: exact(stretch.to.since(stretch.from)),
            failed: stretch.failure.is_some(),
        };
        let stages = stretches(request, self.model, now);
        Entry {
            started_date_time: self.date(request.planned),
            time: timings.sum(),
            request: self.asked(request),
            response: self.answered(request),
            cache: Nothing {},
            timings,
            server_ip_address: server.map(|(_, theirs)| theirs.ip().to_string()),
            connection: connection.map(|connection| connection.id.to_string()),
            priority: request.priority,
            from_cache: request.is_stored().then_some("memory"),
            stages: stages.into_iter().map(lived).collect(),
            took: exact(request.until(now).since(request.planned)),
            failure: request.failure().cloned(),
            remarks: request.remarks.clone(),
        }
    }

    /// A moment of the run by the wall clock (RFC 3339).
    fn date(&self, at: Moment) -> String {
        let start = Duration::from_millis(self.model.run().wall_ms);
        let at = SystemTime::UNIX_EPOCH + start + at.since(Moment::START);
        humantime::format_rfc3339_nanos(at).to_string()
    }

    fn asked(&self, request: &Request) -> Asked {
        let (head, bytes) = match &request.sent {
            Some((head, bytes)) => (Some(head), i64::try_from(*bytes).ok()),
            None => (None, None),
        };
        let none = Headers::default();
        let headers = head.map_or(&none, |head| &head.headers);
        let pairs = headers.all("cookie").flat_map(cookie_pairs);
        let query = request.url.query_pairs();
        Asked {
            method: request.method.to_string(),
            url: request.url.to_string(),
            http_version: "HTTP/1.1",
            cookies: pairs.map(|(name, value)| self.crumb(name, value)).collect(),
            headers: self.pairs(headers),
            query_string: query
                .map(|(name, value)| Pair {
                    name: name.into_owned(),
                    value: value.into_owned(),
                })
                .collect(),
            post_data: head.and_then(|head| self.posted(request, head)),
            headers_size: bytes.map_or(-1, |bytes| bytes - body_size(head)),
            body_size: body_size(head),
        }
    }

    /// A body that was sent; with the secrets, as a form may hold a password.
    fn posted(&self, request: &Request, head: &RequestHead) -> Option<Posted> {
        let content = request.sent_body.as_ref().filter(|_| self.mask.is_none())?;
        Some(Posted {
            mime_type: head
                .headers
                .first("content-type")
                .unwrap_or_default()
                .to_owned(),
            text: String::from_utf8_lossy(&content.0).into_owned(),
        })
    }

    fn answered(&self, request: &Request) -> Answered {
        let head = request.given_head();
        let none = Headers::default();
        let headers = head.map_or(&none, |head| &head.headers);
        let lines = headers.all("set-cookie");
        Answered {
            status: head.map_or(0, |head| head.status),
            status_text: head.map(|head| head.reason.clone()).unwrap_or_default(),
            http_version: head.map(version).unwrap_or_default(),
            cookies: lines.map(|line| self.set(line)).collect(),
            headers: self.pairs(headers),
            content: self.contained(request, head),
            redirect_url: head
                .and_then(ResponseHead::location)
                .unwrap_or_default()
                .to_owned(),
            headers_size: match request.head_bytes {
                0 => -1,
                bytes => i64::try_from(bytes).unwrap_or(-1),
            },
            body_size: i64::try_from(request.bytes).unwrap_or(-1),
            transfer_size: request.head_bytes + request.bytes,
            error: request.failure().map(ToString::to_string),
        }
    }

    fn contained(&self, request: &Request, head: Option<&ResponseHead>) -> Contained {
        let came = request
            .given_body()
            .map_or(request.bytes, |body| body.bytes);
        let content = (self.contents)(request);
        let size = content.as_ref().map_or(came, |bytes| bytes.len() as u64);
        let saved = i64::try_from(size).ok().zip(i64::try_from(came).ok());
        let is_coded = head.is_some_and(|head| head.codings().next().is_some());
        let (text, encoding) = match content.map(String::from_utf8) {
            None => (None, None),
            Some(Ok(text)) => (Some(text), None),
            Some(Err(bytes)) => (Some(BASE64.encode(bytes.as_bytes())), Some("base64")),
        };
        Contained {
            size,
            compression: saved
                .filter(|_| is_coded && text.is_some())
                .map(|(size, came)| size - came),
            mime_type: head
                .and_then(|head| head.headers.first("content-type"))
                .unwrap_or("x-unknown")
                .to_owned(),
            text,
            encoding,
        }
    }

    fn pairs(&self, headers: &Headers) -> Vec<Pair> {
        let pair = |(name, value): (&str, &str)| {
            let told = self.mask.and_then(|mask| mask.header(name, value));
            Pair {
                name: name.to_owned(),
                value: told.unwrap_or_else(|| value.to_owned()),
            }
        };
        headers.iter().map(pair).collect()
    }

    fn crumb(&self, name: &str, value: &str) -> Crumb {
        let told = self.mask.and_then(|mask| mask.cookie(name, value));
        Crumb {
            name: name.to_owned(),
            value: told.unwrap_or_else(|| value.to_owned()),
            path: None,
            domain: None,
            http_only: None,
            secure: None,
        }
    }

    fn set(&self, line: &str) -> Crumb {
        let cookie = SetCookie::read(line);
        let named = |wanted: &str| {
            let is_it = |(name, _): &&(&str, Option<&str>)| name.eq_ignore_ascii_case(wanted);
            cookie.attributes.iter().rfind(is_it)
        };
        let value = |wanted| named(wanted).and_then(|(_, value)| value.map(str::to_owned));
        Crumb {
            path: value("path"),
            domain: value("domain"),
            http_only: Some(named("httponly").is_some()),
            secure: Some(named("secure").is_some()),
            ..self.crumb(cookie.name, cookie.value)
        }
    }
}

fn body_size(head: Option<&RequestHead>) -> i64 {
    let length = head.and_then(|head| head.headers.first("content-length"));
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// The version as it is written, and nothing where nobody knows.
fn version(head: &ResponseHead) -> String {
    if head.version == Version::Unsaid {
        return String::new();
    }
    head.version.to_string()
}

/// The stretches of a request's bar, by the phase that the stage table says.
fn timings(request: &Request, model: &Model, now: Moment) -> Timings {
    let lived = stretches(request, model, now);
    let in_phase = |phase: HarPhase| {
        let of_phase = |stage: Stage| stage.card().har == Some(phase);
        let took = lived.iter().filter(|stretch| of_phase(stretch.stage));
        took.map(|stretch| stretch.to.since(stretch.from))
            .reduce(|sum, more| sum + more)
    };
    let or_never = |took: Option<Duration>| took.map_or(-1.0, millis);
    let ssl = in_phase(HarPhase::Ssl);
    let connect = match (in_phase(HarPhase::Connect), ssl) {
        (Some(connect), ssl) => Some(connect + ssl.unwrap_or_default()),
        (None, ssl) => ssl,
    };
    let must = |phase| in_phase(phase).map_or(0.0, millis);
    Timings {
        blocked: or_never(in_phase(HarPhase::Blocked)),
        dns: or_never(in_phase(HarPhase::Dns)),
        connect: or_never(connect),
        ssl: or_never(ssl),
        send: must(HarPhase::Send),
        wait: must(HarPhase::Wait),
        receive: must(HarPhase::Receive),
    }
}
