use std::collections::HashMap;
use std::time::Duration;

use url::Url;

use crate::event::{
    Because, ConnectionId, End, Event, Fact, Moment, Names, RequestId, Stage, Subject, Times,
    Verdict,
};
use crate::message::ResponseHead;

use super::hop::{Hop, Lived, Spans};
use super::life::Life;
use super::pipe::{Told, What};

/// What another program is told of its requests; what is over is forgotten.
#[derive(Debug, Default)]
pub struct Piped {
    lives: HashMap<u32, Life>,
    requests: HashMap<RequestId, u32>,
    opening: HashMap<ConnectionId, Spans>,
    lines: String,
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

    /// A stage begins or ends, or the kernel says when.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`hear` hands these over")]
    fn live(&mut self, event: &Event) {
        match &event.fact {
            Fact::StageBegan { subject, stage } => self.begin(*subject, *stage, event.at),
            Fact::StageEnded {
                subject,
                stage,
                end,
            } => self.end_stage(*subject, *stage, event.at, end),
            Fact::StageTimed {
                subject,
                stage,
                times,
            } => self.time(*subject, *stage, *times),
            _ => {}
        }
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

    fn begin(&mut self, subject: Subject, stage: Stage, at: Moment) {
        match subject {
            Subject::Request(request) => {
                if let Some(life) = self.life(request) {
                    life.hop.began[stage] = at;
                }
            }
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection) {
                    spans.lived[stage] = Some((at, None));
                }
            }
        }
    }

    fn time(&mut self, subject: Subject, stage: Stage, times: Times) {
        match subject {
            Subject::Request(request) => {
                if let Some(life) = self.life(request) {
                    life.hop.timed[stage] = times;
                }
            }
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection) {
                    spans.timed[stage] = times;
                }
            }
        }
    }

    fn end_stage(&mut self, subject: Subject, stage: Stage, at: Moment, end: &End) {
        let request = match subject {
            Subject::Request(request) => request,
            Subject::Connection(connection) => {
                if let Some(spans) = self.opening.get_mut(&connection)
                    && let Some(span) = &mut spans.lived[stage]
                {
                    span.1 = Some(at);
                }
                return;
            }
        };
        let Some(life) = self.life(request) else {
            return;
        };
        let began = life.hop.began[stage];
        let timed = std::mem::take(&mut life.hop.timed[stage]);
        let mut lines = String::new();
        if stage == Stage::Queue {
            life.tell_queue(began, at, &mut lines);
        } else if stage == Stage::Dns && *end == End::Done {
            // Whether the look-up was shared is told with its answer.
            life.hop.dns = Some(Lived::new(began, at, timed));
        } else {
            let lived = Lived::new(began, at, timed);
            life.tell_stage(stage, lived, false, &mut lines);
        }
        self.lines += &lines;
    }

    fn lend(&mut self, request: RequestId, connection: ConnectionId, is_reused: bool) {
        let opening = self.opening.get(&connection).cloned().unwrap_or_default();
        if let Some(life) = self.life(request) {
            life.hop.connection = Some(connection);
            life.hop.is_reused = is_reused;
            life.hop.opening = if is_reused { Spans::default() } else { opening };
        }
    }

    fn name(&mut self, request: RequestId, names: &Names) {
        let is_shared = matches!(names, Names::Shared { .. });
        let mut lines = String::new();
        if let Some(life) = self.life(request)
            && let Some(lived) = life.hop.dns.take()
        {
            life.tell_stage(Stage::Dns, lived, is_shared, &mut lines);
        }
        self.lines += &lines;
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

    fn life(&mut self, request: RequestId) -> Option<&mut Life> {
        self.lives.get_mut(self.requests.get(&request)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::event::{Failure, Road, Wanted};
    use crate::message::Origin;

    const ONE: RequestId = RequestId(1);
    const FIRST: ConnectionId = ConnectionId(1);

    fn told(piped: &mut Piped, facts: Vec<(u64, Fact)>) -> Vec<Value> {
        for (millis, fact) in facts {
            let at = Moment::from_millis(millis);
            piped.hear(&Event { at, fact });
        }
        let lines = piped.take_lines();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn stage(subject: Subject, stage: Stage, from: u64, until: u64) -> [(u64, Fact); 2] {
        let end = End::Done;
        let began = Fact::StageBegan { subject, stage };
        let ended = Fact::StageEnded {
            subject,
            stage,
            end,
        };
        [(from, began), (until, ended)]
    }

    fn planned() -> Fact {
        let url = "http://a.test/".parse().unwrap();
        Fact::planned(ONE, &Wanted::get(url, Because::Piped { line: 4 }))
    }

    #[test]
    fn a_wait_in_line_is_told_as_the_opening_that_it_waited_for() {
        let mut piped = Piped::default();
        piped.expect(4, "x".into());
        let origin = Origin::of(&"http://a.test/".parse().unwrap()).unwrap();
        let (mine, its) = (Subject::Request(ONE), Subject::Connection(FIRST));
        let [queue, queued] = stage(mine, Stage::Queue, 20, 50);
        let planned_connection = Fact::ConnectionPlanned {
            connection: FIRST,
            group: origin.into(),
            beside: None,
            road: Road::default(),
        };
        let granted = Fact::ConnectionGranted {
            request: ONE,
            connection: FIRST,
            reused: false,
            choice: None,
        };
        let mut facts = vec![(0, planned()), (5, planned_connection), queue];
        facts.extend(stage(its, Stage::Connect, 10, 40));
        facts.extend(stage(its, Stage::Tls, 40, 50));
        facts.extend([(50, granted), queued]);
        let lines = told(&mut piped, facts);
        let spans: Vec<_> = lines
            .iter()
            .map(|line| (line["stage"].as_str().unwrap(), line["end_us"].as_f64()))
            .collect();
        let at = |micros: f64| Some(micros);
        assert_eq!(
            spans,
            [
                ("queue", at(20_000.0)),
                ("connect", at(40_000.0)),
                ("tls", at(50_000.0))
            ]
        );
    }

    #[test]
    fn what_the_kernel_timed_is_told_so() {
        let mut piped = Piped::default();
        piped.expect(4, "x".into());
        let subject = Subject::Request(ONE);
        let [began, ended] = stage(subject, Stage::Wait, 20, 50);
        let times = Times {
            began: Some(Moment::from_millis(19)),
            ended: Some(Moment::from_millis(45)),
        };
        let better = Fact::StageTimed {
            subject,
            stage: Stage::Wait,
            times,
        };
        let facts = vec![(0, planned()), began, (50, better), ended];
        let lines = told(&mut piped, facts);
        assert_eq!(lines[0]["source"], "kernel");
        assert_eq!(lines[0]["start_us"], 19_000.0);
        assert_eq!(lines[0]["end_us"], 45_000.0);
        let [began, ended] = stage(subject, Stage::Receive, 50, 60);
        let lines = told(&mut piped, vec![began, ended]);
        assert_eq!(lines[0]["source"], "measured", "only of that stage");
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let mut piped = Piped::default();
        piped.expect(4, "x".into());
        let verdict = Verdict::Failed(Failure::new(
            Stage::Wait,
            crate::event::FailureKind::Cancelled,
            "given up",
        ));
        piped.note_overdue(4, Duration::from_millis(30));
        let ended = Fact::RequestEnded {
            request: ONE,
            verdict,
        };
        let lines = told(&mut piped, vec![(0, planned()), (1, ended)]);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["error"]["kind"], "timeout");
        assert!(piped.lives.is_empty() && piped.requests.is_empty());
    }
}
