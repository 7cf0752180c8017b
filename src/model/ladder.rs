use std::fmt;

use crate::event::{Moment, Side, Stage, TcpState};

use super::amount::duration;
use super::{Connection, Model, Request, Span};

/// Something that passed between client and server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// When.
    pub at: Moment,
    /// Who sent it.
    pub by: Side,
    /// What.
    pub words: String,
    /// How its time is known.
    pub proof: Proof,
}

/// How a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The kernel stamped it as it passed.
    Stamped,
    /// We heard of it then.
    Heard,
    /// Another tool wrote it into an archive.
    Archived,
    /// It follows from something else.
    Derived(&'static str),
    /// The state that it leads to was seen then; it was looked for now and again.
    Seen(TcpState),
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stamped => f.write_str("measured by the kernel"),
            Self::Heard => f.write_str("measured, our clock"),
            Self::Archived => f.write_str("from the HAR"),
            Self::Derived(from) => write!(f, "derived: {from}"),
            Self::Seen(state) => write!(f, "derived: {state} was seen"),
        }
    }
}

/// What passed between the ends of `connection`, in order, as far as it is known by `now`.
///
/// Of the requests that it carried, the first and the last `most` are in it; so many are not.
pub fn ladder(
    connection: &Connection,
    model: &Model,
    now: Moment,
    most: usize,
) -> (Vec<Rung>, usize) {
    let mut rungs = Vec::new();
    opening(connection, &mut rungs);
    passing(connection, &mut rungs);
    securing(connection, &mut rungs);
    let carried = connection.carried.as_slice();
    let left_out = carried.len().saturating_sub(most.saturating_mul(2));
    let first = if left_out > 0 { most } else { carried.len() };
    let (first, rest) = carried.split_at(first);
    let last = rest.get(left_out..).unwrap_or_default();
    for carried in first.iter().chain(last) {
        if let Some(request) = model.request(carried.request) {
            let lent = (carried.from, carried.until.unwrap_or(now));
            exchange(request, lent, &mut rungs);
        }
    }
    closed(connection, &mut rungs);
    if model.archive().is_some() {
        for rung in &mut rungs {
            rung.proof = archived(rung.proof);
        }
    }
    // Of what passed in the same moment, what led to the other stands first already.
    rungs.sort_by_key(|rung| rung.at);
    (rungs, left_out)
}

/// How a time is known that another tool measured.
const fn archived(proof: Proof) -> Proof {
    match proof {
        Proof::Heard | Proof::Stamped | Proof::Archived => Proof::Archived,
        Proof::Derived(_) => Proof::Derived("from when the HAR has it connect"),
        Proof::Seen(state) => Proof::Seen(state),
    }
}

fn opening(connection: &Connection, rungs: &mut Vec<Rung>) {
    let Some(connect) = connection.timeline.of(Stage::Connect).last() else {
        return;
    };
    let won = connection
        .tried
        .iter()
        .rfind(|tried| tried.failed.is_none());
    let asked = won.map_or(connect.began, |won| won.began);
    let derived = Proof::Derived;
    rungs.push(rung(asked, Side::Us, "SYN", derived("we asked for it")));
    let Some((heard, _)) = connect.ended.as_ref().filter(|_| connection.ends.is_some()) else {
        return;
    };
    let lost = connection.books().next().map_or(0, |tcp| tcp.retransmitted);
    if lost > 0 {
        let words = format!("SYN, {lost} × more: no answer came");
        rungs.push(rung(asked, Side::Us, words, derived("TCP counts them")));
    }
    let proof = match connect.timed.ended {
        Some(_) => derived("TCP's round trip"),
        None => Proof::Heard,
    };
    rungs.push(rung(*heard, Side::Server, "SYN-ACK", proof));
    let at_once = derived("at once, by the kernel");
    rungs.push(rung(*heard, Side::Us, "ACK", at_once));
}

/// What a proxy was asked for, and what it said.
fn passing(connection: &Connection, rungs: &mut Vec<Rung>) {
    let Some(proxy) = connection.timeline.of(Stage::Proxy).last() else {
        return;
    };
    let passed = connection.passed.as_ref();
    let asked = passed.map_or("the way on is asked for", |(asked, _)| asked);
    let words = format!("to the proxy: {asked}");
    let (began, ended) = match (proxy.timed.began, proxy.timed.ended) {
        (None, None) => (Proof::Heard, Proof::Heard),
        (_, None) => (Proof::Derived("at once"), Proof::Heard),
        (_, Some(_)) => (Proof::Derived("at once"), Proof::Stamped),
    };
    rungs.push(rung(proxy.began, Side::Us, words, began));
    if let (Some((_, answer)), Some((at, _))) = (passed, &proxy.ended) {
        let words = format!("the proxy: {answer}");
        rungs.push(rung(*at, Side::Server, words, ended));
    }
}

fn securing(connection: &Connection, rungs: &mut Vec<Rung>) {
    let (Some(handshake), Some(tls)) = (
        &connection.handshake,
        connection.timeline.of(Stage::Tls).last(),
    ) else {
        return;
    };
    let proof = if tls.timed.ended.is_some() {
        Proof::Stamped
    } else {
        Proof::Heard
    };
    for (number, flight) in handshake.flights.iter().enumerate() {
        let what = match number {
            0 => "ClientHello",
            1 => "ServerHello and more",
            _ => "next flight",
        };
        let words = format!("TLS {what}, {} bytes", flight.bytes);
        rungs.push(rung(flight.until, flight.by, words, proof));
    }
}

/// What of a request and its answer passed while it had the connection.
fn exchange(request: &Request, lent: (Moment, Moment), rungs: &mut Vec<Rung>) {
    let ended = |stage| {
        let spans = request.timeline.of(stage);
        let is_then = |span: &&Span| span.began >= lent.0 && span.began <= lent.1;
        let span = spans.filter(is_then).last()?;
        let (at, _) = span.ended.as_ref()?;
        let proof = match span.timed.ended {
            Some(_) => Proof::Stamped,
            None => Proof::Heard,
        };
        Some((*at, proof))
    };
    let id = request.id;
    if let Some((at, proof)) = ended(Stage::Send) {
        let words = match request.sent.as_ref().map_or(0, |(_, bytes)| *bytes) {
            // An archive need not say.
            0 if request.entry.is_some() => format!("{id} {}", request.method),
            bytes => format!("{id} {}, {bytes} bytes", request.method),
        };
        rungs.push(rung(at, Side::Us, words, proof));
    }
    if let Some((at, proof)) = ended(Stage::Wait) {
        let words = format!("{id} first byte of the answer");
        rungs.push(rung(at, Side::Server, words, proof));
    }
    if let Some((at, proof)) = ended(Stage::Receive) {
        let bytes = request.head_bytes + request.bytes;
        let words = format!("{id} last byte, {bytes} in all");
        rungs.push(rung(at, Side::Server, words, proof));
    }
}

fn closed(connection: &Connection, rungs: &mut Vec<Rung>) {
    let mut before = TcpState::Established;
    for (at, state) in connection.states() {
        for (by, words) in steps(before, state) {
            rungs.push(rung(at, *by, *words, Proof::Seen(state)));
        }
        before = state;
    }
}

/// What passed so that a connection came from one state to another (RFC 9293 §3.6).
const fn steps(from: TcpState, to: TcpState) -> &'static [(Side, &'static str)] {
    use TcpState::{
        CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck, TimeWait,
    };
    const OUR_FIN: (Side, &str) = (Side::Us, "FIN");
    const ITS_ACK: (Side, &str) = (Side::Server, "ACK of the FIN");
    const THEIR_FIN: (Side, &str) = (Side::Server, "FIN");
    const RESET: (Side, &str) = (Side::Server, "RST, or gone before we looked");
    match (from, to) {
        (Established, FinWait1) | (CloseWait, LastAck) => &[OUR_FIN],
        (Established, FinWait2) | (CloseWait, Closed) => &[OUR_FIN, ITS_ACK],
        (Established, TimeWait) => &[OUR_FIN, ITS_ACK, THEIR_FIN],
        (FinWait1, FinWait2) | (Closing, TimeWait) | (LastAck, Closed) => &[ITS_ACK],
        (FinWait1, TimeWait) => &[ITS_ACK, THEIR_FIN],
        (FinWait2, TimeWait) | (FinWait1, Closing) | (Established, CloseWait) => &[THEIR_FIN],
        (Established, LastAck) => &[THEIR_FIN, OUR_FIN],
        (Established | FinWait1 | FinWait2, Closed) => &[RESET],
        _ => &[],
    }
}

fn rung(at: Moment, by: Side, words: impl Into<String>, proof: Proof) -> Rung {
    let words = words.into();
    Rung {
        at,
        by,
        words,
        proof,
    }
}

/// Who closed `connection` first, and how: its states one after the other, as the kernel had them.
pub fn closing(connection: &Connection) -> Option<String> {
    let (mut before, first) = connection.states().next()?;
    let who = match first {
        TcpState::CloseWait | TcpState::LastAck => "the server's FIN came first",
        TcpState::Closed => "without a FIN: reset, or gone before we looked",
        TcpState::Closing => "both FINs at once",
        TcpState::Established | TcpState::FinWait1 | TcpState::FinWait2 | TcpState::TimeWait => {
            "our FIN went first"
        }
    };
    let mut words = vec![format!("{who}: {first}")];
    for (at, state) in connection.states().skip(1) {
        words.push(format!("{state} after {}", duration(at.since(before))));
        before = at;
    }
    Some(words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_close_is_told_in_full_whatever_was_missed() {
        use TcpState::{
            CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck, TimeWait,
        };
        let ours_first = ["us FIN", "server ACK of the FIN", "server FIN"];
        let theirs_first = ["server FIN", "us FIN", "server ACK of the FIN"];
        let crossed = ["us FIN", "server FIN", "server ACK of the FIN"];
        let ways: [(&[TcpState], [&str; 3]); 8] = [
            (&[FinWait1, FinWait2, TimeWait], ours_first),
            (&[FinWait1, TimeWait], ours_first),
            (&[FinWait2, TimeWait], ours_first),
            (&[TimeWait], ours_first),
            (&[FinWait1, Closing, TimeWait], crossed),
            (&[CloseWait, LastAck, Closed], theirs_first),
            (&[CloseWait, Closed], theirs_first),
            (&[LastAck, Closed], theirs_first),
        ];
        for (states, expected) in ways {
            let mut before = Established;
            let mut told = Vec::new();
            for state in states {
                for (by, words) in steps(before, *state) {
                    let by = if *by == Side::Us { "us" } else { "server" };
                    told.push(format!("{by} {words}"));
                }
                before = *state;
            }
            assert_eq!(told, expected, "{states:?}");
        }
    }
}
