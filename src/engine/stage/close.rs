use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::engine::closing::Closing;
use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::event::{ConnectionId, Ending, Failure, Stage};
use crate::net::{Opened, Wire};

/// As many bytes as are read after our goodbye, while waiting for the peer's.
const LAST_WORDS: usize = 64 * 1024;

/// Says goodbye and, if it was us who ended it, waits for the peer to do the same.
pub(in crate::engine) async fn part(
    connection: ConnectionId,
    line: Opened,
    ending: &Ending,
    engine: &Engine,
) -> Result<(), Failure> {
    let Opened { mut wire, tap, .. } = line;
    let mut closing = Closing::new(connection, tap, engine);
    closing.look();
    let trouble = |error| failing::of_wire(Stage::Close, &error);
    wire.shutdown().await.map_err(trouble)?;
    closing.look();
    if let Ending::ByUs { .. } = ending {
        tokio::select! {
            biased;
            heard = last_words(&mut wire) => heard.map_err(trouble)?,
            () = closing.watch() => {}
        }
    }
    // Until here the kernel keeps the connection for us; what it does after that is its own matter.
    closing.see_off().await;
    Ok(())
}

async fn last_words(wire: &mut Wire) -> io::Result<()> {
    let mut unheard = vec![0; 4096];
    let mut heard = 0;
    while heard < LAST_WORDS {
        match wire.read(&mut unheard).await {
            Ok(0) => break,
            Ok(bytes) => heard += bytes,
            // Many peers end the TCP connection without a goodbye in TLS: it is ended all the same.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
