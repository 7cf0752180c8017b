use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::engine::look_up::Place;
use crate::engine::name_book;
use crate::event::{Fact, Failure, FailureKind, Names, Stage};
use crate::message::{Origin, ProxyKind};
use crate::net::KnownBy;

/// Finds out where connections for the request go; only a question to a name server is a stage.
///
/// A proxy that is given names looks them up itself: then only its own name is looked up here.
pub(in crate::engine) async fn resolve(
    request: &Request,
    engine: &Rc<Engine>,
) -> Result<(), Failure> {
    let end = engine.settings.end_of(request.origin());
    let (place, names) = match engine.settings.proxies.of(request.origin()) {
        None => find(request, &end, engine).await?,
        Some(proxy) => {
            let found = find(request, &proxy.origin(), engine).await;
            let (place, _) = found.map_err(|failure| {
                let words = format!("the proxy {proxy} cannot be found: {}", failure.words);
                Failure { words, ..failure }
            })?;
            match proxy.kind {
                ProxyKind::Socks5 => find(request, &end, engine).await?,
                ProxyKind::Http | ProxyKind::Socks5h => (place, Names::ByProxy),
            }
        }
    };
    engine.reporter.say(Fact::NameResolved {
        request: request.id,
        addresses: place.addresses(),
        names,
    });
    Ok(())
}

/// Where `origin` is, and how that became known; it is noted for whoever dials.
async fn find(
    request: &Request,
    origin: &Origin,
    engine: &Rc<Engine>,
) -> Result<(Rc<Place>, Names), Failure> {
    let host = origin.host.trim_end_matches('.');
    let in_dns = |error| failing::of_net(Stage::Dns, &error);
    let (place, names) = if let Some((addresses, names)) = without_asking(origin, engine) {
        (Place::at(wanted(addresses, host, engine)?), names)
    } else if let Some(known) = name_book::kept(request.id, host, engine) {
        known.map_err(in_dns)?
    } else {
        let asking = async {
            let asked = name_book::ask(request.id, host, engine).await;
            asked.map_err(in_dns)
        };
        request.stage(Stage::Dns, engine, asking).await?
    };
    let mut places = engine.places.borrow_mut();
    places.insert(origin.clone(), Rc::clone(&place));
    Ok((place, names))
}

/// Addresses speak for themselves, what is given counts, and `localhost` is this machine (RFC 6761 §6.3).
fn without_asking(origin: &Origin, engine: &Engine) -> Option<(Vec<IpAddr>, Names)> {
    if let Some(address) = origin.literal() {
        return Some((vec![address], Names::Literal));
    }
    let host = origin.host.trim_end_matches('.');
    let is_local = host == "localhost" || host.ends_with(".localhost");
    match engine.network.known(host, origin.port) {
        Some((addresses, KnownBy::Given)) => Some((addresses, Names::Given)),
        _ if is_local => {
            let here = vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
            Some((here, Names::Localhost))
        }
        Some((addresses, KnownBy::Hosts)) => {
            Some((engine.network.ordered(addresses), Names::Hosts))
        }
        None => None,
    }
}

/// Those of the families that are wanted.
fn wanted(mut addresses: Vec<IpAddr>, host: &str, engine: &Engine) -> Result<Vec<IpAddr>, Failure> {
    let families = engine.settings.families;
    addresses.retain(|address| families.has(*address));
    if addresses.is_empty() {
        let words = format!("{host} has no {families}");
        return Err(Failure::new(Stage::Dns, FailureKind::NoSuchName, words));
    }
    Ok(addresses)
}
