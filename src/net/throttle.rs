use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::message::{Conditions, Family, Pace};

use super::throttled_line::ThrottledLine;
use super::{Found, Heard, KnownBy, NetError, NetErrorKind, Network, Opened, Work};

/// What is said of whatever needs a network that was switched off.
const OFFLINE: &str = "the network is switched off (offline)";

/// A network that can be made out to be a worse one, from one moment to the next.
///
/// Name servers, the opening of connections and every answer take a round trip longer; bytes of all
/// connections together pass at a rate. It is a model: no packet is lost.
pub struct Throttle {
    network: Box<dyn Network>,
    link: Rc<Link>,
}

/// Says what a network is made out to be.
pub struct Switch(Rc<Link>);

/// The link that all connections share.
#[derive(Default)]
pub(super) struct Link {
    conditions: Cell<Conditions>,
    down: RefCell<Lane>,
    up: RefCell<Lane>,
}

/// One direction of a link: until when it is taken.
#[derive(Default)]
struct Lane(Option<Instant>);

impl Throttle {
    /// `network`, and nothing is held back yet.
    pub fn new(network: Box<dyn Network>) -> Self {
        let link = Rc::default();
        Self { network, link }
    }

    /// What it is switched with.
    pub fn switch(&self) -> Switch {
        Switch(Rc::clone(&self.link))
    }
}

impl Switch {
    /// From now on the network is like this, for connections that are open too; whether it was not.
    pub fn to(&self, conditions: Conditions) -> bool {
        self.0.conditions.replace(conditions) != conditions
    }
}

impl Network for Throttle {
    fn ask<'a>(
        &'a self,
        host: &'a str,
        family: Family,
        told: &'a dyn Fn(Heard),
    ) -> Work<'a, Found> {
        if self.link.conditions.get() == Conditions::None {
            return self.network.ask(host, family, told);
        }
        Box::pin(async move {
            self.link.check()?;
            let found = self.network.ask(host, family, told).await?;
            self.link.round_trip().await;
            Ok(found)
        })
    }

    fn known(&self, host: &str, port: u16) -> Option<(Vec<IpAddr>, KnownBy)> {
        self.network.known(host, port)
    }

    fn ordered(&self, addresses: Vec<IpAddr>) -> Vec<IpAddr> {
        self.network.ordered(addresses)
    }

    fn close(&self) {
        self.network.close();
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        Box::pin(async move {
            self.link.check()?;
            let opened = self.network.connect(address).await?;
            self.link.round_trip().await;
            let link = Rc::clone(&self.link);
            let is_throttled = move || link.conditions.get() != Conditions::None;
            Ok(Opened {
                wire: Box::new(ThrottledLine::new(opened.wire, Rc::clone(&self.link))),
                tap: opened.tap.map(|tap| tap.unless(Rc::new(is_throttled))),
                ..opened
            })
        })
    }
}

impl Link {
    /// What is let by; nothing where nothing is held back.
    pub(super) fn pace(&self) -> io::Result<Option<Pace>> {
        if self.conditions.get() == Conditions::Offline {
            return Err(io::Error::new(io::ErrorKind::NetworkDown, OFFLINE));
        }
        Ok(self.conditions.get().pace())
    }

    fn check(&self) -> Result<(), NetError> {
        let error = |_| NetError::new(NetErrorKind::Unreachable, OFFLINE);
        self.pace().map(drop).map_err(error)
    }

    async fn round_trip(&self) {
        if let Some(pace) = self.conditions.get().pace() {
            sleep(pace.latency).await;
        }
    }

    /// When so many bytes have come, if nothing else is asked of the link.
    pub(super) fn down(&self, bytes: usize, pace: Option<&Pace>) -> Instant {
        let Some(pace) = pace else {
            return now();
        };
        self.down.borrow_mut().take(bytes, pace.down)
    }

    /// When so many bytes have gone.
    pub(super) fn up(&self, bytes: usize, pace: &Pace) -> Instant {
        self.up.borrow_mut().take(bytes, pace.up)
    }
}

impl Lane {
    fn take(&mut self, bytes: usize, rate: u64) -> Instant {
        /// Timers are late by so much, and that is made good while the lane is in use.
        const LATE: Duration = Duration::from_millis(2);
        let now = now();
        let free = self.0.filter(|free| *free + LATE >= now);
        let nanos = (bytes as u64).saturating_mul(1_000_000_000) / rate.max(1);
        let until = free.unwrap_or(now) + Duration::from_nanos(nanos);
        self.0 = Some(until);
        until
    }
}

/// By the timers' own clock, which a paused test moves along.
fn now() -> Instant {
    sleep(Duration::ZERO).deadline()
}
