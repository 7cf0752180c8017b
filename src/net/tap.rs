use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

#[cfg(target_os = "linux")]
use super::kernel::Diagnosis;

/// What the kernel tells of a socket beside its bytes.
///
/// It belongs to the socket itself, whatever is wrapped around that: over TLS it tells of records.
#[derive(Clone)]
pub struct Tap {
    pub(super) passed: Rc<Passed>,
    source: Source,
    /// Says whether what it tells is not what the reader of the bytes will see.
    is_void: Option<Rc<dyn Fn() -> bool>>,
}

/// Who is asked about the socket.
#[derive(Clone)]
enum Source {
    #[cfg(target_os = "linux")]
    Kernel(Diagnosis),
    Nobody(Untold),
}

/// When bytes passed the kernel, in wall time since 1970; nothing where it did not say.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// The last byte that was written left the machine.
    pub(super) left: Cell<Option<Duration>>,
    /// The first byte that was expected came.
    pub(super) first: Cell<Option<Duration>>,
    /// The last byte that was read came.
    pub(super) last: Cell<Option<Duration>>,
    /// Whether the next byte is the one that is expected.
    pub(super) is_expecting: Cell<bool>,
}

/// What TCP's own book-keeping says; nothing where the kernel is too old to say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpFigures {
    /// The smoothed round trip; right after the handshake, the handshake's own.
    pub round_trip: Duration,
    /// How much it varies.
    pub variation: Duration,
    /// The shortest round trip so far.
    pub least: Option<Duration>,
    /// Segments that were sent again so far, SYNs among them.
    pub retransmitted: u32,
    /// Segments that may be under way at a time.
    pub window: u32,
    /// Bytes of a segment that is sent.
    pub segment: u32,
    /// Bytes a second, as the newest acknowledgements have it.
    pub rate: Option<u64>,
    /// Segments that came out of order: one before them was lost or overtaken.
    pub disordered: Option<u32>,
}

/// Where a connection stands (RFC 9293 §3.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpState {
    /// Bytes may go both ways.
    Established,
    /// Our SYN is out.
    SynSent,
    /// A SYN came and was answered.
    SynReceived,
    /// Our FIN is out.
    FinWait1,
    /// Our FIN was acknowledged.
    FinWait2,
    /// Both FINs are acknowledged, ours first; late segments are waited out.
    TimeWait,
    /// It is gone.
    Closed,
    /// Their FIN came.
    CloseWait,
    /// Their FIN came first, and ours is out.
    LastAck,
    /// Somebody may connect.
    Listen,
    /// Both FINs crossed.
    Closing,
}

/// Why the kernel tells nothing of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untold {
    /// Nobody wants it.
    Unwanted,
    /// The line is made longer by this program, and the kernel does not know.
    Lengthened,
    /// Throttling holds back what it passes.
    Throttled,
    /// Only Linux is asked.
    Elsewhere,
    /// The kernel would not say, and why.
    Refused(String),
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwanted => f.write_str("the kernel is not asked (--clock ours)"),
            Self::Lengthened => {
                f.write_str("the kernel is not asked: the demo lengthens its lines itself")
            }
            Self::Throttled => {
                f.write_str("the kernel is not asked: throttling holds back what it passes")
            }
            Self::Elsewhere => f.write_str("only Linux is asked what its kernel knows"),
            Self::Refused(words) => write!(f, "the kernel would not say: {words}"),
        }
    }
}

impl Tap {
    #[cfg(target_os = "linux")]
    pub(super) fn of(diagnosis: Diagnosis) -> Self {
        Self {
            passed: Rc::default(),
            source: Source::Kernel(diagnosis),
            is_void: None,
        }
    }

    /// A tap that tells nothing but why.
    pub fn silent(untold: Untold) -> Self {
        Self {
            passed: Rc::default(),
            source: Source::Nobody(untold),
            is_void: None,
        }
    }

    /// The same, but it tells nothing while `is_void` says so.
    pub(super) fn unless(self, is_void: Rc<dyn Fn() -> bool>) -> Self {
        Self {
            is_void: Some(is_void),
            ..self
        }
    }

    fn is_void(&self) -> bool {
        self.is_void.as_ref().is_some_and(|is_void| is_void())
    }

    /// The next byte to come is the first of an answer.
    pub fn expect(&self) {
        self.passed.first.set(None);
        self.passed.is_expecting.set(true);
    }

    /// When the last byte that was written so far left the machine, in wall time since 1970.
    pub fn left(&self) -> Option<Duration> {
        self.passed.left.get().filter(|_| !self.is_void())
    }

    /// When the first byte that was expected came, in wall time since 1970.
    pub fn first(&self) -> Option<Duration> {
        self.passed.first.get().filter(|_| !self.is_void())
    }

    /// When the last byte that was read came, in wall time since 1970.
    pub fn last(&self) -> Option<Duration> {
        self.passed.last.get().filter(|_| !self.is_void())
    }

    /// What TCP's book-keeping says now, and where the connection stands.
    pub fn figures(&self) -> Result<(TcpState, Option<TcpFigures>), Untold> {
        match &self.source {
            _ if self.is_void() => Err(Untold::Throttled),
            #[cfg(target_os = "linux")]
            Source::Kernel(diagnosis) => diagnosis.ask(),
            Source::Nobody(untold) => Err(untold.clone()),
        }
    }
}
