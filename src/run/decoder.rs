use std::future::pending;
use std::panic::catch_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{io, thread};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::coding::{Limits, decode};
use crate::ui::{Packed, Plain, Unpacked};

use super::graphics::Graphics;

/// The name of the thread that decodes.
const NAME: &str = "decoder";

/// A thread that decodes one body at a time, so that neither drawing nor the engine waits for it.
pub(super) struct Decoder {
    jobs: SyncSender<(Packed, Graphics)>,
    done: UnboundedReceiver<Unpacked>,
    is_busy: bool,
    /// How the terminal draws pictures.
    pub(super) graphics: Graphics,
}

impl Decoder {
    /// Starts the thread; it ends when this goes away.
    pub(super) fn start(graphics: Graphics) -> io::Result<Self> {
        let (jobs, todo) = sync_channel(1);
        let (tell, done) = unbounded_channel();
        thread::Builder::new()
            .name(NAME.to_owned())
            .spawn(move || work(&todo, &tell))?;
        Ok(Self {
            jobs,
            done,
            is_busy: false,
            graphics,
        })
    }

    /// Gives it a body, unless it is at work: whoever still wants it then asks again.
    pub(super) fn ask(&mut self, packed: Packed) {
        if !self.is_busy {
            self.is_busy = self.jobs.try_send((packed, self.graphics)).is_ok();
        }
    }

    /// Waits for the next body; nothing is lost if the waiting is given up.
    pub(super) async fn come(&mut self) -> Unpacked {
        let Some(unpacked) = self.done.recv().await else {
            return pending().await;
        };
        self.is_busy = false;
        unpacked
    }
}

/// Whether this is the thread that decodes.
pub(super) fn is_here() -> bool {
    thread::current().name() == Some(NAME)
}

fn work(todo: &Receiver<(Packed, Graphics)>, tell: &UnboundedSender<Unpacked>) {
    while let Ok((packed, graphics)) = todo.recv() {
        if tell.send(unpacked(&packed, graphics)).is_err() {
            return;
        }
    }
}

/// A body without its codings, at once.
pub(super) fn unpacked(packed: &Packed, graphics: Graphics) -> Unpacked {
    // Decoders are other people's: one that breaks down takes nothing with it.
    let outcome = catch_unwind(|| unpack(packed, graphics))
        .unwrap_or_else(|_| Err("the decoder broke down over these bytes".to_owned()));
    Unpacked {
        request: packed.request,
        outcome,
    }
}

fn unpack(packed: &Packed, graphics: Graphics) -> Result<Plain, String> {
    super::panic::if_asked(NAME);
    let codings: Vec<&str> = packed.codings.iter().map(String::as_str).collect();
    if codings.is_empty() {
        let plain = packed.read(packed.content.0.clone(), Vec::new());
        return Ok(graphics.draw(plain));
    }
    let decoded = decode(&codings, &packed.content.0, Limits::default());
    let decoded = decoded.map_err(|error| error.to_string())?;
    let notes = decoded.notes.iter().map(ToString::to_string).collect();
    let plain = packed.read(decoded.bytes.into(), notes);
    Ok(graphics.draw(plain))
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Size;

    use super::*;
    use crate::event::{Content, RequestId};

    fn packed(number: u32, coding: &str, bytes: &[u8]) -> Packed {
        Packed {
            request: RequestId(number),
            codings: vec![coding.to_owned()],
            content_type: String::new(),
            content: Content(bytes.into()),
            room: Size::new(40, 10),
        }
    }

    #[tokio::test]
    async fn bodies_are_decoded_one_at_a_time() {
        let gzip = include_bytes!("../../tests/fixtures/codings/body.gz");
        let mut decoder = Decoder::start(Graphics::None).unwrap();
        decoder.ask(packed(1, "gzip", gzip));
        decoder.ask(packed(2, "gzip", gzip));
        let first = decoder.come().await;
        assert_eq!(first.request, RequestId(1));
        assert_eq!(first.outcome.unwrap().bytes, 630);

        decoder.ask(packed(3, "gzip", b"no gzip"));
        let third = decoder.come().await;
        assert_eq!(third.request, RequestId(3), "the second was left out");
        let words = third.outcome.unwrap_err();
        assert!(words.starts_with("gzip is broken at byte 0"), "{words}");
    }
}
