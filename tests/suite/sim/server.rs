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
}

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
}

pub(super) async fn live(place: Place, line: Wire, tls: Option<TlsAcceptor>) {
    let Some(tls) = tls else {
        return serve(&place, line).await;
    };
    // A client that breaks the handshake off is part of some scripts.
    if let Ok(line) = tls.accept(line).await {
        serve(&place, line).await;
    }
}

async fn serve<S: AsyncRead + AsyncWrite>(place: &Place, line: S) {
    let (mut from, mut to) = split(line);
    let mut idle = None;
    while let Some(head) = hear(&mut from, idle).await {
        let page = place.note(&head);
        let is_read = match &page.early {
            None => true,
            Some(Early::First(bytes)) => send(&mut to, bytes).await,
            Some(Early::Instead(bytes)) => {
                send(&mut to, bytes).await;
                return sleep(INSTEAD).await;
            }
        };
        let Some(body) = hear_body(&mut from, &head).await.filter(|_| is_read) else {
            return;
        };
        place.log.borrow_mut().heard.push(head + &body);
        let next = tokio::select! {
            biased;
            next = perform(page, &mut to, place) => next,
            () = end(&mut from) => Next::Part,
        };
        match next {
            Next::Listen(limit) => idle = limit,
            Next::Part => return,
        }
    }
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
