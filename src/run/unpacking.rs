use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::catch_unwind;
use std::sync::Arc;

use crate::coding::{Decoded, Limits, decode};
use crate::event::{Body, Content, Event, Fact, Moment, RequestId};
use crate::message::ResponseHead;
use crate::model::Model;

/// Takes the content codings off bodies on their way to another program.
#[derive(Debug, Default)]
pub(super) struct Unpacking {
    codings: HashMap<RequestId, Vec<String>>,
    broken: Option<Event>,
    is_off: bool,
}

impl Unpacking {
    /// Leaves bodies as they came, if `is_off`.
    pub(super) fn new(is_off: bool) -> Self {
        Self {
            is_off,
            ..Self::default()
        }
    }

    /// What the last fact's body turned out to be, if it cannot be decoded.
    pub(super) fn take_remark(&mut self) -> Option<Event> {
        self.broken.take()
    }

    /// The fact with its body decoded; a body that cannot be decoded stays as it came.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "three facts are about coded bodies"
    )]
    pub(super) fn unpack<'a>(&mut self, event: &'a Event) -> Cow<'a, Event> {
        match &event.fact {
            Fact::HeadReceived { request, head, .. } if !self.is_off => {
                let codings: Vec<_> = head.codings().map(str::to_owned).collect();
                if !codings.is_empty() {
                    self.codings.insert(*request, codings);
                }
                Cow::Borrowed(event)
            }
            Fact::BodyKept { request, body } => match self.decoded(*request, body, event.at) {
                Some(body) => {
                    let request = *request;
                    let fact = Fact::BodyKept { request, body };
                    Cow::Owned(Event { at: event.at, fact })
                }
                None => Cow::Borrowed(event),
            },
            Fact::AnswerReplaced { head, body, .. } if !self.is_off => {
                let codings: Vec<_> = head.codings().collect();
                let Some(decoded) = decoded_again(&codings, body) else {
                    return Cow::Borrowed(event);
                };
                let mut event = event.clone();
                if let Fact::AnswerReplaced { body, .. } = &mut event.fact {
                    *body = decoded;
                }
                Cow::Owned(event)
            }
            _ => Cow::Borrowed(event),
        }
    }

    fn decoded(&mut self, request: RequestId, body: &Body, at: Moment) -> Option<Body> {
        let codings = self.codings.remove(&request)?;
        let content = body
            .content
            .as_ref()
            .filter(|content| !content.0.is_empty())?;
        let codings: Vec<&str> = codings.iter().map(String::as_str).collect();
        let decoded = match undone(&codings, &content.0) {
            Ok(decoded) => decoded,
            // Of a body that was not kept whole, nobody can tell.
            Err(_) if body.is_cut() => return None,
            Err(error) => {
                self.broken = Some(broken(request, &error, at));
                return None;
            }
        };
        Some(Body {
            content: Some(Content(Arc::from(decoded.bytes))),
            ..body.without_content()
        })
    }
}

/// A body that comes a second time; what is wrong with it was told the first time.
fn decoded_again(codings: &[&str], body: &Body) -> Option<Body> {
    let content = body.content.as_ref().filter(|_| !codings.is_empty())?;
    let decoded = decode(codings, &content.0, Limits::default()).ok()?;
    Some(Body {
        content: Some(Content(Arc::from(decoded.bytes))),
        ..body.without_content()
    })
}

/// The bytes without their codings, or in words why there are none.
///
/// Decoders are other people's: one that breaks down takes nothing with it.
fn undone(codings: &[&str], bytes: &[u8]) -> Result<Decoded, String> {
    let decoded = catch_unwind(|| decode(codings, bytes, Limits::default()));
    let decoded = decoded.map_err(|_| "the decoder broke down over these bytes".to_owned())?;
    decoded.map_err(|error| error.to_string())
}

/// The remark that a body is broken.
pub(super) fn broken(request: RequestId, words: &str, at: Moment) -> Event {
    let words = format!("its content coding is broken, and the body is as it came: {words}");
    let fact = Fact::Remarked { request, words };
    Event { at, fact }
}

/// Remarks on each body of a finished run that cannot be decoded.
pub(super) fn remark_broken(model: &mut Model) {
    let at = model.latest();
    let mut remarks = Vec::new();
    for request in model.requests() {
        let codings: Vec<&str> = request
            .head
            .iter()
            .flat_map(ResponseHead::codings)
            .collect();
        let is_whole = |body: &&Body| !body.is_cut() && !body.is_decoded;
        let body = request.body.as_ref().filter(is_whole);
        let content = body.and_then(|body| body.content.as_ref());
        let Some(content) = content.filter(|content| !codings.is_empty() && !content.0.is_empty())
        else {
            continue;
        };
        if let Err(error) = undone(&codings, &content.0) {
            remarks.push(broken(request.id, &error, at));
        }
    }
    for remark in &remarks {
        model.apply(remark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Because, Wanted};
    use crate::message::{Headers, ResponseHead, Version};

    /// `hello` in a stored block of deflate, without a wrapper.
    const HELLO: &[u8] = b"\x01\x05\x00\xfa\xffhello";

    fn told(is_off: bool, wire: &[u8]) -> Vec<u8> {
        let mut unpacking = Unpacking::new(is_off);
        let request = RequestId(1);
        let mut headers = Headers::new();
        headers.push("Content-Encoding", "deflate");
        let reason = String::new();
        let head = ResponseHead {
            version: Version::Http11,
            status: 200,
            reason,
            headers,
        };
        let at = Moment::START;
        let fact = Fact::HeadReceived {
            request,
            head,
            bytes: 0,
            length: None,
        };
        let head = Event { at, fact };
        unpacking.unpack(&head);
        let mut model = Model::default();
        let wanted = Wanted::get("http://a.test/".parse().unwrap(), Because::Typed);
        let planned = Fact::planned(request, &wanted);
        model.apply(&Event { at, fact: planned });
        model.apply(&head);
        let body = Body {
            bytes: wire.len() as u64,
            kept: wire.len() as u64,
            content: Some(Content(wire.into())),
            ..Body::default()
        };
        let fact = Fact::BodyKept { request, body };
        let event = Event { at, fact };
        model.apply(&event);
        remark_broken(&mut model);
        let remarks = &model.requests()[0].remarks;
        assert_eq!(remarks.len(), usize::from(wire != HELLO), "{remarks:?}");
        let told = unpacking.unpack(&event);
        let is_broken = wire != HELLO && !is_off;
        assert_eq!(unpacking.take_remark().is_some(), is_broken);
        let Fact::BodyKept { body, .. } = &told.fact else {
            panic!("{told:?}")
        };
        body.content.as_ref().unwrap().0.to_vec()
    }

    #[test]
    fn bodies_are_decoded_unless_they_are_wanted_raw() {
        assert_eq!(told(false, HELLO), b"hello");
        assert_eq!(told(true, HELLO), HELLO);
    }

    #[test]
    fn a_broken_body_stays_as_it_came() {
        assert_eq!(told(false, b"\x07\x07\x07"), b"\x07\x07\x07");
    }
}
