use ratatui::crossterm::event::KeyEvent;
use tui_input::{Input, InputRequest};

use crate::event::RequestId;
use crate::model::{Model, Request};

use super::action::FilterAct;
use super::completion::Completion;
use super::state::{Focus, State};
use super::typing::edit_request;
use crate::query::Filter;

/// The line in which a filter is typed, and what it lets through.
#[derive(Clone, Debug, Default)]
pub(super) struct FilterLine {
    pub(super) input: Input,
    /// What is wrong with what is typed; the filter before it stays.
    pub(super) error: Option<String>,
    /// What could be typed next.
    pub(super) completion: Completion,
    former: String,
}

impl FilterLine {
    /// Whether something is typed.
    pub(super) fn is_empty(&self) -> bool {
        self.input.value().is_empty()
    }
}

/// The filter, typed and applied.
impl State {
    pub(super) fn act_in_filter(&mut self, act: FilterAct, model: &Model) {
        match act {
            FilterAct::Start => self.start_filter(),
            FilterAct::End => self.end_filter(),
            FilterAct::Restore => self.restore_filter(),
            FilterAct::Complete => self.complete(model),
            FilterAct::Pick(by) => self.filtering.completion.pick(by),
            FilterAct::Only(words) => self.filter_only(words, model),
        }
    }

    fn start_filter(&mut self) {
        self.filtering.former = self.filtering.input.value().to_owned();
        self.focus = Focus::Filter;
    }

    fn end_filter(&mut self) {
        if self.filtering.error.is_none() {
            self.filtering.completion = Completion::default();
            self.focus = Focus::Table;
        }
    }

    fn filter_only(&mut self, words: &str, model: &Model) {
        let is_on = self.filtering.input.value() == words;
        let text = if is_on { "" } else { words };
        self.filtering.input = Input::new(text.to_owned());
        self.understand_filter();
        self.settle(model);
        self.tell(if is_on {
            "all requests again".to_owned()
        } else {
            format!("filtered by {words}: once more shows all again")
        });
    }

    fn restore_filter(&mut self) {
        let former = std::mem::take(&mut self.filtering.former);
        self.filtering.input = Input::new(former);
        self.filtering.completion = Completion::default();
        self.focus = Focus::Table;
        self.understand_filter();
    }

    pub(super) fn type_filter(&mut self, event: &KeyEvent, model: &Model) {
        if let Some(request) = edit_request(event) {
            self.filtering.input.handle(request);
            self.offer(model);
            self.understand_filter();
        }
    }

    /// Text was pasted into the line; its first line counts.
    pub(super) fn paste_filter(&mut self, text: &str) {
        insert(&mut self.filtering.input, text);
        self.filtering.completion = Completion::default();
        self.understand_filter();
    }

    /// What could stand where the cursor is.
    fn offer(&mut self, model: &Model) {
        let input = &self.filtering.input;
        let before: String = input.value().chars().take(input.cursor()).collect();
        self.filtering.completion = Completion::of(&before, model);
    }

    /// Puts the word that is offered in place of the one that is typed.
    fn complete(&mut self, model: &Model) {
        let completion = &self.filtering.completion;
        let Some(taken) = completion.taken() else {
            return;
        };
        let input = &self.filtering.input;
        let text = input.value();
        let before: String = text.chars().take(completion.start).collect();
        let after: String = text.chars().skip(input.cursor()).collect();
        // A key waits for its value; a value is followed by the next word.
        let blank = if taken.count.is_some() && after.is_empty() {
            " "
        } else {
            ""
        };
        let head = format!("{before}{}{blank}", taken.word);
        let cursor = head.chars().count();
        self.filtering.input = Input::new(format!("{head}{after}")).with_cursor(cursor);
        self.offer(model);
        self.understand_filter();
    }

    fn understand_filter(&mut self) {
        match Filter::read(self.filtering.input.value()) {
            Ok(filter) => {
                self.rows.filter_by(filter);
                self.filtering.error = None;
            }
            Err(words) => self.filtering.error = Some(words),
        }
    }

    /// Facts came, or another filter or order: finds out which rows there are.
    pub(super) fn sift(&mut self, model: &Model) {
        self.rows.sort_by(self.layout.order);
        self.rows.refresh(model);
    }

    /// How many requests are shown.
    pub(super) fn row_count(&self, model: &Model) -> usize {
        self.rows.count(model)
    }

    /// The request in a row.
    pub(super) fn row<'a>(&self, place: usize, model: &'a Model) -> Option<&'a Request> {
        self.rows.row(place, model)
    }

    /// The row of a request, if it is shown.
    pub(super) fn row_of(&self, request: RequestId, model: &Model) -> Option<usize> {
        self.rows.row_of(request, model)
    }
}

/// Types the first line of what was pasted.
pub(super) fn insert(input: &mut Input, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    for c in line.chars().filter(|c| !c.is_control()) {
        input.handle(InputRequest::InsertChar(c));
    }
}
