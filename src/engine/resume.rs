use std::rc::Rc;

use crate::event::{Because, Failure, FailureKind, Stage, Wanted};
use crate::message::ResponseHead;

use super::engine::Engine;
use super::fetch::Request;
use super::trail::Part;

/// As many times as a download is taken up again.
const MOST: usize = 5;

/// Asks for the rest of a body of which `content` came before `failure` cut it, if that can be done
/// (RFC 9110 §13.1.5, §14.2); whether it is.
pub(super) fn take_up(
    request: &Request,
    head: &ResponseHead,
    content: &[u8],
    failure: &Failure,
    engine: &Rc<Engine>,
) -> bool {
    let is_cut = matches!(failure.kind, FailureKind::CutShort | FailureKind::Reset);
    let is_asked = engine.settings.resume && request.head.method.is_get();
    if !is_asked || !is_cut || failure.stage != Stage::Receive {
        return false;
    }
    let tag = match obstacle(request, head, content) {
        Ok(tag) => tag,
        Err(words) => {
            request.remark(format!("it is not taken up again: {words}"), engine);
            return false;
        }
    };
    let came = content.len();
    let words = format!(
        "{}; the rest is asked for, from byte {came} on",
        failure.words
    );
    request.remark(words, engine);
    let part = Part {
        content: content.into(),
        tag: tag.to_owned(),
    };
    let trail = request
        .trail
        .after(request.id, &request.url)
        .with_part(part);
    engine.plan(rest(request, came, tag), trail);
    true
}

/// The validator to ask with, or why it is of no use to ask.
fn obstacle<'a>(
    request: &'a Request,
    head: &'a ResponseHead,
    content: &[u8],
) -> Result<&'a str, &'static str> {
    // The rest of what was cut before, or else an answer that would have been whole.
    let part = request
        .trail
        .part()
        .filter(|part| joins(part, head).is_ok());
    let no_ranges = |unit: &str| unit.eq_ignore_ascii_case("none");
    if part.is_none() && head.status != 200 {
        return Err("it was no whole answer");
    }
    if content.is_empty() || request.trail.len() >= MOST {
        return Err("it made no progress, or not for the first time");
    }
    if head.headers.members("accept-ranges").any(no_ranges) {
        return Err("the server says that it does no ranges");
    }
    // RFC 9110 §13.1.5: only a strong validator says that two parts are of one whole.
    let said = head.headers.first("etag");
    let tag = said.filter(|tag| tag.starts_with('"'));
    tag.or_else(|| part.map(|part| part.tag.as_str()))
        .ok_or("the server gave no strong ETag, so that the rest might be of something else")
}

/// The request for everything from byte `from` on.
fn rest(request: &Request, from: usize, tag: &str) -> Wanted {
    let mut wanted = Wanted {
        saying: request.saying.clone(),
        cache: request.cache,
        redirect: request.redirect,
        credentials: request.credentials,
        priority: request.priority,
        ..Wanted::plain(
            request.head.method.clone(),
            request.url.clone(),
            Because::Resumed { from: request.id },
        )
    };
    let given = request.saying.headers.iter();
    let is_ours = |name: &str| ["range", "if-range"].contains(&name.to_ascii_lowercase().as_str());
    wanted.saying.headers = given
        .filter(|(name, _)| !is_ours(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    // A part of another coding would be a part of something else.
    if let Some(codings) = request.head.headers.first("accept-encoding")
        && !wanted.saying.has("accept-encoding")
    {
        wanted.saying.headers.push("Accept-Encoding", codings);
    }
    wanted.saying.headers.push("If-Range", tag);
    wanted
        .saying
        .headers
        .push("Range", format!("bytes={from}-"));
    wanted
}

/// What the part that is here is worth, now that `head` answers for the rest.
pub(super) fn joins(part: &Part, head: &ResponseHead) -> Result<(), String> {
    let range = head.headers.first("content-range").unwrap_or_default();
    let start = range.strip_prefix("bytes ").and_then(|range| {
        let (first, _) = range.split_once('-')?;
        first.parse::<usize>().ok()
    });
    let is_same = head.headers.first("etag").is_none_or(|tag| tag == part.tag);
    match head.status {
        206 if start == Some(part.content.len()) && is_same => Ok(()),
        206 => Err(format!(
            "the server sent another part than was asked for: {range:?}"
        )),
        200 => {
            Err("the server sent all of it again: it has changed, or comes whole only".to_owned())
        }
        status => Err(format!("the server did not send the rest, but {status}")),
    }
}
