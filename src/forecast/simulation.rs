use std::collections::{BTreeMap, HashMap};

use crate::event::{
    Choice, ConnectionId, End, Event, Fact, Failure, FailureKind, Moment, QueueReason, RequestId,
    Stage, Subject, Verdict,
};
use crate::message::Group;
use crate::model::Model;
use crate::pool::{Move, Pools};

use super::agenda::Agenda;
use super::change::Change;
use super::task::{After, Attempt, Start, Task};
use super::teller::Teller;
use super::wires::WireState;
use super::work::Work;

/// The facts of the run of `model` as they would have been with `change`.
///
/// The engine's own pool decides, in the order in which things would have happened. What each
/// request and each connection took is as it was recorded: how servers and lines behave when more
/// or less is asked of them at a time, nobody knows.
pub fn forecast(model: &Model, change: Change) -> Vec<Event> {
    let work = Work::of(model);
    let limits = change.limits(work.limits);
    let per_host = u32::try_from(limits.per_host).unwrap_or(u32::MAX);
    let simulation = Simulation {
        change,
        pools: Pools::new(limits),
        agenda: Agenda::new(),
        teller: Teller::begin(model.run(), per_host),
        places: (0..)
            .zip(&work.tasks)
            .map(|(place, task)| (task.request.id, place))
            .collect(),
        followers: followers(&work),
        tries: HashMap::new(),
        lines: BTreeMap::new(),
        wires: HashMap::new(),
        dialled: HashMap::new(),
        trunks: HashMap::new(),
        due: None,
        work: &work,
    };
    simulation.run()
}

/// What happens in a simulated run.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Planned(usize),
    Lined(usize),
    Again(usize),
    Connected(ConnectionId),
    Opened(ConnectionId),
    Unopened(ConnectionId),
    Released(ConnectionId, usize, Attempt),
    /// A connection was idle for so long that the server closed it, if it still is.
    IdleEnded(ConnectionId, u32, Option<u64>),
    GivenUp(usize),
    Due,
}

pub(super) struct Simulation<'a> {
    pub(super) work: &'a Work<'a>,
    pub(super) change: Change,
    pub(super) pools: Pools,
    pub(super) agenda: Agenda<Happening>,
    pub(super) teller: Teller,
    pub(super) places: HashMap<RequestId, usize>,
    pub(super) followers: HashMap<RequestId, Vec<usize>>,
    /// Which attempt of each request is the next.
    pub(super) tries: HashMap<RequestId, usize>,
    /// Who is in line, and since when.
    pub(super) lines: BTreeMap<RequestId, Moment>,
    pub(super) wires: HashMap<ConnectionId, WireState>,
    pub(super) dialled: HashMap<Group, usize>,
    /// The one connection of each group, and when it is open, where it carries all at once.
    pub(super) trunks: HashMap<Group, (ConnectionId, Moment)>,
    pub(super) due: Option<Moment>,
}

fn followers(work: &Work<'_>) -> HashMap<RequestId, Vec<usize>> {
    let mut followers: HashMap<RequestId, Vec<usize>> = HashMap::new();
    for (task, place) in work.tasks.iter().zip(0..) {
        if let Start::After(former, _) = task.start {
            followers.entry(former).or_default().push(place);
        }
    }
    followers
}

impl<'a> Simulation<'a> {
    fn run(mut self) -> Vec<Event> {
        for (task, place) in self.work.tasks.iter().zip(0..) {
            if let Start::At(at) = task.start {
                self.note(at, Happening::Planned(place));
            }
        }
        let mut now = Moment::START;
        while let Some((at, happening)) = self.agenda.next() {
            now = at;
            self.happen(happening, at);
        }
        self.close_all(now);
        self.teller.finish()
    }

    pub(super) fn note(&mut self, at: Moment, happening: Happening) {
        let request = |place: usize| self.task(place).map(|task| task.request);
        let opening = |id| self.wires.get(&id).and_then(|wire| wire.opening.recorded);
        let recorded = match happening {
            Happening::Connected(id) | Happening::Opened(id) | Happening::Unopened(id) => {
                opening(id)
            }
            Happening::Lined(place) => request(place).and_then(|request| request.lined_as),
            Happening::Released(_, place, _) | Happening::Again(place) => {
                request(place).and_then(|request| request.ended_as)
            }
            Happening::GivenUp(place) => request(place).and_then(|request| request.ended_as),
            Happening::IdleEnded(_, _, recorded) => recorded,
            Happening::Planned(_) | Happening::Due => None,
        };
        self.agenda.note(at, recorded, happening);
    }

    fn happen(&mut self, happening: Happening, now: Moment) {
        match happening {
            Happening::Planned(place) => self.plan(place, now),
            Happening::Lined(place) | Happening::Again(place) => self.line_up(place, now),
            Happening::Connected(connection) => self.connected(connection, now),
            Happening::Opened(connection) => self.opened(connection, now),
            Happening::Unopened(connection) => self.unopened(connection, now),
            Happening::Released(connection, _, attempt) => {
                self.released(connection, &attempt, now);
            }
            Happening::IdleEnded(connection, grants, _) => {
                let is_idle = |wire: &WireState| wire.grants == grants;
                if self.wires.get(&connection).is_some_and(is_idle) {
                    self.part(connection, "the server closed it while it was idle", now);
                    let moves = self.pools.closed(connection, now);
                    self.carry_out(moves, now);
                }
            }
            Happening::GivenUp(place) => self.give_up(place, now),
            Happening::Due => {
                let moves = self.pools.overdue(now);
                self.carry_out(moves, now);
            }
        }
    }

    fn task(&self, place: usize) -> Option<&'a Task<'a>> {
        self.work.tasks.get(place)
    }

    fn plan(&mut self, place: usize, now: Moment) {
        let Some(task) = self.task(place) else { return };
        self.teller.plan(task.request, now);
        let is_spared = |stage| self.change.is_dns_warm && stage == Stage::Dns;
        let mut spared = std::time::Duration::ZERO;
        for piece in &task.before {
            if is_spared(piece.stage) && piece.end == End::Done {
                spared += piece.took;
            } else {
                let mut earlier = piece.clone();
                earlier.from = earlier.from.saturating_sub(spared);
                self.teller.piece(task.request.id, &earlier, now);
            }
        }
        match task.lined {
            Some(after) => self.note(now + after.saturating_sub(spared), Happening::Lined(place)),
            None => self.end(task, now + task.whole.saturating_sub(spared)),
        }
        if let Some(at) = task.given_up {
            self.note(at.max(now), Happening::GivenUp(place));
        }
    }

    fn line_up(&mut self, place: usize, now: Moment) {
        let Some(task) = self.task(place) else { return };
        let Some(group) = &task.group else { return };
        let request = task.request;
        self.teller
            .began(Subject::Request(request.id), Stage::Queue, now);
        self.lines.insert(request.id, now);
        let moves = self.pools.wanted(group, request.id, request.priority, now);
        self.carry_out(moves, now);
    }

    pub(super) fn carry_out(&mut self, moves: Vec<Move>, now: Moment) {
        for decided in moves {
            match decided {
                Move::Dial(connection, group, beside) => {
                    self.dial(connection, group, beside, now);
                }
                Move::Grant(request, connection, choice) => {
                    self.grant(request, connection, choice, now);
                }
                Move::Queue(request, ahead, reason) => self.queue(request, ahead, reason, now),
                Move::Retire(connection, reason) => {
                    let told_as = self.told_as(connection);
                    let retired = Fact::ConnectionRetired {
                        connection: told_as,
                        reason,
                    };
                    self.teller.say(now, retired);
                    self.part(connection, &reason.to_string(), now);
                }
                Move::Refuse(request, connection) => self.refuse(request, connection, now),
            }
        }
        let due = self.pools.due();
        if let Some(at) = due.filter(|_| due != self.due) {
            self.note(at.max(now), Happening::Due);
        }
        self.due = due;
    }

    fn queue(&mut self, request: RequestId, ahead: usize, reason: QueueReason, now: Moment) {
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let queued = Fact::RequestQueued {
            request,
            ahead,
            reason,
        };
        self.teller.say(now, queued);
    }

    fn grant(&mut self, request: RequestId, connection: ConnectionId, choice: Choice, now: Moment) {
        let Some(place) = self.places.get(&request).copied() else {
            return;
        };
        let Some(task) = self.task(place) else { return };
        let Some(wire) = self.wires.get_mut(&connection) else {
            return;
        };
        wire.grants += 1;
        let (is_reused, told_as) = (wire.served > 0, wire.told_as);
        self.lines.remove(&request);
        let granted = Fact::ConnectionGranted {
            request,
            connection: told_as,
            reused: is_reused || told_as != connection,
            choice: Some(choice),
        };
        self.teller.say(now, granted);
        let subject = Subject::Request(request);
        self.teller.ended(subject, Stage::Queue, End::Done, now);
        let attempt = self.next_attempt(task, is_reused, now);
        self.teller.exchange(task.request, &attempt, now);
        let end = now + attempt.took;
        if attempt.is_stale {
            self.note_stale(task, told_as, end);
            // It is in line again before its connection is gone, as in the engine.
            self.note(end, Happening::Again(place));
        } else {
            self.end(task, end);
        }
        self.note(end, Happening::Released(connection, place, attempt));
    }

    /// What the request does with the connection: a fresh one is never dead.
    fn next_attempt(&mut self, task: &Task<'_>, is_reused: bool, now: Moment) -> Attempt {
        let tried = self.tries.entry(task.request.id).or_default();
        loop {
            let known = task.attempts.get(*tried);
            *tried += 1;
            match known {
                Some(attempt) if attempt.is_stale && !is_reused => {}
                Some(attempt) => return attempt.clone(),
                None => break,
            }
        }
        let usual = task.group.as_ref().map(|group| self.work.usual_time(group));
        let left = task.given_up.map(|at| at.since(now));
        Attempt {
            took: left.or(usual).unwrap_or_default(),
            pieces: Vec::new(),
            is_stale: false,
            after: if left.is_some() {
                After::Closed
            } else {
                After::Kept
            },
            recorded: None,
        }
    }

    fn note_stale(&mut self, task: &Task<'_>, connection: ConnectionId, at: Moment) {
        let words = "the connection was dead, as in the recording";
        let failed = Fact::AttemptFailed {
            request: task.request.id,
            connection,
            failure: Failure::new(Stage::Wait, FailureKind::CutShort, words),
        };
        self.teller.say(at, failed);
    }

    /// A request ends, and those that it led to begin.
    fn end(&mut self, task: &Task<'_>, at: Moment) {
        let verdict = task.request.ended.as_ref();
        let verdict = verdict.map_or(Verdict::Answered, |(_, verdict)| verdict.clone());
        self.teller.end(task.request.id, verdict, at);
        for place in self.followers.remove(&task.request.id).unwrap_or_default() {
            if let Some(Start::After(_, delay)) = self.task(place).map(|task| task.start) {
                self.note(at + delay, Happening::Planned(place));
            }
        }
    }

    fn give_up(&mut self, place: usize, now: Moment) {
        let Some(task) = self.task(place) else { return };
        if self.lines.remove(&task.request.id).is_none() {
            return;
        }
        let subject = Subject::Request(task.request.id);
        self.teller
            .ended(subject, Stage::Queue, End::Abandoned, now);
        self.end(task, now);
        let moves = self.pools.withdrawn(task.request.id, now);
        self.carry_out(moves, now);
    }

    fn refuse(&mut self, request: RequestId, connection: ConnectionId, now: Moment) {
        let place = self.places.get(&request).copied();
        let Some(task) = place.and_then(|place| self.task(place)) else {
            return;
        };
        self.lines.remove(&request);
        let denied = Fact::ConnectionDenied {
            request,
            connection,
        };
        self.teller.say(now, denied);
        let subject = Subject::Request(request);
        self.teller
            .ended(subject, Stage::Queue, End::Abandoned, now);
        self.end(task, now);
    }
}
