use std::sync::Arc;

use crate::event::{Content, RequestId};
use crate::message::ResponseHead;
use crate::model::{Model, Request};

use super::state::State;
use super::tab::Tab;

/// A coded body that is to be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Whose body it is.
    pub request: RequestId,
    /// Its codings, in the order in which they were put on.
    pub codings: Vec<String>,
    /// The bytes that were kept.
    pub content: Content,
}

/// What became of a coded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// Whose body it is.
    pub request: RequestId,
    /// The body without its codings, or in words why there is none.
    pub outcome: Result<Plain, String>,
}

/// A body without its codings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// How many bytes came out.
    pub bytes: u64,
    /// What came out.
    pub shown: Shown,
    /// What there is to say about it.
    pub notes: Vec<String>,
}

/// What came out, known to be text or not, so that drawing need not look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Text.
    Text(Arc<str>),
    /// Anything else.
    Bytes(Arc<[u8]>),
}

impl Shown {
    /// Text, where the bytes are UTF-8; a last character that is cut does not count.
    pub fn of(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(error) if error.error_len().is_none() => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                Self::Text(String::from_utf8_lossy(whole).into())
            }
            Err(_) => Self::Bytes(bytes.into()),
        }
    }
}

/// The bytes of a body that has codings, and there are some.
pub(super) fn coded(request: &Request) -> Option<&Content> {
    let content = request.given_body()?.content.as_ref()?;
    let is_coded = request.given_head()?.codings().next().is_some();
    (is_coded && !content.0.is_empty()).then_some(content)
}

impl State {
    /// The body that is looked at and has not been decoded yet.
    pub fn packed(&self, model: &Model) -> Option<Packed> {
        if !self.has_details() || !matches!(self.tab, Tab::Body | Tab::Headers) {
            return None;
        }
        let request = self.current(model)?;
        let content = coded(request)?.clone();
        if self.unpacked_of(request).is_some() {
            return None;
        }
        let codings = request
            .given_head()
            .into_iter()
            .flat_map(ResponseHead::codings);
        Some(Packed {
            request: request.id,
            codings: codings.map(str::to_owned).collect(),
            content,
        })
    }

    /// What became of the body of `request`, if that was asked last.
    pub(super) fn unpacked_of(&self, request: &Request) -> Option<&Unpacked> {
        self.unpacked
            .as_ref()
            .filter(|unpacked| unpacked.request == request.id)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Size;

    use super::*;
    use crate::event::{Because, Body, Event, Fact, Moment, Wanted};
    use crate::message::{Headers, Version};
    use crate::ui::pane;

    const ME: RequestId = RequestId(1);

    fn looking_at(coding: &str, content: &[u8]) -> (State, Model) {
        let mut headers = Headers::new();
        headers.push("Content-Encoding", coding);
        let head = ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: String::new(),
            headers,
        };
        let body = Body {
            bytes: content.len() as u64,
            kept: content.len() as u64,
            content: Some(Content(content.into())),
            ..Body::default()
        };
        let facts = [
            Fact::planned(
                ME,
                &Wanted::get("http://a.test/".parse().unwrap(), Because::Typed),
            ),
            Fact::HeadReceived {
                request: ME,
                head,
                bytes: 40,
                length: None,
            },
            Fact::BodyKept { request: ME, body },
        ];
        let mut model = Model::default();
        for fact in facts {
            let at = Moment::default();
            model.apply(&Event { at, fact });
        }
        let mut state = State::new(Size::new(100, 40), "");
        state.settle(&model);
        state.show(Tab::Body);
        (state, model)
    }

    fn lines(state: &State, model: &Model) -> Vec<String> {
        let sheet = pane::sheet(state, model);
        sheet.lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_coded_body_is_asked_for_and_shown_once_it_is_decoded() {
        let (mut state, model) = looking_at("gzip", &[0x1f; 20]);
        let packed = state.packed(&model).unwrap();
        assert_eq!(packed.codings, ["gzip"]);
        assert_eq!(lines(&state, &model).last().unwrap(), "  decoding…");

        state.unpacked = Some(Unpacked {
            request: ME,
            outcome: Ok(Plain {
                bytes: 58,
                shown: Shown::of(b"a first line\nand a second"),
                notes: vec!["something odd".to_owned()],
            }),
        });
        assert_eq!(state.packed(&model), None, "it is asked for once");
        let size = "  size           20 B on the wire (gzip), 58 B decoded: 2.9 times as much";
        let want = [
            size,
            "  something odd",
            "",
            "  a first line",
            "  and a second",
        ];
        assert_eq!(lines(&state, &model), want);
        state.show(Tab::Headers);
        let body = size.replace("size", "body");
        assert!(lines(&state, &model).contains(&body));
    }

    #[test]
    fn a_broken_coding_is_told_and_its_bytes_are_shown_as_they_came() {
        let (mut state, model) = looking_at("br", b"\xffno");
        let words = "br is broken at byte 0".to_owned();
        state.unpacked = Some(Unpacked {
            request: ME,
            outcome: Err(words),
        });
        let lines = lines(&state, &model);
        assert_eq!(lines[0], "  size           3 B on the wire (br)");
        assert_eq!(lines[1], "  br is broken at byte 0");
        assert!(lines.last().unwrap().contains("ff 6e 6f"), "{lines:?}");
    }

    #[test]
    fn nothing_is_asked_for_where_there_is_nothing_to_decode_or_nobody_looks() {
        let (mut state, model) = looking_at("gzip", b"");
        assert_eq!(state.packed(&model), None);
        state = looking_at("identity", b"plain").0;
        let plain = looking_at("identity", b"plain").1;
        assert_eq!(state.packed(&plain), None);
        let (mut state, model) = looking_at("gzip", b"coded");
        state.show(Tab::Timing);
        assert_eq!(state.packed(&model), None);
    }

    #[test]
    fn the_only_line_of_a_large_body_is_clipped() {
        let (mut state, model) = looking_at("gzip", b"coded");
        state.unpacked = Some(Unpacked {
            request: ME,
            outcome: Ok(Plain {
                bytes: 8 << 20,
                shown: Shown::of(&vec![b'x'; 8 << 20]),
                notes: Vec::new(),
            }),
        });
        let lines = lines(&state, &model);
        let last = lines.last().unwrap();
        assert!(last.ends_with("x…") && last.len() < 1_100, "{}", last.len());
    }

    #[test]
    fn text_that_is_cut_within_a_character_is_text() {
        assert_eq!(Shown::of(b"caf\xc3"), Shown::Text("caf".into()));
        assert!(matches!(Shown::of(b"caf\xc3!"), Shown::Bytes(_)));
    }
}
