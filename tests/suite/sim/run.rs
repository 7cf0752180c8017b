//! A run of the engine over the simulated network, from the first command to the last fact.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use netwaterfall::cache::Cache;
use netwaterfall::clock::Clock;
use netwaterfall::engine::{Settings, World};
use netwaterfall::event::{Because, Command, Event, Fact, Moment, RequestId, Wanted};
use netwaterfall::net::{Roots, Tls};
use rustls::pki_types::CertificateDer;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep_until, timeout};
use tokio_rustls::TlsAcceptor;

use super::Authority;
use super::network::{Log, SimNetwork};
use super::script::Script;

/// One authority and one server certificate for all runs: to make them takes longer than a run.
static SECURITY: LazyLock<(CertificateDer<'static>, TlsAcceptor)> = LazyLock::new(|| {
    let authority = Authority::known();
    let server = authority.known_server(&[
        "a.test",
        "b.test",
        "c.test",
        "www.site.test",
        "www.other.test",
    ]);
    (authority.certificate(), server)
});

/// The first moment of 2026.
pub(crate) const WALL_MS: u64 = 1_767_225_600_000;

/// What a run told, and what the far side saw.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) events: Vec<Event>,
    pub(crate) log: Log,
}

/// Fetches `urls` at once; ends when each has ended.
pub(crate) async fn run(urls: &[&str], script: Script, settings: Settings) -> Ran {
    run_commands(vec![(0, fetch(urls))], script, settings).await
}

/// Fetches `urls` at once as the usual browser; ends when each has ended.
pub(crate) async fn run_for(urls: &[&str], script: Script) -> Ran {
    run(urls, script, Settings::default()).await
}

/// Gives each command at its millisecond; ends when all are given and each request has ended.
pub(crate) async fn run_commands(
    commands: Vec<(u64, Command)>,
    script: Script,
    settings: Settings,
) -> Ran {
    let (world, log) = world(script, settings);
    let clock = clock();
    let (tell, told) = unbounded_channel();
    let (say, facts) = unbounded_channel();
    let engine = netwaterfall::engine::run(world, clock, told, say);
    let driving = drive(commands, clock, tell, facts);
    // With nothing ready the paused clock runs on: whoever hangs is found out at once.
    let limit = Duration::from_hours(1_000);
    let ((), events) = timeout(limit, async { tokio::join!(engine, driving) })
        .await
        .expect("the run hangs");
    let log = std::mem::take(&mut *log.borrow_mut());
    Ran { events, log }
}

/// Fetches `urls` at once, and drops the engine after so many milliseconds.
pub(crate) async fn run_dropped(
    urls: &[&str],
    script: Script,
    settings: Settings,
    millis: u64,
) -> Vec<Event> {
    let (world, _) = world(script, settings);
    let (tell, told) = unbounded_channel();
    let (say, mut facts) = unbounded_channel();
    tell.send(fetch(urls)).unwrap();
    let engine = netwaterfall::engine::run(world, clock(), told, say);
    let _ = timeout(Duration::from_millis(millis), engine).await;
    let mut events = Vec::new();
    while let Ok(event) = facts.try_recv() {
        events.push(event);
    }
    events
}

fn world(script: Script, settings: Settings) -> (World, Rc<RefCell<Log>>) {
    let (certificate, tls) = &*SECURITY;
    let log = Rc::new(RefCell::new(Log::default()));
    let network = SimNetwork {
        script: Rc::new(script),
        log: Rc::clone(&log),
        tls: tls.clone(),
    };
    let world = World {
        settings,
        network: Box::new(network),
        tls: Tls::new(Roots::Only(vec![certificate.clone()])).unwrap(),
        cache: Cache::default(),
    };
    (world, log)
}

/// Every run begins with this year, so that records of it are the same.
fn clock() -> Clock {
    Clock::start_at(UNIX_EPOCH + Duration::from_millis(WALL_MS))
}

/// Fetch these, typed by a person.
pub(crate) fn fetch(urls: &[&str]) -> Command {
    let wanted = |url: &&str| Wanted::get(url.parse().unwrap(), Because::Typed);
    Command::Fetch(urls.iter().map(wanted).collect())
}

/// Give this request up.
pub(crate) fn cancel(request: u32) -> Command {
    Command::Cancel(RequestId(request))
}

async fn drive(
    commands: Vec<(u64, Command)>,
    clock: Clock,
    tell: UnboundedSender<Command>,
    mut facts: UnboundedReceiver<Event>,
) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut commands = commands.into_iter().peekable();
    let (mut expected, mut asked, mut planned, mut ended) = (0, 0, 0, 0);
    loop {
        let next = commands.peek().map(|(at, _)| *at);
        if next.is_none() && asked == expected && planned == ended {
            let _ = tell.send(Command::Stop);
        }
        let due = clock.instant(Moment::from_millis(next.unwrap_or_default()));
        tokio::select! {
            biased;
            () = sleep_until(due), if next.is_some() => {
                let (_, command) = commands.next().unwrap();
                if let Command::Fetch(list) = &command {
                    expected += list.len();
                }
                let _ = tell.send(command);
            }
            event = facts.recv() => {
                let Some(event) = event else { return events };
                asked += usize::from(is_asked(&event.fact));
                planned += usize::from(matches!(event.fact, Fact::RequestPlanned { .. }));
                ended += usize::from(matches!(event.fact, Fact::RequestEnded { .. }));
                events.push(event);
            }
        }
    }
}

/// Whether a command, rather than another request, planned a request.
fn is_asked(fact: &Fact) -> bool {
    match fact {
        Fact::RequestPlanned { because, .. } => because.led_by().is_none(),
        _ => false,
    }
}
