use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::event::{ConnectionId, Fact, Failure, Security, Stage};
use crate::message::Origin;
use crate::net::Wire;

/// Shakes hands over an open connection.
pub(in crate::engine) async fn secure(
    connection: ConnectionId,
    origin: &Origin,
    wire: Wire,
    engine: &Engine,
) -> Result<Wire, Failure> {
    let secured = engine.tls.secure(wire, &origin.host).await;
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
        security,
    });
    Ok(wire)
}
