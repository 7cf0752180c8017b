use ratatui::crossterm::event::KeyEvent;
use regex::{Regex, RegexBuilder};
use tui_input::Input;

use crate::content::Tree;
use crate::model::Model;

use super::action::Action;
use super::binding::Mode;
use super::folds::Sheet;
use super::pane;
use super::state::State;
use super::tail::Tail;
use super::typing::edit_request;

/// What a person looks for in a tab of the details.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    pub(super) input: Input,
    /// Whether it is being typed.
    pub(super) is_typed: bool,
    sought: Option<Regex>,
    /// Where the cursor was before.
    from: usize,
}

/// What a key does with what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindAct {
    /// Type it.
    Start,
    /// Stay with what was found.
    End,
    /// Go back to where the cursor was.
    GiveUp,
    /// Go to the next.
    Next,
    /// Go to the one before.
    Before,
}

impl Finder {
    /// What is marked where it is seen.
    pub(super) const fn sought(&self) -> Option<&Regex> {
        self.sought.as_ref()
    }

    /// Small letters stand for large ones too; a large one for itself.
    fn read(&mut self) {
        let text = self.input.value();
        let is_small = !text.contains(char::is_uppercase);
        let built = RegexBuilder::new(&regex::escape(text))
            .case_insensitive(is_small)
            .build();
        self.sought = built.ok().filter(|_| !text.is_empty());
    }
}

/// Finding in a tab.
impl State {
    /// What a key means; while nothing is looked for in the details, all is looked through.
    pub(super) fn meaning(&self, mode: Mode, event: &KeyEvent) -> Option<Action> {
        let action = self.keys.meaning(mode, event);
        let is_for_finder = matches!(action, Some(Action::Find(FindAct::Next | FindAct::Before)));
        if is_for_finder && self.finder.sought().is_none() {
            let other = self.keys.meaning(Mode::Panes, event);
            return other.or(action);
        }
        action
    }

    pub(super) fn find(&mut self, act: FindAct, model: &Model) {
        match act {
            FindAct::Start => {
                self.finder.is_typed = true;
                self.finder.from = self.cursor;
                self.finder.input = Input::default();
                self.finder.sought = None;
            }
            FindAct::End => self.finder.is_typed = false,
            FindAct::GiveUp => {
                self.finder.is_typed = false;
                self.finder.sought = None;
                self.cursor = self.finder.from;
            }
            FindAct::Next => self.go_to_found(Turn::Next, 1, model),
            FindAct::Before => self.go_to_found(Turn::Before, 1, model),
        }
        self.keep_cursor_in_sight();
    }

    /// A key for what is looked for: the first of it is gone to.
    pub(super) fn type_sought(&mut self, event: &KeyEvent, model: &Model) {
        let Some(request) = edit_request(event) else {
            return;
        };
        self.finder.input.handle(request);
        self.finder.read();
        self.cursor = self.finder.from;
        self.go_to_found(Turn::Next, 0, model);
        self.keep_cursor_in_sight();
    }

    fn go_to_found(&mut self, turn: Turn, skipped: usize, model: &Model) {
        let Some(sought) = self.finder.sought.clone() else {
            return;
        };
        let sheet = pane::sheet(self, model);
        let all = things(&sheet);
        let from = thing_at(&sheet, self.cursor);
        let step = |by: usize| match turn {
            Turn::Next => (from + by) % all.max(1),
            Turn::Before => (from + all - by) % all.max(1),
        };
        let places = (skipped..all + skipped).map(step);
        let Some(found) = places
            .into_iter()
            .find(|place| says(&sheet, *place, &sought))
        else {
            let words = self.finder.input.value().to_owned();
            self.tell(format!("{words} does not stand in this tab"));
            return;
        };
        let head = sheet.lines.len();
        match (found.checked_sub(head), sheet.tail) {
            (Some(place), Some(Tail::Tree(tree, _))) => self.go_to_value(&tree, place, head),
            _ => self.cursor = found,
        }
    }

    fn go_to_value(&mut self, tree: &Tree, place: usize, head: usize) {
        self.unfold_to(tree, place);
        self.cursor = head + self.browsing.line_of(place);
    }
}

/// In which direction.
#[derive(Clone, Copy)]
enum Turn {
    Next,
    Before,
}

/// Lines, and behind them the things of the tail.
fn things(sheet: &Sheet) -> usize {
    sheet.lines.len() + sheet.tail.as_ref().map_or(0, Tail::count)
}

fn thing_at(sheet: &Sheet, cursor: usize) -> usize {
    match (sheet.behind(cursor), &sheet.tail) {
        (Some(line), Some(tail)) => sheet.lines.len() + tail.thing(line),
        _ => cursor,
    }
}

fn says(sheet: &Sheet, place: usize, sought: &Regex) -> bool {
    match sheet.lines.get(place) {
        Some(line) => sought.is_match(&line.to_string()),
        None => sheet.tail.as_ref().is_some_and(|tail| {
            let thing = place - sheet.lines.len();
            tail.says(thing, |text| sought.is_match(text))
        }),
    }
}
