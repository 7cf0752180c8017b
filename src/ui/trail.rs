use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::event::{ConnectionId, RequestId};
use crate::model::Model;

use super::folds::Sheet;
use super::link::{Link, links_of};
use super::pane;
use super::screen::{View, paint};
use super::state::{Focus, State};
use super::tab::Tab;
use super::theme::Theme;

/// Where a person was when a link was followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    request: Option<RequestId>,
    lane: Option<ConnectionId>,
    focus: Focus,
    tab: Tab,
    is_detailed: bool,
    cursor: usize,
    scrolled: usize,
}

/// Nobody goes back further.
const LONGEST: usize = 100;

/// Following links, and going back.
impl State {
    /// The link that is drawn at a place of the screen.
    pub(super) fn link_at(&self, at: Position, model: &Model) -> Option<Link> {
        let area = Rect::from((Position::ORIGIN, self.size()));
        if !area.contains(at) {
            return None;
        }
        let theme = Theme::mono();
        let now = self
            .pace
            .held()
            .map_or_else(|| model.latest(), |held| held.at);
        let view = View::of(self, model, now, &theme);
        let mut buffer = Buffer::empty(area);
        paint(&view, area, &mut buffer);
        Link::at(&buffer, at)
    }

    /// Which of the links of the cursor's line is chosen.
    pub(super) fn chosen_link(&self, sheet: &Sheet) -> usize {
        let last = links_at(sheet, self.cursor).len().saturating_sub(1);
        let (line, place) = self.chosen;
        if line == self.cursor {
            place.min(last)
        } else {
            0
        }
    }

    /// Chooses another link of the cursor's line; whether there is one.
    pub(super) fn choose_link(&mut self, by: i8, model: &Model) -> bool {
        let sheet = pane::sheet(self, model);
        let links = links_at(&sheet, self.cursor);
        let next = self.chosen_link(&sheet).checked_add_signed(by.into());
        let Some(next) = next.filter(|next| *next < links.len()) else {
            return false;
        };
        self.chosen = (self.cursor, next);
        true
    }

    /// The link that the cursor is on.
    pub(super) fn link_here(&self, model: &Model) -> Option<Link> {
        if self.focus != Focus::Details {
            return None;
        }
        let sheet = pane::sheet(self, model);
        let links = links_at(&sheet, self.cursor);
        links.get(self.chosen_link(&sheet)).copied()
    }

    /// Goes where a link leads.
    pub(super) fn follow_link(&mut self, link: Link, model: &Model) {
        let here = Place {
            request: self.selected,
            lane: self.lane,
            focus: self.focus,
            tab: self.tab,
            is_detailed: self.is_detailed,
            cursor: self.cursor,
            scrolled: self.scrolled,
        };
        let has_gone = match link {
            Link::Request(id) => self.go_to_request(id, model),
            Link::Connection(id) => self.go_to_connection(id, model),
        };
        if !has_gone {
            return;
        }
        while self.uncover() {}
        if self.trail.len() == LONGEST {
            self.trail.remove(0);
        }
        self.trail.push(here);
        let back = self.keys.of(super::Mode::Panes, super::Action::Return);
        if let Some(key) = back.first() {
            self.tell(format!("{key} goes back"));
        }
    }

    fn go_to_request(&mut self, id: RequestId, model: &Model) -> bool {
        let Some(request) = model.request(id) else {
            self.tell(format!("{id} is not in this run"));
            return false;
        };
        if self.row_of(id, model).is_none() {
            self.warn(format!("the filter hides {id}: clear it to go there"));
            return false;
        }
        self.is_following = false;
        self.select(Some(request), model);
        true
    }

    /// To what is known of a connection: that stands with the requests that it carried.
    fn go_to_connection(&mut self, id: ConnectionId, model: &Model) -> bool {
        let Some(connection) = model.connection(id) else {
            self.tell(format!("{id} is not in this run"));
            return false;
        };
        self.lane = Some(id);
        let is_its = self.current(model).filter(|request| request.ran_on(id));
        let carried = connection.carried.last().map(|carried| carried.request);
        match (is_its.map(|request| request.id), carried) {
            (Some(_), _) => {}
            (None, Some(request)) if self.go_to_request(request, model) => {}
            (None, Some(_)) => return false,
            (None, None) if self.has_lanes(model) => {
                self.focus = Focus::Lanes;
                self.keep_lane_in_sight(model);
                return true;
            }
            (None, None) => {
                self.tell(format!("{id} carried no request"));
                return false;
            }
        }
        self.show(Tab::Connection);
        true
    }

    /// Goes back to where the last link was followed.
    pub(super) fn go_back(&mut self, model: &Model) {
        let Some(place) = self.trail.pop() else {
            self.tell("no link was followed from anywhere");
            return;
        };
        let request = place.request.and_then(|id| model.request(id));
        self.is_following = false;
        self.select(request, model);
        (self.lane, self.focus, self.tab) = (place.lane, place.focus, place.tab);
        self.is_detailed = place.is_detailed;
        (self.cursor, self.scrolled) = (place.cursor, place.scrolled);
    }
}

fn links_at(sheet: &Sheet, place: usize) -> Vec<Link> {
    sheet.lines.get(place).map_or_else(Vec::new, links_of)
}
