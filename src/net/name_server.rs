use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hickory_resolver::proto::rr::Name;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use crate::message::{Carrier, Family, Finding, Question, Reply, span};

use super::NetError;
use super::name_message::{Asked, Extended, Numbered, Understood, plain};
use super::network::Heard;

/// Larger than any datagram.
const LARGEST: usize = 65_535;

/// A question that is put to one server after another.
#[derive(Clone, Copy)]
pub(super) struct Inquiry<'a> {
    pub(super) name: &'a Name,
    pub(super) family: Family,
    /// Who hears of each question and each reply, the moment they go and come.
    pub(super) told: &'a dyn Fn(Heard),
    /// For how long a reply is waited for.
    pub(super) patience: Duration,
}

/// Why a server gave no answer that anything can be done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) words: String,
    /// Whether it may be otherwise the next time: nothing came at all.
    pub(super) is_silence: bool,
}

impl Trouble {
    /// What the server did instead of answering.
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            is_silence: false,
        }
    }

    /// Nothing came for so long.
    pub(super) fn silence(patience: Duration) -> Self {
        Self {
            words: format!("did not answer within {}", span(patience.as_secs())),
            is_silence: true,
        }
    }

    /// There is no way to write the question down.
    pub(super) fn unsayable() -> Self {
        Self::new("cannot be asked: the name is too long for DNS")
    }

    /// What an error of a socket means.
    pub(super) fn of_socket(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::ConnectionRefused {
            return Self::new("has nobody listening (refused)");
        }
        let words = NetError::of_socket(error).words;
        Self::new(format!("could not be asked: {words}"))
    }
}

/// What came of a question, as it is told.
pub(super) fn reply(outcome: &Result<Understood, Trouble>) -> Reply {
    match outcome {
        Ok(understood) => Reply::Answered(understood.answer.clone()),
        Err(trouble) => Reply::Unanswered {
            words: trouble.words.clone(),
        },
    }
}

impl Inquiry<'_> {
    /// Asks `server`, over TCP too if the answer does not fit in a datagram.
    pub(super) async fn put_to(&self, server: SocketAddr) -> Result<Understood, Trouble> {
        let mut heard = self.over(Carrier::Udp, server, Extended::Yes).await?;
        // A server from before 1999 may not know the extension (RFC 6891 §7).
        if matches!(heard.answer.code.as_str(), "FORMERR" | "NOTIMP") {
            heard = self.over(Carrier::Udp, server, Extended::No).await?;
        }
        if heard.answer.finding != Finding::Truncated {
            return judged(heard);
        }
        let again = self.over(Carrier::Tcp, server, Extended::Yes).await;
        again.and_then(judged).map_err(|trouble| Trouble {
            words: format!(
                "cut its answer short (truncated), and over TCP {}",
                trouble.words
            ),
            ..trouble
        })
    }

    async fn over(
        &self,
        over: Carrier,
        server: SocketAddr,
        extended: Extended,
    ) -> Result<Understood, Trouble> {
        let asked = Asked::new(self.name, self.family, extended, Numbered::Randomly);
        let asked = asked.ok_or_else(Trouble::unsayable)?;
        let sent = || {
            (self.told)(Heard::Sent(Question {
                name: plain(&self.name.to_string()),
                record: self.family,
                server,
                server_name: None,
                over,
            }));
        };
        let exchange = async {
            match over {
                Carrier::Udp => over_udp(server, &asked, sent).await,
                Carrier::Tcp | Carrier::Tls | Carrier::Https => {
                    sent();
                    over_tcp(server, &asked).await
                }
            }
        };
        let outcome = timeout(self.patience, exchange).await;
        let understood = match outcome {
            Ok(Ok(understood)) => Ok(understood),
            Ok(Err(error)) => Err(Trouble::of_socket(&error)),
            Err(_) => Err(Trouble::silence(self.patience)),
        };
        (self.told)(Heard::Ended(reply(&understood)));
        understood
    }
}

/// Only what says something of the name is an answer; the rest is the server's own trouble.
pub(super) fn judged(heard: Understood) -> Result<Understood, Trouble> {
    let code = &heard.answer.code;
    let words = match heard.answer.finding {
        Finding::Addresses | Finding::NoAddress | Finding::NoSuchName => return Ok(heard),
        Finding::ServerFailed => format!("failed ({code})"),
        Finding::Refused => format!("refused to answer ({code})"),
        Finding::Truncated => "cut its answer short (truncated)".to_owned(),
        Finding::Lame => "knows nothing of it and asks nobody (lame)".to_owned(),
        Finding::AliasLoop => {
            let first = heard.answer.records.first();
            let name = first.map(|record| record.name.as_str()).unwrap_or_default();
            let chain = heard.answer.chain(name).join(" is ");
            format!("gave aliases that lead in a circle: {chain}")
        }
        Finding::Other => format!("did not understand the question ({code})"),
    };
    Err(Trouble::new(words))
}

async fn over_udp(server: SocketAddr, asked: &Asked, sent: impl Fn()) -> io::Result<Understood> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // The kernel then drops what others send, and says so when nobody listens there.
    socket.connect(server).await?;
    sent();
    socket.send(&asked.bytes).await?;
    let mut bytes = vec![0; LARGEST];
    loop {
        let length = socket.recv(&mut bytes).await?;
        let understood = bytes.get(..length).and_then(|said| asked.understand(said));
        // What is no answer to this question was sent by somebody else, or long ago.
        if let Some(understood) = understood {
            return Ok(understood);
        }
    }
}

async fn over_tcp(server: SocketAddr, asked: &Asked) -> io::Result<Understood> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    over_stream(stream, asked).await
}

/// Each message has its length before it, in two bytes (RFC 1035 §4.2.2).
async fn over_stream(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    asked: &Asked,
) -> io::Result<Understood> {
    let length = u16::try_from(asked.bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend(&asked.bytes);
    stream.write_all(&framed).await?;
    stream.flush().await?;
    let length = stream.read_u16().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    asked
        .understand(&bytes)
        .ok_or_else(|| io::Error::other("what came is no answer to the question"))
}
