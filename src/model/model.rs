use std::collections::HashMap;
use std::time::Duration;

use crate::event::{Archive, ConnectionId, Event, Moment, RequestId};
use crate::message::{Conditions, Group, Shared};

use super::{Activity, Caching, Connection, Each, Host, Jar, Journal, LookUp, Request, Totals};

/// The picture of a run: facts folded in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    pub(super) run: Run,
    pub(super) archive: Option<Archive>,
    /// What the network was made out to be, and since when.
    pub(super) conditions: Vec<(Moment, Conditions)>,
    /// Shared with other pictures of the run, until they change.
    pub(super) requests: Vec<Shared<Request>>,
    pub(super) request_places: HashMap<RequestId, usize>,
    pub(super) connections: Vec<Shared<Connection>>,
    pub(super) connection_places: HashMap<ConnectionId, usize>,
    pub(super) hosts: Vec<Host>,
    pub(super) host_places: HashMap<Group, usize>,
    pub(super) look_ups: Vec<LookUp>,
    pub(super) bursts: Vec<Moment>,
    /// When the last request of each burst but the last ended.
    pub(super) burst_ends: Vec<Moment>,
    pub(super) jar: Jar,
    pub(super) caching: Caching,
    pub(super) activity: Activity,
    pub(super) journal: Journal,
    pub(super) totals: Totals,
    /// When the first request was planned.
    pub(super) first_planned: Option<Moment>,
    /// Which request ended last, and when.
    pub(super) last_ended: Option<(Moment, RequestId)>,
    /// Connections whose server's certificate was not checked.
    pub(super) unverified: usize,
    /// The place of the last request for each URL, by its hash.
    pub(super) of_urls: HashMap<u64, usize>,
    pub(super) latest: Moment,
    pub(super) oddities: u32,
    /// What one more connection per host would have saved, where that was reckoned.
    pub(super) saving: Option<Duration>,
    /// How many facts there were; what falls on one moment is told apart by it.
    pub(super) facts: u64,
}

/// What is known of the run itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Wall time at its beginning, in milliseconds since 1970.
    pub wall_ms: u64,
    /// Connections at a time to one origin, at most.
    pub per_host: u32,
    /// Connections at a time in all, at most.
    pub max_connections: u32,
    /// Whether it is over.
    pub is_over: bool,
}

impl Model {
    /// Folds one fact in. Never fails: what makes no sense is counted as an oddity.
    pub fn apply(&mut self, event: &Event) {
        self.latest = self.latest.max(event.at);
        self.facts += 1;
        if self.fold(event).is_none() {
            self.oddities += 1;
        }
    }

    /// The run itself.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// The archive that the run was read from, if it was.
    pub const fn archive(&self) -> Option<&Archive> {
        self.archive.as_ref()
    }

    /// Every request, in the order they were planned.
    pub fn requests(&self) -> Each<'_, Request> {
        Each(&self.requests)
    }

    /// One request.
    pub fn request(&self, id: RequestId) -> Option<&Request> {
        let place = *self.request_places.get(&id)?;
        self.requests.get(place).map(|request| &**request)
    }

    /// The place of a request among [`Self::requests`].
    pub fn place(&self, id: RequestId) -> Option<usize> {
        self.request_places.get(&id).copied()
    }

    /// Every connection, in the order they were dialled.
    pub fn connections(&self) -> Each<'_, Connection> {
        Each(&self.connections)
    }

    /// One connection.
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        let place = *self.connection_places.get(&id)?;
        self.connections.get(place).map(|connection| &**connection)
    }

    /// Every group that connections were opened or waited for in, in the order they came up.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// One group.
    pub fn host(&self, group: &Group) -> Option<&Host> {
        self.hosts.get(*self.host_places.get(group)?)
    }

    /// The cookies of the run.
    pub const fn jar(&self) -> &Jar {
        &self.jar
    }

    /// How many were in which stage when.
    pub const fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Which requests changed lately.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// When the first request of the run was planned.
    pub fn began(&self) -> Moment {
        self.requests
            .first()
            .map(|request| request.planned)
            .unwrap_or_default()
    }

    /// How many are ahead of `request` in the line of its group, if it is in one.
    pub fn ahead(&self, request: &Request) -> Option<usize> {
        let line = &self.host(&request.group()?)?.waiting;
        let rank = |request: &Request| (request.priority, request.lined_as);
        let is_before = |id: &RequestId| {
            let other = self.request(*id);
            other.is_some_and(|other| rank(other) < rank(request))
        };
        // A line is in order but for those that got into it twice.
        let place = line.partition_point(is_before);
        if line.get(place) == Some(&request.id) {
            return Some(place);
        }
        line.iter().position(|id| *id == request.id)
    }

    /// Where answers are stored, and how that is used.
    pub const fn caching(&self) -> &Caching {
        &self.caching
    }

    /// The figures of the whole run.
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The moment of the latest fact.
    pub const fn latest(&self) -> Moment {
        self.latest
    }

    /// Facts that made no sense when they came.
    pub const fn oddities(&self) -> u32 {
        self.oddities
    }

    /// What one more connection per host would have saved, where that was reckoned.
    pub const fn saving(&self) -> Option<Duration> {
        self.saving
    }

    /// Takes note of what one more connection per host would have saved.
    pub const fn note_saving(&mut self, saving: Option<Duration>) {
        self.saving = saving;
    }

    /// From the first request to the last end, or to `now` while one goes on.
    pub fn total(&self, now: Moment) -> Duration {
        let to = self.last_over(now).map(|request| request.until(now));
        let from = self.first_planned.unwrap_or_default();
        to.unwrap_or_default().since(from)
    }

    /// The request that is over last, one that goes on by `now` before all others.
    pub(super) fn last_over(&self, now: Moment) -> Option<&Request> {
        let over = self.last_ended.and_then(|(_, id)| self.request(id));
        if self.totals.unfinished() == 0 {
            return over;
        }
        // Mostly it is one of the last.
        let goes_on = self.requests().iter().rfind(|one| one.ended.is_none());
        let later = |one: &&Request| over.is_none_or(|over| one.until(now) >= over.until(now));
        goes_on.filter(later).or(over)
    }

    /// Whether something goes on that grows with time.
    pub const fn is_moving(&self) -> bool {
        !self.run.is_over && self.totals.unfinished() > 0
    }

    /// Until when there is something to see: `now` while requests are under way, their end after.
    pub fn horizon(&self, now: Moment) -> Moment {
        if self.is_moving() {
            return now.max(self.latest);
        }
        let end = self.totals.last_end;
        // A parting right after the end is part of the story; a late one would only squeeze it.
        let grace = Moment(end.0.saturating_add(end.0 / 20));
        end.max(self.totals.last_parting.min(grace))
    }

    /// The burst of requests in which `request` was made: from its first request to the end of its
    /// last, or to `now` while it goes on.
    ///
    /// A new burst begins when a request is planned after three seconds without any.
    pub fn burst(&self, request: Option<RequestId>, now: Moment) -> (Moment, Moment) {
        let planned = request
            .and_then(|id| self.request(id))
            .map(|request| request.planned);
        let after = planned.map_or(self.bursts.len(), |at| {
            self.bursts.partition_point(|began| *began <= at)
        });
        let place = after.saturating_sub(1);
        let from = self.bursts.get(place).copied().unwrap_or_default();
        if place + 1 >= self.bursts.len() {
            return (from, self.horizon(now));
        }
        let end = self.burst_ends.get(place).copied().unwrap_or(from);
        (from, end.max(from))
    }
}

impl Model {
    pub(super) fn request_mut(&mut self, id: RequestId) -> Option<&mut Request> {
        let place = *self.request_places.get(&id)?;
        self.journal.note(place);
        self.requests.get_mut(place).map(|request| &mut **request)
    }

    pub(super) fn connection_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        let place = *self.connection_places.get(&id)?;
        let connection = self.connections.get_mut(place);
        connection.map(|connection| &mut **connection)
    }

    pub(super) fn host_mut(&mut self, group: &Group) -> &mut Host {
        let next = self.hosts.len();
        let place = *self.host_places.entry(group.clone()).or_insert(next);
        if place == next {
            self.hosts.push(Host::new(group.clone()));
        }
        &mut self.hosts[place]
    }
}

/// So long without a request, the next one begins a new burst.
const LULL: Duration = Duration::from_secs(3);

impl Model {
    /// Takes note of a request planned at `at`, before it is counted.
    pub(super) fn note_burst(&mut self, at: Moment) {
        let is_quiet = self.totals.unfinished() == 0;
        let lull = at.since(self.totals.last_end);
        if self.bursts.is_empty() || (is_quiet && lull > LULL) {
            if !self.bursts.is_empty() {
                self.burst_ends.push(self.totals.last_end);
            }
            self.bursts.push(at);
        }
    }
}
