use std::collections::HashMap;
use std::time::Duration;

use crate::event::{
    Because, ConnectionId, CookieFate, Event, Fact, Moment, QueueReason, RequestId, Stage, Verdict,
};
use crate::message::visible;
use crate::model::{Model, Request, bytes, duration, remarks};

use super::report::summary;

/// A body that comes for long is told of so often.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells a run in lines as it happens, for whoever hears them: each is a sentence without drawings.
#[derive(Debug, Default)]
pub struct Narrator {
    /// When a body that still comes was told of last.
    told: HashMap<RequestId, Moment>,
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
    pub fn tell(&mut self, event: &Event, model: &Model) -> Option<Told> {
        let words = if let Fact::BodyGrew { request, bytes } = &event.fact {
            self.growing(*request, *bytes, event.at, model)?
        } else {
            sentence(&event.fact, event.at, model)?
        };
        let at = duration(event.at.since(Moment::START));
        let is_bad = matches!(
            &event.fact,
            Fact::AttemptFailed { .. }
                | Fact::RequestEnded {
                    verdict: Verdict::Failed(_),
                    ..
                }
        );
        let words = spoken(&format!("{at}: {}.", words.trim_end_matches('.')));
        Some(Told { words, is_bad })
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
        Some(format!("{request} has {so_far}{of} so far"))
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
        Fact::RequestQueued {
            request,
            ahead,
            reason,
        } => format!("{request} stands in line: {}", line(*reason, *ahead)?),
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
        Fact::HeadReceived { request, head, .. } => {
            let after = duration(at.since(model.request(*request)?.planned));
            let answer = format!("{} {}", head.status, head.reason);
            format!("{request} is answered after {after}: {}", answer.trim_end())
        }
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
fn line(reason: QueueReason, ahead: u32) -> Option<String> {
    let full = match reason {
        QueueReason::Opening => return None,
        QueueReason::HostFull { limit } => format!("all {limit} connections to its host are busy"),
        QueueReason::ProxyFull { limit } => {
            format!("all {limit} connections to the proxy are busy")
        }
        QueueReason::AllFull { limit } => format!("all {limit} connections of the run are busy"),
        QueueReason::LowFull { limit } => {
            format!("{limit} requests of low priority are under way, as many as may be")
        }
    };
    Some(match ahead {
        0 => format!("{full}, and it is next"),
        more => format!("{full}, and {more} are ahead of it"),
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
