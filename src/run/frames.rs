use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::Command as _;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};

/// Bytes of a frame, kept until it is whole: it goes out in one piece, and the terminal is told to
/// show it in one (CSI ? 2026), so that nobody ever sees half of it.
#[derive(Clone, Default)]
pub(super) struct Frames(Rc<RefCell<Vec<u8>>>);

impl Frames {
    /// Sends what was drawn since the last time, and `question` behind it; as many bytes as that was.
    pub(super) fn send(&self, out: &mut impl Write, question: &str) -> io::Result<usize> {
        let mut bytes = self.0.borrow_mut();
        if bytes.is_empty() {
            return Ok(0);
        }
        let mut frame = String::new();
        // Writing to a String cannot fail.
        let _ = BeginSynchronizedUpdate.write_ansi(&mut frame);
        let mut frame = frame.into_bytes();
        frame.append(&mut bytes);
        let mut end = String::new();
        let _ = EndSynchronizedUpdate.write_ansi(&mut end);
        frame.extend_from_slice(end.as_bytes());
        frame.extend_from_slice(question.as_bytes());
        out.write_all(&frame)?;
        out.flush()?;
        Ok(frame.len())
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
        assert_eq!(frames.send(&mut out, "?").unwrap(), 0);
        assert!(out.is_empty(), "nothing was drawn");
        frames.write_all(b"half").unwrap();
        frames.flush().unwrap();
        frames.write_all(b" and half").unwrap();
        let sent = frames.send(&mut out, "?").unwrap();
        assert_eq!(out, b"\x1b[?2026hhalf and half\x1b[?2026l?");
        assert_eq!(sent, out.len());
        frames.write_all(b"gone").unwrap();
        frames.forget();
        frames.send(&mut out, "").unwrap();
        assert!(!out.ends_with(b"gone"));
    }
}
