use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::event::Command;
use crate::message::Conditions;
use crate::model::Model;

use super::action::Effect;
use super::browsing::Part;
use super::layers::Overlay;
use super::state::State;

/// A menu: one thing is taken from it, and it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// What can be copied of the selected request.
    Yank,
    /// What can be written into a file.
    Write,
    /// What the network can be made out to be.
    Network,
}

/// Something of a request that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Where it is from.
    Url,
    /// What was said.
    RequestHeaders,
    /// What was answered.
    ResponseHeaders,
    /// What came, its codings taken off.
    Body,
    /// A command for curl that asks the same.
    Curl,
    /// Its row.
    Row,
}

/// Something that can be written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The facts, to be replayed; without secrets.
    Events,
    /// The facts, with secrets.
    EventsWithSecrets,
    /// An HTTP archive of the run; without secrets and bodies.
    Archive,
    /// The same, secrets, bodies and all.
    ArchiveWithSecrets,
    /// The run as one JSON object.
    Report,
    /// The run as a table of text.
    Table,
    /// The run as a report in Markdown.
    Markdown,
    /// The screen as a picture.
    Picture,
    /// The body of a request, its codings taken off.
    Body,
    /// A request as a command for curl.
    Curl,
}

/// A row of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The key that takes it.
    pub(super) letter: char,
    pub(super) words: &'static str,
    task: Task,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Yank(Piece),
    Value(Part),
    Write(Paper),
    Throttle(Conditions),
}

impl Row {
    /// Whether it is about the selected request.
    pub(super) const fn is_of_request(self) -> bool {
        match self.task {
            Task::Yank(_) | Task::Value(_) | Task::Write(Paper::Body | Paper::Curl) => true,
            Task::Write(
                Paper::Events
                | Paper::EventsWithSecrets
                | Paper::Archive
                | Paper::ArchiveWithSecrets
                | Paper::Report
                | Paper::Table
                | Paper::Markdown
                | Paper::Picture,
            )
            | Task::Throttle(_) => false,
        }
    }
}

const fn yank(letter: char, piece: Piece, words: &'static str) -> Row {
    let task = Task::Yank(piece);
    Row {
        letter,
        words,
        task,
    }
}

const fn value(letter: char, part: Part, words: &'static str) -> Row {
    let task = Task::Value(part);
    Row {
        letter,
        words,
        task,
    }
}

const fn write(letter: char, paper: Paper, words: &'static str) -> Row {
    let task = Task::Write(paper);
    Row {
        letter,
        words,
        task,
    }
}

const fn throttle(letter: char, conditions: Conditions, words: &'static str) -> Row {
    let task = Task::Throttle(conditions);
    Row {
        letter,
        words,
        task,
    }
}

const YANK: &[Row] = &[
    yank('u', Piece::Url, "URL"),
    yank(
        'r',
        Piece::RequestHeaders,
        "request headers, secrets and all",
    ),
    yank(
        'a',
        Piece::ResponseHeaders,
        "answer's headers, secrets and all",
    ),
    yank('b', Piece::Body, "body of the answer, decoded"),
    yank('c', Piece::Curl, "curl command, secrets and all"),
    yank('t', Piece::Row, "row as text, with tabs"),
    value('p', Part::Path, "path of the JSON value"),
    value('v', Part::Value, "the JSON value"),
];

const WRITE: &[Row] = &[
    write('e', Paper::Events, "events (NDJSON), for replay"),
    write('E', Paper::EventsWithSecrets, "the same, secrets and all"),
    write('h', Paper::Archive, "HAR, for browsers and other tools"),
    write(
        'H',
        Paper::ArchiveWithSecrets,
        "the same, secrets and bodies too",
    ),
    write('o', Paper::Report, "report of the run (JSON)"),
    write('t', Paper::Table, "table of the run (text)"),
    write('m', Paper::Markdown, "report for an issue (Markdown)"),
    write('s', Paper::Picture, "picture of the screen (SVG)"),
    write('b', Paper::Body, "body of the answer, decoded"),
    write('c', Paper::Curl, "curl command, secrets and all"),
];

const NETWORK: &[Row] = &[
    throttle('n', Conditions::None, "no throttling"),
    throttle(
        'f',
        Conditions::Fast4g,
        "fast 4G: +165 ms a round trip, 1012 kB/s down, 169 up",
    ),
    throttle(
        's',
        Conditions::Slow4g,
        "slow 4G: +562 ms a round trip, 180 kB/s down, 84 up",
    ),
    throttle(
        '3',
        Conditions::ThreeG,
        "3G: +2 s a round trip, 50 kB/s down, 50 up",
    ),
    throttle('o', Conditions::Offline, "offline"),
];

impl Menu {
    /// Its rows.
    pub(super) const fn rows(self) -> &'static [Row] {
        match self {
            Self::Yank => YANK,
            Self::Write => WRITE,
            Self::Network => NETWORK,
        }
    }

    /// What taking a row of it does, in a word before the row's.
    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::Yank => "copy",
            Self::Write => "write",
            Self::Network => "network",
        }
    }

    /// What it is called.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Yank => "Copy",
            Self::Write => "Write into a file",
            Self::Network => "The network is to be",
        }
    }
}

/// Menus.
impl State {
    pub(super) fn open_menu(&mut self, menu: Menu, model: &Model) {
        if menu == Menu::Yank && self.selected.is_none() {
            self.tell("there is no request to copy anything of yet");
            return;
        }
        let is_now = |row: &Row| row.task == Task::Throttle(model.conditions());
        self.pointed = menu.rows().iter().position(is_now).unwrap_or(0);
        self.toggle(Overlay::Menu(menu));
    }

    /// A key that may be the letter of a row.
    pub(super) fn pick_by(&mut self, event: &KeyEvent, model: &Model) -> Option<Effect> {
        let Some(Overlay::Menu(menu)) = self.overlay else {
            return None;
        };
        let is_it = |row: &Row| event.code == KeyCode::Char(row.letter);
        self.pointed = menu.rows().iter().position(is_it)?;
        self.pick(model)
    }

    /// Takes the row that is pointed at, and closes the menu.
    pub(super) fn pick(&mut self, model: &Model) -> Option<Effect> {
        let Some(Overlay::Menu(menu)) = self.overlay.take() else {
            return None;
        };
        let row = menu.rows().get(self.pointed)?;
        let selected = self.current(model).map(|request| request.id);
        match row.task {
            Task::Yank(piece) => Some(Effect::Yank(piece, selected?)),
            Task::Value(part) => self.copy_value(part, model),
            Task::Throttle(to) => {
                self.tell(format!("the network from now on: {to}"));
                Some(Effect::Tell(Command::Throttle(to)))
            }
            Task::Write(paper) => Some(Effect::Write(paper, selected)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::binding::Mode;
    use crate::ui::keymap::bindings;

    #[test]
    fn every_row_has_a_letter_of_its_own() {
        for menu in [Menu::Yank, Menu::Write, Menu::Network] {
            let mut seen = std::collections::HashSet::new();
            for binding in bindings().iter().filter(|key| key.mode == Mode::Menu) {
                seen.extend(binding.keys.iter().map(|key| (*key).to_owned()));
            }
            for row in menu.rows() {
                assert!(seen.insert(row.letter.to_string()), "{}", row.words);
            }
        }
    }
}
