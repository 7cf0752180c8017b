use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt as _;
use ratatui::layout::Size;
use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};

use crate::cli::{Color, Output, Problem, Settings, Task};
use crate::clock::Clock;
use crate::engine::{Handle, start};
use crate::event::{Command, Event, Fact, Moment};
use crate::model::Model;
use crate::ui::{Effect, Focus, State, Theme, draw};

use super::address;
use super::exit::Exit;
use super::feed::Feed;
use super::recorder::Recorder;
use super::terminal::{Mouse, Terminal, print};
use super::world::Ground;

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(33);
/// How long quitting waits for the last facts.
const GOODBYE: Duration = Duration::from_millis(1_500);
/// As many facts as are folded before keys are looked at again.
const GULP: usize = 4_096;

/// Runs with a screen, until a person quits.
pub(super) fn run(
    ground: Ground,
    feed: Feed,
    settings: &Settings,
    recorder: Option<Recorder>,
    problems: &[Problem],
) -> Result<Exit> {
    let clock = Clock::start();
    let begin = move || {
        super::panic::if_asked("engine");
        ground.world()
    };
    let handle = start(begin, clock)?;
    let mut screen = Screen::new(&settings.output, title(settings))?;
    if let Some(first) = problems.first() {
        let more = match problems.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more lines)"),
        };
        screen.state.warn(format!("{first}{more}"));
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut live = Live {
        screen,
        feed,
        recorder,
        clock,
        handle,
        is_stopping: false,
    };
    let ended = runtime.block_on(live.run())?;
    let Live {
        screen,
        recorder,
        handle,
        ..
    } = live;
    let exit = Exit::of(&screen.model);
    screen.end(ended)?;
    if let Some(trouble) = recorder.and_then(Recorder::finish) {
        super::headless::complain(&trouble);
    }
    if ended == Ended::Broken && handle.has_panicked() {
        return Ok(Exit::Broken);
    }
    Ok(exit)
}

/// Shows a recorded run on a screen.
pub(super) fn replay(events: Vec<Event>, path: &Path, output: &Output) -> Result<Exit> {
    let title = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let mut screen = Screen::new(output, title.into_owned())?;
    for event in events {
        screen.model.apply(&event);
    }
    screen.state.settle(&screen.model);
    screen.state.focus = Focus::Table;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(watch(&mut screen))?;
    let exit = Exit::of(&screen.model);
    screen.end(ended)?;
    Ok(exit)
}

/// Why the screen is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// A person or a signal said so.
    Quit,
    /// A person said so, and wants to keep the picture.
    Leaving,
    /// The engine broke down.
    Broken,
}

/// The terminal, and what is on it.
struct Screen {
    terminal: Terminal,
    theme: Theme,
    model: Model,
    state: State,
}

impl Screen {
    fn new(output: &Output, title: String) -> Result<Self> {
        let mouse = if output.no_mouse {
            Mouse::Terminals
        } else {
            Mouse::Ours
        };
        let mut terminal = Terminal::take(mouse)?;
        let size = terminal.screen().size()?;
        let mut state = State::new(size, title);
        state.has_let_go = output.no_mouse;
        Ok(Self {
            terminal,
            theme: theme(output.color),
            model: Model::default(),
            state,
        })
    }

    fn draw(&mut self, now: Moment) -> Result<()> {
        let (model, state, theme) = (&self.model, &self.state, &self.theme);
        self.terminal
            .screen()
            .draw(|frame| draw(frame, model, state, now, theme))?;
        super::panic::if_asked("ui");
        Ok(())
    }

    /// What a person did; the effect is what is to be done elsewhere.
    fn hear(&mut self, input: Input) -> Option<Effect> {
        match input {
            Input::Key(key) => self.state.key(&key, &self.model),
            Input::Paste(text) => self.state.paste(&text),
            Input::Mouse(mouse) => {
                self.state.mouse(mouse, &self.model);
                None
            }
            Input::Resize(width, height) => {
                self.state.resize(Size::new(width, height), &self.model);
                None
            }
            Input::FocusGained | Input::FocusLost => None,
        }
    }

    /// Does what concerns the terminal alone; anything else is handed back.
    fn obey(&mut self, effect: Effect) -> Result<Option<Effect>> {
        match effect {
            Effect::Mouse => {
                let to = if self.state.has_let_go {
                    Mouse::Terminals
                } else {
                    Mouse::Ours
                };
                self.terminal.give_mouse(to)?;
            }
            Effect::Suspend => {
                self.terminal.suspend()?;
                let size = self.terminal.screen().size()?;
                self.state.resize(size, &self.model);
            }
            other => return Ok(Some(other)),
        }
        Ok(None)
    }

    /// Gives the terminal back, and leaves the picture behind where that is wanted.
    fn end(self, ended: Ended) -> Result<()> {
        let Self {
            mut terminal,
            theme,
            model,
            state,
        } = self;
        let mut picture = None;
        if ended == Ended::Leaving {
            let now = model.latest();
            let drawn = terminal
                .screen()
                .draw(|frame| draw(frame, &model, &state, now, &theme))?;
            picture = Some(drawn.buffer.clone());
        }
        drop(terminal);
        if let Some(picture) = picture {
            print(&picture)?;
        }
        Ok(())
    }
}

/// Signals that end the program as quitting does.
struct Endings([Signal; 3]);

impl Endings {
    fn new() -> std::io::Result<Self> {
        let kinds = [
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::interrupt(),
        ];
        let [a, b, c] = kinds.map(signal);
        Ok(Self([a?, b?, c?]))
    }

    async fn come(&mut self) {
        let [a, b, c] = &mut self.0;
        tokio::select! { _ = a.recv() => {} _ = b.recv() => {} _ = c.recv() => {} }
    }
}

/// The screen, and the engine behind it.
struct Live {
    screen: Screen,
    feed: Feed,
    recorder: Option<Recorder>,
    clock: Clock,
    handle: Handle,
    is_stopping: bool,
}

impl Live {
    async fn run(&mut self) -> Result<Ended> {
        let mut inputs = EventStream::new();
        let mut endings = Endings::new()?;
        let mut facts = Vec::with_capacity(GULP);
        let mut is_stale = true;
        let mut drawn: Option<Moment> = None;
        self.begin();
        loop {
            let now = self.clock.now();
            let wait = drawn.map_or(Duration::ZERO, |at| FRAME.saturating_sub(now.since(at)));
            let is_due = is_stale || self.screen.model.is_moving();
            tokio::select! {
                biased;
                () = endings.come() => return self.goodbye(Ended::Quit).await,
                input = inputs.next() => {
                    let Some(Ok(input)) = input else { return self.goodbye(Ended::Quit).await };
                    if let Some(ended) = self.hear(input)? {
                        return self.goodbye(ended).await;
                    }
                    is_stale = true;
                }
                () = sleep(wait), if is_due => {
                    let now = self.clock.now();
                    self.screen.draw(now)?;
                    (drawn, is_stale) = (Some(now), false);
                }
                count = self.handle.facts.recv_many(&mut facts, GULP) => {
                    if count == 0 {
                        return Ok(Ended::Broken);
                    }
                    self.fold(&mut facts);
                    is_stale = true;
                }
            }
        }
    }

    fn begin(&mut self) {
        if let Some(command) = self.feed.next(&self.screen.model) {
            self.screen.state.focus = Focus::Table;
            self.tell(command);
        }
    }

    fn tell(&self, command: Command) {
        // An engine that is gone is noticed by its facts.
        let _ = self.handle.commands.send(command);
    }

    fn fold(&mut self, facts: &mut Vec<Event>) {
        for event in facts.drain(..) {
            if let Some(recorder) = &mut self.recorder {
                recorder.write(&event);
            }
            self.feed.note(&event);
            self.screen.model.apply(&event);
        }
        self.screen.state.settle(&self.screen.model);
        if let Some(command) = self
            .feed
            .next(&self.screen.model)
            .filter(|_| !self.is_stopping)
        {
            self.tell(command);
        }
    }

    fn hear(&mut self, input: Input) -> Result<Option<Ended>> {
        let Some(effect) = self.screen.hear(input) else {
            return Ok(None);
        };
        match self.screen.obey(effect)? {
            Some(Effect::Quit) => return Ok(Some(Ended::Quit)),
            Some(Effect::QuitLeaving) => return Ok(Some(Ended::Leaving)),
            Some(Effect::Open(typed)) => self.open(&typed),
            Some(Effect::Tell(Command::Fetch(wanted))) => {
                let command = self.feed.ask(wanted);
                self.tell(command);
            }
            Some(Effect::Tell(command)) => self.tell(command),
            Some(Effect::Mouse | Effect::Suspend) | None => {}
        }
        Ok(None)
    }

    /// Fetches what was typed or pasted; what cannot be fetched is told, and can be mended.
    fn open(&mut self, typed: &str) {
        let (wanted, problems) = address::read(typed);
        let state = &mut self.screen.state;
        if let Some(problem) = problems.first() {
            let more = match problems.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            state.warn(format!("{}{more}", problem.reason));
        }
        if wanted.is_empty() {
            let is_one_line = !typed.trim_end().contains(['\n', '\r']);
            if is_one_line {
                state.put_address(typed.trim_end());
            }
            return;
        }
        if problems.is_empty() {
            state.focus = Focus::Table;
        }
        let command = self.feed.ask(wanted);
        self.tell(command);
    }

    /// Lets the engine close what is open, and takes its last facts for the record.
    async fn goodbye(&mut self, ended: Ended) -> Result<Ended> {
        self.is_stopping = true;
        self.tell(Command::Stop);
        let last = async {
            while let Some(event) = self.handle.facts.recv().await {
                let is_last = event.fact == Fact::RunEnded;
                if let Some(recorder) = &mut self.recorder {
                    recorder.write(&event);
                }
                self.screen.model.apply(&event);
                if is_last {
                    break;
                }
            }
        };
        // Whoever quits has seen enough: what takes longer is cut off.
        let _ = timeout(GOODBYE, last).await;
        Ok(ended)
    }
}

/// A screen on which nothing goes on but what a person does.
async fn watch(screen: &mut Screen) -> Result<Ended> {
    let mut inputs = EventStream::new();
    let mut endings = Endings::new()?;
    loop {
        screen.draw(screen.model.latest())?;
        let input = tokio::select! {
            () = endings.come() => return Ok(Ended::Quit),
            input = inputs.next() => input,
        };
        let Some(Ok(input)) = input else {
            return Ok(Ended::Quit);
        };
        let Some(effect) = screen.hear(input) else {
            continue;
        };
        match screen.obey(effect)? {
            Some(Effect::Quit) => return Ok(Ended::Quit),
            Some(Effect::QuitLeaving) => return Ok(Ended::Leaving),
            Some(_) => screen
                .state
                .warn("this is a recorded run: nothing can be fetched"),
            None => {}
        }
    }
}

/// What the header calls the run.
fn title(settings: &Settings) -> String {
    match (&settings.task, settings.inputs.as_slice()) {
        (Task::Demo, _) => "demo".to_owned(),
        (_, [only]) => only.name(),
        (_, [_, ..]) => format!("{} lists", settings.inputs.len()),
        (_, []) => String::new(),
    }
}

/// Colour, unless it is not wanted (`NO_COLOR`) or not there (`TERM=dumb`).
fn theme(color: Color) -> Theme {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match color {
        Color::Never => Theme::mono(),
        Color::Auto if is_set("NO_COLOR") || is_dumb => Theme::mono(),
        Color::Auto | Color::Always => Theme::ansi(),
    }
}
