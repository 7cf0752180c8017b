use ratatui::crossterm::event::KeyEvent;
use tui_input::Input;

use crate::event::RequestId;
use crate::model::Model;

use super::action::SearchAct;
use super::filtering::insert;
use super::pane;
use super::search::{Found, Haystack, Hit, Hits, Needle, Quest};
use super::state::{Focus, State};
use super::tab::Tab;
use super::typing::edit_request;

/// So many requests are handed to the thread that searches at a time.
const BATCH: usize = 256;

/// The line in which a search is typed, and what was found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct SearchLine {
    pub(super) input: Input,
    /// What is wrong with what is typed.
    pub(super) error: Option<String>,
    pub(super) needle: Option<Needle>,
    pub(super) hits: Hits,
    former: String,
    number: u64,
    /// The place of the first request that was not handed out yet.
    next: usize,
    /// How many changes of the model were looked at for requests to be searched again.
    seen: u64,
    /// The request and the number of its hit that was gone to last.
    current: Option<(RequestId, usize)>,
    /// Where the cursor was when the line was opened.
    from: Option<RequestId>,
    /// Whether a first hit is still to be gone to.
    is_eager: bool,
}

impl SearchLine {
    /// Whether something is searched for.
    pub(super) const fn is_on(&self) -> bool {
        self.needle.is_some()
    }
}

/// Searching, in URLs, headers and bodies.
impl State {
    pub(super) fn act_in_search(&mut self, act: SearchAct, model: &Model) {
        match act {
            SearchAct::Start => {
                self.search.former = self.search.input.value().to_owned();
                self.search.from = self.selected;
                self.focus = Focus::Search;
            }
            SearchAct::End => {
                if self.search.error.is_none() {
                    self.focus = Focus::Table;
                    self.tell_hit(model);
                }
            }
            SearchAct::Restore => {
                let former = std::mem::take(&mut self.search.former);
                self.search.input = Input::new(former);
                self.focus = Focus::Table;
                self.understand_search();
                self.search.is_eager = false;
                self.selected = self.search.from.or(self.selected);
            }
            SearchAct::Next(by) => self.next_hit(by, model),
        }
    }

    pub(super) fn type_search(&mut self, event: &KeyEvent) {
        if let Some(request) = edit_request(event) {
            self.search.input.handle(request);
            self.understand_search();
        }
    }

    /// Text was pasted into the line; its first line counts.
    pub(super) fn paste_search(&mut self, text: &str) {
        insert(&mut self.search.input, text);
        self.understand_search();
    }

    fn understand_search(&mut self) {
        let search = &mut self.search;
        match Needle::read(search.input.value()) {
            Ok(needle) => (search.needle, search.error) = (needle, None),
            Err(words) => search.error = Some(words),
        }
        search.number += 1;
        (search.hits, search.current) = (Hits::default(), None);
        (search.next, search.is_eager) = (0, true);
    }

    /// Requests that are still to be searched, to be handed to another thread.
    pub fn quest(&mut self, model: &Model) -> Option<Quest> {
        let search = &mut self.search;
        let needle = search.needle.clone().filter(|_| search.error.is_none())?;
        let count = model.requests().len();
        if search.next == 0 {
            search.seen = model.journal().len();
        }
        let mut places: Vec<usize> = (search.next..count).take(BATCH).collect();
        search.next = places.last().map_or(search.next, |last| last + 1);
        if places.is_empty() {
            places = search.changed(model);
        }
        if places.is_empty() {
            return None;
        }
        let requests = places
            .iter()
            .filter_map(|place| model.requests().get(*place));
        Some(Quest {
            number: search.number,
            needle,
            haystacks: requests.map(Haystack::of).collect(),
        })
    }

    /// Something was found, or nothing.
    pub fn found(&mut self, found: Found, model: &Model) {
        if found.number != self.search.number {
            return;
        }
        for (request, hits) in found.hits {
            self.search.hits.put(request, hits);
        }
        if self.search.is_eager && self.search.hits.total() > 0 {
            self.search.is_eager = false;
            // The first from where the cursor was; searching goes on behind it.
            self.selected = self.search.from.or(self.selected);
            let here = self.selected.map_or(0, |id| self.search.hits.of(id).len());
            if here > 0 {
                self.go_to_hit(self.selected.map(|id| (id, 0)), model);
            } else {
                self.next_hit(1, model);
            }
        }
    }

    fn next_hit(&mut self, by: isize, model: &Model) {
        if !self.search.is_on() {
            self.tell("nothing is searched for: / begins");
            return;
        }
        if self.search.hits.total() == 0 {
            let what = self.search.input.value().to_owned();
            self.tell(format!("not found: {what}"));
            return;
        }
        let here = self.selected;
        let count = here.map_or(0, |id| self.search.hits.of(id).len());
        let current = self.search.current.filter(|(id, _)| Some(*id) == here);
        let within = current
            .map(|(_, nth)| nth.checked_add_signed(by))
            .unwrap_or_default()
            .filter(|nth| *nth < count);
        let to = match (here, within) {
            (Some(id), Some(nth)) => Some((id, nth)),
            _ => self.row_with_hit(by, model),
        };
        self.go_to_hit(to, model);
    }

    /// The first hit of the next row that has one, or the last of the row before; round and round.
    fn row_with_hit(&self, by: isize, model: &Model) -> Option<(RequestId, usize)> {
        let here = self.selected.and_then(|id| self.row_of(id, model));
        let rows = self.search.hits.requests();
        let rows = rows.filter_map(|id| Some((self.row_of(id, model)?, id)));
        let mut rows: Vec<(usize, RequestId)> = rows.collect();
        rows.sort_unstable_by_key(|(row, _)| *row);
        let (_, id) = if by > 0 {
            let next = rows
                .iter()
                .find(|(row, _)| here.is_none_or(|here| *row > here));
            next.or_else(|| rows.first())
        } else {
            let before = rows
                .iter()
                .rfind(|(row, _)| here.is_none_or(|here| *row < here));
            before.or_else(|| rows.last())
        }?;
        let last = self.search.hits.of(*id).len().saturating_sub(1);
        Some((*id, if by > 0 { 0 } else { last }))
    }

    fn go_to_hit(&mut self, to: Option<(RequestId, usize)>, model: &Model) {
        let Some((id, nth)) = to else {
            self.tell("found only in requests that the filter hides");
            return;
        };
        self.is_following = false;
        self.select(model.request(id), model);
        self.search.current = Some((id, nth));
        if self.has_details() {
            self.show_hit(id, nth, model);
        }
        if self.focus != Focus::Search {
            self.tell_hit(model);
        }
    }

    /// Turns to the tab in which a hit is, and to the first line that has it.
    fn show_hit(&mut self, id: RequestId, nth: usize, model: &Model) {
        let Some(hit) = self.search.hits.of(id).get(nth).cloned() else {
            return;
        };
        let tab = match hit {
            Hit::Body(_) => Tab::Body,
            Hit::Url | Hit::Sent(_) | Hit::Received(_) => Tab::Headers,
        };
        if self.tab != tab {
            (self.tab, self.cursor, self.scrolled) = (tab, 0, 0);
        }
        let same_before = self.search.hits.of(id).iter().take(nth);
        let same_before = same_before.filter(|other| is_of_tab(other, tab)).count();
        let Some(needle) = &self.search.needle else {
            return;
        };
        let sheet = pane::sheet(self, model);
        let lines = sheet.lines.iter().enumerate();
        let has_it = lines.filter(|(_, line)| {
            let text: String = line
                .spans
                .iter()
                .map(|span| span.content.as_ref())
                .collect();
            needle.places(&text).next().is_some()
        });
        let places: Vec<usize> = has_it.map(|(place, _)| place).collect();
        let place = places.get(same_before).or_else(|| places.last());
        if let Some(place) = place.copied() {
            self.cursor = place;
            self.keep_cursor_in_sight();
        }
    }

    /// `3/17  #5, response header content-type`.
    fn tell_hit(&mut self, model: &Model) {
        let Some((id, nth)) = self.search.current else {
            return;
        };
        let search = &self.search;
        let Some(hit) = search.hits.of(id).get(nth) else {
            return;
        };
        let (place, total) = (search.hits.before(id, nth) + 1, search.hits.total());
        let more = if search.next < model.requests().len() {
            " so far"
        } else {
            ""
        };
        self.tell(format!("{place}/{total}{more}: {id}, {hit}"));
    }
}

impl SearchLine {
    /// Requests that changed since they were searched, and are over now.
    fn changed(&mut self, model: &Model) -> Vec<usize> {
        let now = model.journal().len();
        let Some(changed) = model.journal().since(self.seen) else {
            // More changed than is remembered: all of it once more.
            self.next = 0;
            return Vec::new();
        };
        let is_over = |place: &usize| {
            let request = model.requests().get(*place);
            request.is_some_and(|request| request.ended.is_some())
        };
        let mut places: Vec<usize> = changed.filter(is_over).collect();
        places.sort_unstable();
        places.dedup();
        self.seen = now;
        places
    }

    /// How many were found, and in how many requests.
    pub(super) fn counted(&self, model: &Model) -> String {
        let (hits, requests) = (self.hits.total(), self.hits.requests().len());
        let plural = if requests == 1 { "" } else { "s" };
        let count = model.requests().len();
        let sought = if self.next < count {
            let percent = self.next * 100 / count.max(1);
            format!(", {percent} % searched")
        } else {
            String::new()
        };
        format!("{hits} in {requests} request{plural}{sought}")
    }
}

const fn is_of_tab(hit: &Hit, tab: Tab) -> bool {
    match hit {
        Hit::Body(_) => matches!(tab, Tab::Body),
        Hit::Url | Hit::Sent(_) | Hit::Received(_) => matches!(tab, Tab::Headers),
    }
}
