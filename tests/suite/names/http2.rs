//! Questions over HTTP/2: as many at a time as there are, and every fault has its words.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

use h2::server::{Builder, SendResponse};
use h2::{Reason, RecvStream};
use http::{Request, Response};
use netwaterfall::event::{FailureKind, Stage};
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::sync::{Barrier, mpsc, oneshot};
use tokio_rustls::TlsAcceptor;

use super::odd::said;
use super::secure::{asked_of, posted, ttls};
use super::secure_server::{NAME, Server};
use super::{failure, queries};
use crate::sim::Authority;

type Body = std::io::Cursor<Vec<u8>>;

/// What a server makes of a request.
#[derive(Clone, Copy)]
enum Manner {
    /// Answers when so many ask at once.
    Together(usize),
    /// Answers one request, and takes no more on this line.
    Once,
    /// Answers with this status, this type and so many bytes too many.
    Oddly(u16, &'static str, usize),
    /// Takes the request back.
    Resets(Reason),
    /// Closes the line without a word.
    Leaves,
}

/// A server that speaks nothing but HTTP/2; it writes down what it is asked.
fn start(manner: Manner) -> Server {
    let authority = Authority::generate();
    let mut config = ServerConfig::clone(authority.server(&[NAME]).config());
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let heard = Arc::<Mutex<Vec<Vec<String>>>>::default();
    let notes = Arc::clone(&heard);
    let (tell, address) = oneshot::channel();
    spawn(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let port = (Ipv4Addr::LOCALHOST, 0);
            let listener = tokio::net::TcpListener::bind(port).await.unwrap();
            let address: SocketAddr = listener.local_addr().unwrap();
            tell.send(address).unwrap();
            while let Ok((line, _)) = listener.accept().await {
                notes.lock().unwrap().push(Vec::new());
                tokio::spawn(attend(acceptor.clone(), line, manner, Arc::clone(&notes)));
            }
        });
    });
    Server {
        address: address.blocking_recv().unwrap(),
        authority,
        heard,
    }
}

async fn attend(
    acceptor: TlsAcceptor,
    line: TcpStream,
    manner: Manner,
    notes: Arc<Mutex<Vec<Vec<String>>>>,
) {
    let line = acceptor.accept(line).await.unwrap();
    let Ok(mut connection) = Builder::new().handshake::<_, Body>(line).await else {
        return;
    };
    let barrier = Arc::new(Barrier::new(match manner {
        Manner::Together(count) => count,
        _ => 1,
    }));
    let (done, mut answered) = mpsc::unbounded_channel();
    loop {
        let came = tokio::select! {
            came = connection.accept() => came,
            _ = answered.recv(), if matches!(manner, Manner::Once) => {
                connection.graceful_shutdown();
                continue;
            }
        };
        let Some(Ok((request, respond))) = came else {
            return;
        };
        if matches!(manner, Manner::Leaves) {
            return;
        }
        let note = format!("{} {}", request.method(), request.uri());
        notes.lock().unwrap().last_mut().unwrap().push(note);
        let (barrier, done) = (Arc::clone(&barrier), done.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            answer(request, respond, manner).await;
            let _ = done.send(());
        });
    }
}

async fn answer(request: Request<RecvStream>, mut respond: SendResponse<Body>, manner: Manner) {
    let mut body = request.into_body();
    let mut question = Vec::new();
    while let Some(Ok(bytes)) = body.data().await {
        body.flow_control().release_capacity(bytes.len()).unwrap();
        question.extend_from_slice(&bytes);
    }
    let (status, media_type, more) = match manner {
        Manner::Resets(reason) => return respond.send_reset(reason),
        Manner::Oddly(status, media_type, more) => (status, media_type, more),
        Manner::Together(_) | Manner::Once | Manner::Leaves => (200, "application/dns-message", 0),
    };
    let head = Response::builder().status(status);
    let head = head.header("content-type", media_type).header("age", "30");
    let Ok(mut sent) = respond.send_response(head.body(()).unwrap(), false) else {
        return;
    };
    let message = [said(&question), vec![0; more]].concat();
    // Whoever has seen enough of it goes.
    let _ = sent.send_data(Body::new(message), true);
}

#[test]
fn questions_are_asked_at_once_on_one_line() {
    let server = start(Manner::Together(4));
    let events = asked_of(server.asked(posted(), NAME), &["a.test", "b.test"]);
    let queries = queries(&events);
    assert_eq!(queries.len(), 4);
    let lines: Vec<_> = queries.iter().filter_map(|query| query.line).collect();
    assert_eq!(lines.len(), 1, "opened once");
    assert_eq!(lines[0].alpn.as_deref(), Some("h2"));
    let port = server.address.port();
    let asked = format!("POST https://127.0.0.1:{port}/dns-query");
    assert_eq!(server.heard(), [vec![asked; 4]]);
    assert_eq!(ttls(&events), [70_000, 70_000]);
}

#[test]
fn a_line_that_takes_no_more_questions_is_followed_by_another() {
    let server = start(Manner::Once);
    let events = asked_of(server.asked(posted(), NAME), &["a.test", "b.test"]);
    assert_eq!(ttls(&events), [70_000, 70_000]);
    let heard = server.heard();
    assert_eq!(heard.concat().len(), 4, "{heard:?}");
}

#[test]
fn what_is_no_answer_is_named_by_what_it_is() {
    let good = "application/dns-message";
    for (manner, words) in [
        (
            Manner::Oddly(404, good, 0),
            "answered HTTP 404 instead of a DNS message",
        ),
        (
            Manner::Oddly(200, "text/html", 0),
            "answered HTTP 200 with text/html, not application/dns-message",
        ),
        (
            Manner::Oddly(200, good, 70_000),
            "sent more than the 65535 bytes that a DNS message has at most",
        ),
        (
            Manner::Resets(Reason::ENHANCE_YOUR_CALM),
            "took the question back: detected excessive load generating behavior (ENHANCE_YOUR_CALM)",
        ),
        // It is closed or reset, as far as what was sent has been read by then.
        (Manner::Leaves, " the line"),
    ] {
        let server = start(manner);
        let events = asked_of(server.asked(posted(), NAME), &["a.test"]);
        let failure = failure(&events);
        assert_eq!(
            (failure.stage, failure.kind),
            (Stage::Dns, FailureKind::NameServer)
        );
        assert!(failure.words.contains(words), "{words}: {}", failure.words);
    }
}
