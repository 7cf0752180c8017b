use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::engine::engine::Engine;
use crate::engine::failing;
use crate::event::{ConnectionId, Fact, Failure, FailureKind, Stage};
use crate::http1::{Exchange, Step, encode};
use crate::message::{Origin, Proxy, ProxyKind, RequestHead, ResponseHead};
use crate::net::{Wire, pass_socks};

/// Bytes of a proxy's answer that are asked for at a time.
const READ: usize = 4 * 1024;

/// Asks `proxy`, at the other end of the wire, for the way through to `origin`.
pub(in crate::engine) async fn pass(
    connection: ConnectionId,
    origin: &Origin,
    proxy: &Proxy,
    mut wire: Wire,
    engine: &Engine,
) -> Result<Wire, Failure> {
    let (asked, answer) = match proxy.kind {
        ProxyKind::Http => tunnel(origin, proxy, &mut wire).await?,
        ProxyKind::Socks5 | ProxyKind::Socks5h => {
            let address = match proxy.kind {
                ProxyKind::Socks5 => first_address(origin, engine),
                ProxyKind::Http | ProxyKind::Socks5h => None,
            };
            let target = address.map_or_else(|| origin.to_string(), |address| address.to_string());
            let passed = pass_socks(wire, origin, address, proxy).await;
            wire = passed.map_err(|error| failing::of_net(Stage::Proxy, &error))?;
            (format!("SOCKS5 connect {target}"), "granted".to_owned())
        }
    };
    engine.reporter.say(Fact::ProxyAnswered {
        connection,
        asked,
        answer,
    });
    Ok(wire)
}

/// Where the server is, as far as that was looked up here.
fn first_address(origin: &Origin, engine: &Engine) -> Option<SocketAddr> {
    let places = engine.places.borrow();
    let address = places.get(origin)?.addresses().first().copied()?;
    Some(SocketAddr::new(address, origin.port))
}

/// Has an HTTP proxy open a tunnel (RFC 9110 §9.3.6): what was asked, and what it answered.
async fn tunnel(
    origin: &Origin,
    proxy: &Proxy,
    wire: &mut Wire,
) -> Result<(String, String), Failure> {
    let head = RequestHead::tunnel(origin, proxy);
    let unsayable = |words: String| Failure::new(Stage::Proxy, FailureKind::Protocol, words);
    let bytes = encode(&head).map_err(|error| unsayable(error.to_string()))?;
    wire.write_all(&bytes).await.map_err(trouble)?;
    wire.flush().await.map_err(trouble)?;
    let answer = answered(&head, wire).await?;
    match answer.status {
        200..=299 => {
            let said = format!("{} {}", answer.status, answer.reason);
            Ok((format!("CONNECT {origin}"), said.trim_end().to_owned()))
        }
        _ => Err(refused(&answer, origin, proxy)),
    }
}

async fn answered(head: &RequestHead, wire: &mut Wire) -> Result<ResponseHead, Failure> {
    let broken = |error| {
        let words = format!("the proxy did not answer in HTTP: {error}");
        Failure::new(Stage::Proxy, FailureKind::Protocol, words)
    };
    let mut exchange = Exchange::new(head.method.clone());
    let mut buffer = vec![0; READ];
    loop {
        let came = wire.read(&mut buffer).await;
        let came = came.map_err(trouble)?;
        if came == 0 {
            let words = "the proxy closed the connection without an answer";
            return Err(Failure::new(Stage::Proxy, FailureKind::CutShort, words));
        }
        let mut rest = buffer.get(..came).unwrap_or_default();
        loop {
            let (used, step) = exchange.receive(rest).map_err(broken)?;
            rest = rest.get(used..).unwrap_or_default();
            match step {
                Step::Head { head, .. } if head.status >= 300 || rest.is_empty() => {
                    return Ok(head);
                }
                Step::Head { .. } => {
                    // Whoever speaks TLS is not spoken to first.
                    let words = "the proxy said more than its answer";
                    return Err(Failure::new(Stage::Proxy, FailureKind::Protocol, words));
                }
                Step::Interim(_) => {}
                Step::More | Step::Body(_) | Step::Held(_) | Step::Trailers(_) | Step::Done => {
                    break;
                }
            }
        }
    }
}

/// What went wrong with the wire: the other end of it is the proxy.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn trouble(error: io::Error) -> Failure {
    let failure = failing::of_wire(Stage::Proxy, &error);
    let words = failure.words.replace("the server", "the proxy");
    Failure { words, ..failure }
}

fn refused(answer: &ResponseHead, origin: &Origin, proxy: &Proxy) -> Failure {
    let words = match (answer.status, &proxy.credentials) {
        // tinyproxy says 401 for a wrong password.
        (407, _) | (401, Some(_)) => asks_who(answer, proxy),
        (status, _) => {
            let reason = &answer.reason;
            let said = format!("{status} {reason}");
            format!(
                "the proxy would not connect to {origin}: {}",
                said.trim_end()
            )
        }
    };
    Failure::new(Stage::Proxy, FailureKind::Proxy, words)
}

/// What a proxy that asks who we are wants (RFC 9110 §11.7.1).
pub(in crate::engine) fn asks_who(answer: &ResponseHead, proxy: &Proxy) -> String {
    let asked = answer.headers.all("proxy-authenticate");
    let schemes: Vec<&str> = asked
        .filter_map(|challenge| challenge.split_whitespace().next())
        .collect();
    let is_basic = |scheme: &&str| scheme.eq_ignore_ascii_case("Basic");
    if !schemes.is_empty() && !schemes.iter().any(is_basic) {
        let schemes = schemes.join(" or ");
        return format!("the proxy asks who we are by {schemes}, and only Basic is spoken here");
    }
    let words = if proxy.credentials.is_some() {
        "the proxy did not accept the name and the password"
    } else {
        "the proxy wants a name and a password: -x http://NAME:PASSWORD@HOST:PORT (407)"
    };
    words.to_owned()
}
