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
    /// The rows of the lanes from `top` on, as many as there is `room` for.
    pub(super) fn lane_rows<'a>(
        &self,
        top: usize,
        room: usize,
        model: &'a Model,
    ) -> Vec<LaneRow<'a>> {
        let (mut skipped, mut rows) = (top, Vec::new());
        for host in self.lane_hosts(model) {
            let count = self.rows_of(host);
            let left = room.saturating_sub(rows.len());
            let seen = (skipped..count).take(left);
            rows.extend(seen.filter_map(|place| host_row(host, place, model)));
            skipped = skipped.saturating_sub(count);
            if rows.len() >= room {
                break;
            }
        }
        rows
    }

    /// How many rows the lanes have.
    pub(super) fn lane_count(&self, model: &Model) -> usize {
        model.hosts().iter().map(|host| self.rows_of(host)).sum()
    }

    /// How many rows a host has: its title, its lanes, and its line.
    fn rows_of(&self, host: &Host) -> usize {
        if !self.folded.is_empty() && self.folded.contains(&host.group) {
            return 1;
        }
        1 + host.connections.len() + usize::from(!host.line.is_empty())
    }

    /// The hosts of the lanes, that of the selected request first unless keys go to the lanes.
    fn lane_hosts<'a>(&self, model: &'a Model) -> impl Iterator<Item = &'a Host> {
        let selected = self.current(model);
        let first = selected
            .filter(|_| self.focus != Focus::Lanes)
            .and_then(|request| model.host(&request.group()?));
        let is_other = move |host: &&Host| first.is_none_or(|first| first.group != host.group);
        let hosts = model.hosts().iter().filter(is_other);
        first.into_iter().chain(hosts)
    }

    /// The row of a connection.
    fn row_of_lane(&self, id: ConnectionId, model: &Model) -> Option<usize> {
        let group = &model.connection(id)?.group;
        let mut before = 0;
        for host in self.lane_hosts(model) {
            if host.group == *group {
                let is_shown = !self.folded.contains(group);
                let place = host.place_of(id);
                return place.filter(|_| is_shown).map(|place| before + 1 + place);
            }
            before += self.rows_of(host);
        }
        None
    }

    /// What is drawn at a place of the pane.
    fn lane_row_at<'a>(&self, area: Rect, at: Position, model: &'a Model) -> Option<LaneRow<'a>> {
        if self.is_more_lanes_at(area, at, model) {
            return None;
        }
        let place = self.lanes_top + usize::from(at.y - area.y);
        self.lane_rows(place, 1, model).first().copied()
    }

    /// Whether it says there how many rows there are below.
    pub(super) fn is_more_lanes_at(&self, area: Rect, at: Position, model: &Model) -> bool {
        let is_more = below(self.lane_count(model), self.lanes_top, area.height) > 0;
        is_more && at.y + 1 == area.bottom()
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
        let rows = self.lane_rows(0, usize::MAX, model);
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
        let last = self.lane_count(model).saturating_sub(room);
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

    pub(super) fn keep_lane_in_sight(&mut self, model: &Model) {
        let room = usize::from(self.areas().slots.height);
        if room == 0 {
            return;
        }
        let Some(place) = self.lane.and_then(|id| self.row_of_lane(id, model)) else {
            return;
        };
        // The last row may say how many more there are.
        let lowest = (place + 2).saturating_sub(room).min(place);
        let last = self.lane_count(model).saturating_sub(room);
        self.lanes_top = self.lanes_top.clamp(lowest, place).min(last);
        // The title of the first host is worth the row above its first lane.
        if self.lanes_top == 1 {
            self.lanes_top = usize::from(place + 1 >= room);
        }
    }
}

/// A row of a host that is not folded, or its title.
fn host_row<'a>(host: &'a Host, place: usize, model: &'a Model) -> Option<LaneRow<'a>> {
    let Some(lane) = place.checked_sub(1) else {
        return Some(LaneRow::Title(host));
    };
    match host.connections.get(lane) {
        Some(id) => model.connection(*id).map(LaneRow::Lane),
        None => Some(LaneRow::Line(host)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, Fact, Moment, Road};
    use crate::message::{Credentials, Origin, Scheme};

    fn group(host: &str) -> Group {
        let origin = Origin {
            scheme: Scheme::Http,
            host: host.to_owned(),
            port: 80,
        };
        Group::new(origin, Credentials::Include)
    }

    fn told(rows: &[LaneRow<'_>]) -> Vec<String> {
        let row = |row: &LaneRow<'_>| match row {
            LaneRow::Title(host) => host.group.to_string(),
            LaneRow::Lane(connection) => connection.id.to_string(),
            LaneRow::Line(host) => format!("line of {}", host.group),
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn whatever_part_of_the_lanes_is_seen_is_that_part_of_all_of_them() {
        let mut model = Model::default();
        for (n, host) in (1..).zip(["a.test", "b.test", "a.test", "c.test", "a.test"]) {
            model.apply(&Event {
                at: Moment(0),
                fact: Fact::ConnectionPlanned {
                    connection: ConnectionId(n),
                    group: Box::new(group(host)),
                    beside: None,
                    road: Road::default(),
                },
            });
        }
        let mut state = State::default();
        state.folded.insert(group("b.test"));
        let rows = state.lane_rows(0, usize::MAX, &model);
        let all = told(&rows);
        assert_eq!(
            all,
            [
                "a.test:80",
                "c1",
                "c3",
                "c5",
                "b.test:80",
                "c.test:80",
                "c4"
            ]
        );
        assert_eq!(state.lane_count(&model), all.len());
        for top in 0..9 {
            for room in 0..9 {
                let seen = told(&state.lane_rows(top, room, &model));
                let part = all.iter().skip(top).take(room);
                assert!(seen.iter().eq(part), "{top} {room} {seen:?}");
            }
        }
        let place = |n| state.row_of_lane(ConnectionId(n), &model);
        assert_eq!(
            [1, 2, 3, 4, 6].map(place),
            [Some(1), None, Some(2), Some(6), None]
        );
    }
}
