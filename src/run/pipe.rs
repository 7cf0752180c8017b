use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep_until;

use crate::clock::Clock;
use crate::engine::{Handle, start};
use crate::event::{Command, Event, Fact, Moment, RequestId, Wanted};
use crate::export::{Piped, Progress, flushed, not_understood, unmade};
use crate::import::{Ask, BadAsk, read_ask};

use super::exit::Exit;
use super::recorder::Recorder;
use super::unpacking::Unpacking;
use super::world::Ground;

/// Bytes of a line that are read at most.
const LONGEST_LINE: u64 = 256 << 20;
/// Facts that are taken at a time.
const FACTS: usize = 256;

/// Fetches for another program: what it asks for on standard input, until it asks no more.
pub(super) fn run(
    ground: Ground,
    recorder: Option<Recorder>,
    unpacking: Unpacking,
) -> Result<Exit> {
    let clock = Clock::start();
    let mut handle = start(move || ground.world(), clock)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut desk = Desk::new(clock, handle.commands.clone(), recorder);
    desk.unpacking = unpacking;
    runtime.block_on(serve(&mut handle, &mut desk))?;
    let is_written = Recorder::close(desk.recorder.take());
    if !desk.is_over && handle.has_panicked() {
        return Ok(Exit::Broken);
    }
    let is_whole = desk.is_read && !desk.is_interrupted;
    let exit = if is_whole {
        Exit::Answered
    } else {
        Exit::Failed
    };
    Ok(exit.if_written(is_written))
}

/// Serves until the engine has ended its run.
async fn serve(handle: &mut Handle, desk: &mut Desk) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut lines = lines()?;
    let mut facts = Vec::new();
    loop {
        let due = desk.due();
        // Whose turn it is is left to chance: neither lines nor facts keep the others waiting.
        tokio::select! {
            _ = interrupt.recv() => desk.interrupt(),
            _ = terminate.recv() => desk.interrupt(),
            came = handle.facts.recv_many(&mut facts, FACTS) => {
                if came == 0 {
                    return Ok(());
                }
                facts.drain(..).for_each(|event| desk.hear(&event));
            }
            line = lines.recv(), if !desk.is_ended => desk.read(line),
            () = sleep_until(desk.clock.instant(due.unwrap_or(Moment::START))), if due.is_some() => {
                desk.give_up_the_overdue();
            }
        }
        desk.write();
        if desk.is_over {
            return Ok(());
        }
    }
}

/// The lines of standard input as they come, read on a thread of their own: whoever writes all
/// before reading anything is served too.
fn lines() -> Result<UnboundedReceiver<Typed>> {
    let (tell, told) = unbounded_channel();
    let reading = move || {
        let mut input = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = input
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line);
            let is_whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST_LINE;
            match read {
                Ok(1..) if is_whole => {
                    if tell.send(Typed::Line(line)).is_err() {
                        return;
                    }
                }
                Ok(1..) => {
                    let _ = tell.send(Typed::TooLong);
                    if input.skip_until(b'\n').is_err() {
                        return;
                    }
                }
                Ok(0) | Err(_) => return,
            }
        }
    };
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(reading)?;
    Ok(told)
}

/// A line of standard input.
enum Typed {
    Line(Vec<u8>),
    TooLong,
}

/// What is under way for the other program.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each ends the run in a way of its own"
)]
struct Desk {
    clock: Clock,
    commands: UnboundedSender<Command>,
    recorder: Option<Recorder>,
    unpacking: Unpacking,
    piped: Piped,
    line: u32,
    /// The lines under way, and the name of each.
    names: BTreeMap<u32, String>,
    by_name: HashMap<String, u32>,
    known_as: HashMap<u32, RequestId>,
    /// Lines that are to be given up as soon as the engine knows them.
    stopping: HashSet<u32>,
    limits: BTreeSet<(Moment, u32)>,
    times: HashMap<u32, (Moment, Duration)>,
    flushes: VecDeque<u32>,
    out: String,
    is_ended: bool,
    is_interrupted: bool,
    is_read: bool,
    is_over: bool,
}

impl Desk {
    fn new(clock: Clock, commands: UnboundedSender<Command>, recorder: Option<Recorder>) -> Self {
        Self {
            clock,
            commands,
            recorder,
            unpacking: Unpacking::default(),
            piped: Piped::default(),
            line: 0,
            names: BTreeMap::new(),
            by_name: HashMap::new(),
            known_as: HashMap::new(),
            stopping: HashSet::new(),
            limits: BTreeSet::new(),
            times: HashMap::new(),
            flushes: VecDeque::new(),
            out: String::new(),
            is_ended: false,
            is_interrupted: false,
            is_read: true,
            is_over: false,
        }
    }

    fn tell(&self, command: Command) {
        // The engine is there as long as it has facts to tell.
        let _ = self.commands.send(command);
    }

    fn interrupt(&mut self) {
        self.is_interrupted = true;
        self.is_ended = true;
        self.tell(Command::Stop);
    }

    /// Takes a line of the other program, or that there are no more.
    fn read(&mut self, line: Option<Typed>) {
        let Some(line) = line else {
            self.is_ended = true;
            self.end_if_idle();
            return;
        };
        self.line += 1;
        let too_long = || BadAsk::Line(format!("the line is longer than {LONGEST_LINE} bytes"));
        let read = match line {
            Typed::Line(text) => read_ask(&text, self.line),
            Typed::TooLong => Err(too_long()),
        };
        match read {
            Ok(None) => {}
            Ok(Some(Ask::Fetch { id, wanted, limit })) => self.fetch(id, *wanted, limit),
            Ok(Some(Ask::Cancel(id))) => {
                if let Some(line) = self.by_name.get(&id) {
                    self.give_up(*line);
                }
            }
            Ok(Some(Ask::Flush)) => {
                self.flushes.push_back(self.line);
                self.answer_flushes();
            }
            Err(BadAsk::Line(words)) => self.out += &not_understood(self.line, &words),
            Err(BadAsk::Request { id, words }) if self.by_name.contains_key(&id) => {
                self.out += &not_understood(self.line, &format!("{id}: {words}"));
            }
            Err(BadAsk::Request { id, words }) => self.out += &unmade(&id, &words),
        }
    }

    fn fetch(&mut self, id: String, wanted: Wanted, limit: Option<Duration>) {
        if self.by_name.contains_key(&id) {
            let words = format!("a request with the id {id} is under way");
            self.out += &not_understood(self.line, &words);
            return;
        }
        let line = self.line;
        self.names.insert(line, id.clone());
        self.by_name.insert(id.clone(), line);
        self.piped.expect(line, id);
        if let Some(limit) = limit {
            let now = self.clock.now().since(Moment::START);
            let due = Moment::from(now.saturating_add(limit));
            self.limits.insert((due, line));
            self.times.insert(line, (due, limit));
        }
        self.tell(Command::Fetch(vec![wanted]));
    }

    fn give_up(&mut self, line: u32) {
        self.stopping.insert(line);
        if let Some(request) = self.known_as.get(&line) {
            self.tell(Command::Cancel(*request));
        }
    }

    fn due(&self) -> Option<Moment> {
        self.limits.first().map(|(due, _)| *due)
    }

    fn give_up_the_overdue(&mut self) {
        let now = self.clock.now();
        while let Some((due, line)) = self.limits.first().copied()
            && due <= now
        {
            self.limits.pop_first();
            if let Some((_, limit)) = self.times.get(&line) {
                self.piped.note_overdue(line, *limit);
            }
            self.give_up(line);
        }
    }

    /// Takes a fact of the engine.
    fn hear(&mut self, event: &Event) {
        if let Some(recorder) = &mut self.recorder {
            recorder.write(event);
        }
        self.is_over |= event.fact == Fact::RunEnded;
        let unpacked = self.unpacking.unpack(event);
        if let Some(remark) = self.unpacking.take_remark() {
            self.piped.hear(&remark);
        }
        let progress = self.piped.hear(&unpacked);
        self.out += &self.piped.take_lines();
        match progress {
            None => {}
            Some(Progress::Planned(line, request)) => {
                self.known_as.insert(line, request);
                if self.stopping.contains(&line) {
                    self.tell(Command::Cancel(request));
                }
            }
            Some(Progress::Over(line)) => self.forget(line),
        }
    }

    fn forget(&mut self, line: u32) {
        if let Some(id) = self.names.remove(&line) {
            self.by_name.remove(&id);
        }
        self.known_as.remove(&line);
        self.stopping.remove(&line);
        if let Some((due, _)) = self.times.remove(&line) {
            self.limits.remove(&(due, line));
        }
        self.answer_flushes();
        self.end_if_idle();
    }

    /// Answers each flush that no earlier request is under way for.
    fn answer_flushes(&mut self) {
        let first = self.names.keys().next().copied().unwrap_or(u32::MAX);
        while self.flushes.front().is_some_and(|line| *line < first) {
            self.flushes.pop_front();
            self.out += &flushed();
        }
    }

    fn end_if_idle(&self) {
        if self.is_ended && self.names.is_empty() {
            self.tell(Command::Stop);
        }
    }

    /// Writes what there is to write; nobody who reads it any more ends the run.
    fn write(&mut self) {
        let text = std::mem::take(&mut self.out);
        if text.is_empty() || !self.is_read {
            return;
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        if written.is_err() {
            self.is_read = false;
            self.is_ended = true;
            self.tell(Command::Stop);
        }
    }
}
