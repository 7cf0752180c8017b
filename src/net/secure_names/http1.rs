use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::http1::{Exchange, Fate, ProtocolError, Step, encode};
use crate::net::Wire;

use super::line::{Broken, Puts};
use super::posting::{Answer, Posting};

/// Carries questions as HTTP/1.1 requests, one after the other.
pub(super) async fn carry(mut wire: Wire, mut puts: Puts, posting: Posting) {
    loop {
        let put = tokio::select! {
            put = puts.recv() => put,
            // Nothing was asked: the server closes the line, or says what nobody can understand.
            _ = wire.read_u8() => None,
        };
        let Some(mut put) = put else {
            break;
        };
        // Whoever gave up waiting need not hear.
        let _ = put.leaving.send(());
        let heard = tokio::select! {
            heard = exchange(&mut wire, &posting, &put.bytes) => heard,
            // What nobody waits for would be in the way of what is asked next.
            () = put.asker.closed() => break,
        };
        let is_kept = matches!(&heard, Ok((_, Fate::Reuse)));
        let answer = heard.and_then(|(answer, _)| answer.message());
        if !is_kept {
            puts.close();
        }
        let _ = put.asker.send(answer);
        if !is_kept {
            // What waits behind it goes into the next line.
            break;
        }
    }
    let _ = wire.shutdown().await;
}

async fn exchange(
    wire: &mut Wire,
    posting: &Posting,
    question: &[u8],
) -> Result<(Answer, Fate), Broken> {
    let (head, body) = posting.request(question);
    let bytes = encode(&head).map_err(|error| Broken::Answer(error.to_string()))?;
    let of_wire = |error: io::Error| Broken::of_wire(&error);
    wire.write_all(&[bytes.as_slice(), body].concat())
        .await
        .map_err(of_wire)?;
    wire.flush().await.map_err(of_wire)?;
    let mut exchange = Exchange::new(head.method);
    let mut answer = None;
    let mut input = vec![0; 4096];
    loop {
        let came = wire.read(&mut input).await.map_err(of_wire)?;
        let mut rest = input.get(..came).unwrap_or_default();
        loop {
            let (used, step) = if came == 0 {
                (0, exchange.ended().map_err(|fault| of_rule(&fault))?)
            } else {
                exchange.receive(rest).map_err(|fault| of_rule(&fault))?
            };
            let (taken, left) = rest.split_at_checked(used).unwrap_or_default();
            rest = left;
            match step {
                Step::More => break,
                Step::Head { head, .. } => answer = Some(Answer::new(head)),
                Step::Body(range) => take(&mut answer, taken.get(range).unwrap_or_default())?,
                Step::Held(bytes) => take(&mut answer, &bytes)?,
                Step::Interim(_) | Step::Trailers(_) => {}
                Step::Done => {
                    let answer = answer.ok_or_else(Broken::closed)?;
                    return Ok((answer, exchange.fate(rest.len())));
                }
            }
        }
    }
}

fn take(answer: &mut Option<Answer>, bytes: &[u8]) -> Result<(), Broken> {
    answer.as_mut().map_or(Ok(()), |answer| answer.take(bytes))
}

fn of_rule(fault: &ProtocolError) -> Broken {
    if matches!(fault, ProtocolError::Empty) {
        return Broken::closed();
    }
    Broken::Answer(format!("broke the rules of HTTP: {fault}"))
}
