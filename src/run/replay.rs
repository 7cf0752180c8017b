use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use crossterm::event::{Event as Input, KeyEvent};
use tokio::runtime;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::cli::{Settings, Speed};
use crate::clock::Clock;
use crate::event::{Event, Fact, Moment};
use crate::import::{Record, read_record};
use crate::message::visible;
use crate::ui::{Effect, Focus, Pace, Wind};

use super::asserting::{Claims, tell};
use super::exit::Exit;
use super::inputs::Heard;
use super::recorder::Recorder;
use super::screen::{Ended, Endings, Screen};

/// The time between two frames while a run is played.
const FRAME: Duration = Duration::from_millis(33);

/// Reads a recorded run; lines that make no sense are named on standard error.
pub(super) fn read(path: &Path) -> Result<Record> {
    let name = path.display();
    let text = fs::read(path).with_context(|| format!("{name}: cannot be read"))?;
    let record = read_record(&text).with_context(|| format!("{name}: cannot be replayed"))?;
    for (line, why) in record.bad.iter().take(20) {
        super::headless::complain(&format!("{name}:{line}: left out, {why}"));
    }
    if let Some(more) = record.bad.len().checked_sub(20).filter(|more| *more > 0) {
        super::headless::complain(&format!("{name}: and {more} more lines like these"));
    }
    Ok(record)
}

/// Records a run once more where that was asked for: its secrets hidden, its bodies left out.
pub(super) fn record(events: &[Event], settings: &Settings) -> Result<()> {
    let Some(mut recorder) = Recorder::of(settings)? else {
        return Ok(());
    };
    for event in events {
        recorder.write(event);
    }
    if let Some(trouble) = recorder.finish() {
        bail!(trouble);
    }
    Ok(())
}

/// Shows a recorded run on a screen: all of it, or as it went at some speed.
pub(super) fn show(
    record: Record,
    path: &Path,
    (speed, at, presses): (Option<Speed>, Option<Duration>, &[KeyEvent]),
    settings: &Settings,
    claims: &Claims,
) -> Result<Exit> {
    let Record { events, bad } = record;
    let mut screen = Screen::new(settings, title(path, &events))?;
    for event in events {
        screen.apply(event);
    }
    if let Some(words) = left_out(&bad) {
        screen.state.warn(words);
    }
    screen.state.settle(&screen.model);
    (screen.state.focus, screen.state.is_recorded) = (Focus::Table, true);
    if let Some(at) = at.map(Moment::from) {
        screen.go_to(screen.tape.place_at(at).max(1));
        screen.hold(at);
    }
    let mut player = Player::new(screen, speed.map_or(1.0, Speed::factor));
    for key in presses {
        if let Some(ended) = player.press(*key)? {
            player.screen.end(ended)?;
            return Ok(Exit::Answered);
        }
    }
    if speed.is_some() {
        player.play_from_the_beginning();
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(player.watch())?;
    let whole = player.screen.whole();
    let (judgements, exit) = (claims.judge(&whole), Exit::of(&whole));
    drop(whole);
    player.screen.end(ended)?;
    Ok(tell(&judgements, exit))
}

/// What the header calls the run: its file, and for an archive who wrote that.
pub(super) fn title(path: &Path, events: &[Event]) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy();
    if let Some(Event {
        fact: Fact::ArchiveRead(archive),
        ..
    }) = events.get(1)
    {
        return format!("{name}, by {}", visible(&archive.creator));
    }
    name.into_owned()
}

/// What is to be said where the record is not all here.
fn left_out(bad: &[(usize, String)]) -> Option<String> {
    let (line, why) = bad.first()?;
    let more = match bad.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more like this)"),
    };
    Some(format!("line {line} is left out: {why}{more}"))
}

/// A recorded run on a screen, and how it is played.
struct Player {
    screen: Screen,
    clock: Clock,
    speed: f64,
    /// When playing began, and from which moment of the run.
    began: Moment,
    from: Moment,
}

impl Player {
    fn new(screen: Screen, speed: f64) -> Self {
        Self {
            screen,
            clock: Clock::start(),
            speed,
            began: Moment::START,
            from: Moment::START,
        }
    }

    /// Shows it until a person has seen enough; while nothing is played, nothing goes on.
    async fn watch(&mut self) -> Result<Ended> {
        let mut inputs = self.screen.listen()?;
        let mut endings = Endings::new()?;
        let mut is_stale = true;
        loop {
            // What is played to its end is shown as well.
            is_stale |= self.is_playing();
            let now = self.step();
            let is_playing = self.is_playing();
            let wait = self.screen.wait(self.clock.now());
            if wait.is_zero() && is_stale {
                self.screen.draw(now, self.clock.now())?;
                is_stale = false;
            }
            let wait = if is_playing { wait.max(FRAME) } else { wait };
            let heard = tokio::select! {
                () = endings.come() => return Ok(self.leave(Ended::Quit)),
                heard = inputs.next() => heard,
                arrival = self.screen.come() => {
                    self.screen.show(arrival);
                    is_stale = true;
                    continue;
                }
                () = sleep(wait), if is_playing || is_stale => continue,
                () = yield_now(), if self.screen.state.is_behind(&self.screen.model) => {
                    self.screen.state.settle(&self.screen.model);
                    is_stale = true;
                    continue;
                }
            };
            let input = match heard {
                Some(Heard::Did(input)) => input,
                Some(Heard::Said(answer)) => {
                    is_stale |= self.screen.learn(&answer, self.clock.now());
                    continue;
                }
                None => return Ok(self.leave(Ended::Quit)),
            };
            is_stale = true;
            let Some(effect) = self.screen.hear(input)? else {
                continue;
            };
            if let Some(ended) = self.obey(effect, now)? {
                return Ok(self.leave(ended));
            }
            inputs = self.screen.lend(inputs)?;
        }
    }

    /// Nothing more is drawn: what the terminal still has to say is waited for.
    fn leave(&mut self, ended: Ended) -> Ended {
        self.screen.terminal().quiet();
        ended
    }

    /// Does what a key does, before anything is drawn.
    fn press(&mut self, key: KeyEvent) -> Result<Option<Ended>> {
        let now = self.screen.model.latest();
        match self.screen.hear(Input::Key(key))? {
            Some(effect) => self.obey(effect, now),
            None => Ok(None),
        }
    }

    fn obey(&mut self, effect: Effect, now: Moment) -> Result<Option<Ended>> {
        match self.screen.obey(effect)? {
            Some(Effect::Quit) => return Ok(Some(Ended::Quit)),
            Some(Effect::QuitLeaving) => return Ok(Some(Ended::Leaving)),
            Some(Effect::Wind(Wind::Hold)) => self.play_or_hold(now),
            Some(Effect::Wind(wind)) => self.screen.wind(wind, now),
            Some(_) => self
                .screen
                .state
                .warn("this is a recorded run: nothing can be fetched"),
            None => {}
        }
        Ok(None)
    }

    const fn is_playing(&self) -> bool {
        matches!(self.screen.state.pace, Pace::Playing(_))
    }

    /// The moment that is shown now; while the run is played, what happened up to then is folded.
    fn step(&mut self) -> Moment {
        let Pace::Playing(speed) = self.screen.state.pace else {
            return self.screen.model.latest();
        };
        let played = self.clock.now().since(self.began).mul_f64(speed);
        let now = self.from + played;
        let place = self.screen.tape.place_at(now);
        if place > self.screen.tape.place() {
            self.screen.go_to(place);
        }
        if self.screen.is_whole() {
            self.screen.release();
        }
        now
    }

    fn play_or_hold(&mut self, now: Moment) {
        let held = self.screen.state.pace.held().map(|held| held.at);
        match (&self.screen.state.pace, held) {
            (Pace::Playing(_), _) => self.screen.hold(now),
            (Pace::Held(_), Some(at)) if !self.screen.is_whole() => self.play(at),
            (Pace::Live | Pace::Held(_), _) => self.play_from_the_beginning(),
        }
    }

    fn play_from_the_beginning(&mut self) {
        self.screen.go_to(1);
        let first = self.screen.tape.shown().map(|event| event.at);
        self.play(first.unwrap_or_default());
    }

    fn play(&mut self, from: Moment) {
        (self.began, self.from) = (self.clock.now(), from);
        self.screen.state.pace = Pace::Playing(self.speed);
    }
}
