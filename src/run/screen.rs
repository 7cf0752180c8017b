use anyhow::Result;
use crossterm::event::Event as Input;
use ratatui::layout::Size;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::Settings;
use crate::event::{Moment, RequestId};
use crate::model::{Model, Tape};
use crate::ui::{Draft, Effect, Found, Pace, State, Theme, Unpacked, draw, for_console};

use super::colours::theme;
use super::decoder::Decoder;
use super::graphics::{Graphics, cell, has_true_colour};
use super::preferences;
use super::reckoning::{imagined, saving};
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
}

/// The terminal, and what is on it.
pub(super) struct Screen {
    terminal: Terminal,
    pub(super) theme: Theme,
    decoder: Decoder,
    searcher: Searcher,
    pub(super) model: Model,
    /// Every fact so far; the model is the picture of those up to the one that is shown.
    pub(super) tape: Tape,
    pub(super) state: State,
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
        // It is asked while nothing else reads what it answers.
        let theme = theme(output);
        let mouse = if output.no_mouse {
            Mouse::Terminals
        } else {
            Mouse::Ours
        };
        let terminal = Terminal::take(mouse)?;
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
        let graphics = Graphics::of(|name| std::env::var(name).ok(), cell());
        Ok(Self {
            terminal,
            theme,
            decoder: Decoder::start(graphics)?,
            searcher: Searcher::start()?,
            model: Model::default(),
            tape: Tape::default(),
            state,
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

    /// Waits for what other threads made for the screen; nothing is lost if the waiting is given up.
    pub(super) async fn come(&mut self) -> Arrival {
        tokio::select! {
            unpacked = self.decoder.come() => Arrival::Unpacked(unpacked),
            found = self.searcher.come() => Arrival::Found(found),
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

    pub(super) fn draw(&mut self, now: Moment) -> Result<()> {
        if let Some(packed) = self.state.packed(&self.model) {
            self.decoder.ask(packed);
        }
        self.search();
        self.reckon();
        let now = self.moment(now);
        let (model, state, theme) = (&self.model, &self.state, &self.theme);
        let is_console = self.is_console;
        self.terminal.draw(|frame| {
            draw(frame, model, state, now, theme);
            if is_console {
                for_console(frame.buffer_mut());
            }
        })?;
        super::panic::if_asked("ui");
        Ok(())
    }

    /// Once nothing goes on, says what one more connection would have saved.
    fn reckon(&mut self) {
        let done = self.model.totals().done;
        let is_live = self.state.pace == Pace::Live;
        if is_live && done != self.reckoned && !self.model.is_moving() {
            self.reckoned = done;
            self.model.note_saving(saving(&self.model));
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
                self.state.imagined = Some(imagined(&self.model, nth));
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
            state,
            remembered,
            ..
        } = self;
        let mut picture = None;
        if ended == Ended::Leaving {
            let now = state
                .pace
                .held()
                .map_or_else(|| model.latest(), |held| held.at);
            let drawn = terminal.draw(|frame| draw(frame, &model, &state, now, &theme))?;
            picture = Some(drawn.clone());
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

/// Whether the terminal is the text console of Linux or of a BSD.
fn is_console() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    ["linux", "vt220", "cons25", "pccon"]
        .iter()
        .any(|name| term.starts_with(name))
}
