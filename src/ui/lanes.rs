use ratatui::layout::{Position, Rect};

use crate::event::{ConnectionId, RequestId};
use crate::message::Group;
use crate::model::{Carried, Connection, Host, Model, lane};

use super::state::{Focus, State};

/// A row of the lanes.
#[derive(Clone, Copy)]
pub(super) enum LaneRow<'a> {
    /// A host.
    Title(&'a Host),
    /// One of its connections.
    Lane(&'a Connection),
    /// Those that wait for one.
    Line(&'a Host),
}

/// Looking through the lanes, and going from a lane to its rows and back.
impl State {
    /// All rows of the lanes, the host of the selected request first unless keys go to the lanes.
    pub(super) fn lane_rows<'a>(&self, model: &'a Model) -> Vec<LaneRow<'a>> {
        let selected = self.current(model);
        let first = selected
            .filter(|_| self.focus != Focus::Lanes)
            .and_then(|request| model.host(&request.group()?));
        let is_other = |host: &&Host| first.is_none_or(|first| first.group != host.group);
        let hosts = model.hosts().iter().filter(is_other);
        let hosts = first.into_iter().chain(hosts);
        hosts.flat_map(|host| self.host_rows(host, model)).collect()
    }

    fn host_rows<'a>(&self, host: &'a Host, model: &'a Model) -> Vec<LaneRow<'a>> {
        let mut rows = vec![LaneRow::Title(host)];
        if self.folded.contains(&host.group) {
            return rows;
        }
        let lanes = host.connections.iter();
        let lanes = lanes.filter_map(|id| model.connection(*id));
        rows.extend(lanes.map(LaneRow::Lane));
        if !host.line.is_empty() {
            rows.push(LaneRow::Line(host));
        }
        rows
    }

    /// What is drawn at a place of the pane.
    fn lane_row_at<'a>(&self, area: Rect, at: Position, model: &'a Model) -> Option<LaneRow<'a>> {
        let rows = self.lane_rows(model);
        let is_more = below(rows.len(), self.lanes_top, area.height) > 0;
        if is_more && at.y + 1 == area.bottom() {
            return None;
        }
        let place = self.lanes_top + usize::from(at.y - area.y);
        rows.get(place).copied()
    }

    /// The group whose title is drawn at a place of the pane.
    pub(super) fn group_at(&self, area: Rect, at: Position, model: &Model) -> Option<Group> {
        match self.lane_row_at(area, at, model)? {
            LaneRow::Title(host) => Some(host.group.clone()),
            LaneRow::Lane(_) | LaneRow::Line(_) => None,
        }
    }

    /// The connection whose lane is drawn at a place of the pane.
    pub(super) fn connection_at(
        &self,
        area: Rect,
        at: Position,
        model: &Model,
    ) -> Option<ConnectionId> {
        match self.lane_row_at(area, at, model)? {
            LaneRow::Lane(connection) => Some(connection.id),
            LaneRow::Title(_) | LaneRow::Line(_) => None,
        }
    }

    /// The request that is drawn at a place of the pane; beside a lane, the last it carried.
    pub(super) fn request_at(&self, area: Rect, at: Position, model: &Model) -> Option<RequestId> {
        match self.lane_row_at(area, at, model)? {
            LaneRow::Lane(connection) => {
                let start = area.x + self.fitted(model).total() + 1;
                let Some(column) = at.x.checked_sub(start) else {
                    return connection.carried.last().map(|carried| carried.request);
                };
                let drawn = lane(connection, model, &self.scale(model), model.latest());
                drawn.get(usize::from(column))?.request
            }
            LaneRow::Line(host) => host.waiting.front().copied(),
            LaneRow::Title(_) => None,
        }
    }

    /// Keys go to the lanes, the lane of the selected request first.
    pub(super) fn enter_lanes(&mut self, model: &Model) {
        self.lane = self.current(model).and_then(|request| request.connection);
        self.focus = Focus::Lanes;
        let is_there = self.lane.is_some_and(|id| model.connection(id).is_some());
        if !is_there {
            self.go_in_lanes(0, model);
        }
        self.keep_lane_in_sight(model);
    }

    /// Selects another lane, and a request that it carried.
    pub(super) fn go_in_lanes(&mut self, by: isize, model: &Model) {
        let rows = self.lane_rows(model);
        let lanes: Vec<&Connection> = rows.iter().filter_map(lane_of).collect();
        let here = lanes.iter().position(|lane| Some(lane.id) == self.lane);
        let last = lanes.len().saturating_sub(1);
        let to = here.map_or(0, |here| here.saturating_add_signed(by).min(last));
        let Some(lane) = lanes.get(to) else {
            self.tell("there are no connections yet");
            return;
        };
        self.lane = Some(lane.id);
        let is_its = |carried: &Carried| Some(carried.request) == self.selected;
        if !lane.carried.iter().any(is_its)
            && let Some(carried) = lane.carried.last()
        {
            self.is_following = false;
            self.select(model.request(carried.request), model);
        }
        self.keep_lane_in_sight(model);
    }

    /// Selects the next request on the lane, or the one before.
    pub(super) fn go_along_lane(&mut self, by: isize, model: &Model) {
        let Some(lane) = self.lane.and_then(|id| model.connection(id)) else {
            return;
        };
        let is_here = |carried: &Carried| Some(carried.request) == self.selected;
        let here = lane.carried.iter().position(is_here);
        let to = here.map_or(Some(0), |here| here.checked_add_signed(by));
        if let Some(carried) = to.and_then(|to| lane.carried.get(to)) {
            self.is_following = false;
            self.select(model.request(carried.request), model);
        }
    }

    /// Scrolls the lanes by so many rows.
    pub(super) fn roll_lanes(&mut self, by: isize, model: &Model) {
        let room = usize::from(self.areas().slots.height);
        let last = self.lane_rows(model).len().saturating_sub(room);
        self.lanes_top = self.lanes_top.saturating_add_signed(by).min(last);
    }

    /// Facts came, or another row was selected: its lane is kept in sight.
    pub(super) fn settle_lanes(&mut self, model: &Model) {
        if self.focus == Focus::Lanes {
            if self.areas().slots.height == 0 {
                self.focus = Focus::Table;
            }
            return;
        }
        let lane = self.current(model).and_then(|request| request.connection);
        if lane != self.lane {
            self.lane = lane;
            self.lanes_top = 0;
            self.keep_lane_in_sight(model);
        } else if self.lanes_top > 0 {
            // Lanes may have been folded, or the screen made larger.
            self.roll_lanes(0, model);
        }
    }

    fn keep_lane_in_sight(&mut self, model: &Model) {
        let room = usize::from(self.areas().slots.height);
        if room == 0 {
            return;
        }
        let rows = self.lane_rows(model);
        let is_it = |row: &LaneRow<'_>| lane_of(row).is_some_and(|lane| Some(lane.id) == self.lane);
        let Some(place) = rows.iter().position(is_it) else {
            return;
        };
        // The last row may say how many more there are.
        let lowest = (place + 2).saturating_sub(room).min(place);
        let last = rows.len().saturating_sub(room);
        self.lanes_top = self.lanes_top.clamp(lowest, place).min(last);
        // The title of the first host is worth the row above its first lane.
        if self.lanes_top == 1 {
            self.lanes_top = usize::from(place + 1 >= room);
        }
    }
}

fn lane_of<'a>(row: &LaneRow<'a>) -> Option<&'a Connection> {
    match row {
        LaneRow::Lane(connection) => Some(connection),
        LaneRow::Title(_) | LaneRow::Line(_) => None,
    }
}

/// How many rows are below what is seen; the last row says so, and is then none of them.
pub(super) fn below(rows: usize, top: usize, height: u16) -> usize {
    let room = usize::from(height);
    let left = rows.saturating_sub(top);
    if left > room {
        left - room.saturating_sub(1)
    } else {
        0
    }
}
