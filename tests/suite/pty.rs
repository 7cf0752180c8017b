//! A program in a pseudo-terminal, and what its screen shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{MouseProtocolMode, Parser};

use crate::source::root;

/// Nothing on this machine takes longer, even when it is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// Stops where the program stops, and brings it back when Enter is sent.
const SHELL_SCRIPT: &str =
    r#"set -m; "$0" "$@"; echo "shell: stopped"; read line; fg >/dev/null; exit $?"#;

/// A running program and the terminal it draws on.
pub(crate) struct Screen {
    parser: Parser,
    raw: Vec<u8>,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    terminal: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    modes: String,
    /// The background that it has, as it tells who asks.
    background: Option<&'static str>,
    /// Bytes of `raw` that were looked at for questions.
    heard: usize,
}

impl Screen {
    /// Runs netwaterfall on a screen of `rows` and `columns`.
    pub(crate) fn run(args: &[&str], rows: u16, columns: u16) -> Self {
        Self::run_with(args, rows, columns, &[])
    }

    /// Runs netwaterfall with more in its environment.
    pub(crate) fn run_with(
        args: &[&str],
        rows: u16,
        columns: u16,
        environment: &[(&str, &str)],
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_netwaterfall");
        let command: Vec<_> = [program].iter().chain(args).copied().collect();
        Self::start(&command, rows, columns, environment)
    }

    /// Runs netwaterfall in a folder of its own.
    pub(crate) fn run_in(
        folder: &Path,
        args: &[&str],
        rows: u16,
        columns: u16,
        environment: &[(&str, &str)],
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_netwaterfall");
        let command: Vec<_> = [program].iter().chain(args).copied().collect();
        Self::start_in(folder, &command, rows, columns, environment)
    }

    /// Runs netwaterfall on a terminal that tells its background, or does not know it.
    pub(crate) fn run_on(args: &[&str], background: Option<&'static str>) -> Self {
        let mut screen = Self::run(args, 24, 80);
        screen.background = background;
        screen
    }

    /// Runs netwaterfall as a job of a shell, which says `shell: stopped` when the job stops and
    /// brings it back when Enter is sent.
    pub(crate) fn run_as_job(args: &[&str], rows: u16, columns: u16) -> Self {
        let program = env!("CARGO_BIN_EXE_netwaterfall");
        let shell = ["bash", "-c", SHELL_SCRIPT, program];
        let command: Vec<_> = shell.iter().chain(args).copied().collect();
        Self::start(&command, rows, columns, &[])
    }

    fn start(command: &[&str], rows: u16, columns: u16, environment: &[(&str, &str)]) -> Self {
        Self::start_in(root(), command, rows, columns, environment)
    }

    fn start_in(
        folder: &Path,
        command: &[&str],
        rows: u16,
        columns: u16,
        environment: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(size(rows, columns)).unwrap();
        let mut builder = CommandBuilder::from_argv(command.iter().map(Into::into).collect());
        builder.cwd(folder);
        builder.env("TERM", "xterm-256color");
        builder.env_remove("NO_COLOR");
        builder.env_remove("COLORTERM");
        // Whoever tests has preferences that are nobody's business.
        builder.env("XDG_CONFIG_HOME", "/nonexistent");
        builder.env("no_proxy", "*");
        builder.env("RUST_BACKTRACE", "0");
        // Nothing of the machine's user is read, and nothing is left to him.
        builder.env("XDG_STATE_HOME", "/dev/null/state");
        for (name, value) in environment {
            builder.env(name, value);
        }
        let terminal = pair.master;
        let modes = modes(terminal.as_ref());
        let child = pair.slave.spawn_command(builder).unwrap();
        Self {
            parser: Parser::new(at_least_one(rows), at_least_one(columns), 0),
            raw: Vec::new(),
            output: read_on(terminal.try_clone_reader().unwrap()),
            input: terminal.take_writer().unwrap(),
            terminal,
            child,
            modes,
            background: None,
            heard: 0,
        }
    }

    /// Reads until `text` is on the screen.
    pub(crate) fn until(&mut self, text: &str) {
        let deadline = deadline();
        while !self.text().contains(text) {
            let went_on = self.read(deadline);
            assert!(
                went_on || self.text().contains(text),
                "the program ended without {text:?} on the screen:\n{}",
                self.text()
            );
        }
    }

    /// What is on the screen.
    pub(crate) fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// Every byte that came, for the terminal to show or to obey.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Types `bytes`.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).unwrap();
        self.input.flush().unwrap();
    }

    /// Makes the screen another size.
    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        self.parser
            .set_size(at_least_one(rows), at_least_one(columns));
        self.terminal.resize(size(rows, columns)).unwrap();
    }

    /// Sends the program a signal such as `TERM`.
    pub(crate) fn signal(&mut self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status();
        assert!(sent.unwrap().success());
    }

    /// Reads until the program has ended and tells its exit code.
    pub(crate) fn wait(&mut self) -> u32 {
        let deadline = deadline();
        while self.read(deadline) {}
        self.child.wait().unwrap().exit_code()
    }

    /// Whether the terminal is as it was before the program ran.
    pub(crate) fn restored(&self) -> bool {
        let screen = self.parser.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == MouseProtocolMode::None
            && modes(self.terminal.as_ref()) == self.modes
    }

    /// Answers what a terminal is asked: its background, if it knows it, and what it is (DA1).
    fn answer(&mut self) {
        let asked = String::from_utf8_lossy(self.raw.get(self.heard..).unwrap_or_default());
        let has = |question: &str| asked.contains(question);
        let (is_dark_asked, is_asked) = (has("\x1b]11;?"), has("\x1b[c"));
        if !is_asked {
            return;
        }
        self.heard = self.raw.len();
        if let Some(colour) = self.background.filter(|_| is_dark_asked) {
            self.send(format!("\x1b]11;{colour}\x1b\\").as_bytes());
        }
        self.send(b"\x1b[?62;22c");
    }

    /// Reads the next bytes; false when there will be none.
    #[expect(
        clippy::disallowed_methods,
        reason = "a real program answers in real time"
    )]
    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.output.recv_timeout(left) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.raw.extend(&bytes);
                self.answer();
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => {
                panic!("nothing came of it in {PATIENCE:?}:\n{}", self.text())
            }
        }
    }
}

/// No program outlives its test.
impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs netwaterfall until `text` has been written, takes its terminal away, and tells the exit code.
///
/// With `is_told` the terminal is its controlling one, so that SIGHUP tells it.
pub(crate) fn hang_up(args: &[&str], text: &str, is_told: bool) -> u32 {
    let program = env!("CARGO_BIN_EXE_netwaterfall");
    let pair = native_pty_system().openpty(size(24, 80)).unwrap();
    let mut builder = CommandBuilder::new(program);
    builder.args(args);
    builder.env("TERM", "xterm-256color");
    builder.set_controlling_tty(is_told);
    let mut child = pair.slave.spawn_command(builder).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&seen).contains(text) {
        let read = reader.read(&mut buffer).unwrap();
        seen.extend(buffer.iter().take(read));
    }
    drop(reader);
    drop(pair.master);
    let (tell, told) = channel();
    thread::spawn(move || tell.send(child.wait().unwrap().exit_code()));
    told.recv_timeout(PATIENCE)
        .expect("it goes on without a terminal")
}

/// Hands on what `reader` gives, until it gives no more.
fn read_on(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            let bytes = buffer.iter().take(read).copied().collect();
            if sender.send(bytes).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The modes of the terminal's line (raw, echo and so on), to be compared.
fn modes(terminal: &dyn MasterPty) -> String {
    format!("{:?}", terminal.get_termios())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a real program answers in real time"
)]
fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

const fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn at_least_one(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a screen has cells")
}

#[test]
fn a_terminal_left_in_disorder_is_noticed() {
    let run = |script: &str| {
        let mut screen = Screen::start(&["sh", "-c", script], 5, 40, &[]);
        screen.until("ready");
        screen.send(b"\r");
        assert_eq!(screen.wait(), 3);
        screen.restored()
    };
    assert!(run("echo ready; read line; exit 3"));
    assert!(run(
        r"printf '\033[?1049h\033[?25l\033[?1002h\033[?2004hready'; read line
        printf '\033[?2004l\033[?1002l\033[?25h\033[?1049l'; exit 3"
    ));
    for mode in ["1049h", "25l", "1002h", "2004h"] {
        assert!(
            !run(&format!(r"printf '\033[?{mode}ready'; read line; exit 3")),
            "{mode}"
        );
    }
    assert!(!run("echo ready; read line; stty -echo; exit 3"));
}

#[test]
fn sizes_and_signals_arrive() {
    let script = "trap 'stty size' WINCH; trap 'echo done; exit 7' TERM; echo ready; while :; do read line; done";
    let mut screen = Screen::start(&["bash", "-c", script], 5, 40, &[]);
    screen.until("ready");
    screen.resize(9, 50);
    screen.send(b"\r");
    screen.until("9 50");
    screen.signal("TERM");
    screen.send(b"\r");
    screen.until("done");
    assert_eq!(screen.wait(), 7);
}

#[test]
fn a_job_stops_and_comes_back() {
    let job = "echo first; kill -STOP $$; echo again; exit 5";
    let command = ["bash", "-c", SHELL_SCRIPT, "bash", "-c", job];
    let mut screen = Screen::start(&command, 9, 60, &[]);
    screen.until("shell: stopped");
    assert!(screen.restored());
    screen.send(b"\r");
    screen.until("again");
    assert_eq!(screen.wait(), 5);
}
