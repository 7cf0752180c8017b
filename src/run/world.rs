use std::time::Duration;

use anyhow::Result;

use crate::cache::Cache;
use crate::cli;
use crate::cookies::{ThirdParties, Visit};
use crate::demo::Demo;
use crate::engine::{CookieRules, Families, Settings, World};
use crate::event::{PerStage, Stage};
use crate::net::{Asking, Given, Internet, NameServers, Route, Rules, SecureServer, Stamping, Tls};
use crate::pool::Limits;

use super::{cache_folder, jar_files, name_server, proxies, security};

/// A round trip that the demo's line takes longer than loopback, so that TCP and TLS can be seen.
pub(super) const DEMO_DELAY: Duration = Duration::from_millis(30);

/// What the engine will work with, made ready so that its thread has only to begin.
pub(super) struct Ground {
    settings: Settings,
    servers: NameServers,
    routes: Vec<Route>,
    given: Vec<Given>,
    delay: Duration,
    stamping: Stamping,
    tls: Tls,
    cache: Cache,
    /// What is to be known of the way to servers, as a sentence.
    note: Option<String>,
}

impl Ground {
    /// The ground that was asked for on the command line; `demo` is stood on if it runs.
    pub(super) fn prepare(typed: &cli::Settings, demo: Option<&Demo>) -> Result<Self> {
        let servers = match demo {
            Some(demo) => NameServers::Only(demo.name_server()),
            None => name_servers(typed)?,
        };
        let route = |(port, to, delay)| Route { port, to, delay };
        let given = typed.reach.resolve.iter().map(|resolve| Given {
            host: resolve.host.clone(),
            port: resolve.port,
            addresses: resolve.addresses.clone(),
        });
        Ok(Self {
            settings: Settings {
                cookies: cookie_rules(typed)?,
                proxies: proxies::proxies(&typed.proxy, &typed.task)?,
                ..settings(typed)
            },
            servers,
            routes: demo
                .map(Demo::routes)
                .unwrap_or_default()
                .into_iter()
                .map(route)
                .collect(),
            given: given.collect(),
            delay: if demo.is_some() {
                DEMO_DELAY
            } else {
                Duration::ZERO
            },
            stamping: match typed.reach.clock {
                cli::Clock::Kernel => Stamping::Kernel,
                cli::Clock::Ours => Stamping::Off,
            },
            tls: Tls::with(security::rules(typed, demo)?)?,
            cache: cache_folder::open(&typed.cache),
            note: match (demo, &typed.reach.dns) {
                (None, Some(server)) => name_server::look_for(server, typed.waits.dns)?,
                _ => None,
            },
        })
    }

    /// What a person should know of the way to servers, as a sentence.
    pub(super) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// What a person should know of the cache, a sentence each.
    pub(super) fn cache_notes(&self) -> &[String] {
        &self.cache.notes
    }

    /// The world on this ground; to be called on the engine's thread.
    pub(super) fn world(self) -> World {
        let internet = Internet::new(self.servers);
        let network = internet
            .with_routes(self.routes)
            .with_given(self.given)
            .with_delay(self.delay)
            .with_stamping(self.stamping);
        World {
            settings: self.settings,
            network: Box::new(network),
            tls: self.tls,
            cache: self.cache,
        }
    }
}

/// Who is asked for addresses; a secure server has to show as good a certificate as any other.
fn name_servers(typed: &cli::Settings) -> Result<NameServers> {
    let (host, port, name, asking) = match &typed.reach.dns {
        None => return Ok(NameServers::System),
        Some(cli::NameServer::Plain(server)) => return Ok(NameServers::Only(*server)),
        Some(cli::NameServer::Tls { host, port, name }) => {
            (host, *port, name.as_ref(), Asking::Tls)
        }
        Some(cli::NameServer::Https {
            host,
            port,
            target,
            is_get,
        }) => {
            let (target, is_get) = (target.clone(), *is_get);
            (host, *port, None, Asking::Https { target, is_get })
        }
    };
    let rules = Rules {
        // Who we are is for the servers of the run.
        identity: None,
        protocols: SecureServer::protocols(&asking),
        ..security::rules(typed, None)?
    };
    let name = name.unwrap_or(host);
    let server = SecureServer::new(host, port, name, asking, Tls::with(rules)?);
    Ok(NameServers::Secure(Box::new(server)))
}

/// What the jar begins with is read now: a file that cannot be read ends the program early.
fn cookie_rules(typed: &cli::Settings) -> Result<CookieRules> {
    let options = &typed.cookies;
    let visit = if options.navigation {
        Visit::Navigation
    } else {
        Visit::Part
    };
    let third_parties = if options.no_third_party {
        ThirdParties::Off
    } else {
        ThirdParties::Allowed
    };
    Ok(CookieRules {
        is_off: options.no_cookies,
        start: jar_files::read(options)?,
        page: options.site.clone(),
        visit,
        third_parties,
    })
}

fn settings(typed: &cli::Settings) -> Settings {
    let waits = &typed.waits;
    let mut timeouts = PerStage::default();
    for (stage, limit) in [
        (Stage::Dns, Some(waits.dns)),
        (Stage::Queue, waits.queue),
        (Stage::Connect, Some(waits.connect)),
        (Stage::Proxy, Some(waits.proxy)),
        (Stage::Tls, Some(waits.tls)),
        (Stage::Send, Some(waits.send)),
        (Stage::Wait, Some(waits.wait)),
        (Stage::Receive, Some(waits.receive)),
    ] {
        timeouts[stage] = limit;
    }
    let defaults = Settings::default();
    timeouts[Stage::Close] = defaults.timeouts[Stage::Close];
    Settings {
        limits: Limits {
            per_host: typed.limits.per_host.unwrap_or(defaults.limits.per_host),
            all: typed.limits.max_connections,
            ..defaults.limits
        },
        timeouts,
        max_time: waits.total,
        max_body: typed.limits.max_body,
        allowed_ports: typed.reach.allowed_ports.clone(),
        detours: typed.reach.connect_to.clone(),
        families: match (typed.reach.ipv4, typed.reach.ipv6) {
            (true, _) => Families::Ipv4,
            (_, true) => Families::Ipv6,
            _ => Families::Both,
        },
        resume: typed.reach.resume,
        caching: cache_folder::used(&typed.cache),
        conditions: typed.reach.throttle,
        ..defaults
    }
}
