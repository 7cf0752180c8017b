use std::time::Duration;

use crate::event::{Body, Failure, Moment, Stage, Times, Verdict};

use super::hop::{Hop, Lived};
use super::pipe::{Answer, Cookies, Outcome, Told, What, Written, failed, kind, micros};

/// A request of the other program, redirects and all.
#[derive(Debug, Default)]
pub(super) struct Life {
    pub(super) id: String,
    pub(super) hop: Hop,
    pub(super) overdue: Option<Duration>,
}

impl Life {
    /// Tells the wait in line: what of it was the opening of the connection is told as that.
    pub(super) fn tell_queue(&self, began: Moment, ended: Moment, lines: &mut String) {
        let hop = &self.hop;
        let opened = [Stage::Connect, Stage::Proxy, Stage::Tls].map(|stage| {
            let (from, until) = hop.opening.lived[stage]?;
            let until = until.unwrap_or(ended).min(ended);
            let timed = hop.opening.timed[stage];
            let lived = Lived::new(from, until, timed);
            let from = lived.from.max(began);
            (lived.until > from).then_some((stage, Lived { from, ..lived }))
        });
        let mut opened = opened.into_iter().flatten().peekable();
        let in_line = opened.peek().map_or(ended, |(_, lived)| lived.from);
        let waited = Lived::new(began, in_line, Times::default());
        self.tell_stage(Stage::Queue, waited, false, lines);
        for (stage, lived) in opened {
            self.tell_stage(stage, lived, false, lines);
        }
    }

    pub(super) fn tell_stage(&self, stage: Stage, lived: Lived, shared: bool, lines: &mut String) {
        let what = What::Stage {
            stage,
            start_us: micros(lived.from),
            end_us: micros(lived.until),
            source: if lived.is_kernels {
                "kernel"
            } else {
                "measured"
            },
            connection: self.hop.connection.map(|connection| connection.0),
            shared,
        };
        *lines += &Told { id: &self.id, what }.line();
    }

    pub(super) fn result(&self, verdict: &Verdict) -> String {
        let hop = &self.hop;
        let id = self.id.as_str();
        let (head, url) = match (verdict, self.overdue, &hop.head, &hop.url) {
            (Verdict::Failed(failure), overdue, ..) => return self.failure(failure, overdue),
            (Verdict::Answered | Verdict::Stored, _, Some(head), Some(url)) => (head, url),
            _ => return failed(id, "http", "there was an answer, but no head of it"),
        };
        let answer = Answer {
            ok: true,
            status: head.status,
            reason: &head.reason,
            version: head.version,
            url: url.as_str(),
            headers: &head.headers,
            body: Written::of(hop.body.as_ref()),
            cut: hop.body.as_ref().is_some_and(Body::is_cut),
            from_cache: *verdict == Verdict::Stored || hop.replacement.is_some(),
            cache: &hop.cache,
            connection: hop.connection.map(|connection| connection.0),
            reused: hop.is_reused,
            cookies: Cookies::of(&hop.sent, &hop.withheld, &hop.judged),
            trailers: hop.trailers.as_ref(),
            remarks: &hop.remarks,
        };
        let what = What::Result(Outcome::Answer(Box::new(answer)));
        Told { id, what }.line()
    }

    fn failure(&self, failure: &Failure, overdue: Option<Duration>) -> String {
        match (kind(failure), overdue) {
            ("cancelled", Some(limit)) => {
                let stage = failure.stage.card().name;
                let millis = limit.as_secs_f64() * 1000.0;
                let words = format!("{stage}: the whole took longer than {millis} ms (timeout_ms)");
                failed(&self.id, "timeout", &words)
            }
            (kind, _) => failed(&self.id, kind, &failure.to_string()),
        }
    }
}
