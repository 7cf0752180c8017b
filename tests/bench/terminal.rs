//! The program on a terminal of 132 columns and 43 rows, as cargo built it beside the bench.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::Parser;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_netwaterfall");

const ROWS: NonZeroU16 = NonZeroU16::MIN.saturating_add(42);
const COLUMNS: NonZeroU16 = NonZeroU16::MIN.saturating_add(131);

/// What came at once, and when.
type Piece = (Instant, Vec<u8>);

/// A running program and what its screen shows.
pub(crate) struct Shown {
    child: Box<dyn Child + Send + Sync>,
    parser: Parser,
    input: Box<dyn Write + Send>,
    output: Receiver<Piece>,
    _terminal: Box<dyn MasterPty + Send>,
}

impl Shown {
    /// Starts the program with these arguments; nothing of the machine's user is read.
    pub(crate) fn start(args: &[&str]) -> Self {
        let size = PtySize {
            rows: ROWS.get(),
            cols: COLUMNS.get(),
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size);
        let pair = pair.unwrap_or_else(|error| panic!("{error}"));
        let mut builder = CommandBuilder::new(PROGRAM);
        builder.args(["--config", "none", "--theme", "ansi"]);
        builder.args(args);
        builder.env("TERM", "xterm-256color");
        builder.env("XDG_STATE_HOME", "/dev/null/state");
        let child = pair.slave.spawn_command(builder);
        let child = child.unwrap_or_else(|error| panic!("{error}"));
        drop(pair.slave);
        let reader = pair.master.try_clone_reader();
        let writer = pair.master.take_writer();
        Self {
            child,
            parser: Parser::new(ROWS, COLUMNS, 0),
            input: writer.unwrap_or_else(|error| panic!("{error}")),
            output: read_on(reader.unwrap_or_else(|error| panic!("{error}"))),
            _terminal: pair.master,
        }
    }

    /// Types `keys`.
    pub(crate) fn send(&mut self, keys: &[u8]) {
        let sent = self.input.write_all(keys);
        sent.unwrap_or_else(|error| panic!("{error}"));
    }

    /// The next piece that came; nothing at the end.
    pub(crate) fn piece(&mut self) -> Option<Piece> {
        let (at, bytes) = self.output.recv().ok()?;
        self.parser.process(&bytes);
        Some((at, bytes))
    }

    /// Reads what came, if something did.
    pub(crate) fn taken(&mut self) {
        if let Ok((_, bytes)) = self.output.recv_timeout(Duration::from_millis(1)) {
            self.parser.process(&bytes);
        }
    }

    /// Reads until `words` are on the screen.
    pub(crate) fn until(&mut self, words: &str) {
        while !self.parser.screen().contents().contains(words) {
            assert!(self.piece().is_some(), "it ended before {words:?}");
        }
    }

    /// Bytes of memory that it has now.
    pub(crate) fn memory(&self) -> u64 {
        let process = self.child.process_id().unwrap_or(0);
        let status = std::fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
        kib.map_or(0, |kib: u64| kib * 1024)
    }

    /// Quits it, and waits for its end.
    pub(crate) fn quit(mut self) {
        self.send(b"\x03");
        while self.piece().is_some() {}
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn read_on(mut reader: Box<dyn std::io::Read + Send>) -> Receiver<Piece> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            let bytes = buffer.get(..read).unwrap_or_default().to_vec();
            if tell.send((Instant::now(), bytes)).is_err() {
                return;
            }
        }
    });
    told
}
