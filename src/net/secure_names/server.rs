use std::cell::{Cell, RefCell};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::task::spawn_local;
use tokio::time::timeout;

use crate::message::{Carrier, Family, Origin, Question, Scheme};
use crate::net::destinations::ordered;
use crate::net::name_message::{Asked, Extended, Numbered, Understood, plain};
use crate::net::name_server::{Trouble, judged, reply};
use crate::net::names::{Names, found, whole_name};
use crate::net::network::{Found, Heard};
use crate::net::{NetError, NetErrorKind, Tls};

use super::line::{Broken, Line};
use super::posting::Posting;
use super::{http1, http2, tls};

/// For so long the opening of a line is waited for, and so long an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A name server that is asked over a secure line, which is kept for the next question.
pub struct SecureServer {
    host: String,
    port: u16,
    name: String,
    asking: Asking,
    tls: Tls,
    addresses: RefCell<Vec<IpAddr>>,
    /// Locked while it is opened: whoever asks meanwhile waits for the same line.
    line: Mutex<Option<Line>>,
    /// How often a line could not be opened, and why not the last time.
    failures: Cell<u32>,
    failure: RefCell<Option<Trouble>>,
    is_over: Cell<bool>,
}

/// How a secure name server is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Over TLS alone (RFC 7858).
    Tls,
    /// Over HTTPS (RFC 8484).
    Https {
        /// Path and query of the resource that answers.
        target: String,
        /// Whether the question is said in the target, and not in a body.
        is_get: bool,
    },
}

impl SecureServer {
    /// The server at `host` and `port`, whose certificate is for `name`; nothing is opened yet.
    pub fn new(host: &str, port: u16, name: &str, asking: Asking, tls: Tls) -> Self {
        let literal = host.parse().ok();
        Self {
            host: host.to_owned(),
            port,
            name: name.to_owned(),
            asking,
            tls,
            addresses: RefCell::new(literal.into_iter().collect()),
            line: Mutex::new(None),
            failures: Cell::new(0),
            failure: RefCell::new(None),
            is_over: Cell::new(false),
        }
    }

    /// The protocols to offer to a server that is asked so (ALPN).
    ///
    /// Over TLS alone none: `dot` is registered, and many servers know nothing of it.
    pub fn protocols(asking: &Asking) -> Vec<&'static str> {
        match asking {
            Asking::Tls => Vec::new(),
            Asking::Https { .. } => vec![http2::NAME, "http/1.1"],
        }
    }

    /// Closes the line as soon as nobody waits for an answer.
    pub(in crate::net) fn close(&self) {
        self.is_over.set(true);
        if let Ok(mut kept) = self.line.try_lock() {
            kept.take();
        }
    }

    /// The addresses of `host`, of one family; `names` know where the server itself is.
    pub(in crate::net) async fn ask(
        &self,
        host: &str,
        family: Family,
        names: &Names,
        told: &dyn Fn(Heard),
    ) -> Result<Found, NetError> {
        let numbered = match self.asking {
            Asking::Tls => Numbered::Randomly,
            Asking::Https { .. } => Numbered::Zero,
        };
        let name = whole_name(host)?;
        let asked = Asked::new(&name, family, Extended::Yes, numbered);
        let inquiry = Inquiry {
            name: plain(&name.to_string()),
            family,
            names,
            told,
        };
        let outcome = match asked {
            Some(asked) => self.put(&asked, &inquiry).await,
            None => Err(Trouble::unsayable()),
        };
        outcome
            .and_then(judged)
            .map(found)
            .map_err(|trouble| self.in_vain(host, &trouble))
    }

    /// Puts a question into the line; into a fresh one if the one from before is over.
    async fn put(&self, asked: &Asked, inquiry: &Inquiry<'_>) -> Result<Understood, Trouble> {
        loop {
            let failures = self.failures.get();
            let mut kept = self.line.lock().await;
            let open = kept.as_ref().filter(|line| line.is_open()).cloned();
            if let Some(line) = open {
                drop(kept);
                match self.over(&line, asked, inquiry, Told::NotYet).await {
                    // The server may close a line that was idle at any time.
                    Err(Outcome::Broken) => continue,
                    Err(Outcome::Trouble(trouble)) => return Err(trouble),
                    Ok(understood) => return Ok(understood),
                }
            }
            let trouble = self.failure.borrow().clone();
            if let Some(trouble) = trouble.filter(|_| self.failures.get() != failures) {
                return Err(trouble);
            }
            let line = self.open(inquiry).await.inspect_err(|trouble| {
                self.failures.set(failures.wrapping_add(1));
                self.failure.replace(Some(trouble.clone()));
            })?;
            *kept = Some(line.clone()).filter(|_| !self.is_over.get());
            drop(kept);
            let outcome = self.over(&line, asked, inquiry, Told::Already).await;
            return outcome.map_err(|outcome| match outcome {
                Outcome::Broken => Trouble::new(CLOSED),
                Outcome::Trouble(trouble) => trouble,
            });
        }
    }

    /// Asks over a line that is open.
    async fn over(
        &self,
        line: &Line,
        asked: &Asked,
        inquiry: &Inquiry<'_>,
        sent: Told,
    ) -> Result<Understood, Outcome> {
        let is_told = Cell::new(sent == Told::Already);
        let left = || {
            if !is_told.replace(true) {
                (inquiry.told)(Heard::Sent(self.question(inquiry, line.peer)));
            }
        };
        let came = timeout(PATIENCE, line.ask(asked.bytes.clone(), left)).await;
        let (outcome, is_broken) = match came {
            Ok(Ok(came)) => {
                let mut understood = asked
                    .understand(&came.bytes)
                    .ok_or_else(|| Trouble::new("sent what is no answer to the question"));
                if let Ok(understood) = &mut understood {
                    understood.ttl = understood.ttl.saturating_sub(came.age);
                }
                (understood, false)
            }
            Ok(Err(Broken::Line(words))) => (Err(Trouble::new(words)), true),
            Ok(Err(Broken::Answer(words))) => (Err(Trouble::new(words)), false),
            Err(_) => {
                // It may be dead, and nobody said so.
                self.line.lock().await.take_if(|kept| kept.is(line));
                (Err(Trouble::silence(PATIENCE)), false)
            }
        };
        if is_told.get() {
            (inquiry.told)(Heard::Ended(reply(&outcome)));
        }
        outcome.map_err(|trouble| match (is_broken, sent) {
            (true, Told::NotYet) => Outcome::Broken,
            (true, Told::Already) | (false, _) => Outcome::Trouble(trouble),
        })
    }

    /// Opens a line, as a part of the question that it is opened for.
    async fn open(&self, inquiry: &Inquiry<'_>) -> Result<Line, Trouble> {
        let mut trouble = Trouble::new("has no address");
        for address in self.addresses(inquiry).await? {
            let address = SocketAddr::new(address, self.port);
            (inquiry.told)(Heard::Sent(self.question(inquiry, address)));
            let dialled = timeout(PATIENCE, self.dial(address, inquiry.told)).await;
            match dialled.unwrap_or_else(|_| Err(Trouble::silence(PATIENCE))) {
                Ok(line) => return Ok(line),
                Err(fault) => {
                    let words = fault.words.clone();
                    (inquiry.told)(Heard::Ended(crate::message::Reply::Unanswered { words }));
                    trouble = fault;
                }
            }
        }
        Err(trouble)
    }

    async fn dial(&self, address: SocketAddr, told: &dyn Fn(Heard)) -> Result<Line, Trouble> {
        let of_socket = |error| Trouble::of_socket(&error);
        let socket = TcpStream::connect(address).await.map_err(of_socket)?;
        socket.set_nodelay(true).map_err(of_socket)?;
        told(Heard::Connected);
        let origin = Origin {
            scheme: Scheme::Https,
            host: self.name.clone(),
            port: self.port,
        };
        let nobody = Rc::new(|_, _| {});
        let (_, secured) = self
            .tls
            .secure(Box::new(socket), &origin.into(), nobody)
            .await;
        let (wire, agreed) = secured.map_err(|error| Trouble::new(refusal(&error)))?;
        let is_http2 = agreed.alpn.as_deref() == Some(http2::NAME);
        told(Heard::Secured {
            version: agreed.version,
            alpn: agreed.alpn,
        });
        let (line, puts) = Line::new(address);
        match self.posting() {
            None => drop(spawn_local(tls::carry(wire, puts))),
            Some(posting) if is_http2 => drop(spawn_local(http2::carry(wire, puts, posting))),
            Some(posting) => drop(spawn_local(http1::carry(wire, puts, posting))),
        }
        Ok(line)
    }

    fn posting(&self) -> Option<Posting> {
        let Asking::Https { target, is_get } = &self.asking else {
            return None;
        };
        Some(Posting {
            authority: self.authority(Scheme::Https.default_port()),
            target: target.clone(),
            is_get: *is_get,
        })
    }

    /// Where the server is: asked of the system's own name servers, once.
    async fn addresses(&self, inquiry: &Inquiry<'_>) -> Result<Vec<IpAddr>, Trouble> {
        let known = self.addresses.borrow().clone();
        if !known.is_empty() {
            return Ok(known);
        }
        if self.host == "localhost" {
            return Ok(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
        }
        let mut addresses = inquiry.names.in_hosts_file(&self.host);
        let mut trouble = None;
        if addresses.is_empty() {
            for family in [Family::Ipv6, Family::Ipv4] {
                match inquiry.names.ask(&self.host, family, inquiry.told).await {
                    Ok(found) => addresses.extend(found.addresses),
                    Err(error) => trouble = Some(error.words),
                }
            }
        }
        if addresses.is_empty() {
            let why = trouble.unwrap_or_else(|| "the system knows no address of it".to_owned());
            return Err(Trouble::new(format!("could not be found: {why}")));
        }
        let addresses = ordered(addresses);
        self.addresses.replace(addresses.clone());
        Ok(addresses)
    }

    fn question(&self, inquiry: &Inquiry<'_>, server: SocketAddr) -> Question {
        let over = match self.asking {
            Asking::Tls => Carrier::Tls,
            Asking::Https { .. } => Carrier::Https,
        };
        let is_named = self.name.parse::<IpAddr>().is_err();
        Question {
            name: inquiry.name.clone(),
            record: inquiry.family,
            server,
            server_name: is_named.then(|| self.name.clone()),
            over,
        }
    }

    /// The host as URLs have it, and the port unless it is the `usual`.
    fn authority(&self, usual: u16) -> String {
        let host = match self.host.parse() {
            Ok(IpAddr::V6(address)) => format!("[{address}]"),
            Ok(IpAddr::V4(_)) | Err(_) => self.host.clone(),
        };
        if self.port == usual {
            return host;
        }
        format!("{host}:{}", self.port)
    }

    /// Why nobody could say where `host` is.
    fn in_vain(&self, host: &str, trouble: &Trouble) -> NetError {
        let server = match &self.asking {
            Asking::Tls => format!("tls://{}", self.authority(DOT_PORT)),
            Asking::Https { target, .. } => {
                format!("https://{}{target}", self.authority(443))
            }
        };
        let kind = if trouble.is_silence {
            NetErrorKind::TimedOut
        } else {
            NetErrorKind::NameServer
        };
        let words = &trouble.words;
        NetError::new(
            kind,
            format!("nobody knows where {host} is: name server {server} {words}"),
        )
    }
}

/// What is asked for, and who hears of it.
struct Inquiry<'a> {
    name: String,
    family: Family,
    names: &'a Names,
    told: &'a dyn Fn(Heard),
}

/// Whether somebody was told that the question goes out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Already,
    NotYet,
}

/// What came of a question instead of an answer.
enum Outcome {
    /// The line ended before, and another may be better.
    Broken,
    Trouble(Trouble),
}

/// Why no hands were shaken.
fn refusal(error: &NetError) -> String {
    let words = &error.words;
    if error.kind == NetErrorKind::Certificate {
        return format!("is not trusted: {words}");
    }
    format!("could not be asked over TLS: {words}")
}

/// The port of DNS over TLS (RFC 7858 §3.1).
pub(super) const DOT_PORT: u16 = 853;

const CLOSED: &str = "closed the line without an answer";
