use std::fmt;
use std::num::NonZeroU16;
use std::sync::Arc;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget as _;
use ratatui_image::Image;
use ratatui_image::protocol::Protocol;

use crate::content::{Blocks, Reading};
use crate::event::{Content, RequestId};
use crate::model::{Model, Request};

use super::state::State;
use super::tab::Tab;

/// A body that is to be read, its codings taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Whose body it is.
    pub request: RequestId,
    /// Its codings, in the order in which they were put on.
    pub codings: Vec<String>,
    /// What it is, as `Content-Type` says.
    pub content_type: String,
    /// The bytes that were kept.
    pub content: Content,
    /// How many cells there are for a picture.
    pub room: Size,
}

/// What became of a body.
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
    /// What they are, found out so that drawing need not look.
    pub reading: Arc<Reading>,
    /// A picture, as large as there is room for.
    pub blocks: Option<Arc<Blocks>>,
    /// The same, where the terminal can show more than blocks.
    pub drawn: Option<Drawn>,
    /// For how many cells the picture was made.
    pub room: Size,
    /// What there is to say about it.
    pub notes: Vec<String>,
}

/// A picture in the terminal's own way of drawing.
#[derive(Clone)]
pub enum Drawn {
    /// One that goes away when text is written over it.
    Text(Arc<Protocol>),
    /// One that stays until it is taken away.
    Placed(Arc<Placed>),
}

/// A picture that the terminal places where the cursor is.
#[derive(Debug)]
pub struct Placed {
    /// What the terminal is sent for it.
    pub sequence: String,
    /// How many cells it covers.
    pub cells: Size,
}

impl Drawn {
    /// Draws it into the corner of `area`, if there is room for all of it.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let placed = match self {
            Self::Text(drawn) => return Image::new(drawn).render(area, buffer),
            Self::Placed(placed) => placed,
        };
        let Size { width, height } = placed.cells;
        if width > area.width || height > area.height {
            return;
        }
        let covered = Rect::new(area.x, area.y, width, height);
        for at in covered.positions() {
            if let Some(cell) = buffer.cell_mut(at) {
                cell.set_diff_option(CellDiffOption::Skip);
            }
        }
        if let Some(cell) = buffer.cell_mut((area.x, area.y)) {
            cell.set_symbol(&placed.sequence)
                .set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
        }
    }
}

impl Packed {
    /// The body as it is looked at, once its codings are off.
    pub fn read(&self, bytes: Arc<[u8]>, notes: Vec<String>) -> Plain {
        let size = bytes.len() as u64;
        let reading = Reading::of(bytes, &self.content_type);
        let pixels = reading.picture.as_ref().map(|picture| &picture.pixels);
        let pixels = pixels.and_then(|pixels| pixels.as_ref().ok());
        let Size { width, height } = self.room;
        let blocks = pixels.map(|pixels| Arc::new(pixels.blocks(width, height)));
        Plain {
            bytes: size,
            reading: Arc::new(reading),
            blocks,
            drawn: None,
            room: self.room,
            notes,
        }
    }
}

/// The bytes of a body that has codings, and there are some.
pub(super) fn coded(request: &Request) -> Option<&Content> {
    let content = request.given_body()?.content.as_ref()?;
    let is_coded = !request.codings_left().is_empty();
    (is_coded && !content.0.is_empty()).then_some(content)
}

impl State {
    /// The body that is looked at and has not been read yet.
    pub fn packed(&self, model: &Model) -> Option<Packed> {
        if !self.has_details() {
            return None;
        }
        let request = self.current(model)?;
        let content = match self.tab {
            Tab::Body => request.given_body()?.content.as_ref()?,
            // Its size, coded and not, stands there.
            Tab::Headers => coded(request)?,
            Tab::Cookies | Tab::Timing | Tab::Connection | Tab::Cache => return None,
        };
        let room = self.room_for_pictures();
        let is_good = |plain: &Plain| plain.blocks.is_none() || plain.room == room;
        match self.unpacked_of(request).map(|unpacked| &unpacked.outcome) {
            Some(Ok(plain)) if is_good(plain) || self.tab != Tab::Body => return None,
            Some(Err(_)) => return None,
            Some(Ok(_)) | None => {}
        }
        if content.0.is_empty() {
            return None;
        }
        let head = request.given_head();
        let codings = request.codings_left();
        let content_type = head.and_then(|head| head.headers.first("content-type"));
        Some(Packed {
            request: request.id,
            codings: codings.into_iter().map(str::to_owned).collect(),
            content_type: content_type.unwrap_or_default().to_owned(),
            content: content.clone(),
            room,
        })
    }

    /// How many cells a picture may have: what the details have, but for the lines above it.
    fn room_for_pictures(&self) -> Size {
        let area = self.areas().details;
        Size::new(
            area.width.saturating_sub(4).clamp(1, 200),
            area.height.saturating_sub(7).max(6),
        )
    }

    /// What became of the body of `request`, if that was asked last.
    pub(super) fn unpacked_of(&self, request: &Request) -> Option<&Unpacked> {
        self.unpacked
            .as_ref()
            .filter(|unpacked| unpacked.request == request.id)
    }
}

/// What is drawn is for the terminal to read, and for nobody else.
impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells = match self {
            Self::Text(drawn) => drawn.size(),
            Self::Placed(placed) => placed.cells,
        };
        write!(f, "a picture of {cells} cells")
    }
}

/// The same drawing, not one that looks the same.
impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => Arc::ptr_eq(one, other),
            (Self::Placed(one), Self::Placed(other)) => Arc::ptr_eq(one, other),
            (Self::Text(_) | Self::Placed(_), _) => false,
        }
    }
}

impl Eq for Drawn {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Because, Body, Event, Fact, Moment, Wanted};
    use crate::message::{Headers, ResponseHead, Version};
    use crate::ui::pane;
    use crate::ui::tail::Tail;

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
        let mut lines: Vec<_> = sheet.lines.iter().map(ToString::to_string).collect();
        let tail = sheet.tail.into_iter().flat_map(|tail| match tail {
            Tail::Text(text) => (0..text.len())
                .map(|line| text.line(line).unwrap().0.to_owned())
                .collect(),
            other @ (Tail::Tree(..) | Tail::Bytes(_) | Tail::Blocks(_)) => {
                vec![format!("{other:?}")]
            }
        });
        lines.extend(tail);
        lines
    }

    #[test]
    fn a_coded_body_is_asked_for_and_shown_once_it_is_decoded() {
        let (mut state, model) = looking_at("gzip", &[0x1f; 20]);
        let packed = state.packed(&model).unwrap();
        assert_eq!(packed.codings, ["gzip"]);
        assert_eq!(lines(&state, &model).last().unwrap(), "  reading it …");

        let text = format!("{}\nand a second", "x".repeat(45));
        state.open_body(Unpacked {
            request: ME,
            outcome: Ok(packed.read(text.as_bytes().into(), vec!["something odd".to_owned()])),
        });
        assert_eq!(state.packed(&model), None, "it is asked for once");
        let size = "  size           20 B on the wire (gzip), 58 B decoded: 2.9 times as much";
        let shown = lines(&state, &model);
        assert_eq!(shown[0], size);
        assert!(shown.contains(&"  something odd".to_owned()));
        assert_eq!(shown.last().unwrap(), "and a second");
        state.show(Tab::Headers);
        let body = size.replace("size", "body");
        assert!(lines(&state, &model).contains(&body));
    }

    #[test]
    fn a_broken_coding_is_told_and_its_bytes_are_shown_as_they_came() {
        let (mut state, model) = looking_at("br", b"\xffno");
        let words = "br is broken at byte 0".to_owned();
        state.open_body(Unpacked {
            request: ME,
            outcome: Err(words),
        });
        let lines = lines(&state, &model);
        assert_eq!(lines[0], "  size           3 B on the wire (br)");
        assert_eq!(lines[1], "  br is broken at byte 0");
        assert!(lines.last().unwrap().starts_with("Bytes("), "{lines:?}");
    }

    #[test]
    fn nothing_is_asked_for_where_there_is_nothing_to_read_or_nobody_looks() {
        let (state, model) = looking_at("gzip", b"");
        assert_eq!(state.packed(&model), None);
        let (mut state, model) = looking_at("gzip", b"coded");
        state.show(Tab::Timing);
        assert_eq!(state.packed(&model), None);
    }

    #[test]
    fn a_picture_is_read_again_when_there_is_another_room_for_it() {
        let picture = include_bytes!("../../tests/fixtures/pictures/chequer.png");
        let (mut state, model) = looking_at("identity", picture);
        let packed = state.packed(&model).unwrap();
        let plain = packed.read(picture[..].into(), Vec::new());
        assert!(plain.blocks.is_some());
        state.open_body(Unpacked {
            request: ME,
            outcome: Ok(plain),
        });
        assert_eq!(state.packed(&model), None);
        state.resize(Size::new(70, 40), &model);
        assert!(state.packed(&model).is_some());
    }
}
