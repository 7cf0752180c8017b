use std::collections::HashMap;
use std::time::Duration;

use url::Url;

use crate::event::{Because, ConnectionId, Event, Fact, RequestId, Verdict};
use crate::message::ResponseHead;

use super::hop::{Hop, Spans};
use super::life::Life;
use super::pipe::{Told, What};

/// What another program is told of its requests; what is over is forgotten.
#[derive(Debug, Default)]
pub struct Piped {
    pub(super) lives: HashMap<u32, Life>,
    pub(super) requests: HashMap<RequestId, u32>,
    pub(super) opening: HashMap<ConnectionId, Spans>,
    pub(super) lines: String,
}

/// How far a request of a program has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The engine knows it as this, for now: a redirect is another.
    Planned(u32, RequestId),
    /// Its result is told.
    Over(u32),
}

impl Piped {
    /// A request under way, by the line that asked for it.
    pub fn expect(&mut self, asked: u32, id: String) {
        let life = Life {
            id,
            ..Life::default()
        };
        self.lives.insert(asked, life);
    }

    /// The request had its whole time: its end is a time-out.
    pub fn note_overdue(&mut self, asked: u32, limit: Duration) {
        if let Some(life) = self.lives.get_mut(&asked) {
            life.overdue = Some(limit);
        }
    }

    /// What is to be written, taken away.
    pub fn take_lines(&mut self) -> String {
        std::mem::take(&mut self.lines)
    }

    /// Takes a fact in.
    #[expect(
        clippy::too_many_lines,
        reason = "every fact is named, so that a new one is noticed"
    )]
    pub fn hear(&mut self, event: &Event) -> Option<Progress> {
        match &event.fact {
            Fact::RequestPlanned {
                request,
                url,
                because,
                ..
            } => return self.plan(*request, url, because),
            Fact::RequestEnded { request, verdict } => return self.end(*request, verdict),
            Fact::StageBegan { .. } | Fact::StageTimed { .. } | Fact::StageEnded { .. } => {
                self.live(event);
            }
            Fact::ConnectionPlanned { connection, .. } => {
                self.opening.insert(*connection, Spans::default());
            }
            Fact::ConnectionEnded { connection, .. } => {
                self.opening.remove(connection);
            }
            Fact::ConnectionGranted {
                request,
                connection,
                reused,
                ..
            } => self.lend(*request, *connection, *reused),
            Fact::ConnectionDenied {
                request,
                connection,
            } => self.lend(*request, *connection, false),
            Fact::NameResolved { request, names, .. } => self.name(*request, names),
            Fact::InterimReceived { request, head } => self.interim(*request, head),
            Fact::CookiesChosen { .. }
            | Fact::CookieJudged { .. }
            | Fact::CacheAnswered { .. }
            | Fact::CacheStored { .. }
            | Fact::AttemptFailed { .. }
            | Fact::RequestSent { .. }
            | Fact::HeadReceived { .. }
            | Fact::TrailersReceived { .. }
            | Fact::Remarked { .. }
            | Fact::AnswerReplaced { .. }
            | Fact::BodyKept { .. } => {
                self.note(&event.fact);
            }
            Fact::RunStarted { .. }
            | Fact::ArchiveRead(_)
            | Fact::EntryRead(_)
            | Fact::CookieKept { .. }
            | Fact::CookieDropped { .. }
            | Fact::CacheOpened(_)
            | Fact::CacheSwitched { .. }
            | Fact::NetworkThrottled(_)
            | Fact::CacheWaited { .. }
            | Fact::NameSought { .. }
            | Fact::QuerySent { .. }
            | Fact::QueryEnded { .. }
            | Fact::RequestQueued { .. }
            | Fact::AddressTried { .. }
            | Fact::AddressFailed { .. }
            | Fact::SocketOpened { .. }
            | Fact::KernelTold { .. }
            | Fact::ConnectionRetired { .. }
            | Fact::ProxyAnswered { .. }
            | Fact::HandshakeEnded { .. }
            | Fact::ConnectionSecured { .. }
            | Fact::BodyGrew { .. }
            | Fact::RunEnded => {}
        }
        None
    }

    fn plan(&mut self, request: RequestId, url: &Url, because: &Because) -> Option<Progress> {
        let asked = match because {
            Because::Piped { line } => *line,
            Because::Redirected { from } | Because::Resumed { from } => {
                self.requests.get(from).copied()?
            }
            Because::Typed
            | Because::Listed { .. }
            | Because::Refreshing { .. }
            | Because::Again { .. }
            | Because::Archived { .. } => return None,
        };
        let life = self.lives.get_mut(&asked)?;
        let hop = Hop {
            request: Some(request),
            url: Some(url.clone()),
            ..Hop::default()
        };
        let former = std::mem::replace(&mut life.hop, hop);
        if let Some(former) = former.request {
            self.requests.remove(&former);
        }
        self.requests.insert(request, asked);
        let is_redirect = matches!(because, Because::Redirected { .. });
        if let Some(head) = former.head.filter(|_| is_redirect) {
            let what = What::Redirect {
                status: head.status,
                url: url.as_str(),
            };
            let id = &life.id;
            self.lines += &Told { id, what }.line();
        }
        Some(Progress::Planned(asked, request))
    }

    fn interim(&mut self, request: RequestId, head: &ResponseHead) {
        let Some(life) = self.life(request) else {
            return;
        };
        let what = What::Interim {
            status: head.status,
            headers: &head.headers,
        };
        let id = &life.id;
        let told = Told { id, what }.line();
        self.lines += &told;
    }

    /// What the result will say.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`hear` names what else is told of"
    )]
    fn note(&mut self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::CacheAnswered { request, verdict } => {
                let hop = &mut self.life(*request)?.hop;
                hop.cache.clone_from(&verdict.words);
            }
            Fact::CacheStored { request, words } => {
                self.life(*request)?.hop.cache.clone_from(words);
            }
            Fact::CookiesChosen {
                request, withheld, ..
            } => {
                self.life(*request)?.hop.withheld.clone_from(withheld);
            }
            Fact::CookieJudged {
                request,
                line,
                words,
                ..
            } => {
                let judged = (line.clone(), words.clone());
                self.life(*request)?.hop.judged.push(judged);
            }
            Fact::AttemptFailed { request, .. } => {
                let hop = &mut self.life(*request)?.hop;
                (hop.connection, hop.is_reused) = (None, false);
            }
            Fact::RequestSent { request, head, .. } => {
                self.life(*request)?.hop.sent = head.headers.clone();
            }
            Fact::HeadReceived { request, head, .. } => {
                self.life(*request)?.hop.head = Some(head.clone());
            }
            Fact::TrailersReceived { request, trailers } => {
                self.life(*request)?.hop.trailers = Some(trailers.clone());
            }
            Fact::Remarked { request, words } => {
                self.life(*request)?.hop.remarks.push(words.clone());
            }
            Fact::BodyKept { request, body } => {
                self.life(*request)?.hop.body = Some(body.clone());
            }
            Fact::AnswerReplaced {
                request,
                replacement,
                words,
                head,
                body,
            } => {
                let hop = &mut self.life(*request)?.hop;
                hop.head = Some(head.clone());
                hop.body = Some(body.clone());
                hop.cache.clone_from(words);
                hop.replacement = Some(*replacement);
            }
            _ => {}
        }
        Some(())
    }

    fn end(&mut self, request: RequestId, verdict: &Verdict) -> Option<Progress> {
        let asked = self.requests.remove(&request)?;
        let life = self.lives.remove(&asked)?;
        self.lines += &life.result(verdict);
        Some(Progress::Over(asked))
    }

    pub(super) fn life(&mut self, request: RequestId) -> Option<&mut Life> {
        self.lives.get_mut(self.requests.get(&request)?)
    }
}
