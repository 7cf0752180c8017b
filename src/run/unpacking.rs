use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::coding::{Limits, decode};
use crate::event::{Body, Content, Event, Fact, RequestId};

/// Takes the content codings off bodies on their way to another program.
#[derive(Debug, Default)]
pub(super) struct Unpacking {
    codings: HashMap<RequestId, Vec<String>>,
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

    /// The fact with its body decoded; a body that cannot be decoded stays as it came.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "two facts are about coded bodies"
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
            Fact::BodyKept { request, body } => match self.decoded(*request, body) {
                Some(body) => {
                    let request = *request;
                    let fact = Fact::BodyKept { request, body };
                    Cow::Owned(Event { at: event.at, fact })
                }
                None => Cow::Borrowed(event),
            },
            _ => Cow::Borrowed(event),
        }
    }

    fn decoded(&mut self, request: RequestId, body: &Body) -> Option<Body> {
        let codings = self.codings.remove(&request)?;
        let codings: Vec<&str> = codings.iter().map(String::as_str).collect();
        let content = body.content.as_ref()?;
        let decoded = decode(&codings, &content.0, Limits::default()).ok()?;
        Some(Body {
            content: Some(Content(Arc::from(decoded.bytes))),
            ..body.without_content()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Moment;
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
        unpacking.unpack(&Event { at, fact });
        let body = Body {
            bytes: wire.len() as u64,
            kept: wire.len() as u64,
            content: Some(Content(wire.into())),
        };
        let fact = Fact::BodyKept { request, body };
        let event = Event { at, fact };
        let told = unpacking.unpack(&event);
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
