use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::engine::failing;
use crate::event::{Ending, Failure, Stage};
use crate::net::Wire;

/// As many bytes as are read after our goodbye, while waiting for the peer's.
const LAST_WORDS: usize = 64 * 1024;

/// Says goodbye and, if it was us who ended it, waits for the peer to do the same.
pub(in crate::engine) async fn part(mut wire: Wire, ending: &Ending) -> Result<(), Failure> {
    let trouble = |error| failing::of_wire(Stage::Close, &error);
    wire.shutdown().await.map_err(trouble)?;
    if let Ending::ByUs { .. } = ending {
        let mut unheard = vec![0; 4096];
        let mut heard = 0;
        while heard < LAST_WORDS {
            match wire.read(&mut unheard).await {
                Ok(0) => break,
                Ok(bytes) => heard += bytes,
                // Many peers end the TCP connection without a goodbye in TLS: it is ended all the same.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(trouble(error)),
            }
        }
    }
    Ok(())
}
