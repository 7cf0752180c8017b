use std::borrow::Cow;
use std::io::{self, Write};

use anyhow::Result;
use ratatui::layout::Size;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Color, Format, Output};
use crate::clock::Clock;
use crate::engine::{Handle, start};
use crate::event::{Command, Event, Fact};
use crate::export::{Bodies, Narrator, Told, line, markdown, masked, report, table};
use crate::message::visible;
use crate::model::Model;
use crate::query::Judgement;
use crate::ui::Theme;

use super::address;
use super::archive::archive;
use super::asserting::{Claims, tell as tell_unkept};
use super::exit::Exit;
use super::feed::Feed;
use super::picture::{svg, theme};
use super::reckoning::reckoned;
use super::recorder::Recorder;
use super::typed_lines::TypedLines;
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
    (output, claims): (&Output, &Claims),
    recorder: Option<Recorder>,
    typed: TypedLines,
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
        typed,
    };
    runtime.block_on(listen(&mut handle, &mut listener))?;
    let Listener {
        mut model,
        page,
        recorder,
        ..
    } = listener;
    remark_broken(&mut model);
    let judgements = claims.judge(&model);
    let is_complete = page.close(&model, &judgements);
    let is_written = Recorder::close(recorder);
    if !model.run().is_over && handle.has_panicked() {
        return Ok(Exit::Broken);
    }
    let exit = is_complete.map_or(Exit::Broken, |()| Exit::of(&model));
    Ok(tell_unkept(&judgements, exit.if_written(is_written)))
}

/// Prints a recorded run as it would have been printed when it ran.
pub(super) fn print(events: &[Event], output: &Output, claims: &Claims) -> Exit {
    let mut model = Model::default();
    let mut page = Page::new(output);
    for event in events {
        model.apply(event);
        page.tell(event, &model);
    }
    remark_broken(&mut model);
    let judgements = claims.judge(&model);
    let is_complete = page.close(&model, &judgements);
    let exit = is_complete.map_or(Exit::Broken, |()| Exit::of(&model));
    tell_unkept(&judgements, exit)
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
    listener.begin().into_iter().for_each(&tell);
    loop {
        let event = tokio::select! {
            event = handle.facts.recv() => event,
            line = listener.typed.next(), if listener.typed.is_open() => {
                listener.read(line.as_deref()).into_iter().for_each(&tell);
                continue
            }
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
    /// What is still typed.
    typed: TypedLines,
}

impl Listener {
    fn begin(&mut self) -> Option<Command> {
        if self.typed.is_open() {
            return self.feed.next();
        }
        Some(self.feed.next().unwrap_or(Command::Stop))
    }

    /// Fetches what a line asks for, as the address bar would; after the last, what is left is waited
    /// for.
    fn read(&mut self, line: Option<&str>) -> Option<Command> {
        let Some(line) = line else {
            return self.feed.is_over().then_some(Command::Stop);
        };
        let (wanted, problems) = address::read(line);
        for problem in problems {
            complain(&problem.to_string());
        }
        (!wanted.is_empty()).then(|| self.feed.ask(wanted))
    }

    /// Takes a fact in; what the engine is to be told, if it is time for something.
    fn hear(&mut self, event: &Event) -> Option<Command> {
        if let Some(recorder) = &mut self.recorder {
            recorder.write(event);
        }
        self.feed.note(event);
        self.model.apply(event);
        let is_read = self.page.tell(event, &self.model);
        let Fact::RequestEnded { .. } = event.fact else {
            return None;
        };
        if !is_read || (self.feed.is_over() && !self.typed.is_open()) {
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
    theme: Theme,
    /// Who tells the run in lines, where that is wanted instead of the table.
    narrator: Option<Narrator>,
    is_coloured: bool,
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
        let is_told = output.plain && output.format == Format::Table;
        let out = io::BufWriter::new(io::stdout());
        Self {
            format: output.format,
            bodies,
            has_secrets: output.secrets,
            theme: theme(output),
            narrator: is_told.then(Narrator::default),
            is_coloured: output.color == Color::Always,
            out,
            trouble: None,
        }
    }

    /// Prints a fact where facts are printed or told; whether somebody still reads.
    fn tell(&mut self, event: &Event, model: &Model) -> bool {
        if self.trouble.is_some() || (self.narrator.is_none() && self.format != Format::Ndjson) {
            return self.trouble.is_none();
        }
        let event = if self.has_secrets {
            Cow::Borrowed(event)
        } else {
            masked(event)
        };
        let text = match &mut self.narrator {
            Some(narrator) => {
                let told = narrator.tell(&event, model);
                self.lines(told)
            }
            None => line(&event, self.bodies),
        };
        if text.is_empty() {
            return true;
        }
        let written = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
        self.trouble = written.err();
        self.trouble.is_none()
    }

    /// What is told, a line each; in red what went wrong, where colour is asked for.
    fn lines(&self, told: impl IntoIterator<Item = Told>) -> String {
        let line = |told: Told| match (self.is_coloured, told.is_bad) {
            (true, true) => format!("\x1b[31m{}\x1b[0m\n", told.words),
            _ => format!("{}\n", told.words),
        };
        told.into_iter().map(line).collect()
    }

    /// Prints the table or the picture where one is printed; nothing if somebody who reads on lost
    /// some.
    fn close(mut self, model: &Model, judgements: &[Judgement]) -> Option<()> {
        let columns = told("COLUMNS").unwrap_or(COLUMNS).clamp(80, 400);
        let page = match self.format {
            Format::Table if self.narrator.is_some() => self.lines(Narrator::end(&reckoned(model))),
            Format::Table => table(&reckoned(model), columns),
            Format::Json => report(&reckoned(model), judgements),
            Format::Markdown => markdown(&reckoned(model), judgements),
            Format::Har => archive(model, self.has_secrets, self.bodies == Bodies::Kept),
            Format::Svg => svg(model, size(), self.theme),
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

/// The size of pictures.
pub(super) fn size() -> Size {
    let columns = told("COLUMNS").unwrap_or(COLUMNS).clamp(80, 400);
    let rows = told("LINES").unwrap_or(ROWS).clamp(20, 400);
    Size::new(columns, rows)
}

/// A number that the environment tells.
fn told(name: &str) -> Option<u16> {
    std::env::var(name).ok()?.parse().ok()
}
