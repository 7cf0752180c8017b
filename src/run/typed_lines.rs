use std::io::{self, BufRead as _, IsTerminal as _};
use std::thread::Builder;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Lines of standard input as they are typed, on a thread of their own: to read one never ends where
/// nobody types.
pub(super) struct TypedLines {
    lines: Option<UnboundedReceiver<String>>,
}

impl TypedLines {
    /// Nobody types anything.
    pub(super) const fn none() -> Self {
        Self { lines: None }
    }

    /// Begins to read.
    pub(super) fn start() -> io::Result<Self> {
        let (tell, lines) = unbounded_channel();
        let reading = move || {
            let mut whole = String::new();
            for line in io::stdin().lock().split(b'\n') {
                let Ok(line) = line else { return };
                let line = String::from_utf8_lossy(&line);
                let line = line.trim_end_matches('\r');
                // A command for curl goes on in the next line.
                if let Some(part) = line.strip_suffix('\\') {
                    whole.push_str(part);
                    continue;
                }
                whole.push_str(line);
                if tell.send(std::mem::take(&mut whole)).is_err() {
                    return;
                }
            }
            if !whole.is_empty() {
                // Whoever went away needs not be told.
                let _ = tell.send(whole);
            }
        };
        Builder::new().name("lines".to_owned()).spawn(reading)?;
        Ok(Self { lines: Some(lines) })
    }

    /// Whether more may come.
    pub(super) const fn is_open(&self) -> bool {
        self.lines.is_some()
    }

    /// Whether a person sits there.
    pub(super) fn is_terminal() -> bool {
        io::stdin().is_terminal()
    }

    /// The next line; nothing once all were read.
    pub(super) async fn next(&mut self) -> Option<String> {
        let line = self.lines.as_mut()?.recv().await;
        if line.is_none() {
            self.lines = None;
        }
        line
    }
}
