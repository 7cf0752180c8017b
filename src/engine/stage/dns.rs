use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::fetch::Request;
use crate::engine::name_book;
use crate::event::{Fact, Failure, Names, Stage};

/// Finds out where the request's origin is; only a question to a name server is a stage.
pub(in crate::engine) async fn resolve(
    request: &Request,
    engine: &Rc<Engine>,
) -> Result<(), Failure> {
    let host = request.origin().host.trim_end_matches('.');
    let now = engine.reporter.now();
    let known = without_asking(request, engine).or_else(|| {
        let kept = engine.names.borrow().kept(host, now);
        kept.map(|(answer, names)| (answer.addresses, names))
    });
    let (addresses, names) = match known {
        Some(known) => known,
        None => request.stage(Stage::Dns, engine, ask(host, engine)).await?,
    };
    let port = request.origin().port;
    let ends = addresses
        .iter()
        .map(|address| SocketAddr::new(*address, port))
        .collect();
    engine
        .addresses
        .borrow_mut()
        .insert(request.origin().clone(), ends);
    engine.reporter.say(Fact::NameResolved {
        request: request.id,
        addresses,
        names,
    });
    Ok(())
}

/// Addresses speak for themselves, what is given counts, and `localhost` is this machine (RFC 6761 §6.3).
fn without_asking(request: &Request, engine: &Engine) -> Option<(Vec<IpAddr>, Names)> {
    if let Some(address) = request.origin().literal() {
        return Some((vec![address], Names::Literal));
    }
    let host = request.origin().host.trim_end_matches('.');
    if let Some(addresses) = engine.network.given(host, request.origin().port) {
        return Some((addresses, Names::Given));
    }
    let is_local = host == "localhost" || host.ends_with(".localhost");
    let here = vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
    is_local.then_some((here, Names::Localhost))
}

async fn ask(host: &str, engine: &Rc<Engine>) -> Result<(Vec<IpAddr>, Names), Failure> {
    let answered = name_book::ask(host, engine).await;
    let (answer, names) = answered.map_err(|error| failing::of_net(Stage::Dns, &error))?;
    Ok((answer.addresses, names))
}
