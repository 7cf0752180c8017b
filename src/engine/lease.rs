use tokio::sync::oneshot;

use crate::event::{ConnectionId, Failure};
use crate::http1::Fate;
use crate::net::{Opened, Tap, Wire};

/// A connection in the hands of one request, until it is given back.
pub(super) struct Lease {
    pub(super) connection: ConnectionId,
    pub(super) is_reused: bool,
    line: Option<Opened>,
    back: Option<oneshot::Sender<Returned>>,
    outcome: Outcome,
}

/// A connection that came back, and what its exchange did to it.
pub(super) struct Returned {
    pub(super) line: Opened,
    pub(super) outcome: Outcome,
}

/// What an exchange did to its connection.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Nothing was said on it.
    Untouched,
    /// The exchange was given up half-way.
    Abandoned,
    /// The exchange is complete.
    Complete(Fate),
    /// The exchange failed.
    Lost(Failure),
}

impl Lease {
    pub(super) fn new(
        connection: ConnectionId,
        is_reused: bool,
        line: Opened,
    ) -> (Self, oneshot::Receiver<Returned>) {
        let (back, returned) = oneshot::channel();
        let outcome = Outcome::Untouched;
        (
            Self {
                connection,
                is_reused,
                line: Some(line),
                back: Some(back),
                outcome,
            },
            returned,
        )
    }

    /// The wire; from now on the connection is of no use to others until the exchange is over.
    pub(super) fn wire(&mut self) -> Option<&mut Wire> {
        self.outcome = Outcome::Abandoned;
        self.line.as_mut().map(|line| &mut line.wire)
    }

    /// What the kernel tells of the wire.
    pub(super) fn tap(&self) -> Option<Tap> {
        self.line.as_ref()?.tap.clone()
    }

    /// Gives the connection back.
    pub(super) fn give_back(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

/// However a request ends, its connection goes back.
impl Drop for Lease {
    fn drop(&mut self) {
        if let (Some(line), Some(back)) = (self.line.take(), self.back.take()) {
            let outcome = self.outcome.clone();
            // The connection's life is over only when the run is.
            let _ = back.send(Returned { line, outcome });
        }
    }
}
