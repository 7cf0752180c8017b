use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::event::{ConnectionId, Failure, Moment, Stage};
use crate::message::{Credentials, Group, Origin};

use super::entry::Entry;
use super::phases::{Phases, Piece};

/// A connection as the entries of an archive tell of it.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) id: ConnectionId,
    pub(super) group: Group,
    /// When we first know of it.
    pub(super) planned: Moment,
    /// Which entry's request opened it, by its place.
    pub(super) opener: Option<usize>,
    pub(super) first: usize,
    pub(super) peer: Option<SocketAddr>,
    /// The TCP and TLS stages of its opening.
    pub(super) opening: Vec<Piece>,
    /// Why it did not open.
    pub(super) failure: Option<Failure>,
}

/// The connections of an archive, and which entry ran on which.
#[derive(Default)]
pub(super) struct Wires {
    pub(super) all: Vec<Wire>,
    /// For each entry the place of its connection, where one is known.
    pub(super) of_entry: Vec<Option<usize>>,
    by_name: HashMap<(String, Group), usize>,
}

impl Wires {
    /// Finds the connections of the entries, which are in the order in which they began.
    pub(super) fn find(
        entries: &[Entry<'_>],
        phases: &[Phases],
        failures: &[Option<Failure>],
    ) -> Self {
        let mut wires = Self::default();
        for (place, (entry, phases)) in entries.iter().zip(phases).enumerate() {
            let wire = wires.wire(place, entry, phases);
            wires.of_entry.push(wire);
        }
        for wire in &mut wires.all {
            let lived = wire.opener.and_then(|opener| phases.get(opener));
            let last = wire.opening.last().map(|piece| piece.stage);
            let is_opening = lived.is_some_and(|lived| lived.failed == last);
            let failure = wire
                .opener
                .and_then(|opener| failures.get(opener)?.as_ref());
            wire.failure = failure.filter(|_| is_opening).cloned();
        }
        wires
    }

    fn wire(&mut self, place: usize, entry: &Entry<'_>, phases: &Phases) -> Option<usize> {
        let origin = Origin::of(&entry.url)?;
        if entry.is_from_cache() {
            return None;
        }
        let group = Group::new(origin, Credentials::default());
        let is_opening = |piece: &&Piece| (Stage::Connect..=Stage::Tls).contains(&piece.stage);
        let opening: Vec<Piece> = phases.pieces.iter().filter(is_opening).copied().collect();
        let begun = |piece: &Piece| piece.stage >= Stage::Connect;
        let from = phases.pieces.iter().find(|piece| begun(piece))?.from;
        let name = entry.connection();
        let known = name
            .clone()
            .and_then(|name| self.by_name.get(&(name, group.clone())));
        if let Some(known) = known.copied() {
            let wire = self.all.get_mut(known)?;
            wire.planned = wire.planned.min(from);
            wire.peer = wire.peer.or_else(|| peer(entry));
            if wire.opener.is_none() && !opening.is_empty() {
                (wire.opener, wire.opening) = (Some(place), opening);
            }
            return Some(known);
        }
        if name.is_none() && opening.is_empty() {
            return None;
        }
        let at = self.all.len();
        if let Some(name) = name {
            self.by_name.insert((name, group.clone()), at);
        }
        self.all.push(Wire {
            id: ConnectionId(u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1)),
            group,
            planned: from,
            opener: (!opening.is_empty()).then_some(place),
            first: place,
            peer: peer(entry),
            opening,
            failure: None,
        });
        Some(at)
    }
}

impl Wire {
    /// Whether the request of the entry at `place` found it open.
    pub(super) fn is_reused_by(&self, place: usize) -> bool {
        match self.opener {
            Some(opener) => opener != place,
            None => self.first != place,
        }
    }

    /// Our end, of which archives say nothing: the address that stands for none.
    pub(super) const fn local() -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0)
    }
}

/// Where the server is, as the entry says; Chromium writes IPv6 in brackets.
fn peer(entry: &Entry<'_>) -> Option<SocketAddr> {
    let address = entry.written.server.as_str()?;
    let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
    let port = entry.url.port_or_known_default()?;
    Some(SocketAddr::new(address, port))
}
