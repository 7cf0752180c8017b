//! Real sockets on loopback: servers on threads of their own, and an engine that fetches from them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread::{JoinHandle, spawn};

use netwaterfall::cache::Cache;
use netwaterfall::clock::Clock;
use netwaterfall::engine::{Settings, World, start};
use netwaterfall::event::{Command, Event, Fact};
use netwaterfall::net::{Network, Roots, Tls};
use rustls::pki_types::CertificateDer;

use crate::sim::check;

/// What [`answer`] says.
pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
/// Where nobody listens, whoever is asked for names in vain.
pub(crate) const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

/// Serves one connection with `serve`.
pub(crate) fn serve_one(
    serve: impl FnOnce(TcpStream) + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    serve_one_at("127.0.0.1:0", serve).unwrap()
}

/// Serves one connection at `address` with `serve`; none where there is no such address.
pub(crate) fn serve_one_at(
    address: &str,
    serve: impl FnOnce(TcpStream) + Send + 'static,
) -> Option<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind(address).ok()?;
    let address = listener.local_addr().unwrap();
    Some((address, spawn(move || serve(listener.accept().unwrap().0))))
}

/// Serves each connection with `serve`, on a thread of its own, for as long as the tests run.
pub(crate) fn serve_all(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    spawn(move || {
        for line in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            spawn(move || serve(line));
        }
    });
    address
}

/// The head of the next request; none where the client goes before its end.
pub(crate) fn read_head(line: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        line.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Answers one request with [`OK`].
pub(crate) fn answer(line: impl Read + Write) {
    answer_with(line, OK);
}

/// Answers one request, if the client comes so far, and waits for it to go.
pub(crate) fn answer_with(mut line: impl Read + Write, words: &[u8]) {
    if read_head(&mut line).is_some() {
        let _ = line.write_all(words);
        let _ = line.flush();
        let _ = line.read(&mut [0; 1]);
    }
}

/// Gives one command that asks for one thing over a network; says every fact that was told.
pub(crate) fn told(
    command: Command,
    trusted: Vec<CertificateDer<'static>>,
    network: impl FnOnce() -> Box<dyn Network> + Send + 'static,
    clock: Clock,
) -> Vec<Event> {
    let world = move || World {
        settings: Settings::default(),
        network: network(),
        tls: Tls::new(Roots::Only(trusted)).unwrap(),
        cache: Cache::default(),
    };
    let mut handle = start(world, clock).unwrap();
    handle.commands.send(command).unwrap();
    let mut events = Vec::new();
    while let Some(event) = handle.facts.blocking_recv() {
        if matches!(event.fact, Fact::RequestEnded { .. }) {
            handle.commands.send(Command::Stop).unwrap();
        }
        events.push(event);
    }
    assert!(!handle.has_panicked());
    check(&events);
    events
}
