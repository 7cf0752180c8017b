use std::io::{self, Write as _};
use std::mem::{self, ManuallyDrop};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::cursor::{MoveTo, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::PrintStyledContent;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;
use ratatui::backend::IntoCrossterm as _;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::Color;
use rustix::process::{Signal, kill_current_process_group};

use crate::event::Moment;
use crate::message::width;

use super::clipboard::Between;
use super::frames::Frames;
use super::inputs::{Ear, Heard, Tally};
use super::kitty;
use super::pacing::Pacing;
use super::question::{Known, WHAT_ARE_YOU, ask};

/// Whether a panic gave the terminal back, and what it said stands there now.
///
/// It is read and written by whoever holds the lock of standard output, so that a frame and a panic
/// of another thread never mix.
static IS_BROKEN: AtomicBool = AtomicBool::new(false);

/// The screen while it is ours; the terminal is given back as it was when this goes away.
pub(super) struct Terminal {
    /// Never dropped at the end: its own last act would be to complain, and to panic over it, when
    /// the terminal is gone.
    screen: ManuallyDrop<ratatui::Terminal<CrosstermBackend<Frames>>>,
    frames: Frames,
    mouse: Mouse,
    between: Between,
    pacing: Pacing,
    /// How often the terminal was asked behind a frame, and how often it has answered.
    asked: u64,
    tally: Arc<Tally>,
    /// Whether a picture that Kitty drew is on the screen.
    has_picture: bool,
}

/// How long leaving waits for answers that may have been lost.
const GOODBYE: Duration = Duration::from_secs(1);

/// Whose the mouse is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mouse {
    /// It selects rows and scrolls.
    Ours,
    /// It selects text.
    Terminals,
}

impl Terminal {
    /// Takes the screen; from now on a panic gives it back before it says anything.
    pub(super) fn take(mouse: Mouse) -> io::Result<Self> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // A body that breaks its decoder is told of in its tab; the screen stays.
            if !super::panic::is_cared_for() {
                let _out = io::stdout().lock();
                if !IS_BROKEN.swap(true, Ordering::Relaxed) {
                    give_back();
                }
                before(info);
            }
        }));
        let frames = Frames::default();
        let terminal = Self {
            screen: screen(&frames)?,
            frames,
            mouse,
            between: Between::of(|name| std::env::var(name).ok()),
            pacing: Pacing::default(),
            asked: 0,
            tally: Arc::default(),
            has_picture: false,
        };
        unless_broken(|| terminal.enter())?;
        Ok(terminal)
    }

    /// How large the screen is.
    pub(super) fn size(&self) -> io::Result<Size> {
        self.screen.size()
    }

    /// Draws a frame at a moment of the clock, and gives it back as a picture; nothing over what a
    /// panic has said.
    pub(super) fn draw(
        &mut self,
        frame: impl FnOnce(&mut Frame<'_>),
        at: Moment,
    ) -> io::Result<&Buffer> {
        let mut out = io::stdout().lock();
        if IS_BROKEN.load(Ordering::Relaxed) {
            return Ok(self.screen.current_buffer_mut());
        }
        let drawn = self.screen.draw(frame)?;
        // Text that is written over such a picture does not take it away.
        let had_picture = mem::replace(&mut self.has_picture, kitty::is_in(drawn.buffer));
        if had_picture && !self.has_picture {
            self.frames.write_all(kitty::AWAY.as_bytes())?;
        }
        let is_asking = self.pacing.is_asking();
        let question = if is_asking { WHAT_ARE_YOU } else { "" };
        let bytes = self.frames.send(&mut out, question)?;
        if is_asking && bytes > 0 {
            self.pacing.sent(bytes, at);
            self.asked += 1;
        }
        Ok(drawn.buffer)
    }

    /// Asks the terminal what it is, before anybody listens to it.
    pub(super) fn ask(&mut self) -> io::Result<(Known, Ear, Vec<Heard>)> {
        let mut ear = Ear::default();
        let (known, typed) = ask(&mut ear)?;
        // What a terminal does not understand it may show.
        unless_broken(|| execute!(io::stdout(), Clear(ClearType::All)))?;
        if known.has_answered() {
            self.pacing.begin();
        }
        Ok((known, ear, typed))
    }

    /// The count of answers, for whoever listens.
    pub(super) fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// Waits until everything that the terminal was asked is answered, as the answers would be keys
    /// for whoever reads it next.
    pub(super) fn quiet(&mut self) {
        self.asked = self.tally.wait_for(self.asked, GOODBYE);
        self.pacing.forget();
    }

    /// Nobody listens any more, and nothing is asked.
    pub(super) fn ask_no_more(&mut self) {
        self.pacing = Pacing::default();
    }

    /// The terminal answered what it was asked behind a frame.
    pub(super) fn arrived(&mut self, at: Moment) {
        self.pacing.arrived(at);
    }

    /// How long the next frame has to wait until the terminal has taken those before it.
    pub(super) fn wait(&mut self, at: Moment) -> Duration {
        self.pacing.wait(at)
    }

    /// Lets go of the mouse, or takes it.
    pub(super) fn give_mouse(&mut self, to: Mouse) -> io::Result<()> {
        self.mouse = to;
        unless_broken(|| match to {
            Mouse::Ours => execute!(io::stdout(), EnableMouseCapture),
            Mouse::Terminals => execute!(io::stdout(), DisableMouseCapture),
        })
    }

    /// Puts text into the clipboard of whoever sits at the terminal, and tells by which way;
    /// nothing where it does not fit or there is none.
    pub(super) fn copy(&self, text: &str) -> io::Result<Option<&'static str>> {
        let Some(sequence) = self.between.sequence(text) else {
            return Ok(None);
        };
        unless_broken(|| {
            let mut out = io::stdout();
            out.write_all(sequence.as_bytes())?;
            out.flush()
        })?;
        Ok(Some(self.between.way()))
    }

    /// Hands the terminal to another program for as long as it runs.
    pub(super) fn lend(&mut self, to: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.give_back();
        let ran = to();
        unless_broken(|| self.enter())?;
        self.forget()?;
        ran
    }

    /// Stops as Ctrl-Z has it, and goes on when the shell says so.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        self.quiet();
        self.give_back();
        // The whole job stops, a `cat urls.txt |` before us too.
        kill_current_process_group(Signal::TSTP)?;
        unless_broken(|| self.enter())?;
        self.forget()
    }

    /// Draws all of the next frame: what the screen shows now is not known.
    ///
    /// A terminal that was made smaller and larger again may have lost some of it, though its size
    /// is the same as before.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        unless_broken(|| execute!(io::stdout(), Clear(ClearType::All)))?;
        self.frames.forget();
        if mem::take(&mut self.has_picture) {
            self.frames.write_all(kitty::AWAY.as_bytes())?;
        }
        let former = mem::replace(&mut self.screen, screen(&self.frames)?);
        drop(ManuallyDrop::into_inner(former));
        Ok(())
    }

    /// Gives the terminal back.
    fn give_back(&mut self) {
        if mem::take(&mut self.has_picture) {
            // A terminal that is gone shows nothing.
            let _ = io::stdout().write_all(kitty::AWAY.as_bytes());
        }
        give_back();
    }

    fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        // GNU screen has no other screen unless it is told to: then this one is cleared.
        execute!(io::stdout(), Clear(ClearType::All))?;
        if self.mouse == Mouse::Ours {
            execute!(io::stdout(), EnableMouseCapture)?;
        }
        Ok(())
    }
}

fn screen(
    frames: &Frames,
) -> io::Result<ManuallyDrop<ratatui::Terminal<CrosstermBackend<Frames>>>> {
    ratatui::Terminal::new(CrosstermBackend::new(frames.clone())).map(ManuallyDrop::new)
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Given back twice, the cursor would go back to where it was before a panic was told.
        let _ = unless_broken(|| {
            self.give_back();
            Ok(())
        });
    }
}

/// Does something to the terminal, but nothing to what a panic left there.
fn unless_broken(act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let _out = io::stdout().lock();
    if IS_BROKEN.load(Ordering::Relaxed) {
        return Ok(());
    }
    act()
}

/// Prints a picture on the main screen, row by row, in its colours.
pub(super) fn print(picture: &Buffer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let columns = usize::from(picture.area.width).max(1);
    for row in picture.content().chunks(columns) {
        let is_blank = |cell: &&Cell| cell.symbol() == " " && cell.bg == Color::Reset;
        let end = columns - row.iter().rev().take_while(is_blank).count();
        let mut free = 0;
        for (at, cell) in row.iter().enumerate().take(end) {
            if at < free {
                // The second half of a sign that is two columns wide.
                continue;
            }
            free = at + width(cell.symbol()).max(1);
            let style = cell.style().into_crossterm();
            queue!(out, PrintStyledContent(style.apply(cell.symbol())))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// Gives the terminal back; a terminal that is gone needs nothing.
fn give_back() {
    let _ = execute!(
        io::stdout(),
        DisableMouseCapture,
        DisableBracketedPaste,
        // Pictures go as well, and all of it where there was no other screen.
        Clear(ClearType::All),
        MoveTo(0, 0),
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}
