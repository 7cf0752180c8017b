//! The server at the end of a simulated pipe.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use netwaterfall::net::Wire;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::network::Log;
use super::script::{Act, Early, Page, Script};

/// How long a server that reads no more stays.
const INSTEAD: Duration = Duration::from_secs(10);

/// Where a server is, and what it goes by.
pub(super) struct Place {
    pub(super) script: Rc<Script>,
    pub(super) log: Rc<RefCell<Log>>,
    pub(super) number: u32,
    pub(super) reset: Rc<Cell<bool>>,
    pub(super) tls: TlsAcceptor,
}

/// The ports of TLS and of SOCKS5.
const SECURE: u16 = 443;
const SOCKS: u16 = 1080;

/// However the server ends, the connection is no longer open.
impl Drop for Place {
    fn drop(&mut self) {
        self.log.borrow_mut().open -= 1;
    }
}

/// What a server does after it has done as the page says.
enum Next {
    Listen(Option<Duration>),
    Part,
    /// What follows is for somebody else, behind this proxy.
    Pass,
}

pub(super) async fn live(place: Place, mut line: Wire, port: u16) {
    let port = match port {
        SOCKS => match greet(&place, &mut line).await {
            Some(port) => port,
            None => return,
        },
        port => port,
    };
    if port == SECURE {
        secure(&place, line).await;
    } else if let Some(line) = serve(&place, line).await {
        secure(&place, line).await;
    }
}

async fn secure(place: &Place, line: Wire) {
    // A client that breaks the handshake off is part of some scripts.
    if let Ok(line) = place.tls.accept(line).await {
        serve(place, line).await;
    }
}

/// Grants the way to whoever is asked for in SOCKS5 (RFC 1928); the port.
async fn greet(place: &Place, line: &mut Wire) -> Option<u16> {
    let mut hello = [0; 2];
    line.read_exact(&mut hello).await.ok()?;
    line.read_exact(&mut vec![0; hello[1].into()]).await.ok()?;
    line.write_all(b"\x05\x00").await.ok()?;
    let mut asked = [0; 4];
    line.read_exact(&mut asked).await.ok()?;
    let host = if asked[3] == 1 {
        let mut address = [0; 4];
        line.read_exact(&mut address).await.ok()?;
        std::net::Ipv4Addr::from(address).to_string()
    } else {
        let mut name = vec![0; line.read_u8().await.ok()?.into()];
        line.read_exact(&mut name).await.ok()?;
        String::from_utf8(name).ok()?
    };
    let port = line.read_u16().await.ok()?;
    let seen = (place.number, host, format!("SOCKS {port}"));
    place.log.borrow_mut().served.push(seen);
    line.write_all(b"\x05\x00\x00\x01\0\0\0\0\0\0").await.ok()?;
    Some(port)
}

/// Answers until the client parts, or wants to speak to somebody else from now on.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(place: &Place, line: S) -> Option<S> {
    let (mut from, mut to) = split(line);
    let mut idle = None;
    while let Some(head) = hear(&mut from, idle).await {
        let page = place.note(&head);
        let is_read = match &page.early {
            None => true,
            Some(Early::First(bytes)) => send(&mut to, bytes).await,
            Some(Early::Instead(bytes)) => {
                send(&mut to, bytes).await;
                sleep(INSTEAD).await;
                return None;
            }
        };
        let body = hear_body(&mut from, &head).await.filter(|_| is_read)?;
        place.log.borrow_mut().heard.push(head + &body);
        let next = tokio::select! {
            biased;
            next = perform(page, &mut to, place) => next,
            () = end(&mut from) => Next::Part,
        };
        match next {
            Next::Listen(limit) => idle = limit,
            Next::Part => return None,
            Next::Pass => return Some(from.unsplit(to)),
        }
    }
    None
}

impl Place {
    fn note(&self, head: &str) -> Page {
        let line = head.lines().next().unwrap_or_default();
        let host = head
            .lines()
            .find_map(|line| line.strip_prefix("Host: "))
            .unwrap_or_default();
        let line = line.trim_end_matches(" HTTP/1.1");
        let seen = (self.number, host.to_owned(), line.to_owned());
        self.log.borrow_mut().served.push(seen);
        self.script
            .visit(line.split_once(' ').unwrap_or_default().1)
    }
}

/// Reads the head of a request; nothing, if the client is gone or nothing came in time.
async fn hear(from: &mut (impl AsyncRead + Unpin), idle: Option<Duration>) -> Option<String> {
    let reading = async {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(from.read_u8().await.ok()?);
        }
        String::from_utf8(head).ok()
    };
    match idle {
        Some(limit) => timeout(limit, reading).await.ok().flatten(),
        None => reading.await,
    }
}

/// Reads the body that `head` announces; nothing, if the client is gone.
async fn hear_body(from: &mut (impl AsyncRead + Unpin), head: &str) -> Option<String> {
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    from.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}

/// Until the client is gone.
async fn end(from: &mut (impl AsyncRead + Unpin)) {
    while from.read_u8().await.is_ok() {}
}

async fn perform(page: Page, to: &mut (impl AsyncWrite + Unpin), place: &Place) -> Next {
    let mut idle = None;
    for act in page.acts {
        let sent = match act {
            Act::Wait(time) => {
                sleep(time).await;
                true
            }
            Act::Send(bytes) => send(to, &bytes).await,
            Act::Slowly(bytes, piece, every) => slowly(to, bytes.chunks(piece), every).await,
            Act::Endless(piece, every) => {
                slowly(to, std::iter::repeat(piece.as_slice()), every).await
            }
            Act::CloseIdle(time) => {
                idle = Some(time);
                true
            }
            Act::Close => false,
            Act::Reset => {
                place.reset.set(true);
                false
            }
            Act::Pass => {
                send(to, b"HTTP/1.1 200 Connection established\r\n\r\n").await;
                return Next::Pass;
            }
            Act::Never => std::future::pending().await,
        };
        if !sent {
            return Next::Part;
        }
    }
    Next::Listen(idle)
}

async fn slowly<'a>(
    to: &mut (impl AsyncWrite + Unpin),
    pieces: impl Iterator<Item = &'a [u8]>,
    every: Duration,
) -> bool {
    for piece in pieces {
        sleep(every).await;
        if !send(to, piece).await {
            return false;
        }
    }
    true
}

async fn send(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> bool {
    to.write_all(bytes).await.is_ok() && to.flush().await.is_ok()
}
