use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::net::NetError;

/// An open line to a name server: questions go in, answers come out, each whenever it is ready.
///
/// It is closed when nobody has it any more.
#[derive(Clone)]
pub(super) struct Line {
    /// The server's end.
    pub(super) peer: SocketAddr,
    puts: mpsc::UnboundedSender<Put>,
}

/// A question on its way into the line, and who waits for the answer.
pub(super) struct Put {
    /// The message.
    pub(super) bytes: Vec<u8>,
    /// Who hears that it leaves now.
    pub(super) leaving: oneshot::Sender<()>,
    /// Where the answer goes.
    pub(super) asker: oneshot::Sender<Result<Came, Broken>>,
}

/// An answer as it came out of the line.
#[derive(Debug)]
pub(super) struct Came {
    /// The message.
    pub(super) bytes: Vec<u8>,
    /// For how long it had been stored on the way (RFC 8484 §5.1).
    pub(super) age: Duration,
}

/// Why no answer came out.
#[derive(Clone, Debug)]
pub(super) enum Broken {
    /// The line ended, for whatever reason; another may be better.
    Line(String),
    /// The server said something else than an answer.
    Answer(String),
}

/// The questions that come out of the line's near end, for whoever carries them.
pub(super) type Puts = mpsc::UnboundedReceiver<Put>;

impl Line {
    /// A line to `peer`, and what is put into it.
    pub(super) fn new(peer: SocketAddr) -> (Self, Puts) {
        let (puts, taken) = mpsc::unbounded_channel();
        (Self { peer, puts }, taken)
    }

    /// Whether questions can be put into it still.
    pub(super) fn is_open(&self) -> bool {
        !self.puts.is_closed()
    }

    /// Whether this is the same line as the `other`.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.puts.same_channel(&other.puts)
    }

    /// Puts a question in, says when it has `left`, and waits for what comes out.
    pub(super) async fn ask(&self, bytes: Vec<u8>, left: impl FnOnce()) -> Result<Came, Broken> {
        let (leaving, leaves) = oneshot::channel();
        let (asker, answer) = oneshot::channel();
        let put = Put {
            bytes,
            leaving,
            asker,
        };
        self.puts.send(put).map_err(|_| Broken::closed())?;
        leaves.await.map_err(|_| Broken::closed())?;
        left();
        answer.await.unwrap_or_else(|_| Err(Broken::closed()))
    }
}

impl Broken {
    /// What an error of the line's wire means.
    pub(super) fn of_wire(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::closed();
        }
        let words = NetError::of_socket(error).words;
        Self::Line(format!("broke the line: {words}"))
    }

    /// The server closed the line.
    pub(super) fn closed() -> Self {
        Self::Line(CLOSED.to_owned())
    }
}

const CLOSED: &str = "closed the line without an answer";
