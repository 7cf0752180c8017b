use std::net::SocketAddr;

use crate::event::{
    ConnectionId, Ending, Failure, Handshake, KernelWord, Moment, RequestId, Retirement, Road,
    Security, Tcp, TcpState,
};
use crate::message::Group;

use super::{Request, Timeline};

/// What is known of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its number.
    pub id: ConnectionId,
    /// To whom, and for whom.
    pub group: Group,
    /// The others of its group that were not over when it was planned, in the order they were dialled;
    /// nothing where these were too many to be kept.
    pub(super) neighbours: Option<Box<[ConnectionId]>>,
    /// The request that had ended last by then of those whose connections were over, and when.
    pub(super) freed_before: Option<(Moment, RequestId)>,
    /// The connection beside which it was tried, as that took long.
    pub beside: Option<ConnectionId>,
    /// The way that it takes.
    pub road: Road,
    /// What the proxy was asked, and what it answered.
    pub passed: Option<(String, String)>,
    /// When it joined the run.
    pub planned: Moment,
    /// Its own stages.
    pub timeline: Timeline,
    /// The addresses that were tried, in order.
    pub tried: Vec<Try>,
    /// Our end and theirs, once it is open.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// How its TLS handshake went.
    pub handshake: Option<Box<Handshake>>,
    /// What the kernel said of it, in order.
    pub told: Vec<(Moment, KernelWord)>,
    /// What TLS agreed on.
    pub security: Option<Security>,
    /// The requests that ran on it, in order.
    pub carried: Vec<Carried>,
    /// As which fact of the run the last stage of its opening ended.
    pub opened_as: Option<u64>,
    /// As which fact of the run it began to end.
    pub ended_as: Option<u64>,
    /// Why the pool had no use for it, if it had none.
    pub retired: Option<Retirement>,
    /// When it ended, and why.
    pub ended: Option<(Moment, Ending)>,
}

/// An address that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// Which.
    pub address: SocketAddr,
    /// When.
    pub began: Moment,
    /// When and why it failed, if it did.
    pub failed: Option<(Moment, Failure)>,
}

/// A request that runs or ran on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Which.
    pub request: RequestId,
    /// From when.
    pub from: Moment,
    /// Until when, once it is over.
    pub until: Option<Moment>,
}

impl Connection {
    pub(super) fn planned(id: ConnectionId, group: Group, at: Moment) -> Self {
        Self {
            id,
            group,
            neighbours: Some(Box::default()),
            freed_before: None,
            beside: None,
            road: Road::default(),
            passed: None,
            planned: at,
            timeline: Timeline::default(),
            tried: Vec::new(),
            ends: None,
            handshake: None,
            told: Vec::new(),
            security: None,
            carried: Vec::new(),
            opened_as: None,
            ended_as: None,
            retired: None,
            ended: None,
        }
    }

    /// TCP's book-keeping, each time it was asked for; the first is the handshake's.
    pub fn books(&self) -> impl DoubleEndedIterator<Item = &Tcp> {
        self.told.iter().filter_map(|(_, word)| match word {
            KernelWord::Tcp(tcp) => Some(tcp),
            KernelWord::State(_) | KernelWord::Untold(_) => None,
        })
    }

    /// The states in which it was seen as it ended, and when first.
    pub fn states(&self) -> impl Iterator<Item = (Moment, TcpState)> {
        self.told.iter().filter_map(|(at, word)| match word {
            KernelWord::State(state) => Some((*at, *state)),
            KernelWord::Tcp(_) | KernelWord::Untold(_) => None,
        })
    }

    /// Why the kernel told nothing of it, if that is so.
    pub fn untold(&self) -> Option<&str> {
        self.told.iter().find_map(|(_, word)| match word {
            KernelWord::Untold(words) => Some(words.as_str()),
            KernelWord::Tcp(_) | KernelWord::State(_) => None,
        })
    }

    /// Where `request` stands among those that it carried, from 0.
    pub fn place_of(&self, request: &Request) -> Option<usize> {
        let carried = &self.carried;
        // They are in order, so that its own is among the last that began by then.
        let begun = carried.partition_point(|one| Some(one.from) <= request.granted);
        let is_its = |one: &Carried| one.request == request.id;
        carried.get(..begun)?.iter().rposition(is_its)
    }

    /// Who ran on it right before `request`.
    pub(super) fn carried_before(&self, request: &Request) -> Option<RequestId> {
        let before = self.place_of(request)?.checked_sub(1)?;
        self.carried.get(before).map(|former| former.request)
    }

    /// The request that runs on it now.
    pub fn carries(&self) -> Option<RequestId> {
        self.carried
            .last()
            .filter(|last| last.until.is_none())
            .map(|last| last.request)
    }

    /// Whether it is neither over nor on its way out.
    pub fn is_open(&self) -> bool {
        let is_parting = self
            .timeline
            .of(crate::event::Stage::Close)
            .next()
            .is_some();
        self.ended.is_none() && !is_parting
    }

    /// Whether it is being opened or carries a request.
    pub fn is_busy(&self) -> bool {
        self.is_open() && (self.is_opening() || self.carries().is_some())
    }

    /// Whether it is still being opened.
    pub fn is_opening(&self) -> bool {
        use crate::event::Stage::{Connect, Proxy, Tls};
        let open = self.timeline.open().map(|span| span.stage);
        self.is_open()
            && (matches!(open, Some(Connect | Proxy | Tls)) || self.timeline.spans().is_empty())
    }
}
