use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::style::{Modifier, Style};
use ratatui_textarea::{CursorMove, TextArea};

use crate::event::RequestId;
use crate::message::{Payload, Saying};
use crate::model::{Model, Request};

use super::action::Effect;
use super::layers::Overlay;
use super::state::State;

/// A request as a person changes it, to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The request that it was made of.
    pub of: RequestId,
    /// With which method.
    pub method: String,
    /// From where.
    pub url: String,
    /// A header a line; `Name:` leaves one out that is automatic.
    pub headers: String,
    /// The body, where it is text.
    pub body: String,
    /// What it said before; a body that is no text, and cookies, go along as they were.
    pub former: Saying,
}

/// What a key does in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAct {
    /// Show the selected request in it.
    Open,
    /// Fetch what it says.
    Send,
    /// Change it in another program.
    Editor,
    /// Go to the next field.
    Next,
    /// Go to the field before.
    Before,
    /// Leave it.
    GiveUp,
}

/// A request in fields, each of which is an editor.
#[derive(Clone, Debug)]
pub(super) struct Form {
    draft: Draft,
    fields: [TextArea<'static>; 4],
    pub(super) at: usize,
    /// Whether leaving it was asked about.
    is_asked: bool,
}

/// The names of the fields.
pub(super) const FIELDS: [&str; 4] = ["Method", "URL", "Headers", "Body"];
/// The fields that have one line.
const LINES: usize = 2;

impl Draft {
    /// A request as it was made.
    fn of(request: &Request) -> Self {
        let saying = request.saying();
        let mut lines: Vec<String> = Vec::new();
        for (name, value) in saying.headers.iter() {
            lines.push(if value.is_empty() {
                format!("{name};")
            } else {
                format!("{name}: {}", read(value))
            });
        }
        lines.extend(saying.without.iter().map(|name| format!("{name}:")));
        let is_typed = saying.has("content-type");
        let media_type = saying
            .payload
            .as_ref()
            .and_then(|payload| payload.media_type.as_ref());
        if let Some(media_type) = media_type.filter(|_| !is_typed) {
            lines.push(format!("Content-Type: {media_type}"));
        }
        Self {
            of: request.id,
            method: request.method.to_string(),
            url: request.url.to_string(),
            headers: lines.join("\n"),
            body: text_of(saying.payload.as_ref()).unwrap_or_default(),
            former: saying,
        }
    }

    /// Whether the body is no text, and goes along as it was unless another is typed.
    pub fn has_bytes(&self) -> bool {
        let payload = self.former.payload.as_ref();
        payload.is_some() && text_of(payload).is_none()
    }
}

/// The body as text, where it is some that can be edited.
fn text_of(payload: Option<&Payload>) -> Option<String> {
    let text = str::from_utf8(&payload?.bytes).ok()?;
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().all(is_text).then(|| text.to_owned())
}

/// Header text is isomorphic: where its bytes are UTF-8, that is how it is read.
fn read(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| text.to_owned())
}

impl Form {
    fn new(draft: Draft) -> Self {
        let Draft {
            method,
            url,
            headers,
            body,
            ..
        } = &draft;
        let area = |text: &String| {
            let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
            area.set_cursor_line_style(Style::new());
            area.set_placeholder_style(Style::new().add_modifier(Modifier::DIM));
            area
        };
        let mut fields = [method, url, headers, body].map(area);
        if draft.has_bytes() {
            let [.., body] = &mut fields;
            body.set_placeholder_text("bytes that are no text; they go along unless you type here");
        }
        let mut form = Self {
            draft,
            fields,
            at: 1,
            is_asked: false,
        };
        for area in &mut form.fields {
            area.move_cursor(CursorMove::End);
        }
        form.show_cursor();
        form
    }

    /// The fields, as they are drawn.
    pub(super) const fn fields(&self) -> &[TextArea<'static>; 4] {
        &self.fields
    }

    /// One cursor only: where something is typed.
    fn show_cursor(&mut self) {
        for (place, area) in self.fields.iter_mut().enumerate() {
            let is_here = place == self.at;
            let style = Style::new();
            area.set_cursor_style(if is_here {
                style.add_modifier(Modifier::REVERSED)
            } else {
                style
            });
        }
    }

    pub(super) fn go_to(&mut self, field: usize) {
        self.at = field % self.fields.len();
        self.show_cursor();
    }

    /// What the fields say now.
    fn drafted(&self) -> Draft {
        let [method, url, headers, body] =
            self.fields.each_ref().map(|area| area.lines().join("\n"));
        Draft {
            method,
            url,
            headers,
            body,
            ..self.draft.clone()
        }
    }

    fn type_text(&mut self, text: &str) {
        let is_line = self.at < LINES;
        let is_kept = |c: &char| !c.is_control() || (!is_line && matches!(c, '\n' | '\t'));
        let text: String = text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(is_kept)
            .collect();
        if let Some(area) = self.fields.get_mut(self.at) {
            area.insert_str(text);
        }
    }
}

/// The form.
impl State {
    pub(super) fn act_in_form(&mut self, act: FormAct, model: &Model) -> Option<Effect> {
        if act == FormAct::Open {
            match self.current(model) {
                Some(request) => self.open_form(Draft::of(request)),
                None => self.tell("there is no request to edit yet"),
            }
            return None;
        }
        let form = self.form.as_mut()?;
        match act {
            FormAct::Open => {}
            FormAct::Next => form.go_to(form.at + 1),
            FormAct::Before => form.go_to(form.at + FIELDS.len() - 1),
            FormAct::Send => return self.send_form(),
            FormAct::Editor => return Some(Effect::Editor(Box::new(form.drafted()))),
            FormAct::GiveUp => {
                let is_changed = form.drafted() != form.draft;
                if is_changed && !form.is_asked {
                    form.is_asked = true;
                    self.warn("Esc again leaves it, and what you changed is lost");
                } else {
                    self.close_form();
                }
            }
        }
        None
    }

    /// Shows a request in the form, to be changed.
    pub fn open_form(&mut self, draft: Draft) {
        self.form = Some(Form::new(draft));
        self.overlay = Some(Overlay::Form);
    }

    fn close_form(&mut self) {
        self.form = None;
        self.overlay = None;
    }

    fn send_form(&mut self) -> Option<Effect> {
        let draft = self.form.as_ref()?.drafted();
        self.close_form();
        Some(Effect::Send(Box::new(draft)))
    }

    pub(super) fn type_form(&mut self, event: &KeyEvent) -> Option<Effect> {
        let form = self.form.as_mut()?;
        form.is_asked = false;
        if event.code == KeyCode::Enter && form.at < LINES {
            return self.send_form();
        }
        let field = form.at;
        form.fields.get_mut(field)?.input(*event);
        None
    }

    /// Text was pasted; whether the form took it.
    pub(super) fn paste_into_form(&mut self, text: &str) -> bool {
        let is_shown = self.overlay == Some(Overlay::Form);
        if let Some(form) = self.form.as_mut().filter(|_| is_shown) {
            form.type_text(text);
        }
        is_shown
    }
}
