//! What holds for the facts of every run, whatever happened in it.

use std::collections::{BTreeMap, BTreeSet};

use netwaterfall::event::{ConnectionId, Event, Fact, Moment, RequestId, Stage, Subject};

/// Holds the facts of a whole run against the laws.
pub(crate) fn check(events: &[Event]) {
    assert!(matches!(events.last().unwrap().fact, Fact::RunEnded));
    let state = check_cut(events);
    let is_open = |life: &Life| *life == Life::Open;
    assert!(
        !state.requests.values().any(is_open),
        "{:?}",
        state.requests
    );
    assert!(
        !state.connections.values().any(is_open),
        "{:?}",
        state.connections
    );
}

/// Holds the facts of a run that was dropped against the laws.
pub(crate) fn check_cut(events: &[Event]) -> State {
    assert!(matches!(
        events.first().unwrap().fact,
        Fact::RunStarted { .. }
    ));
    let mut state = State::default();
    for event in events {
        assert!(event.at >= state.now, "facts go back in time: {event:?}");
        state.now = event.at;
        state.take(&event.fact);
    }
    assert!(state.open.is_empty(), "stages left open: {:?}", state.open);
    state
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    Over,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    now: Moment,
    open: BTreeSet<(Subject, Stage)>,
    requests: BTreeMap<RequestId, Life>,
    connections: BTreeMap<ConnectionId, Life>,
    lent: BTreeMap<ConnectionId, RequestId>,
}

impl State {
    fn take(&mut self, fact: &Fact) {
        self.expect_alive(fact);
        match fact {
            Fact::RequestPlanned { request, .. } => {
                assert_eq!(self.requests.insert(*request, Life::Open), None);
            }
            Fact::ConnectionPlanned { connection, .. } => {
                assert_eq!(self.connections.insert(*connection, Life::Open), None);
            }
            Fact::StageBegan { subject, stage } => {
                let others = self.open.iter().filter(|(whose, _)| whose == subject);
                assert_eq!(others.count(), 0, "two stages at a time: {fact:?}");
                self.open.insert((*subject, *stage));
            }
            Fact::StageEnded { subject, stage, .. } => {
                assert!(
                    self.open.remove(&(*subject, *stage)),
                    "never begun: {fact:?}"
                );
            }
            Fact::ConnectionGranted {
                request,
                connection,
                ..
            } => {
                self.lent.insert(*connection, *request);
            }
            Fact::RequestEnded { request, .. } => {
                let whose = Subject::Request(*request);
                let left = self.open.iter().any(|(subject, _)| *subject == whose);
                assert!(!left, "it ended within a stage: {fact:?}");
                self.requests.insert(*request, Life::Over);
            }
            Fact::ConnectionEnded { connection, .. } => {
                self.connections.insert(*connection, Life::Over);
                if let Some(request) = self.lent.get(connection) {
                    let is_sending = self
                        .open
                        .contains(&(Subject::Request(*request), Stage::Send));
                    assert!(!is_sending, "closed under its request: {fact:?}");
                }
            }
            _ => {}
        }
    }

    /// Nothing is told of a request or a connection before it is planned or after it has ended.
    fn expect_alive(&self, fact: &Fact) {
        if matches!(
            fact,
            Fact::RequestPlanned { .. } | Fact::ConnectionPlanned { .. }
        ) {
            return;
        }
        let written = serde_json::to_value(fact).unwrap();
        let id = |key: &str| written.get(key).and_then(serde_json::Value::as_u64);
        if let Some(request) = id("request") {
            let request = RequestId(u32::try_from(request).unwrap());
            assert_eq!(self.requests.get(&request), Some(&Life::Open), "{fact:?}");
        }
        if let Some(connection) = id("connection") {
            let connection = ConnectionId(u32::try_from(connection).unwrap());
            assert_eq!(
                self.connections.get(&connection),
                Some(&Life::Open),
                "{fact:?}"
            );
        }
    }
}
