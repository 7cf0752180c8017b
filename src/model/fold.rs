use crate::event::{ConnectionId, Ending, Event, Fact, Moment, RequestId, Stage, Subject, Verdict};
use crate::message::{Origin, visible, width};

use super::{Carried, Connection, Model, Request, help};

impl Model {
    /// Folds one fact in; nothing if it makes no sense.
    pub(super) fn fold(&mut self, event: &Event) -> Option<()> {
        let at = event.at;
        match &event.fact {
            Fact::RunStarted { .. } => self.begin_run(&event.fact)?,
            Fact::RequestPlanned { .. } => self.plan_request(event)?,
            Fact::StageBegan { subject, stage } => self.begin(*subject, *stage, at)?,
            Fact::StageEnded { subject, stage, .. } => self.end(*subject, *stage, event)?,
            Fact::StageTimed { .. } => self.time(&event.fact)?,
            Fact::ConnectionPlanned { .. } => self.plan_connection(event)?,
            Fact::ConnectionGranted {
                request,
                connection,
                reused,
                choice,
            } => {
                self.grant(*request, *connection, *reused, at)?;
                self.request_mut(*request)?.choice = *choice;
            }
            Fact::RequestEnded { request, verdict } => self.end_request(*request, verdict, at)?,
            Fact::ConnectionEnded { connection, ending } => {
                self.end_connection(*connection, ending, at)?;
            }
            Fact::RunEnded => self.run.is_over = true,
            Fact::NetworkThrottled(made) => self.conditions.push((at, made.to)),
            Fact::ArchiveRead(_) | Fact::EntryRead(_) => self.note_archive(&event.fact)?,
            Fact::AddressTried { .. }
            | Fact::AddressFailed { .. }
            | Fact::SocketOpened { .. }
            | Fact::ConnectionRetired { .. } => self.note_connection(event)?,
            Fact::ProxyAnswered { .. }
            | Fact::KernelTold { .. }
            | Fact::HandshakeEnded { .. }
            | Fact::ConnectionSecured { .. } => self.note_passage(event)?,
            Fact::CookieKept { .. }
            | Fact::CookieDropped { .. }
            | Fact::CookiesChosen { .. }
            | Fact::CookieJudged { .. } => self.note_cookies(&event.fact)?,
            Fact::CacheOpened(_) | Fact::CacheSwitched { .. } => {
                self.note_caching(&event.fact)?;
            }
            Fact::CacheAnswered { .. }
            | Fact::CacheStored { .. }
            | Fact::CacheWaited { .. }
            | Fact::AnswerReplaced { .. } => self.note_cache(&event.fact)?,
            Fact::NameSought { .. } | Fact::QuerySent { .. } | Fact::QueryEnded { .. } => {
                self.note_look_up(event)?;
            }
            Fact::NameResolved { .. }
            | Fact::RequestQueued { .. }
            | Fact::ConnectionDenied { .. }
            | Fact::AttemptFailed { .. }
            | Fact::RequestSent { .. } => self.note_request(event)?,
            Fact::InterimReceived { .. }
            | Fact::HeadReceived { .. }
            | Fact::TrailersReceived { .. }
            | Fact::Remarked { .. }
            | Fact::BodyGrew { .. }
            | Fact::BodyKept { .. } => self.note_answer(event)?,
        }
        Some(())
    }

    fn begin_run(&mut self, fact: &Fact) -> Option<()> {
        let Fact::RunStarted {
            wall_ms,
            per_host,
            max_connections,
            ..
        } = fact
        else {
            return None;
        };
        self.run.wall_ms = *wall_ms;
        self.run.per_host = *per_host;
        self.run.max_connections = *max_connections;
        Some(())
    }

    fn plan_request(&mut self, event: &Event) -> Option<()> {
        let Fact::RequestPlanned {
            request,
            method,
            url,
            because,
            credentials,
            priority,
        } = &event.fact
        else {
            return None;
        };
        if self.request_places.contains_key(request) {
            return None;
        }
        self.note_burst(event.at);
        if let Some(from) = because.led_by()
            && let Some(former) = self.request_mut(from)
        {
            former.led_to = Some(*request);
        }
        let mut planned = Request::planned(
            *request,
            method.clone(),
            url.clone(),
            because.clone(),
            event.at,
        );
        (planned.credentials, planned.priority) = (*credentials, *priority);
        let host = planned
            .origin
            .as_ref()
            .map(Origin::authority)
            .unwrap_or_default();
        self.totals.widest_host = self.totals.widest_host.max(width(&host));
        self.totals.widest_path = self
            .totals
            .widest_path
            .max(width(&visible(&planned.name())));
        self.request_places.insert(*request, self.requests.len());
        self.journal.note(self.requests.len());
        let first = self.first_planned.get_or_insert(event.at);
        *first = event.at.min(*first);
        self.note_url(&mut planned);
        self.requests.push(planned.into());
        self.totals.requests += 1;
        Some(())
    }

    fn plan_connection(&mut self, event: &Event) -> Option<()> {
        let Fact::ConnectionPlanned {
            connection,
            group,
            beside,
            road,
        } = &event.fact
        else {
            return None;
        };
        if self.connection_places.contains_key(connection) {
            return None;
        }
        let place = self.connections.len();
        self.connection_places.insert(*connection, place);
        let host = self.host_mut(group);
        let planned = Connection {
            neighbours: host.neighbours(),
            freed_before: host.freed,
            beside: *beside,
            road: road.clone(),
            ..Connection::planned(*connection, (**group).clone(), event.at)
        };
        host.connections.push(*connection);
        host.alive.push(*connection);
        host.open += 1;
        host.busy += 1;
        self.connections.push(planned.into());
        Some(())
    }

    fn begin(&mut self, subject: Subject, stage: Stage, at: Moment) -> Option<()> {
        let facts = self.facts;
        match subject {
            Subject::Request(id) => {
                let request = self.request_mut(id)?;
                if request.ended.is_some() || request.timeline.is_open(stage) {
                    return None;
                }
                request.timeline.begin(stage, at);
                let lined = (stage == Stage::Queue).then(|| {
                    request.lined_as.get_or_insert(facts);
                    (request.group(), request.priority)
                });
                self.activity.begun(stage, at);
                if let Some((group, priority)) = lined {
                    self.join_line(&group?, id, priority);
                }
            }
            Subject::Connection(id) => {
                if self.connection(id)?.timeline.is_open(stage) {
                    return None;
                }
                self.change(id, |connection| {
                    connection.timeline.begin(stage, at);
                    if stage == Stage::Close {
                        connection.ended_as.get_or_insert(facts);
                    }
                })?;
                self.activity.begun(stage, at);
            }
        }
        Some(())
    }

    fn end(&mut self, subject: Subject, stage: Stage, event: &Event) -> Option<()> {
        let Fact::StageEnded { end, .. } = &event.fact else {
            return None;
        };
        match subject {
            Subject::Request(id) => {
                let request = self.request_mut(id)?;
                let was_open = request.timeline.end(stage, event.at, end.clone());
                // What was still open when the request ended was counted then.
                let is_counted = was_open && request.ended.is_none();
                let group = (stage == Stage::Queue && was_open).then(|| request.group());
                if is_counted {
                    self.activity.ended(stage, event.at);
                }
                if let Some(group) = group {
                    self.leave_line(&group?, id, event.at);
                }
                was_open.then_some(())
            }
            Subject::Connection(id) => {
                let facts = self.facts;
                let ending = |connection: &mut Connection| {
                    if stage < Stage::Close {
                        connection.opened_as = Some(facts);
                    }
                    connection.timeline.end(stage, event.at, end.clone())
                };
                let was_open = self.change(id, ending)?;
                if was_open {
                    self.activity.ended(stage, event.at);
                }
                was_open.then_some(())
            }
        }
    }

    fn time(&mut self, fact: &Fact) -> Option<()> {
        let Fact::StageTimed {
            subject,
            stage,
            times,
        } = fact
        else {
            return None;
        };
        let timeline = match subject {
            Subject::Request(id) => &mut self.request_mut(*id)?.timeline,
            Subject::Connection(id) => &mut self.connection_mut(*id)?.timeline,
        };
        timeline.time(*stage, *times).then_some(())
    }

    fn grant(
        &mut self,
        request: RequestId,
        connection: ConnectionId,
        is_reused: bool,
        at: Moment,
    ) -> Option<()> {
        self.connection(connection)?;
        let taken = self.request_mut(request)?;
        if taken.granted.is_some() || taken.ended.is_some() {
            return None;
        }
        taken.connection = Some(connection);
        taken.is_reused = is_reused;
        taken.granted = Some(at);
        self.totals.reused += usize::from(is_reused);
        let carried = Carried {
            request,
            from: at,
            until: None,
        };
        self.change(connection, |carrier| carrier.carried.push(carried))
    }

    fn end_request(&mut self, id: RequestId, verdict: &Verdict, at: Moment) -> Option<()> {
        let facts = self.facts;
        let request = self.request_mut(id)?;
        if request.ended.is_some() {
            return None;
        }
        request.ended = Some((at, verdict.clone()));
        request.ended_as = Some(facts);
        let help = help(request);
        let last = (request.until(at), id);
        let connection = request.granted.and(request.connection);
        let group = request.group();
        let spans = request.timeline.spans().iter();
        let open = spans.filter(|span| span.ended.is_none());
        let open: Vec<Stage> = open.map(|span| span.stage).collect();
        for stage in open {
            self.activity.ended(stage, at);
        }
        self.totals.done += 1;
        self.totals.failed += usize::from(matches!(verdict, Verdict::Failed(_)));
        self.totals.stored += usize::from(matches!(verdict, Verdict::Stored));
        self.totals.hits.count(help);
        self.totals.last_end = self.totals.last_end.max(at);
        self.last_ended = self.last_ended.max(Some(last));
        if let Some(group) = group.filter(|group| self.host(group).is_some()) {
            // A record may lack the end of the wait.
            self.leave_line(&group, id, at);
        }
        if let Some(connection) = connection {
            self.release(connection, id, at);
        }
        self.note_wait(id, at);
        Some(())
    }

    pub(super) fn release(&mut self, connection: ConnectionId, request: RequestId, at: Moment) {
        self.change(connection, |carrier| {
            let is_its =
                |carried: &&mut Carried| carried.request == request && carried.until.is_none();
            if let Some(carried) = carrier.carried.iter_mut().rev().find(is_its) {
                carried.until = Some(at.max(carried.from));
            }
        });
    }

    fn end_connection(&mut self, id: ConnectionId, ending: &Ending, at: Moment) -> Option<()> {
        let over = self.connection(id)?;
        if over.ended.is_some() {
            return None;
        }
        let last = over.carried.last();
        let freed = last.and_then(|last| Some((last.until?, last.request)));
        let group = over.group.clone();
        self.change(id, |connection| {
            connection.ended = Some((at, ending.clone()));
        });
        let host = self.host_mut(&group);
        host.alive.retain(|alive| *alive != id);
        host.freed = host.freed.max(freed);
        self.totals.last_parting = self.totals.last_parting.max(at);
        Some(())
    }

    /// Changes a connection, and its host's counts with it.
    fn change<T>(
        &mut self,
        id: ConnectionId,
        change: impl FnOnce(&mut Connection) -> T,
    ) -> Option<T> {
        let connection = self.connection_mut(id)?;
        let before = (connection.is_open(), connection.is_busy());
        let result = change(connection);
        let after = (connection.is_open(), connection.is_busy());
        if before != after {
            let group = connection.group.clone();
            let host = self.host_mut(&group);
            host.open = (host.open + usize::from(after.0)).saturating_sub(usize::from(before.0));
            host.busy = (host.busy + usize::from(after.1)).saturating_sub(usize::from(before.1));
        }
        Some(result)
    }
}
