use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::clock::Clock;
use crate::event::{End, Event, Fact, Failure, Moment, Stage, Subject};

/// The one door for facts: everything that leaves the engine is stamped and sent here.
///
/// The channel is unbounded on purpose: a guard that is dropped cannot wait, and a recorder that
/// waits for its reader distorts what it measures.
#[derive(Clone)]
pub(super) struct Reporter {
    clock: Clock,
    facts: UnboundedSender<Event>,
}

impl Reporter {
    pub(super) fn new(clock: Clock, facts: UnboundedSender<Event>) -> Self {
        Self { clock, facts }
    }

    /// Reports what has just happened.
    pub(super) fn say(&self, fact: Fact) {
        // Nobody listens any more when the program is on its way out.
        let _ = self.facts.send(Event {
            at: self.clock.now(),
            fact,
        });
    }

    /// Does `work` as `stage` of `subject`, reporting its beginning and, whatever happens, its end.
    pub(super) async fn stage<T>(
        &self,
        subject: Subject,
        stage: Stage,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.say(Fact::StageBegan { subject, stage });
        let mut open = Open {
            reporter: self,
            subject,
            stage,
            end: End::Abandoned,
        };
        let result = work.await;
        open.end = match &result {
            Ok(_) => End::Done,
            Err(failure) => End::Failed(failure.clone()),
        };
        result
    }

    /// What a calendar and a clock say now, in milliseconds since 1970.
    pub(super) fn wall_ms(&self) -> u64 {
        self.clock.wall_ms_at(self.clock.now())
    }

    /// The moment at which the wall clock said `wall`, counted since 1970; nothing if it is to come.
    pub(super) fn moment_at_wall(&self, wall: Duration) -> Option<Moment> {
        self.clock.moment_at_wall(wall)
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Wall time at `moment`, counted since 1970.
    pub(super) fn wall_at(&self, moment: Moment) -> Duration {
        Duration::from_millis(self.clock.wall_ms()) + moment.since(Moment::START)
    }
}

/// A stage that has begun; it is reported as ended when this goes away.
struct Open<'a> {
    reporter: &'a Reporter,
    subject: Subject,
    stage: Stage,
    end: End,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let end = std::mem::replace(&mut self.end, End::Abandoned);
        let (subject, stage) = (self.subject, self.stage);
        self.reporter.say(Fact::StageEnded {
            subject,
            stage,
            end,
        });
    }
}
