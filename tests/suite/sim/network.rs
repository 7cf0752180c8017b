//! The simulated network: names, pipes and their delays.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt as _;
use netwaterfall::message::{Carrier, Family, Finding, NameAnswer, NameRecord, Question, Reply};
use netwaterfall::net::{Found, Heard, NetError, Network, Opened, SlowLine, Wire, Work};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, DuplexStream, ReadBuf, duplex};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use super::script::{Dial, Script};
use super::server::{self, Place};

/// What was seen on the far side.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// The names that were asked for.
    pub(crate) asked: Vec<String>,
    /// The addresses that were dialled.
    pub(crate) dialled: Vec<IpAddr>,
    /// The requests: on which connection, to which host, the request line.
    pub(crate) served: Vec<(u32, String, String)>,
    /// The same, every byte of them.
    pub(crate) heard: Vec<String>,
    /// How many connections were opened.
    pub(crate) opened: u32,
    /// How many are open.
    pub(crate) open: u32,
    /// How many were open at a time, at most.
    pub(crate) most: u32,
}

/// A network that does what a script says.
pub(crate) struct SimNetwork {
    pub(crate) script: Rc<Script>,
    pub(crate) log: Rc<RefCell<Log>>,
    pub(crate) tls: TlsAcceptor,
}

impl Network for SimNetwork {
    fn ask<'a>(
        &'a self,
        host: &'a str,
        family: Family,
        told: &'a dyn Fn(Heard),
    ) -> Work<'a, Found> {
        Box::pin(async move {
            // Both families are asked for at once; that is one look-up.
            if family == Family::Ipv4 {
                self.log.borrow_mut().asked.push(host.to_owned());
            }
            told(Heard::Sent(Question {
                name: host.to_owned(),
                record: family,
                server: SocketAddr::from(([10, 0, 0, 53], 53)),
                server_name: None,
                over: Carrier::Udp,
            }));
            let result = self.script.found(host, family).await;
            told(Heard::Ended(replied(host, &result)));
            result
        })
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        Box::pin(async move {
            let is_its = |dialled: &&IpAddr| **dialled == address.ip();
            let before = self.log.borrow().dialled.iter().filter(is_its).count();
            self.log.borrow_mut().dialled.push(address.ip());
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            match self.script.dials.get(&address.ip()) {
                Some(Dial::FirstLate(count, after)) if before < *count => {
                    sleep(std::time::Duration::from_millis(*after)).await;
                }
                None | Some(Dial::FirstLate(..)) => sleep(self.script.round_trip).await,
                Some(Dial::Opens(after)) => sleep(std::time::Duration::from_millis(*after)).await,
                Some(Dial::Refuses(after)) => {
                    sleep(std::time::Duration::from_millis(*after)).await;
                    return Err(NetError::of_socket(&refused));
                }
                Some(Dial::Never) => std::future::pending().await,
            }
            let number = self.log.borrow().opened + 1;
            let port = 40_000 + u16::try_from(number).unwrap();
            let local = SocketAddr::from(([10, 0, 0, 99], port));
            Ok(Opened {
                wire: self.open(number, address),
                local,
                peer: address,
                tap: None,
            })
        })
    }
}

/// What a name server would have said.
fn replied(host: &str, result: &Result<Found, NetError>) -> Reply {
    let found = match result {
        Ok(found) => found,
        Err(error) => {
            return Reply::Unanswered {
                words: error.words.clone(),
            };
        }
    };
    let ttl = u32::try_from(found.ttl.as_secs()).unwrap();
    let finding = match found.addresses.len() {
        0 if found.is_missing => Finding::NoSuchName,
        0 => Finding::NoAddress,
        _ => Finding::Addresses,
    };
    let record = |address: &IpAddr| NameRecord {
        name: host.to_owned(),
        kind: Family::of(*address).record().to_owned(),
        ttl,
        value: address.to_string(),
    };
    Reply::Answered(NameAnswer {
        finding,
        code: if found.is_missing {
            "NXDOMAIN"
        } else {
            "NOERROR"
        }
        .to_owned(),
        flags: vec!["rd".to_owned(), "ra".to_owned()],
        records: found.addresses.iter().map(record).collect(),
        negative_ttl: found.addresses.is_empty().then_some(ttl),
        bytes: 64,
    })
}

impl SimNetwork {
    /// Lays a pipe with half the round trip on either way, and sets a server at its end.
    fn open(&self, number: u32, address: SocketAddr) -> Wire {
        {
            let mut log = self.log.borrow_mut();
            log.opened += 1;
            log.open += 1;
            log.most = log.most.max(log.open);
        }
        let (near, mut far) = duplex(64 * 1024);
        let parting = self.script.partings.get(&address.ip());
        if let Some(words) = parting {
            let said = far.write_all(words).now_or_never();
            said.expect("there is room").unwrap();
        }
        let reset = Rc::new(Cell::new(false));
        let near = Pipe {
            pipe: near,
            reset: Rc::clone(&reset),
        };
        let place = Place {
            script: Rc::clone(&self.script),
            log: Rc::clone(&self.log),
            number,
            reset,
            tls: self.tls.clone(),
        };
        let one_way = self.script.round_trip / 2;
        let (near, far) = if one_way.is_zero() {
            (Box::new(near) as Wire, Box::new(far) as Wire)
        } else {
            (
                Box::new(SlowLine::new(near, one_way)) as Wire,
                Box::new(SlowLine::new(far, one_way)) as Wire,
            )
        };
        if parting.is_none() {
            tokio::task::spawn_local(server::live(place, far, address.port()));
        }
        near
    }
}

/// Our end of a pipe: a reset is seen when all that came before has been read.
struct Pipe {
    pipe: DuplexStream,
    reset: Rc<Cell<bool>>,
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.pipe).poll_read(context, buffer))?;
        if buffer.filled().len() == before && self.reset.get() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}
