use std::time::Duration;

use anyhow::Result;
use crossterm::event::Event as Input;
use tokio::runtime;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::cli::{Problem, Settings, Task};
use crate::clock::Clock;
use crate::cookies::read_typed;
use crate::engine::{Handle, start};
use crate::event::{Command, Event, Fact, Moment};
use crate::message::CookieKey;
use crate::model::duration;
use crate::ui::{Effect, Focus, Wind};

use super::address;
use super::asserting::{Claims, tell};
use super::exit::Exit;
use super::feed::Feed;
use super::inputs::Heard;
use super::lessons;
use super::recorder::Recorder;
use super::screen::{Ended, Endings, Screen};
use super::world::{DEMO_DELAY, Ground};

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(33);
/// The same after a key: whoever pressed it waits for its frame.
const ANSWER: Duration = Duration::from_millis(8);
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
    (problems, claims): (&[Problem], &Claims),
) -> Result<Exit> {
    // Before any other thread: one that breaks down must find the screen ready to be given back,
    // and must not speak into the midst of what the terminal is asked.
    let mut screen = Screen::new(settings, title(settings))?;
    if let Some(note) = ground.note() {
        screen.state.warn(note);
    }
    let clock = Clock::start();
    let begin = move || {
        super::panic::if_asked("engine");
        ground.world()
    };
    let handle = start(begin, clock)?;
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
    let whole = screen.whole();
    let (judgements, exit) = (claims.judge(&whole), Exit::of(&whole));
    drop(whole);
    screen.end(ended)?;
    let is_written = Recorder::close(recorder);
    if ended == Ended::Broken && handle.has_panicked() {
        return Ok(Exit::Broken);
    }
    Ok(tell(&judgements, exit.if_written(is_written)))
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
        let mut inputs = self.screen.listen()?;
        let mut endings = Endings::new()?;
        let mut facts = Vec::with_capacity(GULP);
        let mut is_stale = true;
        let mut pause = FRAME;
        let mut drawn: Option<Moment> = None;
        self.begin();
        loop {
            let now = self.clock.now();
            let wait = drawn.map_or(Duration::ZERO, |at| pause.saturating_sub(now.since(at)));
            let wait = wait.max(self.screen.wait(now));
            let is_due = is_stale || self.screen.is_moving();
            if is_due && wait.is_zero() {
                // Not left to a timer: while facts come without end, none would ever get its turn.
                if self.screen.draw(now, now).is_err() {
                    // The terminal is gone; the run still ends well.
                    return self.goodbye(Ended::Quit).await;
                }
                (drawn, is_stale, pause) = (Some(now), false, FRAME);
                continue;
            }
            tokio::select! {
                biased;
                () = endings.come() => return self.goodbye(Ended::Quit).await,
                heard = inputs.next() => {
                    let Some(heard) = heard else { return self.goodbye(Ended::Quit).await };
                    let input = match heard {
                        Heard::Did(input) => input,
                        Heard::Said(answer) => {
                            is_stale |= self.screen.learn(&answer, self.clock.now());
                            continue;
                        }
                    };
                    // A storm of sizes is waited out, and the last of them drawn.
                    let is_resized = matches!(input, Input::Resize(..));
                    drawn = if is_resized { Some(self.clock.now()) } else { drawn };
                    pause = if is_resized { FRAME } else { ANSWER };
                    if let Some(ended) = self.hear(input)? {
                        return self.goodbye(ended).await;
                    }
                    inputs = self.screen.lend(inputs)?;
                    is_stale = true;
                }
                arrival = self.screen.come() => {
                    self.screen.show(arrival);
                    is_stale = true;
                }
                () = sleep(wait), if is_due => {}
                count = self.handle.facts.recv_many(&mut facts, GULP) => {
                    if count == 0 {
                        return Ok(Ended::Broken);
                    }
                    self.fold(&mut facts);
                    is_stale = true;
                }
                () = yield_now(), if self.screen.state.is_behind(&self.screen.model) => {
                    self.screen.state.settle(&self.screen.model);
                    is_stale = true;
                }
            }
        }
    }

    fn begin(&mut self) {
        if let Some(command) = self.feed.next() {
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
            self.screen.apply(event);
        }
        self.screen.state.settle(&self.screen.model);
        if let Some(command) = self.feed.next().filter(|_| !self.is_stopping) {
            self.tell(command);
        }
    }

    fn hear(&mut self, input: Input) -> Result<Option<Ended>> {
        let Some(effect) = self.screen.hear(input)? else {
            return Ok(None);
        };
        match self.screen.obey(effect)? {
            Some(Effect::Quit) => return Ok(Some(Ended::Quit)),
            Some(Effect::QuitLeaving) => return Ok(Some(Ended::Leaving)),
            Some(Effect::Wind(Wind::Hold)) if self.screen.state.pace.held().is_some() => {
                self.screen.release();
            }
            Some(Effect::Wind(wind)) => self.screen.wind(wind, self.clock.now()),
            Some(Effect::Open(typed)) => self.open(&typed),
            Some(Effect::Send(draft)) => {
                if let Some(wanted) = self.screen.wanted(*draft) {
                    let command = self.feed.ask(vec![wanted]);
                    self.tell(command);
                }
            }
            Some(Effect::Tell(Command::Fetch(wanted))) => {
                let command = self.feed.ask(wanted);
                self.tell(command);
            }
            Some(Effect::KeepCookie { of, line }) => self.keep_cookie(of, line),
            Some(Effect::Tell(command)) => self.tell(command),
            // The screen did what concerns it alone.
            Some(_) | None => {}
        }
        Ok(None)
    }

    /// Puts a cookie as it was typed into the jar; one that cannot be kept is told, and can be mended.
    fn keep_cookie(&mut self, of: Option<CookieKey>, line: String) {
        let now = self.clock.wall_ms_at(self.clock.now());
        // A character of a header is a byte.
        let bytes: String = line.bytes().map(char::from).collect();
        match read_typed(&bytes, now) {
            Ok(mut cookie) => {
                cookie.partition = of.as_ref().and_then(|key| key.partition.clone());
                let cookie = Box::new(cookie);
                self.tell(Command::PutCookie {
                    cookie,
                    instead_of: of,
                });
            }
            Err(error) => {
                let state = &mut self.screen.state;
                state.warn(error.to_string());
                state.mend_cookie(of, line);
            }
        }
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
        self.screen.terminal().quiet();
        let last = async {
            while let Some(event) = self.handle.facts.recv().await {
                let is_last = event.fact == Fact::RunEnded;
                if let Some(recorder) = &mut self.recorder {
                    recorder.write(&event);
                }
                self.screen.apply(event);
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

/// What the header calls the run.
fn title(settings: &Settings) -> String {
    match (&settings.task, settings.inputs.as_slice()) {
        (Task::Demo(lesson), _) => {
            let title = lessons::of(*lesson).title();
            format!("{title}, {} further away", duration(DEMO_DELAY))
        }
        (_, [only]) => only.name(),
        (_, [_, ..]) => format!("{} lists", settings.inputs.len()),
        (_, []) => String::new(),
    }
}
