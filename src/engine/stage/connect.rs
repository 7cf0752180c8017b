use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::look_up::Place;
use crate::event::{ConnectionId, Fact, Failure, FailureKind, Moment, Stage};
use crate::message::Origin;
use crate::net::{NetError, Opened};

/// So long an address has the race to itself (RFC 8305 §5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// An address, when it was dialled, and what came of it.
type Attempt = (SocketAddr, Moment, Result<Opened, NetError>);

/// Tries the origin's addresses until one answers: the next after a quarter of a second, or at
/// once when one fails (RFC 8305). Says when the winner was dialled, too.
pub(in crate::engine) async fn dial(
    connection: ConnectionId,
    origin: &Origin,
    engine: &Engine,
) -> Result<(Opened, Moment), Failure> {
    let place = engine.places.borrow().get(origin).cloned();
    let mut race = Race {
        connection,
        port: origin.port,
        place: place.unwrap_or_default(),
        engine,
        under_way: Vec::new(),
        failed: Vec::new(),
    };
    let mut attempts: FuturesUnordered<LocalBoxFuture<'_, Attempt>> = FuturesUnordered::new();
    let mut patience = Box::pin(sleep(ATTEMPT_DELAY));
    let mut is_time = true;
    loop {
        let next = race.next();
        if let Some(address) = next.filter(|_| is_time || attempts.is_empty()) {
            let dialled = race.begin(address);
            let opening = engine.network.connect(address);
            attempts.push(Box::pin(async move { (address, dialled, opening.await) }));
            patience.set(sleep(ATTEMPT_DELAY));
            is_time = false;
        }
        if attempts.is_empty() && !race.place.is_growing() {
            return Err(summary(&race.failed));
        }
        let has_next = race.next().is_some();
        tokio::select! {
            biased;
            Some((address, dialled, opened)) = attempts.next() => match opened {
                Ok(opened) => {
                    race.won(address, opened.local, opened.peer);
                    return Ok((opened, dialled));
                }
                Err(error) => {
                    race.lost(address, failing::of_net(Stage::Connect, &error));
                    is_time = true;
                }
            },
            () = race.place.grown() => {}
            () = &mut patience, if has_next => is_time = true,
        }
    }
}

/// The addresses of one connection, each trying to be the first.
struct Race<'a> {
    connection: ConnectionId,
    port: u16,
    place: Rc<Place>,
    engine: &'a Engine,
    under_way: Vec<SocketAddr>,
    failed: Vec<(SocketAddr, Failure)>,
}

impl Race<'_> {
    /// The address to try next. One that keeps another connection waiting just now comes last:
    /// a connection that the pool opens beside a slow one shall not be slow for the same reason.
    fn next(&self) -> Option<SocketAddr> {
        let now = self.engine.reporter.now();
        let addresses = self.place.addresses();
        let left = |address: &IpAddr| {
            let is_it = |tried: &SocketAddr| tried.ip() == *address;
            !self.under_way.iter().any(is_it) && !self.failed.iter().any(|(tried, _)| is_it(tried))
        };
        let hangs = |address: &IpAddr| {
            let dialled = self.engine.dialled.borrow();
            let mut others = dialled
                .iter()
                .filter(|(_, tried, _)| tried.ip() == *address);
            others.any(|(_, _, since)| now.since(*since) >= ATTEMPT_DELAY)
        };
        let (hanging, free): (Vec<_>, Vec<_>) = addresses.into_iter().filter(left).partition(hangs);
        let next = free.into_iter().chain(hanging).next()?;
        Some(SocketAddr::new(next, self.port))
    }

    /// Tries an address, from now on.
    fn begin(&mut self, address: SocketAddr) -> Moment {
        self.under_way.push(address);
        let (connection, reporter) = (self.connection, &self.engine.reporter);
        reporter.say(Fact::AddressTried {
            connection,
            address,
        });
        let now = reporter.now();
        self.engine
            .dialled
            .borrow_mut()
            .push((connection, address, now));
        now
    }

    fn lost(&mut self, address: SocketAddr, failure: Failure) {
        self.end(address);
        self.engine.reporter.say(Fact::AddressFailed {
            connection: self.connection,
            address,
            failure: failure.clone(),
        });
        self.failed.push((address, failure));
    }

    fn won(&mut self, address: SocketAddr, local: SocketAddr, peer: SocketAddr) {
        self.end(address);
        self.engine.reporter.say(Fact::SocketOpened {
            connection: self.connection,
            local,
            peer,
        });
        for slower in self.under_way.clone() {
            let words = format!("given up: {address} was faster");
            let failure = Failure::new(Stage::Connect, FailureKind::Cancelled, words);
            self.lost(slower, failure);
        }
    }

    fn end(&mut self, address: SocketAddr) {
        self.under_way.retain(|tried| *tried != address);
        let is_it = |dialled: &Dialled| dialled.0 == self.connection && dialled.1 == address;
        self.engine.dialled.borrow_mut().retain(|one| !is_it(one));
    }
}

/// However a race ends, nobody is kept waiting by it any more.
impl Drop for Race<'_> {
    fn drop(&mut self) {
        let mut dialled = self.engine.dialled.borrow_mut();
        dialled.retain(|one| one.0 != self.connection);
    }
}

/// An address that a connection tries, and since when.
pub(in crate::engine) type Dialled = (ConnectionId, SocketAddr, Moment);

/// The last address's failure, with the address, and how many others failed before.
fn summary(failed: &[(SocketAddr, Failure)]) -> Failure {
    let Some((address, last)) = failed.last() else {
        return Failure::new(
            Stage::Connect,
            FailureKind::System,
            "there is no address to try",
        );
    };
    let others = match failed.len() - 1 {
        0 => String::new(),
        1 => " (another address failed before)".to_owned(),
        n => format!(" ({n} other addresses failed before)"),
    };
    Failure::new(
        last.stage,
        last.kind,
        format!("{address}: {}{others}", last.words),
    )
}
