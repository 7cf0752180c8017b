use std::time::Duration;

use tokio::time::sleep;

use crate::event::{ConnectionId, Fact, KernelWord, TcpState};
use crate::net::{self, Tap};

use super::engine::Engine;

/// A connection's states as it ends, each told when it is first seen.
///
/// The kernel says nothing by itself: it is asked now and again, and only while this goes on.
pub(super) struct Closing<'a> {
    connection: ConnectionId,
    tap: Option<Tap>,
    engine: &'a Engine,
    seen: Option<TcpState>,
    pause: Duration,
}

/// So long after a step the next is looked for first; each time twice as long.
const FIRST_LOOK: Duration = Duration::from_millis(1);
/// And no longer than this.
const LAST_LOOK: Duration = Duration::from_millis(32);
/// So long the last acknowledgement is waited for.
const PATIENCE: Duration = Duration::from_millis(250);

impl<'a> Closing<'a> {
    pub(super) fn new(connection: ConnectionId, tap: Option<Tap>, engine: &'a Engine) -> Self {
        Self {
            connection,
            tap: tap.filter(|tap| tap.figures().is_ok()),
            engine,
            seen: None,
            pause: FIRST_LOOK,
        }
    }

    /// Looks where the connection stands; tells it if that is new.
    pub(super) fn look(&mut self) {
        let told = self.tap.as_ref().and_then(|tap| tap.figures().ok());
        let Some(state) = told.and_then(|(state, _)| of(state)) else {
            return;
        };
        let is_old = self.seen == Some(state);
        // That it was open until now is no news.
        let is_open = state == TcpState::Established;
        self.seen = Some(state);
        if is_old || is_open {
            return;
        }
        self.pause = FIRST_LOOK;
        self.engine.reporter.say(Fact::KernelTold {
            connection: self.connection,
            word: KernelWord::State(state),
        });
    }

    /// Looks again and again, for as long as it is waited for.
    pub(super) async fn watch(&mut self) {
        if self.tap.is_none() {
            return std::future::pending().await;
        }
        loop {
            sleep(self.pause).await;
            self.pause = (self.pause * 2).min(LAST_LOOK);
            self.look();
        }
    }

    /// Looks on until the last acknowledgement is here, for a little while.
    pub(super) async fn see_off(&mut self) {
        let mut waited = Duration::ZERO;
        self.look();
        while self.seen == Some(TcpState::LastAck) && waited < PATIENCE {
            waited += self.pause;
            sleep(self.pause).await;
            self.pause = (self.pause * 2).min(LAST_LOOK);
            self.look();
        }
    }
}

/// The state as facts have it; those of a connection that is being opened are no matter here.
const fn of(state: net::TcpState) -> Option<TcpState> {
    Some(match state {
        net::TcpState::Established => TcpState::Established,
        net::TcpState::FinWait1 => TcpState::FinWait1,
        net::TcpState::FinWait2 => TcpState::FinWait2,
        net::TcpState::TimeWait => TcpState::TimeWait,
        net::TcpState::Closing => TcpState::Closing,
        net::TcpState::CloseWait => TcpState::CloseWait,
        net::TcpState::LastAck => TcpState::LastAck,
        net::TcpState::Closed => TcpState::Closed,
        net::TcpState::SynSent | net::TcpState::SynReceived | net::TcpState::Listen => {
            return None;
        }
    })
}
