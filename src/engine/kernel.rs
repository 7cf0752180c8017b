use std::time::Duration;

use crate::event::{ConnectionId, Fact, KernelWord, Moment, Stage, Subject, Tcp, Times};
use crate::message::Scheme;
use crate::net::{Opened, Tap, TcpFigures};

use super::engine::Engine;
use super::fetch::Request;

/// Tells what the kernel knows of a connection that has just been opened, and how long that took.
///
/// The handshake's round trip is TCP's own figure, and no matter of when we were woken.
pub(super) fn opened(
    connection: ConnectionId,
    opened: &Opened,
    dialled: Moment,
    engine: &Engine,
) -> Option<Moment> {
    let (word, ended) = match opened.tap.as_ref()?.figures() {
        Ok((_, figures)) => {
            let tcp = tcp(figures?);
            // Of a SYN that was sent again the round trip is not the whole of the opening.
            let is_whole = tcp.retransmitted == 0;
            let ended = is_whole.then(|| dialled + Duration::from_micros(tcp.rtt_us));
            (KernelWord::Tcp(tcp), ended)
        }
        Err(untold) => (KernelWord::Untold(untold.to_string()), None),
    };
    timed(connection, Stage::Connect, None, ended, engine);
    engine.reporter.say(Fact::KernelTold { connection, word });
    ended
}

/// Tells when the proxy was asked, as the connection was there, and when its answer came.
pub(super) fn passed(
    connection: ConnectionId,
    tap: &Tap,
    connected: Option<Moment>,
    engine: &Engine,
) -> Option<Moment> {
    let earliest = connected.unwrap_or_default();
    let ended = tap.last().and_then(|stamp| moment(stamp, earliest, engine));
    timed(connection, Stage::Proxy, connected, ended, engine);
    ended
}

/// Tells when the handshake of TLS began, as the way was there, and when it ended: with
/// the last byte that left or came.
pub(super) fn secured(
    connection: ConnectionId,
    tap: &Tap,
    connected: Option<Moment>,
    engine: &Engine,
) {
    let ended = tap.left().max(tap.last());
    let earliest = connected.unwrap_or_default();
    let ended = ended.and_then(|stamp| moment(stamp, earliest, engine));
    timed(connection, Stage::Tls, connected, ended, engine);
}

/// Tells what TCP's book-keeping has after an exchange.
pub(super) fn exchanged(connection: ConnectionId, line: &Opened, engine: &Engine) {
    let told = line.tap.as_ref().map(Tap::figures);
    if let Some(Ok((_, Some(figures)))) = told {
        let word = KernelWord::Tcp(tcp(figures));
        engine.reporter.say(Fact::KernelTold { connection, word });
    }
}

fn timed(
    connection: ConnectionId,
    stage: Stage,
    began: Option<Moment>,
    ended: Option<Moment>,
    engine: &Engine,
) {
    if began.or(ended).is_some() {
        engine.reporter.say(Fact::StageTimed {
            subject: Subject::Connection(connection),
            stage,
            times: Times { began, ended },
        });
    }
}

/// The moment of a stamp; nothing if the wall clock was set meanwhile, so that it makes no sense.
fn moment(stamp: Duration, earliest: Moment, engine: &Engine) -> Option<Moment> {
    let moment = engine.reporter.moment_at_wall(stamp)?;
    (moment >= earliest).then_some(moment)
}

fn tcp(figures: TcpFigures) -> Tcp {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Tcp {
        rtt_us: micros(figures.round_trip),
        rtt_var_us: micros(figures.variation),
        min_rtt_us: figures.least.map(micros),
        retransmitted: figures.retransmitted,
        cwnd: figures.window,
        mss: figures.segment,
        delivery_rate: figures.rate,
        out_of_order: figures.disordered,
    }
}

/// The kernel's times of one exchange, told as its stages end.
pub(super) struct Stamps<'a> {
    request: &'a Request,
    tap: Option<Tap>,
    engine: &'a Engine,
    began: Moment,
    /// One stamp and its moment, from which the others are counted: what lies between is exact.
    anchor: Option<(Duration, Moment)>,
    left: Option<Moment>,
    first: Option<Moment>,
}

impl<'a> Stamps<'a> {
    /// Of the exchange that begins now.
    pub(super) fn new(request: &'a Request, tap: Option<Tap>, engine: &'a Engine) -> Self {
        Self {
            request,
            tap,
            engine,
            began: engine.reporter.now(),
            anchor: None,
            left: None,
            first: None,
        }
    }

    /// The request was written.
    pub(super) fn written(&mut self) {
        self.note_left();
        self.tell(Stage::Send, None, self.left);
    }

    /// From now on the answer is waited for.
    pub(super) fn expect(&self) {
        if let Some(tap) = &self.tap {
            tap.expect();
        }
    }

    /// The first bytes of the answer were read.
    pub(super) fn heard(&mut self) {
        // On some ways bytes leave later than they are written.
        self.note_left();
        let is_secure = self.request.origin().scheme == Scheme::Https;
        let first = self.tap.as_ref().and_then(|tap| {
            // Over TLS there is no first byte before its record is complete.
            if is_secure { tap.last() } else { tap.first() }
        });
        self.first = self.moment(first, self.left.unwrap_or(self.began));
        self.tell(Stage::Wait, self.left, self.first);
    }

    /// The answer was read.
    pub(super) fn read(&mut self) {
        let last = self.tap.as_ref().and_then(Tap::last);
        let last = self.moment(last, self.first.unwrap_or(self.began));
        self.tell(Stage::Receive, self.first, last);
    }

    fn note_left(&mut self) {
        if self.left.is_none() {
            let left = self.tap.as_ref().and_then(Tap::left);
            self.left = self.moment(left, self.began);
        }
    }

    fn moment(&mut self, stamp: Option<Duration>, earliest: Moment) -> Option<Moment> {
        let stamp = stamp?;
        let Some((anchor, at)) = self.anchor else {
            let at = moment(stamp, earliest, self.engine)?;
            self.anchor = Some((stamp, at));
            return Some(at);
        };
        let at = at + stamp.checked_sub(anchor)?;
        (at >= earliest && at <= self.engine.reporter.now()).then_some(at)
    }

    fn tell(&self, stage: Stage, began: Option<Moment>, ended: Option<Moment>) {
        if began.or(ended).is_some() {
            self.engine.reporter.say(Fact::StageTimed {
                subject: self.request.subject(),
                stage,
                times: Times { began, ended },
            });
        }
    }
}
