use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{Command as _, execute};

/// Bytes of a frame, kept until it is whole: it goes out in one piece, and the terminal is told to
/// show it in one (CSI ? 2026), so that nobody ever sees half of it.
#[derive(Clone, Default)]
pub(super) struct Frames(Rc<RefCell<Vec<u8>>>);

impl Frames {
    /// Sends what was drawn since the last time.
    pub(super) fn send(&self, out: &mut impl Write) -> io::Result<()> {
        let mut bytes = self.0.borrow_mut();
        if bytes.is_empty() {
            return Ok(());
        }
        let mut frame = String::new();
        // Writing to a String cannot fail.
        let _ = BeginSynchronizedUpdate.write_ansi(&mut frame);
        let mut frame = frame.into_bytes();
        frame.append(&mut bytes);
        out.write_all(&frame)?;
        execute!(out, EndSynchronizedUpdate)
    }

    /// Forgets what was drawn and never sent.
    pub(super) fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Write for Frames {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Nothing leaves before the frame is whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_goes_out_in_one_piece_between_two_marks() {
        let mut frames = Frames::default();
        let mut out = Vec::new();
        frames.send(&mut out).unwrap();
        assert!(out.is_empty(), "nothing was drawn");
        frames.write_all(b"half").unwrap();
        frames.flush().unwrap();
        frames.write_all(b" and half").unwrap();
        frames.send(&mut out).unwrap();
        assert_eq!(out, b"\x1b[?2026hhalf and half\x1b[?2026l");
        frames.write_all(b"gone").unwrap();
        frames.forget();
        frames.send(&mut out).unwrap();
        assert!(!out.ends_with(b"gone"));
    }
}
