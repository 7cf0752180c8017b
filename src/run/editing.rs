use std::fs;
use std::io;
use std::process::Command;

use anyhow::Result;

use crate::cli::{Written, read_draft, read_written, written};
use crate::event::{Because, Wanted};
use crate::ui::Draft;

use super::new_file::write_new;
use super::screen::Screen;

/// Requests that are changed and fetched.
impl Screen {
    /// What a changed request asks for; one that cannot be understood is told, and can be mended.
    pub(super) fn wanted(&mut self, draft: Draft) -> Option<Wanted> {
        let former = draft.former.payload.as_ref();
        let bytes = former.filter(|_| draft.has_bytes());
        let bytes = bytes.map(|payload| payload.bytes.clone());
        let read = read_draft(
            &draft.method,
            &draft.url,
            &draft.headers,
            &draft.body,
            bytes,
        );
        let Written {
            method,
            url,
            mut saying,
        } = match read {
            Ok(written) => written,
            Err(bad) => {
                self.state.warn(bad.to_string());
                self.state.open_form(draft);
                return None;
            }
        };
        if !saying.has("cookie") {
            saying.cookies = draft.former.cookies;
        }
        let of = self.model.request(draft.of);
        Some(Wanted {
            saying,
            credentials: of.map(|of| of.credentials).unwrap_or_default(),
            priority: of.map(|of| of.priority).unwrap_or_default(),
            ..Wanted::plain(method, url, Because::Again { of: draft.of })
        })
    }

    /// Has the request changed in the editor that the environment names, and shows what became of it.
    pub(super) fn edit_elsewhere(&mut self) -> Result<()> {
        let Some(draft) = self.drafted.take() else {
            return Ok(());
        };
        let text = written(&draft.method, &draft.url, &draft.headers, &draft.body);
        let name = "netwaterfall-request.http";
        let changed = write_new(&std::env::temp_dir(), name, text.as_bytes()).and_then(|path| {
            let ran = self.terminal().lend(|| run_editor(&path));
            let read = fs::read_to_string(&path);
            // It may have secrets in it.
            fs::remove_file(&path)?;
            ran.and(read)
        });
        let size = self.terminal().size()?;
        self.state.resize(size, &self.model);
        let draft = match changed.map(|text| read_written(&text)) {
            Ok(Ok([method, url, headers, body])) => Draft {
                method,
                url,
                headers,
                body,
                ..draft
            },
            Ok(Err(bad)) => {
                self.state.warn(bad.to_string());
                draft
            }
            Err(error) => {
                self.state
                    .warn(format!("the editor changed nothing: {error}"));
                draft
            }
        };
        self.state.open_form(draft);
        Ok(())
    }
}

/// Runs what `VISUAL` or `EDITOR` says, words and all, and waits for it.
fn run_editor(path: &std::path::Path) -> io::Result<()> {
    let named = ["VISUAL", "EDITOR"].map(|name| std::env::var(name).unwrap_or_default());
    let editor = named.into_iter().find(|name| !name.trim().is_empty());
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(path)
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("{editor}: {status}")))
}
