use std::time::Duration;

use serde_json::Value;

use crate::event::{
    Because, ConnectionId, End, Event, Fact, Failure, Moment, RequestId, Road, Stage, Subject,
    Times, Verdict, Wanted,
};
use crate::message::Origin;

use super::piped::Piped;

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
        group: Box::new(origin.into()),
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
