use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Notify;
use tokio::time::sleep;

use crate::event::Moment;

use super::dispatch::carry_out;
use super::engine::Engine;

/// When the pool is to be asked although nothing happened; nobody wakes up otherwise.
#[derive(Debug, Default)]
pub(super) struct Alarm {
    due: Cell<Option<Moment>>,
    changed: Notify,
}

impl Alarm {
    /// Sets the time, or takes it back.
    pub(super) fn set(&self, due: Option<Moment>) {
        if self.due.replace(due) != due {
            self.changed.notify_one();
        }
    }
}

/// Asks the pool whenever it is time; never ends.
pub(super) async fn watch(engine: &Rc<Engine>) {
    loop {
        let changed = engine.alarm.changed.notified();
        let Some(due) = engine.alarm.due.get() else {
            changed.await;
            continue;
        };
        let now = engine.reporter.now();
        tokio::select! {
            biased;
            () = changed => continue,
            () = sleep(due.since(now)) => {}
        }
        let now = engine.reporter.now();
        let moves = engine.pools.borrow_mut().overdue(now);
        carry_out(moves, None, engine);
    }
}
