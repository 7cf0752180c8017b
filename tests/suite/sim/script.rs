//! What the simulated network is to do.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use netwaterfall::message::Family;
use netwaterfall::net::{Found, NetError, NetErrorKind};
use tokio::time::sleep;

/// What the world looks like to one run.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(super) names: HashMap<String, Name>,
    pub(super) dials: HashMap<IpAddr, Dial>,
    pub(super) round_trip: Duration,
    pub(super) partings: HashMap<IpAddr, Vec<u8>>,
    pages: HashMap<String, Vec<Page>>,
    visits: RefCell<HashMap<String, usize>>,
}

/// What a name server knows of a name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) after: Duration,
    pub(super) ttl: Duration,
    pub(super) failure: Option<NetErrorKind>,
    /// Whether it is known that there is no such name.
    pub(super) is_missing: bool,
    /// How much later the addresses of a family come than the others.
    pub(super) late: Option<(Family, Duration)>,
}

/// What happens to whoever connects to an address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dial {
    /// It opens after so many milliseconds.
    Opens(u64),
    /// So many of the first open after so many milliseconds, the others after a round trip.
    FirstLate(usize, u64),
    /// It is refused after so many milliseconds.
    Refuses(u64),
    /// Nobody ever answers.
    Never,
}

/// What the server does with a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(super) acts: Vec<Act>,
    pub(super) early: Option<Early>,
}

#[derive(Clone, Debug)]
pub(super) enum Early {
    /// Then the body is read.
    First(Vec<u8>),
    /// Nothing more is read.
    Instead(Vec<u8>),
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    Wait(Duration),
    Send(Vec<u8>),
    /// Sends the bytes a piece at a time, and waits this long before each piece.
    Slowly(Vec<u8>, usize, Duration),
    /// Sends the piece again and again, and waits this long before each.
    Endless(Vec<u8>, Duration),
    Close,
    /// Closes when no other request came for so long.
    CloseIdle(Duration),
    Reset,
    Never,
    /// Says that a tunnel is open; what follows is TLS.
    Pass,
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

impl Script {
    /// Names in 40 ms and good for a minute, a round trip of 20 ms, and every page says `hello`
    /// after thinking for 50 ms: `a.test`, `b.test`, `c.test`.
    pub(crate) fn usual() -> Self {
        let mut script = Self {
            round_trip: millis(20),
            ..Self::default()
        };
        for (name, address) in [
            ("a.test", "10.0.0.1"),
            ("b.test", "10.0.0.2"),
            ("c.test", "10.0.0.3"),
        ] {
            script = script.name(name, &[address], 40, 60);
        }
        script
    }

    /// `name` has these addresses: told after `after` milliseconds, good for `ttl` seconds.
    pub(crate) fn name(mut self, name: &str, addresses: &[&str], after: u64, ttl: u64) -> Self {
        let known = Name {
            addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
            after: millis(after),
            ttl: Duration::from_secs(ttl),
            failure: None,
            is_missing: false,
            late: None,
        };
        self.names.insert(name.to_owned(), known);
        self
    }

    /// Whoever comes to `address` is told this, and hung up on unheard.
    pub(crate) fn parting(mut self, address: &str, words: &str) -> Self {
        let words = words.as_bytes().to_vec();
        self.partings.insert(address.parse().unwrap(), words);
        self
    }

    /// The name server fails so for `name`, after so many milliseconds.
    pub(crate) fn no_name(mut self, name: &str, after: u64, failure: NetErrorKind) -> Self {
        let known = Name {
            addresses: Vec::new(),
            after: millis(after),
            ttl: Duration::ZERO,
            failure: Some(failure),
            is_missing: false,
            late: None,
        };
        self.names.insert(name.to_owned(), known);
        self
    }

    /// There is no such name: told after `after` milliseconds, good for `ttl` seconds.
    pub(crate) fn missing(self, name: &str, after: u64, ttl: u64) -> Self {
        let mut script = self.name(name, &[], after, ttl);
        script.names.get_mut(name).unwrap().is_missing = true;
        script
    }

    /// The addresses of `family` come so many milliseconds later than those of the other.
    pub(crate) fn late(mut self, name: &str, family: Family, by: u64) -> Self {
        self.names.get_mut(name).unwrap().late = Some((family, millis(by)));
        self
    }

    /// What a name server knows of the addresses of one family, told when it is.
    pub(super) async fn found(&self, host: &str, family: Family) -> Result<Found, NetError> {
        let Some(known) = self.names.get(host) else {
            return Ok(Found {
                addresses: Vec::new(),
                ttl: Duration::ZERO,
                is_missing: true,
            });
        };
        let late = known.late.filter(|(late, _)| *late == family);
        sleep(known.after + late.map_or(Duration::ZERO, |(_, by)| by)).await;
        if let Some(kind) = known.failure {
            return Err(NetError::new(kind, format!("asked in vain: {kind:?}")));
        }
        let addresses = known.addresses.iter().copied();
        Ok(Found {
            addresses: addresses.filter(|one| Family::of(*one) == family).collect(),
            ttl: known.ttl,
            is_missing: known.is_missing,
        })
    }

    /// Connections to `address` go so.
    pub(crate) fn dial(mut self, address: &str, dial: Dial) -> Self {
        self.dials.insert(address.parse().unwrap(), dial);
        self
    }

    /// There and back takes so many milliseconds.
    pub(crate) fn round_trip(mut self, round_trip: u64) -> Self {
        self.round_trip = millis(round_trip);
        self
    }

    /// `target` is answered so; said again, the next time it is asked for. The last one stays.
    pub(crate) fn page(mut self, target: &str, page: Page) -> Self {
        self.pages.entry(target.to_owned()).or_default().push(page);
        self
    }

    /// What is done with a request for `target`.
    pub(super) fn visit(&self, target: &str) -> Page {
        let Some(pages) = self.pages.get(target) else {
            return Page::usual();
        };
        let mut visits = self.visits.borrow_mut();
        let visit = visits.entry(target.to_owned()).or_default();
        let page = pages.get(*visit).or_else(|| pages.last());
        *visit += 1;
        page.unwrap().clone()
    }
}

impl Page {
    /// `hello` after 50 ms.
    pub(crate) fn usual() -> Self {
        Self::hello(50)
    }

    /// `hello` after so many milliseconds.
    pub(crate) fn hello(think: u64) -> Self {
        Self::answer(think, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    }

    /// These bytes after so many milliseconds.
    pub(crate) fn answer(think: u64, bytes: impl AsRef<[u8]>) -> Self {
        Self::default().wait(think).send(bytes)
    }

    /// These bytes come first, before the body of the request is read.
    pub(crate) fn first(mut self, bytes: &str) -> Self {
        self.early = Some(Early::First(bytes.into()));
        self
    }

    /// These bytes, and the body of the request is never read.
    pub(crate) fn refusal(bytes: &str) -> Self {
        Self {
            early: Some(Early::Instead(bytes.into())),
            ..Self::default()
        }
    }

    /// Then does nothing for so many milliseconds.
    pub(crate) fn wait(self, time: u64) -> Self {
        self.then(Act::Wait(millis(time)))
    }

    /// Then sends these bytes.
    pub(crate) fn send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Act::Send(bytes.as_ref().to_vec()))
    }

    /// Then sends these bytes, `piece` at a time, each after so many milliseconds.
    pub(crate) fn slowly(self, bytes: impl AsRef<[u8]>, piece: usize, every: u64) -> Self {
        self.then(Act::Slowly(bytes.as_ref().to_vec(), piece, millis(every)))
    }

    /// Then sends this for ever, each time after so many milliseconds.
    pub(crate) fn endless(self, piece: impl AsRef<[u8]>, every: u64) -> Self {
        self.then(Act::Endless(piece.as_ref().to_vec(), millis(every)))
    }

    /// Then closes.
    pub(crate) fn close(self) -> Self {
        self.then(Act::Close)
    }

    /// Then closes if no other request comes for so many milliseconds.
    pub(crate) fn close_idle(self, after: u64) -> Self {
        self.then(Act::CloseIdle(millis(after)))
    }

    /// Then resets the connection.
    pub(crate) fn reset(self) -> Self {
        self.then(Act::Reset)
    }

    /// Then passes on what comes, as a proxy that was asked to.
    pub(crate) fn pass(self) -> Self {
        self.then(Act::Pass)
    }

    /// Then never does anything again.
    pub(crate) fn never(self) -> Self {
        self.then(Act::Never)
    }

    fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }
}
