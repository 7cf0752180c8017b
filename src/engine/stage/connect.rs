use std::net::SocketAddr;

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::event::{ConnectionId, Fact, Failure, FailureKind, Moment, Stage};
use crate::message::Origin;
use crate::net::Opened;

/// Tries the origin's addresses one after the other, until one answers; and when it was dialled.
pub(in crate::engine) async fn dial(
    connection: ConnectionId,
    origin: &Origin,
    engine: &Engine,
) -> Result<(Opened, Moment), Failure> {
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
        let dialled = engine.reporter.now();
        match engine.network.connect(address).await {
            Ok(opened) => {
                let (local, peer) = (opened.local, opened.peer);
                engine.reporter.say(Fact::SocketOpened {
                    connection,
                    local,
                    peer,
                });
                return Ok((opened, dialled));
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
