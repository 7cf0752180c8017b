use std::io::Cursor;

use h2::client::{Builder, SendRequest};
use h2::{Reason, RecvStream};
use tokio::task::{JoinSet, spawn_local};

use crate::message::{Headers, RequestHead, ResponseHead, Version, visible};
use crate::net::Wire;

use super::line::{Broken, Put, Puts};
use super::posting::{Answer, Posting};

/// What ALPN calls it (RFC 9113 §3.3).
pub(super) const NAME: &str = "h2";

/// Carries questions as HTTP/2 requests, as many at a time as the server allows (RFC 8484 §5.2).
pub(super) async fn carry(wire: Wire, mut puts: Puts, posting: Posting) {
    let opened = Builder::new().enable_push(false).handshake(wire).await;
    let Ok((requests, connection)) = opened else {
        return;
    };
    let mut connection = spawn_local(connection);
    let mut exchanges = JoinSet::new();
    loop {
        let put = tokio::select! {
            put = puts.recv() => put,
            // The server closed the line: what waits behind it goes into the next.
            _ = &mut connection => None,
        };
        let Some(put) = put else {
            break;
        };
        exchanges.spawn_local(answer(requests.clone(), posting.clone(), put));
        while exchanges.try_join_next().is_some() {}
    }
    puts.close();
    while exchanges.join_next().await.is_some() {}
    drop(requests);
    if !connection.is_finished() {
        // It says goodbye when nobody has requests any more.
        let _ = connection.await;
    }
}

/// Asks one question; given up when nobody waits for the answer any more.
async fn answer(requests: SendRequest<Question>, posting: Posting, put: Put) {
    let Put {
        bytes,
        leaving,
        mut asker,
    } = put;
    let heard = async {
        let requests = requests.ready().await.map_err(|fault| of_fault(&fault))?;
        // Whoever gave up waiting need not hear.
        let _ = leaving.send(());
        exchange(requests, &posting, &bytes).await?.message()
    };
    let heard = tokio::select! {
        heard = heard => heard,
        () = asker.closed() => return,
    };
    let _ = asker.send(heard);
}

/// A body as HTTP/2 takes it.
type Question = Cursor<Vec<u8>>;

async fn exchange(
    mut requests: SendRequest<Question>,
    posting: &Posting,
    question: &[u8],
) -> Result<Answer, Broken> {
    let (head, body) = posting.request(question);
    let request = translated(&head, &posting.authority)?;
    let (response, mut sent) = requests
        .send_request(request, body.is_empty())
        .map_err(|fault| of_fault(&fault))?;
    if !body.is_empty() {
        sent.send_data(Question::new(body.to_vec()), true)
            .map_err(|fault| of_fault(&fault))?;
    }
    let (head, body) = response
        .await
        .map_err(|fault| of_fault(&fault))?
        .into_parts();
    let mut answer = Answer::new(understood(&head));
    receive(body, &mut answer).await?;
    Ok(answer)
}

async fn receive(mut body: RecvStream, answer: &mut Answer) -> Result<(), Broken> {
    while let Some(bytes) = body.data().await {
        let bytes = bytes.map_err(|fault| of_fault(&fault))?;
        answer.take(&bytes)?;
        // What is taken makes room for more (RFC 9113 §5.2).
        let _ = body.flow_control().release_capacity(bytes.len());
    }
    Ok(())
}

/// A head with the host where HTTP/2 has it (RFC 9113 §8.3.1).
fn translated(head: &RequestHead, authority: &str) -> Result<http::Request<()>, Broken> {
    let mut request = http::Request::builder()
        .method(head.method.as_str())
        .uri(format!("https://{authority}{}", head.target));
    for (name, value) in head.headers.iter().filter(|(name, _)| *name != "Host") {
        request = request.header(name, value);
    }
    request
        .body(())
        .map_err(|error| Broken::Answer(format!("cannot be asked: {error}")))
}

fn understood(head: &http::response::Parts) -> ResponseHead {
    let mut headers = Headers::new();
    for (name, value) in &head.headers {
        let value: String = value
            .as_bytes()
            .iter()
            .map(|byte| char::from(*byte))
            .collect();
        headers.push(name.as_str(), value);
    }
    ResponseHead {
        version: Version::Http2,
        status: head.status.as_u16(),
        reason: String::new(),
        headers,
    }
}

/// What a fault of HTTP/2 means for whoever waits for an answer.
fn of_fault(fault: &h2::Error) -> Broken {
    if let Some(error) = fault.get_io() {
        return Broken::of_wire(error);
    }
    let reason = fault.reason().unwrap_or(Reason::NO_ERROR);
    if fault.is_reset() && fault.is_remote() {
        let words = reason.description();
        return Broken::Answer(format!("took the question back: {words} ({reason:?})"));
    }
    if reason == Reason::NO_ERROR {
        return Broken::closed();
    }
    let words = fault.to_string();
    Broken::Line(format!("broke the rules of HTTP/2: {}", visible(&words)))
}
