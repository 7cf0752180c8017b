use std::borrow::Cow;
use std::path::Path;

use crate::coding::{Limits, decode};
use crate::event::RequestId;
use crate::export::{Bodies, curl, line, markdown, masked, report, row, table};
use crate::message::Headers;
use crate::model::{Request, bytes};
use crate::ui::{Paper, Piece};

use super::archive::archive;
use super::new_file::{body_name, write_new};
use super::picture::drawn;
use super::reckoning::reckoned;
use super::screen::Screen;

/// What was picked from a menu: the bytes, what they are, and a name for a file of them.
struct Taken {
    what: String,
    bytes: Vec<u8>,
    name: String,
}

impl Taken {
    fn text(what: impl Into<String>, text: String, name: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            bytes: text.into_bytes(),
            name: name.into(),
        }
    }
}

/// Columns of a table that goes into a file.
const COLUMNS: u16 = 132;

/// What goes into the clipboard and into files.
impl Screen {
    /// Copies something of a request, and tells how, or why not.
    pub(super) fn yank(&mut self, piece: Piece, of: RequestId) {
        let Some(request) = self.model.request(of) else {
            return;
        };
        let taken = match piece {
            Piece::Url => Ok(Taken::text("the URL", request.url.to_string(), "url.txt")),
            Piece::RequestHeaders => sent(request),
            Piece::ResponseHeaders => answered(request),
            Piece::Body => body(request),
            Piece::Curl => Ok(command(request)),
            Piece::Row => {
                let text = row(request, &self.model, self.model.latest());
                Ok(Taken::text("the row", text, "row.txt"))
            }
        };
        match taken {
            Ok(taken) => self.copy(taken),
            Err(why) => self.state.tell(why),
        }
    }

    /// Copies a text, and tells how.
    pub(super) fn copy_text(&mut self, what: String, text: String) {
        self.copy(Taken::text(what, text, "copied.txt"));
    }

    /// Into the clipboard where it fits and is text; into a file where not.
    fn copy(&mut self, taken: Taken) {
        let size = bytes(taken.bytes.len() as u64);
        let text = str::from_utf8(&taken.bytes).ok();
        match text.map(|text| self.terminal().copy(text)) {
            Some(Ok(Some(way))) => {
                let what = taken.what;
                self.state
                    .tell(format!("{what} went to the clipboard ({way}), {size}"));
            }
            Some(Err(error)) => self.state.warn(format!("it cannot be copied: {error}")),
            Some(Ok(None)) | None => {
                let why = match text {
                    Some(_) => "not for this terminal's clipboard",
                    None => "no text",
                };
                self.put_down(&taken, &std::env::temp_dir(), Some(why));
            }
        }
    }

    /// Writes what was picked into a file of the folder where the program runs, and tells where.
    pub(super) fn write(&mut self, paper: Paper, of: Option<RequestId>) {
        let selected = of.and_then(|of| self.model.request(of));
        let nobody = || "there is no request yet".to_owned();
        let taken = match paper {
            Paper::Events => Ok(self.events(Secrecy::Masked)),
            Paper::EventsWithSecrets => Ok(self.events(Secrecy::Told)),
            Paper::Archive => Ok(Taken::text(
                "the archive, without secrets and bodies,",
                archive(&self.model, false, false),
                "netwaterfall.har",
            )),
            Paper::ArchiveWithSecrets => Ok(Taken::text(
                "the archive, secrets and all,",
                archive(&self.model, true, true),
                "netwaterfall.har",
            )),
            Paper::Report => {
                let text = report(&reckoned(&self.model), &self.claims.judge(&self.model));
                Ok(Taken::text("the report", text, "netwaterfall.json"))
            }
            Paper::Table => {
                let text = table(&reckoned(&self.model), COLUMNS);
                Ok(Taken::text("the table", text, "netwaterfall.txt"))
            }
            Paper::Markdown => {
                let text = markdown(&reckoned(&self.model), &self.claims.judge(&self.model));
                Ok(Taken::text("the report", text, "netwaterfall.md"))
            }
            Paper::Picture => {
                let text = drawn(&self.model, &self.state, self.model.latest(), self.theme);
                Ok(Taken::text("the picture", text, "netwaterfall.svg"))
            }
            Paper::Body => selected.ok_or_else(nobody).and_then(body),
            Paper::Curl => selected.ok_or_else(nobody).map(command),
        };
        match taken {
            Ok(taken) => self.put_down(&taken, Path::new("."), None),
            Err(why) => self.state.tell(why),
        }
    }

    /// Every fact so far, a line each.
    fn events(&self, secrecy: Secrecy) -> Taken {
        let mut text = String::new();
        for event in self.tape.events() {
            let event = match secrecy {
                Secrecy::Masked => Cow::Owned(masked(&event).into_owned()),
                Secrecy::Told => event,
            };
            text.push_str(&line(&event, Bodies::Kept));
        }
        let what = match secrecy {
            Secrecy::Masked => "the events, without secrets,",
            Secrecy::Told => "the events, secrets and all,",
        };
        Taken::text(what, text, "netwaterfall.ndjson")
    }

    fn put_down(&mut self, taken: &Taken, folder: &Path, why: Option<&str>) {
        let size = bytes(taken.bytes.len() as u64);
        let what = &taken.what;
        match write_new(folder, &taken.name, &taken.bytes) {
            Ok(path) => {
                let why = why.map_or_else(String::new, |why| format!("{why}: "));
                let path = path.display();
                self.state
                    .tell(format!("{why}{what} went into {path}, {size}"));
            }
            Err(error) => {
                let (name, folder) = (&taken.name, folder.display());
                let words = format!("{name} cannot be written into {folder}: {error}");
                self.state.warn(words);
            }
        }
    }
}

/// Whether secrets are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    Masked,
    Told,
}

fn sent(request: &Request) -> Result<Taken, String> {
    let (head, _) = request.sent.as_ref().ok_or("it was not sent")?;
    let first = format!("{} {} HTTP/1.1", head.method, head.target);
    Ok(Taken {
        what: "the request headers".to_owned(),
        bytes: head_bytes(&first, &head.headers),
        name: "request.txt".to_owned(),
    })
}

fn answered(request: &Request) -> Result<Taken, String> {
    let head = request.given_head().ok_or("there is no answer yet")?;
    let first = format!("{} {} {}", head.version, head.status, head.reason);
    Ok(Taken {
        what: "the headers of the answer".to_owned(),
        bytes: head_bytes(first.trim_end(), &head.headers),
        name: "answer.txt".to_owned(),
    })
}

/// Characters of a head are bytes.
fn head_bytes(first: &str, headers: &Headers) -> Vec<u8> {
    let mut text = format!("{first}\n");
    for (name, value) in headers.iter() {
        text.extend([name, ": ", value, "\n"]);
    }
    let byte = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

fn command(request: &Request) -> Taken {
    let text = format!("{}\n", curl(request));
    Taken::text(
        format!("{} as a curl command", request.id),
        text,
        "request.sh",
    )
}

/// What came, its codings taken off where they can be.
fn body(request: &Request) -> Result<Taken, String> {
    let kept = request.given_body().filter(|body| body.bytes > 0);
    let content = kept.ok_or("there is no body")?.content.as_ref();
    let wire = &content.ok_or("this record was made without bodies")?.0;
    let head = request.given_head();
    let codings = request.codings_left();
    let media_type = head.and_then(crate::message::ResponseHead::media_type);
    let mut name = body_name(&request.url, media_type.as_deref());
    let (what, bytes) = match decode(&codings, wire, Limits::default()) {
        Ok(decoded) => ("the body".to_owned(), decoded.bytes),
        Err(error) => {
            name.push_str(".coded");
            (
                format!("the body, coded as it came ({error}),"),
                wire.to_vec(),
            )
        }
    };
    let what = match kept {
        Some(body) if body.is_cut() => format!("the part of {what} that was kept"),
        _ => what,
    };
    Ok(Taken { what, bytes, name })
}
