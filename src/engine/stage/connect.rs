use std::net::SocketAddr;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::event::{ConnectionId, Fact, Failure, FailureKind, Stage};
use crate::message::Origin;
use crate::net::{Opened, Wire};

/// Tries the origin's addresses one after the other, until one answers.
pub(in crate::engine) async fn dial(
    connection: ConnectionId,
    origin: &Origin,
    engine: &Engine,
) -> Result<Wire, Failure> {
    let addresses = engine
        .addresses
        .borrow()
        .get(origin)
        .cloned()
        .unwrap_or_default();
    let mut failed = Vec::new();
    for address in addresses {
        engine.reporter.say(Fact::AddressTried {
            connection,
            address,
        });
        match engine.network.connect(address).await {
            Ok(Opened { wire, local, peer }) => {
                engine.reporter.say(Fact::SocketOpened {
                    connection,
                    local,
                    peer,
                });
                return Ok(wire);
            }
            Err(error) => {
                let failure = failing::of_net(Stage::Connect, &error);
                let told = failure.clone();
                engine.reporter.say(Fact::AddressFailed {
                    connection,
                    address,
                    failure: told,
                });
                failed.push((address, failure));
            }
        }
    }
    Err(summary(&failed))
}

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
