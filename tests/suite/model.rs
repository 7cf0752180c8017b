//! What facts are folded into, whatever facts they are.

use netwaterfall::event::{
    Because, ConnectionId, End, Ending, Event, Fact, Failure, FailureKind, Moment, Names,
    QueueReason, RequestId, Road, Stage, Subject, Verdict, Wanted,
};
use netwaterfall::message::Origin;
use netwaterfall::model::{
    Model, critical_end, critical_path, duration, standing, stretches, timings,
};
use proptest::prelude::*;

use crate::runs::{RUNS, folded, recorded};

/// What holds for every picture.
fn lawful(model: &Model, now: Moment) {
    for request in model.requests() {
        let bar = stretches(request, model, now);
        let (start, end) = (request.planned, request.until(now));
        for stretch in &bar {
            assert!(start <= stretch.from && stretch.from <= stretch.to && stretch.to <= end);
        }
        assert!(
            bar.windows(2).all(|pair| pair[0].to <= pair[1].from),
            "{bar:?}"
        );
        let _ = standing(request, model, now).to_string();
        let _ = timings(request, model, now);
    }
    let totals = model.totals();
    assert_eq!(totals.requests, model.requests().len());
    assert!(totals.done <= totals.requests, "{totals:?}");
    assert!(totals.failed + totals.stored <= totals.done, "{totals:?}");
    assert!(totals.waiting <= totals.unfinished(), "{totals:?}");
    assert!(totals.reused <= totals.requests, "{totals:?}");
    assert!(totals.cut <= totals.requests, "{totals:?}");
    assert!(
        totals.connections <= model.connections().len(),
        "{totals:?}"
    );
    let crowds: usize = model.hosts().iter().map(|host| host.crowd).sum();
    assert_eq!(crowds, totals.waiting);
    for host in model.hosts() {
        assert!(host.busy <= host.open && host.open <= host.connections.len());
        assert!(host.crowd <= host.waiting.len());
        let of = |id: &ConnectionId| model.connection(*id).unwrap();
        let open = host
            .connections
            .iter()
            .filter(|id| of(id).is_open())
            .count();
        let busy = host
            .connections
            .iter()
            .filter(|id| of(id).is_busy())
            .count();
        assert_eq!((host.open, host.busy), (open, busy));
        for id in &host.waiting {
            assert!(
                model.request(*id).unwrap().ended.is_none(),
                "{id} is over and in line"
            );
        }
    }
}

/// What is kept up as facts come is what would be found by looking at all of them.
fn kept_up(model: &Model, now: Moment) {
    let began = model.requests().iter().map(|request| request.planned);
    let over = model.requests().iter().map(|request| request.until(now));
    let (from, to) = (began.min(), over.max());
    assert_eq!(
        model.total(now),
        to.unwrap_or_default().since(from.unwrap_or_default())
    );
    for host in model.hosts() {
        let most = host.line.iter().map(|(_, count)| *count).max();
        assert_eq!(host.most_waited(), most.unwrap_or(0));
    }
    let path = critical_path(model, now);
    let end = critical_end(model, now, 2);
    assert!(path.ends_with(&end) && end.len() == path.len().min(2));
}

#[test]
fn a_faithful_run_makes_sense_at_every_fact() {
    for name in RUNS {
        let mut model = Model::default();
        for event in &recorded(name) {
            model.apply(event);
            lawful(&model, event.at);
            kept_up(&model, event.at);
            assert_eq!(model.oddities(), 0, "{event:?}");
        }
    }
}

#[test]
fn at_the_end_of_a_whole_run_nothing_is_left() {
    for name in RUNS {
        let model = folded(&recorded(name));
        assert!(model.run().is_over && !model.is_moving());
        let totals = model.totals();
        assert_eq!(
            (totals.waiting, totals.unfinished(), totals.open()),
            (0, 0, 0)
        );
        for host in model.hosts() {
            assert_eq!(
                (host.open, host.busy, host.crowd),
                (0, 0, 0),
                "{}",
                host.group
            );
            assert!(host.waiting.is_empty());
        }
    }
}

/// The bar of a faithful run leaves no time out.
#[test]
fn bars_of_whole_requests_have_no_gaps() {
    for name in RUNS {
        let model = folded(&recorded(name));
        for request in model.requests() {
            let bar = stretches(request, &model, model.latest());
            assert_eq!(bar.first().map(|first| first.from), Some(request.planned));
            assert!(
                bar.windows(2).all(|pair| pair[0].to == pair[1].from),
                "{bar:?}"
            );
            let end = request.until(model.latest());
            assert_eq!(bar.last().map(|last| last.to), Some(end), "{}", request.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Facts lost, told twice, or told in another order.
    #[test]
    fn any_facts_in_any_order_make_a_lawful_picture(
        run in 0..RUNS.len(),
        places in proptest::collection::vec((0.0_f64..1.0, 0_usize..8), 0..300),
        is_shuffled: bool,
        now in 0_u64..400,
    ) {
        let events = recorded(RUNS[run]);
        let mut model = Model::default();
        if is_shuffled {
            for (share, _) in &places {
                model.apply(nth(&events, *share));
            }
        } else {
            // In order, but for the facts that are lost, and those that come once more later.
            let mut fates = places.iter().cycle();
            for event in &events {
                let fate = fates.next();
                if fate.is_none_or(|(_, fate)| *fate > 0) {
                    model.apply(event);
                }
                if let Some((share, 1)) = fate {
                    model.apply(nth(&events, *share));
                }
            }
        }
        lawful(&model, Moment::from_millis(now));
        lawful(&model, model.latest());
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "any place will do"
)]
fn nth(events: &[Event], share: f64) -> &Event {
    events.get((share * events.len() as f64) as usize).unwrap()
}

// Small cases.

/// Facts, written one after another.
#[derive(Default)]
struct Story {
    model: Model,
    at: Moment,
}

const R1: Subject = Subject::Request(RequestId(1));
const C1: Subject = Subject::Connection(ConnectionId(1));

impl Story {
    /// A request for `url` is planned at the beginning.
    fn of(url: &str) -> Self {
        Self::default().planned(1, url)
    }

    fn at(mut self, millis: u64) -> Self {
        self.at = Moment::from_millis(millis);
        self
    }

    fn fact(mut self, fact: Fact) -> Self {
        let at = self.at;
        self.model.apply(&Event { at, fact });
        assert_eq!(self.model.oddities(), 0);
        self
    }

    fn planned(self, request: u32, url: &str) -> Self {
        let wanted = Wanted::get(url.parse().unwrap(), Because::Typed);
        self.fact(Fact::planned(RequestId(request), &wanted))
    }

    fn began(self, subject: Subject, stage: Stage) -> Self {
        self.fact(Fact::StageBegan { subject, stage })
    }

    fn ended(self, subject: Subject, stage: Stage) -> Self {
        let end = End::Done;
        self.fact(Fact::StageEnded {
            subject,
            stage,
            end,
        })
    }

    fn dialled(self, url: &str) -> Self {
        let origin = Origin::of(&url.parse().unwrap()).unwrap();
        self.fact(Fact::ConnectionPlanned {
            connection: ConnectionId(1),
            group: Box::new(origin.into()),
            beside: None,
            road: Road::default(),
        })
    }

    fn granted(self, reused: bool) -> Self {
        self.fact(Fact::ConnectionGranted {
            request: RequestId(1),
            connection: ConnectionId(1),
            reused,
            choice: None,
        })
    }

    fn names(self, names: Names) -> Self {
        self.fact(Fact::NameResolved {
            request: RequestId(1),
            addresses: vec!["10.0.0.1".parse().unwrap()],
            names,
        })
    }

    fn over(self, verdict: Verdict) -> Self {
        self.fact(Fact::RequestEnded {
            request: RequestId(1),
            verdict,
        })
    }

    /// The bar, in milliseconds.
    fn bar(&self) -> String {
        let request = self.model.request(RequestId(1)).unwrap();
        let of = |moment: Moment| moment.0 / 1_000_000;
        let parts: Vec<String> = stretches(request, &self.model, self.at)
            .iter()
            .map(|s| format!("{} {}–{}", s.stage.card().name, of(s.from), of(s.to)))
            .collect();
        parts.join(" · ")
    }

    /// A line of the timing table.
    fn timing(&self, stage: Stage) -> String {
        let request = self.model.request(RequestId(1)).unwrap();
        let lines = timings(request, &self.model, self.at);
        let line = lines.into_iter().find(|line| line.stage == stage).unwrap();
        let took = line.took.map_or_else(|| "–".to_owned(), duration);
        format!("{took}: {}", line.source)
    }
}

const URL: &str = "http://a.test/";
const SECURE: &str = "https://a.test/";

#[test]
fn a_connection_that_was_opened_for_a_request_is_in_its_bar() {
    let story = Story::of(SECURE)
        .began(R1, Stage::Queue)
        .dialled(SECURE)
        .began(C1, Stage::Connect);
    let story = story.at(20).ended(C1, Stage::Connect).began(C1, Stage::Tls);
    assert_eq!(story.bar(), "connect 0–20");
    let story = story
        .at(50)
        .ended(C1, Stage::Tls)
        .granted(false)
        .ended(R1, Stage::Queue);
    assert_eq!(story.bar(), "connect 0–20 · tls 20–50");
    assert_eq!(
        story.timing(Stage::Queue),
        "–: not in line: its connection was opened meanwhile"
    );
    assert_eq!(
        story.timing(Stage::Tls),
        "30.0 ms: measured, our clock: c1 was opened meanwhile"
    );
}

#[test]
fn a_reused_connection_has_no_connect_time() {
    let story = Story::default().dialled(URL).began(C1, Stage::Connect);
    let story = story
        .at(20)
        .ended(C1, Stage::Connect)
        .planned(1, URL)
        .began(R1, Stage::Queue);
    let story = story
        .at(70)
        .granted(true)
        .ended(R1, Stage::Queue)
        .began(R1, Stage::Send);
    assert_eq!(story.bar(), "queue 20–70 · send 70–70");
    assert!(story.timing(Stage::Connect).starts_with("–: "));
}

#[test]
fn a_connection_opened_for_another_counts_from_when_it_was_waited_for() {
    let story = Story::default().dialled(URL).began(C1, Stage::Connect);
    let story = story.at(60).planned(1, URL).began(R1, Stage::Queue);
    let story = story.at(100).ended(C1, Stage::Connect);
    let story = story.granted(false).ended(R1, Stage::Queue);
    assert_eq!(story.bar(), "connect 60–100");
    assert_eq!(
        story.timing(Stage::Connect),
        "40.0 ms: measured, our clock: c1 was opened meanwhile"
    );
}

#[test]
fn a_connection_that_was_dialled_late_leaves_the_wait_before_it() {
    let story = Story::of(URL).began(R1, Stage::Queue);
    let story = story.at(30).dialled(URL).began(C1, Stage::Connect);
    let story = story.at(50).ended(C1, Stage::Connect);
    let story = story.at(60).granted(false).ended(R1, Stage::Queue);
    assert_eq!(story.bar(), "queue 0–30 · connect 30–50 · queue 50–60");
}

#[test]
fn a_connection_that_was_open_already_was_not_waited_for() {
    let story = Story::default().dialled(URL).began(C1, Stage::Connect);
    let story = story.at(20).ended(C1, Stage::Connect);
    let story = story.at(30).planned(1, URL).began(R1, Stage::Queue);
    let story = story.granted(false).ended(R1, Stage::Queue);
    assert_eq!(story.bar(), "queue 30–30");
    assert_eq!(
        story.timing(Stage::Connect),
        "–: not waited for: c1 was open already"
    );
}

#[test]
fn a_request_that_was_denied_shows_the_connecting_that_failed() {
    let failure = || Failure::new(Stage::Connect, FailureKind::Refused, "nobody listens there");
    let failed = |subject, stage| Fact::StageEnded {
        subject,
        stage,
        end: End::Failed(failure()),
    };
    let story = Story::of(URL)
        .began(R1, Stage::Queue)
        .dialled(URL)
        .began(C1, Stage::Connect);
    let story = story
        .at(25)
        .fact(failed(C1, Stage::Connect))
        .fact(Fact::ConnectionDenied {
            request: RequestId(1),
            connection: ConnectionId(1),
        });
    let story = story
        .fact(failed(R1, Stage::Queue))
        .over(Verdict::Failed(failure()));
    let story = story.fact(Fact::ConnectionEnded {
        connection: ConnectionId(1),
        ending: Ending::Unopened { failure: failure() },
    });
    let story = story.at(500);
    assert_eq!(story.bar(), "connect 0–25");
    assert_eq!(story.timing(Stage::Send), "–: did not come to it");
    assert_eq!(
        story.timing(Stage::Tls),
        "–: not applicable: http is in clear"
    );
}

#[test]
fn after_a_dead_connection_the_next_one_is_in_the_bar_again() {
    let story = Story::default().dialled(URL).began(C1, Stage::Connect);
    let story = story.at(10).ended(C1, Stage::Connect).planned(1, URL);
    let story = story
        .began(R1, Stage::Queue)
        .granted(true)
        .ended(R1, Stage::Queue);
    assert_eq!(story.model.totals().reused, 1);
    let story = story.at(20).fact(Fact::AttemptFailed {
        request: RequestId(1),
        connection: ConnectionId(1),
        failure: Failure::new(Stage::Send, FailureKind::Reset, "it was dead"),
    });
    assert_eq!(story.model.totals().reused, 0);
    let c2 = Subject::Connection(ConnectionId(2));
    let origin = Origin::of(&URL.parse().unwrap()).unwrap();
    let story = story.began(R1, Stage::Queue).fact(Fact::ConnectionPlanned {
        connection: ConnectionId(2),
        group: Box::new(origin.into()),
        beside: None,
        road: Road::default(),
    });
    let story = story
        .began(c2, Stage::Connect)
        .at(40)
        .ended(c2, Stage::Connect);
    let story = story.fact(Fact::ConnectionDenied {
        request: RequestId(1),
        connection: ConnectionId(2),
    });
    let story = story.ended(R1, Stage::Queue);
    assert_eq!(story.bar(), "queue 10–10 · connect 20–40");
}

#[test]
fn who_is_in_line_is_said_to_be_and_left_out_when_it_is_over() {
    let story = Story::of(URL)
        .began(R1, Stage::Queue)
        .fact(Fact::RequestQueued {
            request: RequestId(1),
            ahead: 0,
            reason: QueueReason::HostFull { limit: 6 },
        });
    let request = story.model.request(RequestId(1)).unwrap();
    assert_eq!(
        standing(request, &story.model, story.at).to_string(),
        "next in line"
    );
    assert_eq!(story.model.totals().waiting, 1);
    // The end of the wait is missing from the record.
    let story = story.at(5).over(Verdict::Answered).at(900);
    assert_eq!(story.model.totals().waiting, 0);
    assert_eq!(story.bar(), "queue 0–5");
}

#[test]
fn what_did_not_happen_says_why() {
    let dns = |names| Story::of(URL).names(names).timing(Stage::Dns);
    assert_eq!(dns(Names::Literal), "–: not needed: the URL has an address");
    assert_eq!(
        dns(Names::Localhost),
        "–: not needed: localhost is this machine"
    );
    let kept = Names::Kept {
        age_ms: 4_960,
        ttl_ms: 60_000,
    };
    assert_eq!(dns(kept), "–: reused: an answer 4.96 s old, good for 1 min");
    let story = Story::of(URL)
        .began(R1, Stage::Dns)
        .at(7)
        .names(Names::Shared { ttl_ms: 9 });
    assert_eq!(
        story.ended(R1, Stage::Dns).timing(Stage::Dns),
        "7.00 ms: measured, our clock: shared the look-up of an earlier request"
    );
    let story = Story::of(URL).began(R1, Stage::Dns).at(7);
    let story = story
        .names(Names::Asked { ttl_ms: 30_000 })
        .ended(R1, Stage::Dns);
    assert_eq!(
        story.timing(Stage::Dns),
        "7.00 ms: measured, our clock: asked the name server; good for 30 s"
    );
    assert_eq!(
        Story::of(URL).timing(Stage::Tls),
        "–: not applicable: http is in clear"
    );
    assert_eq!(Story::of(SECURE).timing(Stage::Tls), "–: not yet");
    assert_eq!(Story::of(SECURE).timing(Stage::Receive), "–: not yet");
    let story = Story::of(SECURE).over(Verdict::Stored);
    for stage in [
        Stage::Dns,
        Stage::Queue,
        Stage::Connect,
        Stage::Tls,
        Stage::Send,
    ] {
        assert_eq!(
            story.timing(stage),
            "–: not needed: answered from the cache"
        );
    }
}

/// No line of a real run gives a time to what did not happen, or leaves one out that did.
#[test]
fn every_line_of_the_timing_table_has_a_source() {
    for name in RUNS {
        let model = folded(&recorded(name));
        for request in model.requests() {
            for line in timings(request, &model, model.latest()) {
                assert_eq!(line.took.is_some(), line.began.is_some());
                assert_eq!(
                    line.took.is_some(),
                    line.source.starts_with("measured"),
                    "{line:?}"
                );
            }
        }
    }
}
