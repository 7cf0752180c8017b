use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use crate::event::{
    Archive, Because, End, Ending, Entry as Said, Event, FORMAT_VERSION, Fact, Failure, Moment,
    RequestId, Road, Stage, Subject, Verdict, Wanted,
};
use crate::message::Origin;

use super::cookies;
use super::date::since_1970;
use super::entry::Entry;
use super::failing::failure;
use super::heads::Message;
use super::phases::{Phases, Piece, phases, span};
use super::wires::{Wire, Wires};

/// Tells what an archive says as facts.
pub(super) struct Teller {
    events: Vec<Event>,
}

impl Teller {
    /// The facts of an archive, in the order in which they happened.
    pub(super) fn tell(
        archive: Archive,
        started: Option<&str>,
        entries: Vec<Entry<'_>>,
    ) -> Vec<Event> {
        let order = Order::of(started, entries);
        let mut teller = Self { events: Vec::new() };
        let began = Fact::RunStarted {
            version: FORMAT_VERSION,
            wall_ms: order.wall_ms,
            per_host: 0,
            max_connections: 0,
        };
        teller.say(Moment::START, began);
        teller.say(Moment::START, Fact::ArchiveRead(archive));
        let entries = order.entries;
        let timed = entries.iter().zip(&order.began);
        let lived: Vec<Phases> = timed.map(|(entry, at)| phases(entry, *at)).collect();
        let judged = entries.iter().zip(&lived);
        let failures: Vec<Option<Failure>> =
            judged.map(|(entry, lived)| failed(entry, lived)).collect();
        let wires = Wires::find(&entries, &lived, &failures);
        let from = redirects(&entries, &lived);
        for wire in &wires.all {
            teller.open(wire);
        }
        let all = entries.iter().zip(order.began).zip(lived).zip(failures);
        for (place, (((entry, began), lived), failure)) in all.enumerate() {
            let wire = wires.of_entry.get(place).copied().flatten();
            let wire = wire.and_then(|wire| wires.all.get(wire));
            let life = Life {
                id: id(place),
                began,
                wire,
                is_reused: wire.is_some_and(|wire| wire.is_reused_by(place)),
                redirected: from.get(place).copied().flatten(),
                failure,
                has_start: !order.without_start.contains(&entry.number),
            };
            teller.live(entry, lived, &life);
        }
        teller.events.sort_by_key(|event| event.at);
        let end = teller.events.last().map(|event| event.at);
        teller.say(end.unwrap_or_default(), Fact::RunEnded);
        teller.events
    }

    fn say(&mut self, at: Moment, fact: Fact) {
        self.events.push(Event { at, fact });
    }

    fn open(&mut self, wire: &Wire) {
        let connection = wire.id;
        self.say(
            wire.planned,
            Fact::ConnectionPlanned {
                connection,
                group: Box::new(wire.group.clone()),
                beside: None,
                road: Road::default(),
            },
        );
        for (piece, left) in wire.opening.iter().zip((0..wire.opening.len()).rev()) {
            let failure = wire.failure.clone().filter(|_| left == 0);
            let end = failure.map_or(End::Done, End::Failed);
            self.stage(Subject::Connection(connection), *piece, end);
        }
        let connected = wire.opening.first().map_or(wire.planned, |piece| piece.to);
        let is_open = wire.failure.is_none() || wire.opening.len() > 1;
        if let Some(peer) = wire.peer.filter(|_| is_open) {
            self.say(
                connected,
                Fact::SocketOpened {
                    connection,
                    local: Wire::local(),
                    peer,
                },
            );
        }
        if let Some(failure) = &wire.failure {
            let end = wire.opening.last().map_or(connected, |piece| piece.to);
            let failure = failure.clone();
            self.say(
                end,
                Fact::ConnectionEnded {
                    connection,
                    ending: Ending::Unopened { failure },
                },
            );
        }
    }

    fn stage(&mut self, subject: Subject, piece: Piece, end: End) {
        let stage = piece.stage;
        self.say(piece.from, Fact::StageBegan { subject, stage });
        self.say(
            piece.to,
            Fact::StageEnded {
                subject,
                stage,
                end,
            },
        );
    }

    fn live(&mut self, entry: &Entry<'_>, lived: Phases, life: &Life<'_>) {
        let request = life.id;
        let because = match life.redirected {
            Some(from) => Because::Redirected { from },
            None => Because::Archived {
                entry: entry.number,
                initiator: entry.initiator(),
            },
        };
        let mut wanted = Wanted::plain(entry.method.clone(), entry.url.clone(), because);
        wanted.priority = entry.priority();
        self.say(life.began, Fact::planned(request, &wanted));
        let message = Message::of(entry);
        let took = entry.written.took.as_f64().map_or(Duration::ZERO, span);
        let last = lived.pieces.iter().map(|piece| piece.to).max();
        let end = last.unwrap_or(life.began).max(life.began + took);
        self.stages(entry, &lived, life);
        let unsaid = unsaid(&message, life);
        self.say(
            life.began,
            Fact::EntryRead(Said {
                request,
                not_lived: lived.not_lived,
                in_no_time: lived.in_no_time,
                unsaid,
                cookie: cookies::sent(entry),
                set_cookies: cookies::set(entry),
            }),
        );
        for words in remarks(entry, lived.remarks) {
            self.say(end, Fact::Remarked { request, words });
        }
        let is_stored = entry.is_from_cache();
        self.exchange(message, &lived.pieces, end, life, is_stored);
        let verdict = match &life.failure {
            Some(failure) => Verdict::Failed(failure.clone()),
            None if is_stored => Verdict::Stored,
            None => Verdict::Answered,
        };
        self.say(end, Fact::RequestEnded { request, verdict });
    }

    /// The request's own stages; what its connection lived lies in a wait for it.
    fn stages(&mut self, entry: &Entry<'_>, lived: &Phases, life: &Life<'_>) {
        let has_line = Origin::of(&entry.url).is_some();
        let last = lived.pieces.last().map(|piece| piece.stage);
        let end = |stage: Stage| match &life.failure {
            Some(failure) if Some(stage) == lived.failed => End::Failed(failure.clone()),
            Some(_) | None => End::Done,
        };
        let subject = Subject::Request(life.id);
        let mut wait: Option<Piece> = None;
        for piece in &lived.pieces {
            let is_wait = (Stage::Queue..=Stage::Tls).contains(&piece.stage);
            if is_wait {
                let wait = wait.get_or_insert(Piece {
                    stage: Stage::Queue,
                    ..*piece
                });
                wait.to = wait.to.max(piece.to);
                continue;
            }
            if let Some(wait) = wait.take().filter(|_| has_line) {
                self.stage(subject, wait, End::Done);
            }
            if piece.stage == Stage::Send {
                self.grant(piece.from, life);
            }
            self.stage(subject, *piece, end(piece.stage));
        }
        if let Some(wait) = wait.filter(|_| has_line) {
            self.stage(subject, wait, end(last.unwrap_or(Stage::Queue)));
            self.deny(wait.to, life);
        }
    }

    fn grant(&mut self, at: Moment, life: &Life<'_>) {
        if let Some(wire) = life.wire {
            self.say(
                at,
                Fact::ConnectionGranted {
                    request: life.id,
                    connection: wire.id,
                    reused: life.is_reused,
                    choice: None,
                },
            );
        }
    }

    /// The connection of a request that came no further.
    fn deny(&mut self, at: Moment, life: &Life<'_>) {
        if let (Some(wire), Some(_)) = (life.wire, &life.failure) {
            self.say(
                at,
                Fact::ConnectionDenied {
                    request: life.id,
                    connection: wire.id,
                },
            );
        }
    }

    fn exchange(
        &mut self,
        message: Message,
        pieces: &[Piece],
        end: Moment,
        life: &Life<'_>,
        is_stored: bool,
    ) {
        let request = life.id;
        let of = |stage: Stage| pieces.iter().find(|piece| piece.stage == stage);
        let sent = of(Stage::Send).map(|piece| piece.to);
        let sent = sent.or_else(|| of(Stage::Wait).map(|piece| piece.from));
        if sent.is_some() || message.answer.is_some() {
            self.say(
                sent.unwrap_or(life.began),
                Fact::RequestSent {
                    request,
                    head: message.sent,
                    bytes: message.sent_bytes,
                    content: message.posted,
                },
            );
        }
        let Some(answer) = message.answer else { return };
        let answered = of(Stage::Wait).map_or(end, |piece| piece.to);
        self.say(
            answered,
            Fact::HeadReceived {
                request,
                head: answer.head,
                bytes: if is_stored { 0 } else { answer.head_bytes },
                length: None,
            },
        );
        if answer.bytes > 0 {
            let bytes = answer.bytes;
            self.say(end, Fact::BodyGrew { request, bytes });
        }
        if let Some(body) = answer.body {
            self.say(end, Fact::BodyKept { request, body });
        }
    }
}

/// The entries in the order in which they began, and when that was.
struct Order<'a> {
    entries: Vec<Entry<'a>>,
    began: Vec<Moment>,
    /// Those that do not say when they began.
    without_start: HashSet<u32>,
    /// When the run began, in milliseconds since 1970.
    wall_ms: u64,
}

impl<'a> Order<'a> {
    /// An entry whose beginning cannot be read began with the one before it in the file.
    fn of(started: Option<&str>, mut entries: Vec<Entry<'a>>) -> Self {
        let unsaid = entries.iter().filter(|entry| entry.began.is_none());
        let without_start = unsaid.map(|entry| entry.number).collect();
        let first_known = entries.iter().find_map(|entry| entry.began);
        let mut last = first_known.unwrap_or_default();
        for entry in &mut entries {
            last = *entry.began.get_or_insert(last);
        }
        entries.sort_by_key(|entry| entry.began);
        let first = entries.first().and_then(|entry| entry.began);
        let first = first.unwrap_or_default();
        let started = started.and_then(since_1970).filter(|at| *at <= first);
        let wall_ms = u64::try_from(started.unwrap_or(first).as_millis()).unwrap_or(u64::MAX);
        let start = Duration::from_millis(wall_ms);
        let began = |entry: &Entry<'_>| entry.began.unwrap_or(start).saturating_sub(start);
        Self {
            began: entries.iter().map(began).map(Moment::from).collect(),
            entries,
            without_start,
            wall_ms,
        }
    }
}

/// What is known of a request beside its entry.
struct Life<'a> {
    id: RequestId,
    began: Moment,
    wire: Option<&'a Wire>,
    is_reused: bool,
    redirected: Option<RequestId>,
    failure: Option<Failure>,
    has_start: bool,
}

fn id(place: usize) -> RequestId {
    RequestId(u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1))
}

/// Why a request failed, if it did: it has no answer, or not all of it.
fn failed(entry: &Entry<'_>, lived: &Phases) -> Option<Failure> {
    if let Some(failure) = entry.failure() {
        return Some(failure);
    }
    let last = lived.pieces.last().map(|piece| piece.stage);
    let told = entry.written.response.get("_error").and_then(Value::as_str);
    match told.filter(|words| !words.is_empty()) {
        Some(words) => Some(failure(words, last)),
        None if entry.status().is_some() => None,
        None => Some(failure(UNANSWERED, last)),
    }
}

fn unsaid(message: &Message, life: &Life<'_>) -> Vec<String> {
    let mut unsaid = message.unsaid.clone();
    if !life.has_start {
        unsaid.push("when it began: it is put beside the entry before".to_owned());
    }
    if life.wire.is_none() && message.answer.is_some() {
        unsaid.push("on which connection it ran".to_owned());
    }
    unsaid
}

fn remarks(entry: &Entry<'_>, own: Vec<String>) -> Vec<String> {
    let told = entry.written.remarks.as_array().into_iter().flatten();
    let told = told.filter_map(Value::as_str).map(str::to_owned);
    told.chain(own).collect()
}

/// For each entry the request whose answer led to it: one that ended before it began, to its URL.
fn redirects(entries: &[Entry<'_>], lived: &[Phases]) -> Vec<Option<RequestId>> {
    let mut leading: Vec<(usize, url::Url, Option<Moment>)> = Vec::new();
    let mut from = Vec::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        let began = lived
            .get(place)
            .and_then(|lived| lived.pieces.first())
            .map(|piece| piece.from);
        let leads = leading
            .iter()
            .position(|(_, url, end)| *url == entry.url && *end <= began);
        from.push(leads.map(|leads| id(leading.swap_remove(leads).0)));
        let to = entry
            .written
            .response
            .get("redirectURL")
            .and_then(Value::as_str);
        let to = to
            .filter(|to| !to.is_empty())
            .and_then(|to| entry.url.join(to).ok());
        if let Some(to) = to {
            let end = lived
                .get(place)
                .and_then(|lived| lived.pieces.last())
                .map(|piece| piece.to);
            leading.push((place, to, end));
        }
    }
    from
}

/// What is said of a request without an answer where the archive does not say why.
const UNANSWERED: &str = "there was no answer, and the HAR does not say why";
