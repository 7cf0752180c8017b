use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{Notify, oneshot};
use tokio::task::{LocalSet, spawn_local};

use crate::cache::Cache;
use crate::clock::Clock;
use crate::cookies::Jar;
use crate::event::{
    Because, CacheContents, CacheUse, Command, ConnectionId, Event, FORMAT_VERSION, Fact, Failure,
    RequestId, Stage, Subject, Throttled, Wanted,
};
use crate::message::{Conditions, Origin, Saying, take_credentials};
use crate::net::{Network, Switch, Throttle, Tls};
use crate::pool::Pools;

use super::alarm::{self, Alarm};
use super::connection::Order;
use super::cookies;
use super::failing::within;
use super::fetch::{self, Request};
use super::lease::Lease;
use super::look_up::Place;
use super::name_book::NameBook;
use super::reporter::Reporter;
use super::settings::Settings;
use super::stage::connect::Dialled;
use super::trail::Trail;
use super::writers::Writers;

/// What the engine works with.
pub struct World {
    /// How it is to behave.
    pub settings: Settings,
    /// Names and sockets.
    pub network: Box<dyn Network>,
    /// TLS.
    pub tls: Tls,
    /// The answers that are stored.
    pub cache: Cache,
}

/// What the lives of requests and connections share; all on one thread.
pub(super) struct Engine {
    pub(super) reporter: Reporter,
    pub(super) settings: Settings,
    pub(super) network: Box<dyn Network>,
    throttle: Switch,
    pub(super) tls: Tls,
    pub(super) cache: RefCell<Cache>,
    /// How requests that are planned from now on use it.
    pub(super) caching: Cell<CacheUse>,
    pub(super) jar: RefCell<Jar>,
    pub(super) writers: Writers,
    pub(super) names: RefCell<NameBook>,
    pub(super) pools: RefCell<Pools>,
    /// Where each origin is, as the last look-up had it.
    pub(super) places: RefCell<HashMap<Origin, Rc<Place>>>,
    /// The addresses that connections try just now.
    pub(super) dialled: RefCell<Vec<Dialled>>,
    /// The requests in line, and how each hears of its turn.
    pub(super) turns: RefCell<HashMap<RequestId, oneshot::Sender<Turn>>>,
    /// The open connections, and how each hears its orders.
    pub(super) orders: RefCell<BTreeMap<ConnectionId, UnboundedSender<Order>>>,
    /// When the pool is to be asked although nothing happened.
    pub(super) alarm: Alarm,
    stops: RefCell<BTreeMap<RequestId, oneshot::Sender<()>>>,
    /// What requests said beyond a plain one, for when they are asked for again.
    said: RefCell<HashMap<RequestId, Saying>>,
    planned: Cell<u32>,
    is_over: Cell<bool>,
    ended: Notify,
}

/// A request's turn: a connection, or why there is none.
pub(super) type Turn = Result<Lease, Failure>;

/// Runs an engine until it is told to stop, or nobody can tell it anything any more.
///
/// Everything it does is on the calling thread; it ends when the last connection is closed.
pub async fn run(
    world: World,
    clock: Clock,
    mut commands: UnboundedReceiver<Command>,
    facts: UnboundedSender<Event>,
) {
    let local = LocalSet::new();
    let reporter = Reporter::new(clock, facts);
    let engine = Rc::new(Engine::new(world, reporter.clone()));
    let limits = engine.settings.limits;
    reporter.say(Fact::RunStarted {
        version: FORMAT_VERSION,
        wall_ms: clock.wall_ms(),
        per_host: u32::try_from(limits.per_host).unwrap_or(u32::MAX),
        max_connections: u32::try_from(limits.all).unwrap_or(u32::MAX),
    });
    engine.tell_cache();
    engine.throttle(engine.settings.conditions);
    cookies::open_jar(&engine);
    let obeying = async {
        while let Some(command) = commands.recv().await {
            match command {
                Command::Fetch(list) => list
                    .into_iter()
                    .for_each(|wanted| engine.plan(wanted, Trail::default())),
                Command::Cancel(request) => engine.cancel(request),
                Command::CancelAll => engine.cancel_all(),
                Command::PutCookie { cookie, instead_of } => {
                    cookies::take(instead_of.as_slice(), &engine);
                    cookies::put(*cookie, &engine);
                }
                Command::DropCookies(keys) => cookies::take(&keys, &engine),
                Command::Throttle(conditions) => engine.throttle(conditions),
                Command::UseCache(caching) => engine.use_cache(caching),
                Command::Stop => break,
            }
        }
        engine.cancel_all();
        engine.close_all();
    };
    let watching = async {
        tokio::select! {
            biased;
            () = obeying => {}
            () = alarm::watch(&engine) => {}
        }
    };
    local.run_until(watching).await;
    local.await;
    engine.close_cache();
    reporter.say(Fact::RunEnded);
}

impl Engine {
    fn new(world: World, reporter: Reporter) -> Self {
        let network = Throttle::new(world.network);
        Self {
            reporter,
            cache: RefCell::new(world.cache),
            caching: Cell::new(world.settings.caching),
            writers: Writers::default(),
            pools: RefCell::new(Pools::new(world.settings.limits)),
            settings: world.settings,
            throttle: network.switch(),
            network: Box::new(network),
            tls: world.tls,
            jar: RefCell::default(),
            names: RefCell::default(),
            places: RefCell::default(),
            dialled: RefCell::default(),
            turns: RefCell::default(),
            orders: RefCell::default(),
            alarm: Alarm::default(),
            stops: RefCell::default(),
            said: RefCell::default(),
            planned: Cell::new(0),
            is_over: Cell::new(false),
            ended: Notify::new(),
        }
    }

    /// Says where answers are stored and how they are used, where that is not as usual.
    fn tell_cache(&self) {
        let cache = self.cache.borrow();
        if cache.is_on_disk() || !cache.notes.is_empty() {
            self.reporter.say(Fact::CacheOpened(CacheContents {
                on_disk: cache.is_on_disk(),
                urls: cache.len() as u64,
                bytes: cache.bytes(),
                limit: cache.limit(),
                notes: cache.notes.clone(),
            }));
        }
        if self.caching.get() != CacheUse::On {
            let to = self.caching.get();
            self.reporter.say(Fact::CacheSwitched { to });
        }
    }

    fn throttle(&self, to: Conditions) {
        if self.throttle.to(to) {
            self.reporter.say(Fact::NetworkThrottled(Throttled { to }));
        }
    }

    fn use_cache(&self, to: CacheUse) {
        if self.caching.replace(to) != to {
            self.reporter.say(Fact::CacheSwitched { to });
        }
    }

    /// Brings home what was stored, if it belongs on a disk, and leaves that to others.
    fn close_cache(&self) {
        drop(self.cache.replace(Cache::new(0)));
    }

    /// Gives a request its number and its life; `trail` led to it.
    pub(super) fn plan(self: &Rc<Self>, mut wanted: Wanted, trail: Trail) {
        // A name and a password are for the server's eyes: they are in no fact's URL.
        if let Some(said) = take_credentials(&mut wanted.url)
            && !wanted.saying.has("authorization")
        {
            wanted.saying.headers.push("Authorization", said);
        }
        if let Because::Again { of } = &wanted.because
            && let Some(said) = self.said.borrow().get(of)
        {
            wanted.saying = said.clone();
        }
        let Some(origin) = Origin::of(&wanted.url) else {
            return;
        };
        self.planned.set(self.planned.get() + 1);
        let id = RequestId(self.planned.get());
        self.reporter.say(Fact::planned(id, &wanted));
        self.remember(id, &wanted);
        let page = self.settings.cookies.page.as_ref();
        let kept = (page, self.caching.get());
        let request = Request::new(id, wanted, origin, trail, kept, &self.settings);
        let (stop, stopped) = oneshot::channel();
        self.stops.borrow_mut().insert(id, stop);
        let engine = Rc::clone(self);
        spawn_local(async move {
            fetch::live(request, stopped, &engine).await;
            engine.stops.borrow_mut().remove(&id);
        });
    }

    /// Keeps what a request says for whoever asks for it again; another program does not.
    fn remember(&self, id: RequestId, wanted: &Wanted) {
        let mut said = self.said.borrow_mut();
        let may_be_again = match &wanted.because {
            Because::Piped { .. } | Because::Refreshing { .. } | Because::Archived { .. } => false,
            Because::Redirected { from } | Because::Resumed { from } => said.contains_key(from),
            Because::Typed | Because::Listed { .. } | Because::Again { .. } => true,
        };
        if may_be_again && wanted.saying != Saying::default() {
            said.insert(id, wanted.saying.clone());
        }
    }

    /// Does `work` as a stage, for no longer than the stage may take.
    pub(super) async fn stage<T>(
        &self,
        subject: Subject,
        stage: Stage,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let limit = self.settings.timeouts[stage];
        self.reporter
            .stage(subject, stage, within(limit, stage, work))
            .await
    }

    /// Wall time, counted since 1970.
    pub(super) fn wall(&self) -> Duration {
        self.reporter.wall_at(self.reporter.now())
    }

    fn cancel(&self, request: RequestId) {
        if let Some(stop) = self.stops.borrow_mut().remove(&request) {
            let _ = stop.send(());
        }
    }

    fn cancel_all(&self) {
        for stop in self.stops.take().into_values() {
            let _ = stop.send(());
        }
    }

    /// Whether the run is over: no connection that is dialled now has a use.
    pub(super) const fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Waits until the run is over.
    pub(super) async fn over(&self) {
        if !self.is_over() {
            self.ended.notified().await;
        }
    }

    fn close_all(&self) {
        self.is_over.set(true);
        self.ended.notify_waiters();
        self.network.close();
        for orders in self.orders.borrow().values() {
            let _ = orders.send(Order::Stop);
        }
    }
}
