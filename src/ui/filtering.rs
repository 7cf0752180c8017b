use ratatui::crossterm::event::KeyEvent;
use tui_input::Input;

use crate::event::RequestId;
use crate::model::{Model, Request};

use super::action::FilterAct;
use super::filter::Filter;
use super::state::{Focus, State};
use super::typing::edit_request;

/// The line in which a filter is typed, and what it lets through.
#[derive(Clone, Debug, Default)]
pub(super) struct FilterLine {
    pub(super) input: Input,
    /// What is wrong with what is typed; the filter before it stays.
    pub(super) error: Option<String>,
    filter: Filter,
    former: String,
    /// The requests that are shown, where not all are.
    shown: Option<Vec<RequestId>>,
}

impl FilterLine {
    /// Whether something is typed.
    pub(super) fn is_empty(&self) -> bool {
        self.input.value().is_empty()
    }
}

/// The filter, typed and applied.
impl State {
    pub(super) fn act_in_filter(&mut self, act: FilterAct) {
        match act {
            FilterAct::Start => self.start_filter(),
            FilterAct::End => self.end_filter(),
            FilterAct::Restore => self.restore_filter(),
        }
    }

    fn start_filter(&mut self) {
        self.filtering.former = self.filtering.input.value().to_owned();
        self.focus = Focus::Filter;
    }

    fn end_filter(&mut self) {
        if self.filtering.error.is_none() {
            self.focus = Focus::Table;
        }
    }

    fn restore_filter(&mut self) {
        let former = std::mem::take(&mut self.filtering.former);
        self.filtering.input = Input::new(former);
        self.focus = Focus::Table;
        self.understand_filter();
    }

    pub(super) fn type_filter(&mut self, event: &KeyEvent) {
        if let Some(request) = edit_request(event) {
            self.filtering.input.handle(request);
            self.understand_filter();
        }
    }

    fn understand_filter(&mut self) {
        match Filter::read(self.filtering.input.value()) {
            Ok(filter) => (self.filtering.filter, self.filtering.error) = (filter, None),
            Err(words) => self.filtering.error = Some(words),
        }
    }

    /// Facts came, or another filter: finds out anew which requests are shown.
    pub(super) fn sift(&mut self, model: &Model) {
        let filter = &self.filtering.filter;
        self.filtering.shown = (!filter.is_empty()).then(|| {
            let shown = model
                .requests()
                .iter()
                .filter(|request| filter.lets_through(request));
            shown.map(|request| request.id).collect()
        });
    }

    /// How many requests are shown.
    pub(super) fn row_count(&self, model: &Model) -> usize {
        match &self.filtering.shown {
            Some(shown) => shown.len(),
            None => model.requests().len(),
        }
    }

    /// The request in a row.
    pub(super) fn row<'a>(&self, place: usize, model: &'a Model) -> Option<&'a Request> {
        match &self.filtering.shown {
            Some(shown) => model.request(*shown.get(place)?),
            None => model.requests().get(place),
        }
    }

    /// The row of a request, if it is shown.
    pub(super) fn row_of(&self, request: RequestId, model: &Model) -> Option<usize> {
        match &self.filtering.shown {
            Some(shown) => shown.iter().position(|shown| *shown == request),
            None => model.place(request),
        }
    }

    /// The row nearest to a request that is not shown.
    pub(super) fn row_near(&self, request: RequestId) -> usize {
        let shown = self.filtering.shown.as_deref().unwrap_or_default();
        let place = shown.partition_point(|shown| *shown < request);
        place.min(shown.len().saturating_sub(1))
    }
}
