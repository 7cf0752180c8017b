use std::collections::{HashMap, HashSet};
use std::mem;
use std::time::Duration;

use crate::event::{
    Because, ConnectionId, CookieFate, Event, Fact, Moment, QueueReason, RequestId, Stage, Verdict,
};
use crate::message::visible;
use crate::model::{Model, Request, bytes, duration, remarks};

use super::report::summary;

/// A body that comes for long is told of so often.
const PATIENCE: Duration = Duration::from_secs(5);
/// Who stands in line within so long is told of at once.
const TOGETHER: Duration = Duration::from_millis(20);
/// More requests than these are told of in one sentence.
const FEW: usize = 3;

/// Tells a run in lines as it happens, for whoever hears them: each is a sentence without drawings.
///
/// Whoever listens cannot skip: what many requests do at once is one sentence, of the connections
/// to a host the first is told, and an answer when all of it is there.
#[derive(Debug, Default)]
pub struct Narrator {
    /// When a body that still comes was told of last.
    told: HashMap<RequestId, Moment>,
    /// Requests that were asked for one after the other, and are not told yet.
    asked: Vec<Waiting>,
    /// Requests that had to stand in line, and are not told yet.
    queued: Vec<Waiting>,
    /// The groups of which a connection was told to be open, or secure.
    open: HashSet<String>,
    secure: HashSet<String>,
}

/// A request of which something is to be told, alone or with others.
#[derive(Debug)]
struct Waiting {
    request: RequestId,
    at: Moment,
    /// What it does.
    words: String,
    /// What is told of it where it is one of many.
    short: String,
}

/// A line that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The sentence, without the end of the line.
    pub words: String,
    /// Whether it tells of something that went wrong.
    pub is_bad: bool,
}

impl Narrator {
    /// What a fact means for a person; nothing for the many that only matter together.
    ///
    /// `model` has the fact folded in.
    pub fn tell(&mut self, event: &Event, model: &Model) -> Vec<Told> {
        let at = event.at;
        if let Some(waiting) = asking(&event.fact, at) {
            self.asked.push(waiting);
            return Vec::new();
        }
        let mut told = together(&mut self.asked, "are asked for");
        if let Some(waiting) = standing(&event.fact, at) {
            self.queued.push(waiting);
            return told;
        }
        let sentence = self.sentence(&event.fact, at, model);
        let is_late = |first: &Waiting| at.since(first.at) >= TOGETHER;
        if sentence.is_some() || self.queued.first().is_some_and(is_late) {
            told.extend(together(&mut self.queued, "stand in line"));
        }
        let is_bad = matches!(
            &event.fact,
            Fact::AttemptFailed { .. }
                | Fact::RequestEnded {
                    verdict: Verdict::Failed(_),
                    ..
                }
        );
        told.extend(sentence.map(|words| Told {
            is_bad,
            ..line_of(at, &words)
        }));
        told
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "few facts are told only once"
    )]
    fn sentence(&mut self, fact: &Fact, at: Moment, model: &Model) -> Option<String> {
        let group = |connection: &ConnectionId| {
            let known = model.connection(*connection)?;
            Some(known.group.to_string())
        };
        let is_news = match fact {
            Fact::BodyGrew { request, bytes } => return self.growing(*request, *bytes, at, model),
            Fact::SocketOpened { connection, .. } => self.open.insert(group(connection)?),
            Fact::ConnectionSecured { connection, .. } => self.secure.insert(group(connection)?),
            _ => true,
        };
        is_news.then(|| sentence(fact, at, model)).flatten()
    }

    /// The run as a whole: what there is to say about it, and its figures.
    pub fn end(model: &Model) -> Vec<Told> {
        let told = |words: String| Told {
            words: spoken(&format!("{}.", words.trim_end_matches('.'))),
            is_bad: false,
        };
        let remarks = remarks(model).into_iter();
        let mut lines: Vec<_> = remarks.map(|remark| told(remark.to_string())).collect();
        lines.push(told(format!("In all: {}", summary(model))));
        lines
    }

    fn growing(
        &mut self,
        request: RequestId,
        so_far: u64,
        at: Moment,
        model: &Model,
    ) -> Option<String> {
        let known = model.request(request)?;
        let began = known
            .timeline
            .of(Stage::Receive)
            .next()
            .map(|span| span.began);
        let last = self.told.get(&request).copied().or(began)?;
        if at.since(last) < PATIENCE {
            return None;
        }
        self.told.insert(request, at);
        let of = known.length.map(|length| format!(" of {}", bytes(length)));
        let (so_far, of) = (bytes(so_far), of.unwrap_or_default());
        let status = known
            .status()
            .map(|status| format!(" is answered with {status} and"));
        let status = status.unwrap_or_default();
        Some(format!("{request}{status} has {so_far}{of} so far"))
    }
}

/// What was asked for because a person wanted it, alone or in a list.
fn asking(fact: &Fact, at: Moment) -> Option<Waiting> {
    let Fact::RequestPlanned {
        request,
        method,
        url,
        because,
        ..
    } = fact
    else {
        return None;
    };
    reason(because).is_empty().then(|| Waiting {
        request: *request,
        at,
        words: format!("{request} asks for {method} {url}"),
        short: String::new(),
    })
}

/// Who has to stand in line, and why.
fn standing(fact: &Fact, at: Moment) -> Option<Waiting> {
    let Fact::RequestQueued {
        request,
        ahead,
        reason,
    } = fact
    else {
        return None;
    };
    let full = full(*reason)?;
    let place = match ahead {
        0 => "it is next".to_owned(),
        more => format!("{more} are ahead of it"),
    };
    Some(Waiting {
        request: *request,
        at,
        words: format!("{request} stands in line: {full}, and {place}"),
        short: full,
    })
}

/// What a few requests do, a sentence each; of many that do the same, one sentence.
fn together(waiting: &mut Vec<Waiting>, what: &str) -> Vec<Told> {
    let waiting = mem::take(waiting);
    let alike = waiting.chunk_by(|one, other| one.short == other.short);
    let told = alike.flat_map(|alike| match alike {
        [first, .., last] if alike.len() > FEW => {
            let why = if first.short.is_empty() {
                format!("from {} to {}", first.words, last.words).replace(" asks for", ",")
            } else {
                format!(
                    "from {} to {}: {}",
                    first.request, last.request, first.short
                )
            };
            let count = alike.len();
            vec![line_of(
                first.at,
                &format!("{count} requests {what}, {why}"),
            )]
        }
        few => few.iter().map(|one| line_of(one.at, &one.words)).collect(),
    });
    told.collect()
}

fn line_of(at: Moment, words: &str) -> Told {
    let at = duration(at.since(Moment::START));
    Told {
        words: spoken(&format!("{at}: {}.", words.trim_end_matches('.'))),
        is_bad: false,
    }
}

/// A fact as a sentence, without its moment and its full stop.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "few facts are told, and a new one only where somebody says how"
)]
fn sentence(fact: &Fact, at: Moment, model: &Model) -> Option<String> {
    Some(match fact {
        Fact::RequestPlanned {
            request,
            method,
            url,
            because,
            ..
        } => format!("{request} asks for {method} {url}{}", reason(because)),
        Fact::CacheWaited { request, of } => format!("{request} waits for the answer of {of}"),
        Fact::SocketOpened {
            connection, peer, ..
        } => opened(*connection, &peer.to_string(), model)?,
        Fact::ConnectionSecured {
            connection,
            security,
        } => format!("{connection} is secure: {}", security.version),
        Fact::AttemptFailed {
            request, failure, ..
        } => format!("{request} tries again: {}", failure.words),
        Fact::CookieJudged {
            request,
            fate: CookieFate::Refused,
            words,
            ..
        } => format!("{request} sets a cookie that is not kept: {words}"),
        Fact::NetworkThrottled(made) => format!("the network from now on: {}", made.to),
        Fact::ArchiveRead(archive) => format!("this was measured by {}", archive.creator),
        Fact::Remarked { request, words } => format!("{request}, a remark: {words}"),
        Fact::RequestEnded { request, verdict } => ended(model.request(*request)?, verdict, at),
        _ => return None,
    })
}

/// Why a request is made, where that was not a person's wish.
fn reason(because: &Because) -> String {
    match because {
        Because::Redirected { from } => format!(", as {from} led there"),
        Because::Resumed { from } => format!(", the rest of {from}"),
        Because::Refreshing { of } => format!(", to bring the answer of {of} up to date"),
        Because::Again { of } => format!(", as {of} did before"),
        Because::Typed
        | Because::Listed { .. }
        | Because::Piped { .. }
        | Because::Archived { .. } => String::new(),
    }
}

/// Why one has to wait; nothing where a connection is being opened for it.
fn full(reason: QueueReason) -> Option<String> {
    Some(match reason {
        QueueReason::Opening => return None,
        QueueReason::HostFull { limit } => format!("all {limit} connections to the host are busy"),
        QueueReason::ProxyFull { limit } => {
            format!("all {limit} connections to the proxy are busy")
        }
        QueueReason::AllFull { limit } => format!("all {limit} connections of the run are busy"),
        QueueReason::LowFull { limit } => {
            format!("{limit} requests of low priority are under way, as many as may be")
        }
    })
}

fn opened(connection: ConnectionId, peer: &str, model: &Model) -> Option<String> {
    let group = &model.connection(connection)?.group;
    Some(format!("{connection} is open to {peer}, for {group}"))
}

fn ended(request: &Request, verdict: &Verdict, at: Moment) -> String {
    let (id, url) = (request.id, &request.url);
    let took = duration(at.since(request.planned));
    match verdict {
        Verdict::Failed(failure) => format!("{id} {url} failed after {took}: {failure}"),
        Verdict::Stored => {
            let cached = request.cached.as_ref();
            let words = cached.map_or_else(String::new, |cached| format!(": {}", cached.words));
            format!("{id} {url} is done, from the cache{words}")
        }
        Verdict::Answered => {
            let status = request.status().map(|status| format!(" {status},"));
            let (status, body) = (status.unwrap_or_default(), bytes(request.bytes));
            format!("{id} {url} is done:{status} {body} in {took}")
        }
    }
}

/// Words without the signs that a screen reader would spell out, and safe to print.
fn spoken(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in visible(&words.replace(" · ", ", ")).chars() {
        match c {
            'µ' => text.push('u'),
            '–' | '—' => text.push('-'),
            '…' => text.push_str("..."),
            '→' => text.push_str("to"),
            '§' => text.push_str("section "),
            '×' | '✕' => text.push('x'),
            '·' => text.push(','),
            '“' | '”' => text.push('"'),
            '‘' | '’' => text.push('\''),
            other => text.push(other),
        }
    }
    text
}
