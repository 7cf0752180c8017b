use std::borrow::Cow;
use std::io::{self, Write};

use anyhow::Result;
use ratatui::layout::Size;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Format, Output};
use crate::clock::Clock;
use crate::engine::{Handle, start};
use crate::event::{Command, Event, Fact};
use crate::export::{Bodies, line, masked, report, table};
use crate::message::visible;
use crate::model::Model;

use super::archive::archive;
use super::exit::Exit;
use super::feed::Feed;
use super::picture::svg;
use super::reckoning::reckoned;
use super::recorder::Recorder;
use super::unpacking::remark_broken;
use super::world::Ground;

/// Columns of a table that goes to no terminal, unless `COLUMNS` says otherwise.
const COLUMNS: u16 = 132;
/// Rows of a picture, unless `LINES` says otherwise.
const ROWS: u16 = 43;

/// Runs without a screen: facts as they come, or a table at the end.
pub(super) fn run(
    ground: Ground,
    feed: Feed,
    output: &Output,
    recorder: Option<Recorder>,
) -> Result<Exit> {
    let clock = Clock::start();
    let mut handle = start(
        move || {
            super::panic::if_asked("engine");
            ground.world()
        },
        clock,
    )?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut listener = Listener {
        model: Model::default(),
        feed,
        page: Page::new(output),
        recorder,
    };
    runtime.block_on(listen(&mut handle, &mut listener))?;
    let Listener {
        mut model,
        page,
        recorder,
        ..
    } = listener;
    remark_broken(&mut model);
    let is_complete = page.close(&model);
    if let Some(trouble) = recorder.and_then(Recorder::finish) {
        complain(&trouble);
    }
    if !model.run().is_over && handle.has_panicked() {
        return Ok(Exit::Broken);
    }
    Ok(is_complete.map_or(Exit::Broken, |()| Exit::of(&model)))
}

/// Prints a recorded run as it would have been printed when it ran.
pub(super) fn print(events: &[Event], output: &Output) -> Exit {
    let mut model = Model::default();
    let mut page = Page::new(output);
    for event in events {
        model.apply(event);
        page.tell(event);
    }
    remark_broken(&mut model);
    let is_complete = page.close(&model);
    is_complete.map_or(Exit::Broken, |()| Exit::of(&model))
}

/// Says something went wrong, where no screen is in the way.
///
/// The words may be other people's: nothing in them acts on the terminal.
pub(super) fn complain(words: &str) {
    // Where even this cannot be written, the exit code has to say it.
    let _ = writeln!(io::stderr(), "netwaterfall: {}", visible(words));
}

/// Listens until the run is over, and stops it early when nobody reads on.
async fn listen(handle: &mut Handle, listener: &mut Listener) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // The engine is there as long as it has facts to tell.
    let tell = |command| drop(handle.commands.send(command));
    tell(listener.begin());
    loop {
        let event = tokio::select! {
            event = handle.facts.recv() => event,
            _ = interrupt.recv() => { tell(Command::Stop); continue }
            _ = terminate.recv() => { tell(Command::Stop); continue }
        };
        let Some(event) = event else { return Ok(()) };
        if let Some(command) = listener.hear(&event) {
            tell(command);
        }
        if event.fact == Fact::RunEnded {
            return Ok(());
        }
    }
}

/// Everyone who wants to know what happens.
struct Listener {
    model: Model,
    feed: Feed,
    page: Page,
    recorder: Option<Recorder>,
}

impl Listener {
    fn begin(&mut self) -> Command {
        self.feed.next().unwrap_or(Command::Stop)
    }

    /// Takes a fact in; what the engine is to be told, if it is time for something.
    fn hear(&mut self, event: &Event) -> Option<Command> {
        if let Some(recorder) = &mut self.recorder {
            recorder.write(event);
        }
        self.feed.note(event);
        self.model.apply(event);
        let is_read = self.page.tell(event);
        let Fact::RequestEnded { .. } = event.fact else {
            return None;
        };
        if !is_read || self.feed.is_over() {
            return Some(Command::Stop);
        }
        self.feed.next()
    }
}

/// Where the run is printed.
struct Page {
    format: Format,
    bodies: Bodies,
    has_secrets: bool,
    out: io::BufWriter<io::Stdout>,
    trouble: Option<io::Error>,
}

impl Page {
    fn new(output: &Output) -> Self {
        let bodies = if output.bodies {
            Bodies::Kept
        } else {
            Bodies::Left
        };
        let out = io::BufWriter::new(io::stdout());
        Self {
            format: output.format,
            bodies,
            has_secrets: output.secrets,
            out,
            trouble: None,
        }
    }

    /// Prints a fact where facts are printed; whether somebody still reads.
    fn tell(&mut self, event: &Event) -> bool {
        if self.format == Format::Ndjson && self.trouble.is_none() {
            let event = if self.has_secrets {
                Cow::Borrowed(event)
            } else {
                masked(event)
            };
            let text = line(&event, self.bodies);
            let written = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush());
            self.trouble = written.err();
        }
        self.trouble.is_none()
    }

    /// Prints the table or the picture where one is printed; nothing if somebody who reads on lost
    /// some.
    fn close(mut self, model: &Model) -> Option<()> {
        let columns = told("COLUMNS").unwrap_or(COLUMNS).clamp(80, 400);
        let page = match self.format {
            Format::Table => table(&reckoned(model), columns),
            Format::Json => report(&reckoned(model)),
            Format::Har => archive(model, self.has_secrets, self.bodies == Bodies::Kept),
            Format::Svg => {
                let rows = told("LINES").unwrap_or(ROWS).clamp(20, 400);
                svg(model, Size::new(columns, rows))
            }
            Format::Ndjson => String::new(),
        };
        if !page.is_empty() {
            let written = self.out.write_all(page.as_bytes());
            self.trouble = written.and_then(|()| self.out.flush()).err();
        }
        match self.trouble {
            // A reader who went away has seen enough.
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("standard output cannot be written: {error}"));
                None
            }
            Some(_) | None => Some(()),
        }
    }
}

/// A number that the environment tells.
fn told(name: &str) -> Option<u16> {
    std::env::var(name).ok()?.parse().ok()
}
