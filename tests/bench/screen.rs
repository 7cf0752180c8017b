//! Whether drawing changes what is measured: the same run with the screen and without.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use netwaterfall::event::Stage;
use netwaterfall::import::read_record;
use netwaterfall::model::Model;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::stopwatch::line;

const REQUESTS: usize = 2_000;
/// Runs of each kind, taken in turns.
const TURNS: usize = 5;

/// Answers every request with a kilobyte, and keeps connections.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
    let port = listener.local_addr().map_or(0, |address| address.port());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(&stream));
        }
    });
    port
}

fn answer(stream: &TcpStream) {
    let body = [b'x'; 1_000];
    let mut out = stream;
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.is_empty() {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nCache-Control: no-store\r\n\r\n";
            let answer = [head.as_bytes(), &body].concat();
            if out.write_all(&answer).is_err() {
                return;
            }
        }
    }
}

/// Medians of a run: of the whole of a request, and of stages.
struct Medians {
    run: Duration,
    total: Duration,
    wait: Duration,
    receive: Duration,
}

fn medians(record: &Path) -> Medians {
    let text = fs::read(record).unwrap_or_else(|error| panic!("{error}"));
    let read = read_record(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut model = Model::default();
    for event in &read.events {
        model.apply(event);
    }
    let now = model.latest();
    let median = |mut all: Vec<Duration>| {
        all.sort();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    let spent = |stage| {
        let spent = model.requests().iter();
        median(spent.filter_map(|r| r.timeline.spent(stage, now)).collect())
    };
    let total = model.requests().iter();
    Medians {
        run: model.total(now),
        total: median(total.map(|r| r.until(now).since(r.planned)).collect()),
        wait: spent(Stage::Wait),
        receive: spent(Stage::Receive),
    }
}

/// The program, as cargo built it beside the bench.
const PROGRAM: &str = env!("CARGO_BIN_EXE_netwaterfall");

fn without(list: &str, record: &Path) {
    let mut command = Command::new(PROGRAM);
    command
        .args(["--headless", "-f", list, "--events"])
        .arg(record);
    let _ = command.stdout(Stdio::null()).status();
}

/// The same on a screen of 132 columns and 43 rows, quit when it says that all is done.
fn with(list: &str, record: &Path) {
    let size = PtySize {
        rows: 43,
        cols: 132,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system()
        .openpty(size)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut builder = CommandBuilder::new(PROGRAM);
    builder.args(["-f", list, "--events"]);
    builder.arg(record);
    builder.env("TERM", "xterm-256color");
    builder.env("XDG_STATE_HOME", "/dev/null/state");
    let child = pair.slave.spawn_command(builder);
    let mut child = child.unwrap_or_else(|error| panic!("{error}"));
    drop(pair.slave);
    let reader = pair.master.try_clone_reader();
    let mut reader = reader.unwrap_or_else(|error| panic!("{error}"));
    let writer = pair.master.take_writer();
    let mut writer = writer.unwrap_or_else(|error| panic!("{error}"));
    let (mut seen, mut buffer) = (Vec::new(), vec![0; 65_536]);
    let mut is_asked = false;
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        seen.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let all = format!("{REQUESTS} done");
        if !is_asked && String::from_utf8_lossy(&seen).contains(&all) {
            let _ = writer.write_all(b"q");
            is_asked = true;
        }
    }
    let _ = child.wait();
}

/// What of the medians is told.
type Figure = fn(&Medians) -> Duration;

pub(crate) fn bench() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let port = serve();
    let urls: Vec<_> = (0..REQUESTS)
        .map(|n| format!("http://127.0.0.1:{port}/{n}\n"))
        .collect();
    let list = urls.concat();
    let path = folder.path().join("urls.txt");
    fs::write(&path, list).unwrap_or_else(|error| panic!("{error}"));
    let list = path.display().to_string();
    let mut runs: [Vec<Medians>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (kind, runs) in [without, with].iter().zip(&mut runs) {
            let record = folder.path().join("run.ndjson");
            kind(&list, &record);
            runs.push(medians(&record));
        }
    }
    let [without, with] = runs;
    let figures: [(&str, Figure); 4] = [
        ("the whole run", |m| m.run),
        ("a request, median", |m| m.total),
        ("wait, median", |m| m.wait),
        ("receive, median", |m| m.receive),
    ];
    for (what, figure) in figures {
        let sorted = |runs: &[Medians]| {
            let mut all: Vec<Duration> = runs.iter().map(figure).collect();
            all.sort();
            all
        };
        let (off, on) = (sorted(&without), sorted(&with));
        let middle = |all: &[Duration]| all.get(TURNS / 2).copied().unwrap_or_default();
        let ends = (off.first().copied(), off.last().copied());
        let noise = ends
            .1
            .unwrap_or_default()
            .saturating_sub(ends.0.unwrap_or_default());
        line(&format!("{what}: without a screen"), middle(&off), None);
        line(
            &format!("{what}: with one"),
            middle(&on),
            Some((middle(&off), "without")),
        );
        line(&format!("{what}: noise among runs without"), noise, None);
    }
}
