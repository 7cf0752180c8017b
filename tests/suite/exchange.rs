//! Answers as text and the steps they must yield, however they are cut: `tests/fixtures/http/*.md`.
//!
//! A section is a sentence, a fenced block and the steps. The fence says `http`, the method of the
//! request, and what else holds:
//!
//! - `closed`: the server closes after the text; without it, it waits.
//! - `raw`: line ends do not count, and `\r`, `\n`, `\t`, `\\`, `\xNN` and `\*3{text}` (three times)
//!   are what they stand for. Without it, lines are as they are and end in CR LF, but the last one,
//!   which has no end.
//! - `plain`: the URL is `http`, so that a head may be cut; `port80`: there may be no head at all.
//! - `lines`: the header lines are steps too.
//!
//! `UPDATE_EXPECT=1 cargo test exchange` writes the steps anew, to be read against the RFC.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use netwaterfall::http1::{Exchange, Framing, ProtocolError, Step, Tolerance};

/// As many bytes as are cut at every one; longer texts are cut at a few.
const SHORT: usize = 2000;

#[test]
fn answers_yield_their_steps_however_they_are_cut() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/http");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let told = retell(&text, &file);
        if is_update {
            fs::write(&file, told).unwrap();
        } else {
            assert_eq!(text, told, "{}", file.display());
        }
    }
}

/// The file as it should be: its sections with the steps that they yield.
fn retell(text: &str, file: &Path) -> String {
    let mut parts = text.split("\n## ");
    let mut told = parts.next().unwrap_or_default().trim_end().to_owned();
    for part in parts {
        let case = Case::read(part);
        let steps = case.steps(&[&case.bytes]);
        case.cut(&steps, file);
        write!(told, "\n\n## {}\n\n{}", case.head, steps.trim_end()).unwrap();
    }
    format!("{}\n", told.trim_end())
}

/// A section of a fixture.
struct Case {
    /// Everything up to the end of the fenced block.
    head: String,
    method: String,
    is_closed: bool,
    has_lines: bool,
    tolerance: Tolerance,
    bytes: Vec<u8>,
}

impl Case {
    fn read(part: &str) -> Self {
        let (before, rest) = part.split_once("\n```http ").expect("a fenced block");
        let (info, rest) = rest.split_once('\n').unwrap();
        let (block, _) = rest.split_once("\n```").expect("the end of the block");
        let mut words = info.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let words: Vec<&str> = words.collect();
        let bytes = if words.contains(&"raw") {
            unescape(&block.replace('\n', ""))
        } else {
            block.replace('\n', "\r\n").into_bytes()
        };
        Self {
            head: format!("{before}\n```http {info}\n{block}\n```"),
            method,
            is_closed: words.contains(&"closed"),
            has_lines: words.contains(&"lines"),
            tolerance: Tolerance {
                cut_head: words.contains(&"plain"),
                bare_body: words.contains(&"port80"),
            },
            bytes,
        }
    }

    /// The same steps for every cut, and for a byte at a time.
    fn cut(&self, whole: &str, file: &Path) {
        let sentence = self.head.lines().next().unwrap_or_default();
        for at in 0..=self.bytes.len() {
            if self.bytes.len() > SHORT && at % 49_999 > 2 {
                continue;
            }
            let (one, other) = self.bytes.split_at(at);
            let told = self.steps(&[one, other]);
            let file = file.display();
            assert_eq!(
                brief(&told),
                brief(whole),
                "{file}: {sentence}: cut at {at}"
            );
        }
        let single: Vec<&[u8]> = self.bytes.chunks(1).collect();
        let told = self.steps(&single);
        let file = file.display();
        assert_eq!(
            brief(&told),
            brief(whole),
            "{file}: {sentence}: byte by byte"
        );
    }

    /// What the exchange makes of these pieces, a step a line.
    fn steps(&self, pieces: &[&[u8]]) -> String {
        let mut told = Told {
            exchange: Exchange::new(self.method.parse().unwrap()).tolerating(self.tolerance),
            has_lines: self.has_lines,
            lines: Vec::new(),
            body: Vec::new(),
        };
        let ended = told.feed(pieces, self.is_closed);
        told.flush();
        let passed_over = told.exchange.passed_over().iter();
        let passed_over: Vec<_> = passed_over
            .map(|one| format!("passed over: {one}"))
            .collect();
        told.lines.extend(passed_over);
        match ended {
            Ok(Some(after)) => {
                told.lines.push("done".to_owned());
                let fate = told.exchange.fate(after);
                told.lines.push(format!("fate {fate}"));
            }
            Ok(None) => told.lines.push("waiting".to_owned()),
            Err(error) => told.lines.push(format!("error {error}")),
        }
        told.lines
            .iter()
            .fold(String::new(), |text, line| text + "    " + line + "\n")
    }
}

/// What is no HTTP is quoted as far as it has come, which depends on the cut.
fn brief(steps: &str) -> &str {
    steps
        .split_once("not HTTP: it begins with")
        .map_or(steps, |(before, _)| before)
}

/// An exchange and what it has told so far.
struct Told {
    exchange: Exchange,
    has_lines: bool,
    lines: Vec<String>,
    body: Vec<u8>,
}

impl Told {
    /// Hands all pieces in; how many bytes are left over, once the answer is complete.
    fn feed(&mut self, pieces: &[&[u8]], is_closed: bool) -> Result<Option<usize>, ProtocolError> {
        for (n, piece) in pieces.iter().enumerate() {
            if let Some(left) = self.take(piece)? {
                let later: usize = pieces.iter().skip(n + 1).map(|piece| piece.len()).sum();
                return Ok(Some(left + later));
            }
        }
        if !is_closed {
            return Ok(None);
        }
        loop {
            let step = self.exchange.ended()?;
            if step == Step::Done {
                return Ok(Some(0));
            }
            self.tell(step);
        }
    }

    fn take(&mut self, piece: &[u8]) -> Result<Option<usize>, ProtocolError> {
        let mut rest = piece;
        loop {
            let (used, step) = self.exchange.receive(rest)?;
            if let Step::Body(range) = &step {
                self.body.extend_from_slice(&rest[range.clone()]);
            } else if !matches!(step, Step::More) {
                self.flush();
            }
            rest = &rest[used..];
            if matches!(step, Step::More | Step::Done) {
                return Ok((step == Step::Done).then_some(rest.len()));
            }
            self.tell(step);
        }
    }

    fn tell(&mut self, step: Step) {
        match step {
            Step::More | Step::Done | Step::Body(_) => {}
            Step::Held(bytes) => self.body.extend(bytes),
            Step::Interim(head) => self.lines.push(format!("interim {}", head.status)),
            Step::Trailers(trailers) => {
                let shown = trailers.iter();
                let shown = shown.map(|(name, value)| format!("trailer {name}: {value:?}"));
                self.lines.extend(shown);
            }
            Step::Head { head, framing, .. } => {
                let framing = match framing {
                    Framing::Empty => "empty".to_owned(),
                    Framing::Length(bytes) => format!("length {bytes}"),
                    Framing::Chunked => "chunked".to_owned(),
                    Framing::UntilClose => "until close".to_owned(),
                };
                self.lines.push(format!("head {} {framing}", head.status));
                let shown = head.headers.iter().filter(|_| self.has_lines);
                let shown = shown.map(|(name, value)| format!("line {name}: {value:?}"));
                self.lines.extend(shown);
            }
        }
    }

    /// Consecutive pieces of the body are one step.
    fn flush(&mut self) {
        let body = std::mem::take(&mut self.body);
        if !body.is_empty() {
            self.lines.push(format!("body \"{}\"", body.escape_ascii()));
        }
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let mut escape = after.chars();
        let (one, left) = match escape.next().expect("an escape") {
            'r' => (vec![b'\r'], escape.as_str()),
            'n' => (vec![b'\n'], escape.as_str()),
            't' => (vec![b'\t'], escape.as_str()),
            'x' => {
                let (digits, left) = escape.as_str().split_at(2);
                (vec![u8::from_str_radix(digits, 16).unwrap()], left)
            }
            '*' => {
                let (count, left) = escape.as_str().split_once('{').unwrap();
                let (again, left) = left.split_once('}').unwrap();
                (unescape(again).repeat(count.parse().unwrap()), left)
            }
            other => (other.to_string().into_bytes(), escape.as_str()),
        };
        bytes.extend(one);
        rest = left;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
