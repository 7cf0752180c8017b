use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::event::{Body, Content, Entry as Said};
use crate::message::{Headers, RequestHead, ResponseHead, Shared, Version};

use super::entry::Entry;

/// What was said in an entry, and what of it the archive leaves out.
pub(super) struct Message {
    pub(super) sent: RequestHead,
    pub(super) sent_bytes: u64,
    pub(super) posted: Option<Content>,
    pub(super) answer: Option<Answer>,
    pub(super) unsaid: Vec<String>,
}

/// The answer of an entry.
pub(super) struct Answer {
    pub(super) head: ResponseHead,
    pub(super) head_bytes: u64,
    /// Bytes of the body that came over the wire.
    pub(super) bytes: u64,
    pub(super) body: Option<Body>,
}

impl Message {
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        let request = &entry.written.request;
        let mut unsaid = Vec::new();
        if headers(request).is_none() {
            unsaid.push("the request's headers".to_owned());
        }
        let target = match entry.url.query() {
            Some(query) => format!("{}?{query}", entry.url.path()),
            None => entry.url.path().to_owned(),
        };
        let sizes = ["headersSize", "bodySize"].map(|key| size(request, key));
        Self {
            sent: RequestHead {
                method: entry.method.clone(),
                target,
                headers: headers(request).unwrap_or_default(),
                automatic: Shared::default(),
            },
            sent_bytes: sizes.into_iter().flatten().sum(),
            posted: posted(request),
            answer: answer(entry, &mut unsaid),
            unsaid,
        }
    }
}

fn answer(entry: &Entry<'_>, unsaid: &mut Vec<String>) -> Option<Answer> {
    let response = &entry.written.response;
    let status = entry.status()?;
    let fields = headers(response);
    if fields.is_none() {
        unsaid.push("the answer's headers".to_owned());
    }
    let mut fields = fields.unwrap_or_default();
    let content = response.get("content").unwrap_or(&Value::Null);
    let media_type = content.get("mimeType").and_then(Value::as_str);
    let is_known = |media_type: &&str| !media_type.is_empty() && *media_type != "x-unknown";
    if let Some(media_type) = media_type.filter(is_known)
        && fields.is_empty()
    {
        // All that such an archive has of the headers.
        fields.push("content-type", isomorphic(media_type));
    }
    let version = version(response.get("httpVersion"));
    if version == Version::Unsaid {
        unsaid.push("the version of HTTP".to_owned());
    }
    let reason = response.get("statusText").and_then(Value::as_str);
    let head = ResponseHead {
        version,
        status,
        reason: isomorphic(reason.unwrap_or_default()),
        headers: fields,
    };
    let (head_bytes, bytes) = sizes(response, content, &head);
    if bytes.is_none() && !entry.is_from_cache() {
        unsaid.push(Said::SIZE.to_owned());
    }
    let bytes = bytes.or_else(|| size(content, "size")).unwrap_or_default();
    Some(Answer {
        body: body(content, bytes),
        head,
        head_bytes,
        bytes,
    })
}

/// Bytes of the head and the body on the wire; over HTTP/2 Chromium tells only their sum.
fn sizes(response: &Value, content: &Value, head: &ResponseHead) -> (u64, Option<u64>) {
    let head_bytes = size(response, "headersSize").unwrap_or_default();
    let whole = size(response, "_transferSize").filter(|whole| *whole > 0);
    let behind_head = whole.map(|whole| whole.saturating_sub(head_bytes));
    let plain = || {
        let is_plain = head.codings().next().is_none();
        size(content, "size").filter(|_| is_plain)
    };
    let packed = || {
        let saved = content.get("compression")?.as_i64()?;
        let size = i64::try_from(size(content, "size")?).ok()?;
        u64::try_from(size.checked_sub(saved)?).ok()
    };
    let bytes = size(response, "bodySize")
        .or(behind_head)
        .or_else(packed)
        .or_else(plain);
    (head_bytes, bytes)
}

fn body(content: &Value, bytes: u64) -> Option<Body> {
    let text = content.get("text").and_then(Value::as_str);
    let is_base64 = content.get("encoding").and_then(Value::as_str) == Some("base64");
    let whole = match text {
        Some(text) if is_base64 => BASE64.decode(text.trim()).ok(),
        Some(text) => Some(text.as_bytes().to_vec()),
        None => None,
    };
    let is_empty = size(content, "size").unwrap_or_default() == 0 && bytes == 0;
    if whole.is_none() && is_empty {
        return None;
    }
    Some(Body {
        bytes,
        kept: bytes,
        is_decoded: true,
        content: whole
            .filter(|bytes| !bytes.is_empty())
            .map(|bytes| Content(bytes.into())),
        ..Body::default()
    })
}

fn posted(request: &Value) -> Option<Content> {
    let posted = request.get("postData")?;
    let text = posted.get("text").and_then(Value::as_str)?;
    (!text.is_empty()).then(|| Content(text.as_bytes().into()))
}

fn headers(message: &Value) -> Option<Headers> {
    let fields = message.get("headers")?.as_array()?;
    let field = |field: &Value| {
        let [name, value] = ["name", "value"].map(|key| field.get(key).and_then(Value::as_str));
        Some((isomorphic(name?), isomorphic(value.unwrap_or_default())))
    };
    Some(fields.iter().filter_map(field).collect())
}

/// A text as headers keep it, a character a byte: tools that read bytes as UTF-8 have others.
fn isomorphic(text: &str) -> String {
    let is_bytes = text.chars().all(|c| u32::from(c) <= 0xff);
    if is_bytes {
        return text.to_owned();
    }
    text.bytes().map(char::from).collect()
}

/// A size; what is negative, or more than JSON's numbers are exact for, is not known.
fn size(of: &Value, key: &str) -> Option<u64> {
    const EXACT: u64 = 1 << 53;
    let value = of.get(key)?;
    let whole = value.as_u64();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is out of range becomes the nearest that is not"
    )]
    let rounded = || {
        value
            .as_f64()
            .filter(|size| *size >= 0.0)
            .map(|size| size as u64)
    };
    whole.or_else(rounded).filter(|size| *size <= EXACT)
}

fn version(said: Option<&Value>) -> Version {
    let said = said.and_then(Value::as_str).unwrap_or_default();
    match said.to_ascii_lowercase().as_str() {
        "http/0.9" => Version::Http09,
        "http/1.0" => Version::Http10,
        "http/1.1" => Version::Http11,
        "h2" | "http/2" | "http/2.0" | "http/2+quic/46" | "spdy" => Version::Http2,
        other if other.starts_with("h3") || other.starts_with("http/3") => Version::Http3,
        _ => Version::Unsaid,
    }
}
