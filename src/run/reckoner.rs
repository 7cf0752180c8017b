use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::model::Model;
use crate::ui::Imagined;

use super::reckoning::{imagined, saving};

/// The name of the threads that reckon.
const NAME: &str = "reckoner";

/// What is to be reckoned of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sum {
    /// What one more connection per host would have saved.
    Saving,
    /// The run with the so manieth of the usual changes, from 0.
    WhatIf(usize),
}

/// What a run comes to.
#[derive(Debug)]
pub(super) enum Result {
    /// So much would have been saved; nothing where nobody waited.
    Saving(Option<Duration>),
    /// The run as it would have been.
    WhatIf(Box<Imagined>),
}

/// Has one thing reckoned at a time on a thread of its own, so that the screen answers meanwhile: a
/// run that is scheduled again takes a while where there are many requests.
pub(super) struct Reckoner {
    tell: UnboundedSender<Option<Result>>,
    told: UnboundedReceiver<Option<Result>>,
    is_busy: bool,
    /// What else was asked for meanwhile.
    next: Option<(Sum, Model)>,
}

impl Reckoner {
    pub(super) fn new() -> Self {
        let (tell, told) = unbounded_channel();
        Self {
            tell,
            told,
            is_busy: false,
            next: None,
        }
    }

    /// Begins to reckon, or does so next: of what is still to be begun, the last counts.
    pub(super) fn ask(&mut self, sum: Sum, model: Model) {
        if self.is_busy {
            self.next = Some((sum, model));
            return;
        }
        let tell = self.tell.clone();
        let work = move || {
            let result = catch_unwind(AssertUnwindSafe(|| reckon(sum, &model))).ok();
            // Whoever is gone needs not be told.
            let _ = tell.send(result);
        };
        let thread = thread::Builder::new().name(NAME.to_owned());
        self.is_busy = thread.spawn(work).is_ok();
    }

    /// Waits for a result; nothing is lost if the waiting is given up.
    pub(super) async fn come(&mut self) -> Result {
        loop {
            // There is always somebody to tell: this has the other end too.
            let result = self.told.recv().await.flatten();
            self.is_busy = false;
            if let Some((sum, model)) = self.next.take() {
                self.ask(sum, model);
            }
            if let Some(result) = result {
                return result;
            }
        }
    }
}

/// Whether this is a thread that reckons.
pub(super) fn is_here() -> bool {
    thread::current().name() == Some(NAME)
}

fn reckon(sum: Sum, model: &Model) -> Result {
    match sum {
        Sum::Saving => Result::Saving(saving(model)),
        Sum::WhatIf(nth) => Result::WhatIf(Box::new(imagined(model, nth))),
    }
}
