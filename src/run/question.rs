use std::io::{self, Write as _};
use std::time::Duration;

use crate::clock::Clock;
use crate::event::Moment;

use super::answers::Answer;
use super::inputs::{Ear, Heard, bytes_of, terminal};

/// How long the first frame waits for what the terminal says of itself; what comes later counts as
/// well. Terminals that do not know an answer answer the last question, and are not waited for.
const PATIENCE: Duration = Duration::from_millis(250);

/// What the terminal is asked behind everything else, as every terminal answers it (DA1).
pub(super) const WHAT_ARE_YOU: &str = "\x1b[c";
const BACKGROUND: &str = "\x1b]11;?\x1b\\";
const CELL: &str = "\x1b[16t";
const NAME: &str = "\x1b[>q";
/// A picture of one pixel, which is looked at and not shown.
const KITTY: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";

/// What is known of the terminal, by what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// The colour of its background.
    pub(super) background: Option<[u16; 3]>,
    /// Whether it draws pictures in Kitty's way.
    pub(super) has_kitty: bool,
    /// The size of a cell in pixels.
    pub(super) cell: Option<(u16, u16)>,
    /// Its name and version, which only terminals of this century tell.
    pub(super) name: Option<String>,
    /// What it is and can do, by numbers (DA1).
    pub(super) attributes: Option<Vec<u16>>,
}

impl Known {
    /// Takes in what the terminal says; whether it says something new.
    pub(super) fn learn(&mut self, answer: &Answer) -> bool {
        let before = self.clone();
        match answer {
            Answer::Background(colour) => self.background = Some(*colour),
            Answer::KittyGraphics => self.has_kitty = true,
            Answer::Name(name) => self.name = Some(name.clone()),
            Answer::Cell(wide, high) if *wide > 0 && *high > 0 => self.cell = Some((*wide, *high)),
            Answer::Attributes(known) => self.attributes = Some(known.clone()),
            Answer::Cell(..) | Answer::Other => {}
        }
        *self != before
    }

    /// Whether it answers at all.
    pub(super) const fn has_answered(&self) -> bool {
        self.attributes.is_some()
    }

    /// Whether it draws Sixel.
    pub(super) fn has_sixel(&self) -> bool {
        // The first number is the class of the terminal.
        let known = self.attributes.iter().flatten().skip(1);
        known.copied().any(|one| one == 4)
    }
}

/// What to ask a terminal of this name; `is_between` where tmux or GNU screen is.
fn questions(term: &str, is_between: bool) -> String {
    let mut asked = String::new();
    // Consoles and emulators of old terminals would show some of it.
    let is_old = ["linux", "vt", "cons", "pccon", "dumb"];
    if !is_old.iter().any(|name| term.starts_with(name)) {
        for question in [BACKGROUND, CELL, NAME] {
            asked += question;
        }
        // rxvt-unicode shows it, and tmux and GNU screen take it for a title.
        if !is_between && !term.starts_with("rxvt") {
            asked += KITTY;
        }
    }
    asked + WHAT_ARE_YOU
}

/// Asks the terminal what it is, and gives what it said in time, and what was typed meanwhile.
///
/// The line has to be raw, and nobody else may read it.
pub(super) fn ask(ear: &mut Ear) -> io::Result<(Known, Vec<Heard>)> {
    let (mut known, mut typed) = (Known::default(), Vec::new());
    let named = |name| std::env::var(name).unwrap_or_default();
    let term = named("TERM");
    let is_between = ["TMUX", "STY"].iter().any(|name| !named(name).is_empty())
        || ["tmux", "screen"].iter().any(|name| term.starts_with(name));
    if term.is_empty() || term == "dumb" {
        return Ok((known, typed));
    }
    let terminal = terminal()?;
    let mut out = io::stdout();
    out.write_all(questions(&term, is_between).as_bytes())?;
    out.flush()?;
    let clock = Clock::start();
    while !known.has_answered() {
        let left = PATIENCE.saturating_sub(clock.now().since(Moment::START));
        if left.is_zero() {
            break;
        }
        let Some(bytes) = bytes_of(&terminal, None, Some(left)) else {
            break;
        };
        for heard in ear.hear(&bytes) {
            match heard {
                Heard::Said(answer) => {
                    known.learn(&answer);
                }
                did @ Heard::Did(_) => typed.push(did),
            }
        }
    }
    Ok((known, typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_terminal_is_asked_what_it_would_show() {
        for (term, is_between, asked) in [
            ("xterm-256color", false, [true, true]),
            ("xterm-256color", true, [true, false]),
            ("rxvt-unicode-256color", false, [true, false]),
            ("linux", false, [false, false]),
            ("vt220", false, [false, false]),
        ] {
            let questions = questions(term, is_between);
            assert_eq!(
                [questions.contains(BACKGROUND), questions.contains(KITTY)],
                asked,
                "{term}"
            );
            assert!(questions.ends_with(WHAT_ARE_YOU), "{term}");
        }
    }

    #[test]
    fn what_it_says_is_known_from_then_on() {
        let mut known = Known::default();
        assert!(known.learn(&Answer::Cell(9, 18)));
        assert!(!known.learn(&Answer::Cell(0, 0)), "it does not know");
        assert!(known.learn(&Answer::KittyGraphics));
        assert!(known.learn(&Answer::Attributes(vec![4, 1])));
        assert!(!known.has_sixel(), "its class is no ability");
        assert!(known.learn(&Answer::Attributes(vec![63, 1, 2, 4])));
        assert!(known.has_sixel() && known.has_kitty && known.cell == Some((9, 18)));
        assert!(
            !known.learn(&Answer::Attributes(vec![63, 1, 2, 4])),
            "it says so behind every frame"
        );
        assert!(!known.learn(&Answer::Other));
    }
}
