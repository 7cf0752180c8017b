use std::fs::File;
use std::io::{self, IsTerminal as _, PipeReader, PipeWriter, pipe};
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crossterm::event::Event as Input;
use crossterm::terminal::size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::answers::{Answer, Piece, Sieve};
use super::keyboard::Keyboard;

/// What comes from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A person did something.
    Did(Input),
    /// The terminal said something of itself.
    Said(Answer),
}

/// The bytes of a terminal, understood.
#[derive(Debug, Default)]
pub(super) struct Ear {
    sieve: Sieve,
    keyboard: Keyboard,
}

/// How many answers of the terminal were heard, to the question that stands behind frames.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counted: Mutex<Counted>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Counted {
    answers: u64,
    is_over: bool,
}

impl Tally {
    fn count(&self, note: impl FnOnce(&mut Counted)) {
        note(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner));
        self.more.notify_all();
    }

    /// Waits for so many, as long as somebody listens and not longer than `patience`; tells how
    /// many there are.
    pub(super) fn wait_for(&self, wanted: u64, patience: Duration) -> u64 {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_short = |counted: &mut Counted| counted.answers < wanted && !counted.is_over;
        let found = self.more.wait_timeout_while(counted, patience, is_short);
        let (counted, _) = found.unwrap_or_else(PoisonError::into_inner);
        counted.answers
    }
}

/// What a person does at the terminal; it listens until it goes away.
///
/// The terminal is read on a thread of its own, so that a frame that the terminal is slow to take
/// keeps no key from being heard.
pub(super) struct Inputs {
    heard: UnboundedReceiver<Heard>,
    sizes: Signal,
    keys: JoinHandle<()>,
    /// Closed with this, so that nobody listens any more.
    watch: PipeWriter,
}

/// How long a key such as ← may take to come, once its first byte, that of Escape, is there.
const KEY: Duration = Duration::from_millis(25);
/// The same for what nobody types.
const ANSWER: Duration = Duration::from_secs(1);

impl Ear {
    /// What was heard with these bytes.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let pieces = self.sieve.sift(bytes);
        let heard = pieces.into_iter().flat_map(|piece| match piece {
            Piece::Keys(bytes) => self
                .keyboard
                .read(&bytes)
                .into_iter()
                .map(Heard::Did)
                .collect(),
            Piece::Paste(text) => vec![Heard::Did(Input::Paste(text))],
            Piece::Answer(answer) => vec![Heard::Said(answer)],
        });
        heard.collect()
    }

    /// How long to wait for the rest of what has begun, if something has.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.sieve.held() {
            [] => None,
            [_] | [_, _] | [_, _, _] => Some(KEY),
            [..] => Some(ANSWER),
        }
    }

    /// The rest did not come.
    pub(super) fn give_up(&mut self) -> Vec<Heard> {
        let typed = self.sieve.give_up();
        let inputs = self.keyboard.read_whole(&typed);
        inputs.into_iter().map(Heard::Did).collect()
    }
}

impl Inputs {
    /// Begins to listen, where `ear` may have heard the half of something, and `early` was heard
    /// already; the screen has to be a terminal.
    pub(super) fn start(ear: Ear, early: Vec<Heard>, tally: Arc<Tally>) -> io::Result<Self> {
        let (tell, heard) = unbounded_channel();
        for one in early {
            // It is read below.
            let _ = tell.send(one);
        }
        // From here on a change of size is heard, before the first frame is drawn.
        let sizes = signal(SignalKind::window_change())?;
        let terminal = terminal()?;
        let (watched, watch) = pipe()?;
        tally.count(|counted| counted.is_over = false);
        let listening = move || {
            listen(ear, &terminal, &watched, &tell, &tally);
            tally.count(|counted| counted.is_over = true);
        };
        let keys = Builder::new().name("keys".to_owned()).spawn(listening)?;
        Ok(Self {
            heard,
            sizes,
            keys,
            watch,
        })
    }

    /// Stops listening: what is typed from now on is for another program.
    pub(super) fn stop(self) {
        let Self { keys, watch, .. } = self;
        drop(watch);
        // It has nothing to tell but that it ended.
        let _ = keys.join();
    }

    /// The next thing heard; nothing once the terminal is gone.
    pub(super) async fn next(&mut self) -> Option<Heard> {
        loop {
            tokio::select! {
                biased;
                heard = self.heard.recv() => return heard,
                _ = self.sizes.recv() => if let Ok((width, height)) = size() {
                    return Some(Heard::Did(Input::Resize(width, height)));
                },
            }
        }
    }
}

/// The terminal that a person types at; standard input may be a list.
pub(super) fn terminal() -> io::Result<OwnedFd> {
    if io::stdin().is_terminal() {
        return io::stdin().as_fd().try_clone_to_owned();
    }
    Ok(File::open("/dev/tty")?.into())
}

/// What came within `patience`; nothing at the end, and no bytes where none came.
pub(super) fn bytes_of(
    terminal: &OwnedFd,
    watched: Option<&PipeReader>,
    patience: Option<Duration>,
) -> Option<Vec<u8>> {
    let out = io::stdout();
    // Of the screen, nothing is asked for: that its other end is gone is told unasked.
    let mut ends = vec![
        PollFd::new(terminal, PollFlags::IN),
        PollFd::new(&out, PollFlags::empty()),
    ];
    ends.extend(watched.map(|watched| PollFd::new(watched, PollFlags::empty())));
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        match poll(&mut ends, patience.as_ref()) {
            Ok(0) => return Some(Vec::new()),
            Ok(_) => break,
            Err(Errno::INTR) => {}
            Err(_) => return None,
        }
    }
    let is_over = |end: &PollFd<'_>| end.revents().intersects(PollFlags::HUP | PollFlags::ERR);
    if ends.iter().any(is_over) {
        return None;
    }
    let mut bytes = vec![0; 4_096];
    match read(terminal, &mut bytes) {
        Ok(count @ 1..) => bytes.truncate(count),
        Err(Errno::INTR | Errno::AGAIN) => bytes.clear(),
        Ok(0) | Err(_) => return None,
    }
    Some(bytes)
}

fn listen(
    mut ear: Ear,
    terminal: &OwnedFd,
    watched: &PipeReader,
    tell: &UnboundedSender<Heard>,
    tally: &Tally,
) {
    while let Some(bytes) = bytes_of(terminal, Some(watched), ear.patience()) {
        let heard = if bytes.is_empty() && ear.patience().is_some() {
            ear.give_up()
        } else {
            ear.hear(&bytes)
        };
        for one in heard {
            if matches!(one, Heard::Said(Answer::Attributes(_))) {
                tally.count(|counted| counted.answers += 1);
            }
            if tell.send(one).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    #[test]
    fn an_answer_in_the_midst_of_keys_is_no_key() {
        let key = |c| {
            let code = KeyCode::Char(c);
            Heard::Did(Input::Key(KeyEvent::new(code, KeyModifiers::NONE)))
        };
        let mut ear = Ear::default();
        let mut heard = ear.hear(b"j\x1b[?6");
        assert_eq!(ear.patience(), Some(ANSWER));
        heard.extend(ear.hear(b"2ck"));
        let said = Heard::Said(Answer::Attributes(vec![62]));
        assert_eq!(heard, [key('j'), said, key('k')]);
        assert_eq!(ear.patience(), None);
    }

    #[test]
    fn answers_are_waited_for_and_not_for_ever() {
        let tally = Tally::default();
        assert_eq!(tally.wait_for(0, Duration::MAX), 0);
        tally.count(|counted| counted.answers += 1);
        assert_eq!(tally.wait_for(1, Duration::MAX), 1);
        assert_eq!(tally.wait_for(2, Duration::from_millis(1)), 1, "it is lost");
        tally.count(|counted| counted.is_over = true);
        assert_eq!(tally.wait_for(2, Duration::MAX), 1, "nobody listens");
    }

    #[test]
    fn escape_is_heard_once_nothing_follows() {
        let mut ear = Ear::default();
        assert_eq!(ear.hear(b"\x1b"), []);
        assert_eq!(ear.patience(), Some(KEY));
        let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
        assert_eq!(ear.give_up(), [Heard::Did(Input::Key(escape))]);
        assert_eq!(ear.patience(), None);
    }
}
