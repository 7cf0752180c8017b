use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Either, LocalBoxFuture, select};
use tokio::sync::Notify;
use tokio::task::spawn_local;
use tokio::time::timeout;

use crate::event::{Fact, LookUpId, Moment};
use crate::message::{Family, NameLine, Replied};
use crate::net::{Found, Heard, NetError, NetErrorKind};

use super::engine::Engine;
use super::settings::Families;

/// For so long, addresses of IPv6 are waited for when those of IPv4 are here (RFC 8305 §3).
const RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// Where a host is, as far as that is known by now.
#[derive(Debug, Default)]
pub(super) struct Place {
    addresses: RefCell<Vec<IpAddr>>,
    ttl: Cell<Duration>,
    is_growing: Cell<bool>,
    grown: Notify,
}

/// What there is to try, or why there is nothing, and for how long that may be kept.
pub(super) type Located = (Result<Rc<Place>, NetError>, Duration);
type Asking = LocalBoxFuture<'static, Result<Found, NetError>>;

impl Place {
    /// A place that is known for good.
    pub(super) fn at(addresses: Vec<IpAddr>) -> Rc<Self> {
        Rc::new(Self {
            addresses: RefCell::new(addresses),
            ..Self::default()
        })
    }

    /// The addresses, in the order to try them.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        self.addresses.borrow().clone()
    }

    /// For how long the answer may be kept.
    pub(super) const fn ttl(&self) -> Duration {
        self.ttl.get()
    }

    /// Whether addresses of the other family may still come.
    pub(super) const fn is_growing(&self) -> bool {
        self.is_growing.get()
    }

    /// Waits until more is known; never ends if nothing more will be.
    pub(super) async fn grown(&self) {
        if self.is_growing.get() {
            self.grown.notified().await;
        } else {
            std::future::pending::<()>().await;
        }
    }
}

/// Asks for both families at once, and is done as soon as connecting may begin (RFC 8305 §3).
///
/// What comes later joins the place when it comes.
pub(super) async fn look_up(id: LookUpId, host: String, engine: Rc<Engine>) -> Located {
    let sent = Rc::new(Cell::new(0));
    let asking = |family| {
        ask(
            id,
            host.clone(),
            family,
            Rc::clone(&sent),
            Rc::clone(&engine),
        )
    };
    let found = match engine.settings.families {
        Families::Ipv4 => return located(&host, vec![asking(Family::Ipv4).await], &engine),
        Families::Ipv6 => return located(&host, vec![asking(Family::Ipv6).await], &engine),
        Families::Both => {
            race(
                asking(Family::Ipv4).boxed_local(),
                asking(Family::Ipv6).boxed_local(),
            )
            .await
        }
    };
    match found {
        (found, None) => located(&host, found, &engine),
        (found, Some(rest)) => {
            let (place, ttl) = located(&host, found, &engine);
            if let Ok(place) = &place {
                place.is_growing.set(true);
                spawn_local(join(Rc::clone(place), rest, engine));
            }
            (place, ttl)
        }
    }
}

/// What was found when connecting may begin, and what is still waited for.
async fn race(four: Asking, six: Asking) -> (Vec<Result<Found, NetError>>, Option<Asking>) {
    let has_some = |found: &Result<Found, NetError>| {
        found
            .as_ref()
            .is_ok_and(|found| !found.addresses.is_empty())
    };
    match select(six, four).await {
        Either::Left((six, mut four)) => match (&mut four).now_or_never() {
            Some(four) => (vec![six, four], None),
            None if has_some(&six) => (vec![six], Some(four)),
            None => (vec![six, four.await], None),
        },
        Either::Right((four, mut six)) if has_some(&four) => {
            match timeout(RESOLUTION_DELAY, &mut six).await {
                Ok(six) => (vec![six, four], None),
                Err(_) => (vec![four], Some(six)),
            }
        }
        Either::Right((four, six)) => (vec![six.await, four], None),
    }
}

/// Waits for the other family, for as long as the run lasts.
async fn join(place: Rc<Place>, rest: Asking, engine: Rc<Engine>) {
    let found = tokio::select! {
        biased;
        () = engine.over() => None,
        found = rest => found.ok(),
    };
    if let Some(found) = found.filter(|found| !found.addresses.is_empty()) {
        let mut all = place.addresses();
        all.extend(found.addresses);
        *place.addresses.borrow_mut() = interleaved(engine.network.ordered(all));
        place.ttl.set(place.ttl.get().min(found.ttl));
    }
    place.is_growing.set(false);
    place.grown.notify_waiters();
}

async fn ask(
    lookup: LookUpId,
    host: String,
    family: Family,
    sent: Rc<Cell<u32>>,
    engine: Rc<Engine>,
) -> Result<Found, NetError> {
    let query = Cell::new(0);
    let opening = RefCell::new(Opening::default());
    let told = |heard| match heard {
        Heard::Sent(question) => {
            sent.set(sent.get() + 1);
            query.set(sent.get());
            opening.replace(Opening::begun(engine.reporter.now()));
            engine.reporter.say(Fact::QuerySent {
                lookup,
                query: query.get(),
                question: Box::new(question),
            });
        }
        Heard::Connected => opening.borrow_mut().connected(engine.reporter.now()),
        Heard::Secured { version, alpn } => {
            let now = engine.reporter.now();
            opening.borrow_mut().secured(version, alpn, now);
        }
        Heard::Ended(reply) => engine.reporter.say(Fact::QueryEnded {
            lookup,
            query: query.get(),
            replied: Box::new(Replied {
                reply,
                line: opening.take().line,
            }),
        }),
    };
    engine.network.ask(&host, family, &told).await
}

/// The opening of a line to a name server, as it is heard of.
#[derive(Debug, Default)]
struct Opening {
    latest: Moment,
    line: Option<NameLine>,
}

impl Opening {
    fn begun(now: Moment) -> Self {
        Self {
            latest: now,
            line: None,
        }
    }

    fn connected(&mut self, now: Moment) {
        self.line = Some(NameLine {
            connect_us: self.lap(now),
            ..NameLine::default()
        });
    }

    fn secured(&mut self, version: String, alpn: Option<String>, now: Moment) {
        let tls_us = self.lap(now);
        if let Some(line) = &mut self.line {
            (line.tls_us, line.version, line.alpn) = (tls_us, version, alpn);
        }
    }

    /// Microseconds since this was last asked.
    fn lap(&mut self, now: Moment) -> u64 {
        let took = now.since(std::mem::replace(&mut self.latest, now));
        u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
    }
}

/// What the answers come to: addresses of either family are enough.
fn located(host: &str, found: Vec<Result<Found, NetError>>, engine: &Engine) -> Located {
    let mut addresses = Vec::new();
    let (mut ttl, mut negative_ttl) = (None, None);
    let (mut trouble, mut is_missing) = (None, false);
    let least = |a: Option<Duration>, b| Some(a.map_or(b, |a| a.min(b)));
    for found in found {
        match found {
            Ok(found) if found.addresses.is_empty() => {
                is_missing |= found.is_missing;
                negative_ttl = least(negative_ttl, found.ttl);
            }
            Ok(found) => {
                ttl = least(ttl, found.ttl);
                addresses.extend(found.addresses);
            }
            Err(error) => trouble = Some(error),
        }
    }
    if !addresses.is_empty() {
        let place = Place::at(interleaved(engine.network.ordered(addresses)));
        let ttl = ttl.unwrap_or_default();
        place.ttl.set(ttl);
        return (Ok(place), ttl);
    }
    let none = |words| Err(NetError::new(NetErrorKind::NoSuchName, words));
    let negative_ttl = negative_ttl.unwrap_or_default();
    if is_missing {
        let words = format!("no such name: {host} does not exist (NXDOMAIN)");
        return (none(words), negative_ttl);
    }
    if let Some(error) = trouble {
        return (Err(error), Duration::ZERO);
    }
    let what = engine.settings.families;
    (
        none(format!("{host} exists but has no {what}")),
        negative_ttl,
    )
}

/// The families in turn, the better one first (RFC 8305 §4).
pub(super) fn interleaved(ordered: Vec<IpAddr>) -> Vec<IpAddr> {
    let Some(first) = ordered.first().copied() else {
        return ordered;
    };
    let is_first = |address: &IpAddr| address.is_ipv4() == first.is_ipv4();
    let (one, other): (Vec<_>, Vec<_>) = ordered.into_iter().partition(is_first);
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    let mut mixed = Vec::new();
    loop {
        let pair = [one.next(), other.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}
