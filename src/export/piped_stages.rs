use crate::event::{
    ConnectionId, End, Event, Fact, Moment, Names, RequestId, Stage, Subject, Times,
};

use super::hop::{Lived, Spans};
use super::piped::Piped;

/// Stages, told when they are over.
impl Piped {
    /// A stage begins or ends, or the kernel says when.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`hear` hands these over")]
    pub(super) fn live(&mut self, event: &Event) {
        match &event.fact {
            Fact::StageBegan { subject, stage } => self.begin(*subject, *stage, event.at),
            Fact::StageEnded {
                subject,
                stage,
                end,
            } => self.end_stage(*subject, *stage, event.at, end),
            Fact::StageTimed {
                subject,
                stage,
                times,
            } => self.time(*subject, *stage, *times),
            _ => {}
        }
    }

    fn begin(&mut self, subject: Subject, stage: Stage, at: Moment) {
        match subject {
            Subject::Request(request) => {
                if let Some(life) = self.life(request) {
                    life.hop.began[stage] = at;
                }
            }
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection) {
                    spans.lived[stage] = Some((at, None));
                }
            }
        }
    }

    fn time(&mut self, subject: Subject, stage: Stage, times: Times) {
        match subject {
            Subject::Request(request) => {
                if let Some(life) = self.life(request) {
                    life.hop.timed[stage] = times;
                }
            }
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection) {
                    spans.timed[stage] = times;
                }
            }
        }
    }

    fn end_stage(&mut self, subject: Subject, stage: Stage, at: Moment, end: &End) {
        let request = match subject {
            Subject::Request(request) => request,
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection)
                    && let Some(span) = &mut spans.lived[stage]
                {
                    span.1 = Some(at);
                }
                return;
            }
        };
        let Some(life) = self.life(request) else {
            return;
        };
        let began = life.hop.began[stage];
        let timed = std::mem::take(&mut life.hop.timed[stage]);
        let mut lines = String::new();
        if stage == Stage::Queue {
            life.tell_queue(began, at, &mut lines);
        } else if stage == Stage::Dns && *end == End::Done {
            // Whether the look-up was shared is told with its answer.
            life.hop.dns = Some(Lived::new(began, at, timed));
        } else {
            let lived = Lived::new(began, at, timed);
            life.tell_stage(stage, lived, false, &mut lines);
        }
        self.lines += &lines;
    }

    pub(super) fn lend(&mut self, request: RequestId, connection: ConnectionId, is_reused: bool) {
        let opening = self.opening.get(&connection).cloned().unwrap_or_default();
        if let Some(life) = self.life(request) {
            life.hop.connection = Some(connection);
            life.hop.is_reused = is_reused;
            life.hop.opening = if is_reused { Spans::default() } else { opening };
        }
    }

    pub(super) fn name(&mut self, request: RequestId, names: &Names) {
        let is_shared = matches!(names, Names::Shared { .. });
        let mut lines = String::new();
        if let Some(life) = self.life(request)
            && let Some(lived) = life.hop.dns.take()
        {
            life.tell_stage(Stage::Dns, lived, is_shared, &mut lines);
        }
        self.lines += &lines;
    }
}
