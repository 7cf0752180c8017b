use std::time::Duration;

use anyhow::Result;
use crossterm::event::Event as Input;
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::{Color, Settings, ThemeName};
use crate::event::{Moment, RequestId};
use crate::model::{Model, Tape};
use crate::ui::{
    Draft, Effect, Found, Pace, State, Theme, Unpacked, draw, for_console, keep_apart,
};

use super::answers::Answer;
use super::asserting::Claims;
use super::colours::theme;
use super::decoder::Decoder;
use super::graphics::{Graphics, cell, has_true_colour};
use super::inputs::{Ear, Heard, Inputs};
use super::preferences;
use super::question::Known;
use super::reckoner::{self, Reckoner, Sum};
use super::reckoning::is_worth;
use super::remembered::Remembered;
use super::searcher::Searcher;
use super::terminal::{Mouse, Terminal, print};
use super::unpacking::broken;

/// Why the screen is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// A person or a signal said so.
    Quit,
    /// A person said so, and wants to keep the picture.
    Leaving,
    /// The engine broke down.
    Broken,
}

/// What another thread made for the screen.
pub(super) enum Arrival {
    /// A body without its codings.
    Unpacked(Unpacked),
    /// What was found.
    Found(Found),
    /// What the run comes to.
    Reckoned(reckoner::Result),
}

/// The terminal, and what is on it.
pub(super) struct Screen {
    terminal: Terminal,
    pub(super) theme: Theme,
    /// What was asked for of the theme.
    colours: (Color, ThemeName),
    /// What the terminal said of itself.
    known: Known,
    /// What was heard before anybody listened.
    early: Option<(Ear, Vec<Heard>)>,
    decoder: Decoder,
    searcher: Searcher,
    reckoner: Reckoner,
    pub(super) model: Model,
    /// Every fact so far; the model is the picture of those up to the one that is shown.
    pub(super) tape: Tape,
    pub(super) state: State,
    /// What is claimed of the run, for the reports.
    pub(super) claims: Claims,
    /// A request that is to be changed in another program.
    pub(super) drafted: Option<Draft>,
    /// How many requests were done when it was reckoned what could be saved.
    pub(super) reckoned: usize,
    /// The request that a person selected, and the one that was selected where that was not there.
    pub(super) wanted: Option<RequestId>,
    pub(super) settled: Option<RequestId>,
    remembered: Remembered,
    /// Whether the terminal has the signs of a text console and no more.
    is_console: bool,
}

impl Screen {
    pub(super) fn new(settings: &Settings, title: String) -> Result<Self> {
        let output = &settings.output;
        let keys = preferences::keys(&settings.config)?;
        let mouse = if output.no_mouse {
            Mouse::Terminals
        } else {
            Mouse::Ours
        };
        let mut terminal = Terminal::take(mouse)?;
        // It is asked while nothing else reads what it answers.
        let colours = (output.color, output.theme);
        let (known, ear, typed) = terminal.ask()?;
        let size = terminal.size()?;
        let mut state = State::new(size, title);
        (state.has_let_go, state.keys) = (output.no_mouse, keys);
        let columns = preferences::columns(&settings.config)?;
        let (remembered, trouble) = Remembered::load(columns.as_ref());
        state.lay_out(remembered.layout().clone(), columns.unwrap_or_default());
        if let Some(words) = trouble {
            state.warn(words);
        }
        state.has_true_colour = has_true_colour();
        Ok(Self {
            terminal,
            theme: theme(colours.0, colours.1, &known),
            colours,
            decoder: Decoder::start(graphics(&known))?,
            known,
            early: Some((ear, typed)),
            searcher: Searcher::start()?,
            reckoner: Reckoner::new(),
            model: Model::default(),
            tape: Tape::default(),
            state,
            claims: Claims::read(&output.asserts)?,
            drafted: None,
            reckoned: 0,
            remembered,
            is_console: is_console(),
            wanted: None,
            settled: None,
        })
    }

    /// The terminal that is drawn on.
    pub(super) const fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    /// Begins to listen to the terminal.
    pub(super) fn listen(&mut self) -> Result<Inputs> {
        let (ear, typed) = self.early.take().unwrap_or_default();
        Ok(Inputs::start(ear, typed, self.terminal.tally())?)
    }

    /// Lends the terminal to another program, where a request is to be changed in one.
    pub(super) fn lend(&mut self, inputs: Inputs) -> Result<Inputs> {
        if self.drafted.is_none() {
            return Ok(inputs);
        }
        // What is typed now is the other program's, and what the terminal says would be, too.
        self.terminal.quiet();
        inputs.stop();
        self.edit_elsewhere()?;
        self.listen()
    }

    /// How long the next frame has to wait until the terminal has taken those before it.
    pub(super) fn wait(&mut self, at: Moment) -> Duration {
        self.terminal.wait(at)
    }

    /// The terminal said something of itself: that it has taken a frame, or what it was asked at the
    /// beginning, however late that comes. Whether something looks different now.
    pub(super) fn learn(&mut self, answer: &Answer, at: Moment) -> bool {
        if matches!(answer, Answer::Attributes(_)) {
            self.terminal.arrived(at);
        }
        let is_new = self.known.learn(answer);
        if is_new {
            self.theme = theme(self.colours.0, self.colours.1, &self.known);
            self.decoder.graphics = graphics(&self.known);
        }
        is_new
    }

    /// Waits for what other threads made for the screen; nothing is lost if the waiting is given up.
    pub(super) async fn come(&mut self) -> Arrival {
        tokio::select! {
            unpacked = self.decoder.come() => Arrival::Unpacked(unpacked),
            found = self.searcher.come() => Arrival::Found(found),
            reckoned = self.reckoner.come() => Arrival::Reckoned(reckoned),
        }
    }

    /// Shows what another thread made; a body that could not be decoded is remarked on.
    pub(super) fn show(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Unpacked(unpacked) => {
                if let Err(words) = &unpacked.outcome {
                    let remark = broken(unpacked.request, words, self.model.latest());
                    self.model.apply(&remark);
                }
                self.state.open_body(unpacked);
            }
            Arrival::Found(found) => {
                self.state.found(found, &self.model);
                self.search();
            }
            Arrival::Reckoned(reckoner::Result::Saving(saving)) => {
                // Of another moment it would be said too much.
                if self.state.pace == Pace::Live {
                    self.model.note_saving(saving);
                }
            }
            Arrival::Reckoned(reckoner::Result::WhatIf(imagined)) => {
                self.state.imagined = Some(*imagined);
            }
        }
    }

    /// Hands out what is still to be searched.
    fn search(&mut self) {
        if self.searcher.is_busy() {
            return;
        }
        if let Some(quest) = self.state.quest(&self.model) {
            self.searcher.send(quest);
        }
    }

    /// Draws the run as it is at `now`, at a moment of the clock.
    pub(super) fn draw(&mut self, now: Moment, at: Moment) -> Result<()> {
        if let Some(packed) = self.state.packed(&self.model) {
            self.decoder.ask(packed);
        }
        self.search();
        self.reckon();
        let now = self.moment(now);
        let (model, state, theme) = (&self.model, &self.state, &self.theme);
        let is_console = self.is_console;
        let paint = |frame: &mut Frame<'_>| {
            draw(frame, model, state, now, theme);
            fit(frame, is_console);
        };
        self.terminal.draw(paint, at)?;
        super::panic::if_asked("ui");
        Ok(())
    }

    /// Once nothing goes on, says what one more connection would have saved.
    fn reckon(&mut self) {
        let done = self.model.totals().done;
        let is_live = self.state.pace == Pace::Live;
        if is_live && done != self.reckoned && !self.model.is_moving() {
            self.reckoned = done;
            self.model.note_saving(None);
            if is_worth(&self.model) {
                self.reckoner.ask(Sum::Saving, self.model.clone());
            }
        }
    }

    /// What a person did; the effect is what is to be done elsewhere.
    pub(super) fn hear(&mut self, input: Input) -> Result<Option<Effect>> {
        Ok(match input {
            Input::Key(key) => self.state.key(&key, &self.model),
            Input::Paste(text) => {
                let effect = self.state.paste(&text);
                self.state.settle(&self.model);
                effect
            }
            Input::Mouse(mouse) => self.state.mouse(mouse, &self.model),
            Input::Resize(width, height) => {
                self.state.resize(Size::new(width, height), &self.model);
                self.terminal.forget()?;
                None
            }
            Input::FocusGained | Input::FocusLost => None,
        })
    }

    /// Does what concerns the terminal alone; anything else is handed back.
    pub(super) fn obey(&mut self, effect: Effect) -> Result<Option<Effect>> {
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
                let size = self.terminal.size()?;
                self.state.resize(size, &self.model);
            }
            Effect::Copy { what, text } => self.copy_text(what, text),
            Effect::Yank(piece, of) => self.yank(piece, of),
            Effect::Write(paper, of) => self.write(paper, of),
            Effect::Imagine(nth) => {
                self.reckoner.ask(Sum::WhatIf(nth), self.model.clone());
            }
            Effect::Editor(draft) => self.drafted = Some(*draft),
            other @ (Effect::Send(_)
            | Effect::Open(_)
            | Effect::Wind(_)
            | Effect::KeepCookie { .. }
            | Effect::Tell(_)
            | Effect::Quit
            | Effect::QuitLeaving) => {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// Gives the terminal back, and leaves the picture behind where that is wanted.
    pub(super) fn end(self, ended: Ended) -> Result<()> {
        let Self {
            mut terminal,
            theme,
            model,
            mut state,
            remembered,
            is_console,
            ..
        } = self;
        terminal.ask_no_more();
        let mut picture = None;
        if ended == Ended::Leaving {
            // What is left behind is text: pictures in blocks.
            let unpacked = state.unpacked.as_mut();
            if let Some(Ok(plain)) = unpacked.map(|unpacked| &mut unpacked.outcome) {
                plain.drawn = None;
            }
            let now = state
                .pace
                .held()
                .map_or_else(|| model.latest(), |held| held.at);
            let paint = |frame: &mut Frame<'_>| {
                draw(frame, &model, &state, now, &theme);
                fit(frame, is_console);
            };
            picture = Some(terminal.draw(paint, now)?.clone());
        }
        drop(terminal);
        if let Err(error) = remembered.keep(state.layout()) {
            super::headless::complain(&format!("the columns are not remembered: {error}"));
        }
        if let Some(picture) = picture {
            print(&picture)?;
        }
        Ok(())
    }
}

/// Signals that end the program as quitting does.
pub(super) struct Endings([Signal; 3]);

impl Endings {
    pub(super) fn new() -> std::io::Result<Self> {
        let kinds = [
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::interrupt(),
        ];
        let [a, b, c] = kinds.map(signal);
        Ok(Self([a?, b?, c?]))
    }

    pub(super) async fn come(&mut self) {
        let [a, b, c] = &mut self.0;
        tokio::select! { _ = a.recv() => {} _ = b.recv() => {} _ = c.recv() => {} }
    }
}

/// Makes of a frame what the terminal can show.
fn fit(frame: &mut Frame<'_>, is_console: bool) {
    let buffer = frame.buffer_mut();
    keep_apart(buffer);
    if is_console {
        for_console(buffer);
    }
}

/// How the terminal draws pictures.
fn graphics(known: &Known) -> Graphics {
    Graphics::of(known, |name| std::env::var(name).ok(), cell())
}

/// Whether the terminal is the text console of Linux or of a BSD.
fn is_console() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    ["linux", "vt220", "cons25", "pccon"]
        .iter()
        .any(|name| term.starts_with(name))
}
