use std::collections::HashMap;
use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;

use crate::net::Wire;

use super::line::{Broken, Came, Put, Puts};

/// Who waits for an answer, by the number of the question.
type Waiting = HashMap<u16, oneshot::Sender<Result<Came, Broken>>>;

/// Carries questions over TLS, as many at a time as there are (RFC 7858 §3.3).
///
/// Answers come in whatever order, and are told apart by their numbers.
pub(super) async fn carry(mut wire: Wire, mut puts: Puts) {
    let mut waiting = Waiting::new();
    let mut came = Vec::new();
    let why = loop {
        tokio::select! {
            put = puts.recv() => match put {
                Some(put) => {
                    if let Err(error) = say(&mut wire, put, &mut waiting).await {
                        break Broken::of_wire(&error);
                    }
                }
                None => break Broken::closed(),
            },
            read = wire.read_buf(&mut came) => match read {
                Ok(0) => break Broken::closed(),
                Ok(_) => deliver(&mut came, &mut waiting),
                Err(error) => break Broken::of_wire(&error),
            },
        }
    };
    for asker in waiting.into_values() {
        let _ = asker.send(Err(why.clone()));
    }
    let _ = wire.shutdown().await;
}

/// Each message has its length before it, in two bytes (RFC 1035 §4.2.2).
async fn say(wire: &mut Wire, put: Put, waiting: &mut Waiting) -> io::Result<()> {
    let Put {
        bytes,
        leaving,
        asker,
    } = put;
    // Whoever gave up waiting need not hear.
    let _ = leaving.send(());
    let length = u16::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    if let Some(number) = number(&bytes) {
        waiting.insert(number, asker);
    }
    wire.write_all(&[&length.to_be_bytes(), bytes.as_slice()].concat())
        .await?;
    wire.flush().await
}

/// Takes the messages that came whole off `came`.
fn deliver(came: &mut Vec<u8>, waiting: &mut Waiting) {
    while let Some(length) = number(came) {
        let end = 2 + usize::from(length);
        let Some(bytes) = came.get(2..end).map(<[u8]>::to_vec) else {
            return;
        };
        came.drain(..end);
        let asker = number(&bytes).and_then(|number| waiting.remove(&number));
        if let Some(asker) = asker {
            let age = std::time::Duration::ZERO;
            let _ = asker.send(Ok(Came { bytes, age }));
        }
    }
}

/// The two bytes at the start, as the number that they are.
fn number(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|start| u16::from_be_bytes(*start))
}
