use std::cell::RefCell;
use std::rc::Rc;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::engine::reporter::Reporter;
use crate::event::{
    ConnectionId, Fact, Failure, Flight, Handshake, Identity, Moment, Security, Side, Stage,
};
use crate::message::Group;
use crate::net::{Introduction, Shown, Tap, Way, Wire};

/// A wire over TLS, and why its server is not to be trusted, if it is not.
pub(in crate::engine) struct Secured {
    pub(in crate::engine) wire: Wire,
    pub(in crate::engine) doubt: Option<String>,
}

/// Shakes hands over an open connection.
pub(in crate::engine) async fn secure(
    connection: ConnectionId,
    group: &Group,
    wire: Wire,
    tap: Option<&Tap>,
    engine: &Engine,
) -> Result<Secured, Failure> {
    let hello = engine.tls.hello();
    let is_named = group.origin.literal().is_none();
    let watch = Watch {
        connection,
        reporter: &engine.reporter,
        tap: tap.cloned(),
        flights: Rc::default(),
        handshake: Handshake {
            sni: is_named.then(|| group.origin.host.clone()),
            versions: hello.versions.clone(),
            alpn: hello.alpn.clone(),
            ..Handshake::default()
        },
    };
    let (shown, secured) = engine.tls.secure(wire, group, watch.counter()).await;
    let doubt = shown.doubt.clone();
    watch.end(shown);
    let (wire, agreed) = secured.map_err(|error| failing::of_net(Stage::Tls, &error))?;
    let security = Security {
        version: agreed.version,
        cipher: agreed.cipher,
        group: agreed.group,
        alpn: agreed.alpn,
        resumed: agreed.is_resumed,
        verified: agreed.is_verified,
    };
    engine.reporter.say(Fact::ConnectionSecured {
        connection,
        security: Box::new(security),
    });
    Ok(Secured { wire, doubt })
}

/// A handshake as it goes; what was seen of it is told however it ends.
struct Watch<'a> {
    connection: ConnectionId,
    reporter: &'a Reporter,
    tap: Option<Tap>,
    flights: Rc<RefCell<Vec<Flight>>>,
    handshake: Handshake,
}

impl Watch<'_> {
    /// Counts what passes; a flight is over when something goes the other way.
    fn counter(&self) -> Rc<dyn Fn(Way, usize)> {
        let (flights, reporter) = (Rc::clone(&self.flights), self.reporter.clone());
        let tap = self.tap.clone();
        Rc::new(move |way, bytes| {
            let (by, stamp) = match way {
                Way::Out => (Side::Us, tap.as_ref().and_then(Tap::left)),
                Way::In => (Side::Server, tap.as_ref().and_then(Tap::last)),
            };
            // The kernel knows better than we when they passed.
            let at = stamp.and_then(|stamp| reporter.moment_at_wall(stamp));
            let at = at.unwrap_or_else(|| reporter.now());
            note(&mut flights.borrow_mut(), by, bytes as u64, at);
        })
    }

    fn end(mut self, shown: Shown) {
        self.handshake = Handshake {
            chain: shown.chain,
            roots: shown.roots,
            doubt: shown.doubt,
            staple: shown.staple,
            identity: shown.identity.map(|own| match own {
                Introduction::Nobody => Identity::Nobody,
                Introduction::As(subject) => Identity::Shown(subject),
            }),
            ..std::mem::take(&mut self.handshake)
        };
    }
}

fn note(flights: &mut Vec<Flight>, by: Side, bytes: u64, now: Moment) {
    match flights.last_mut() {
        Some(last) if last.by == by => {
            last.bytes += bytes;
            last.until = now;
        }
        _ => flights.push(Flight {
            by,
            bytes,
            at: now,
            until: now,
        }),
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let handshake = Handshake {
            flights: self.flights.take(),
            ..std::mem::take(&mut self.handshake)
        };
        self.reporter.say(Fact::HandshakeEnded {
            connection: self.connection,
            handshake: Box::new(handshake),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_one_way_is_one_flight() {
        let mut flights = Vec::new();
        for (by, bytes, at) in [
            (Side::Us, 200, 1),
            (Side::Server, 1_000, 5),
            (Side::Server, 400, 7),
            (Side::Us, 80, 8),
        ] {
            note(&mut flights, by, bytes, Moment(at));
        }
        let told: Vec<_> = flights
            .iter()
            .map(|flight| (flight.by, flight.bytes, flight.at.0, flight.until.0))
            .collect();
        assert_eq!(
            told,
            [
                (Side::Us, 200, 1, 1),
                (Side::Server, 1_400, 5, 7),
                (Side::Us, 80, 8, 8)
            ]
        );
    }
}
