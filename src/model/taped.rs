use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;

use crate::event::{
    Choice, ConnectionId, End, Event, Fact, Moment, RequestId, Stage, Subject, Times, Verdict,
};
use crate::message::{Headers, Shared};

/// A fact in little room: what every request has some of takes no more than it says.
#[derive(Clone, Debug)]
pub(super) enum Taped {
    Began(Moment, Subject, Stage),
    Done(Moment, Subject, Stage),
    Timed(Box<(Moment, Subject, Stage, Times)>),
    Grew(Moment, RequestId, u64),
    /// Granted as it was given back just then, and whether an exchange ran on it before.
    Freed(Moment, RequestId, ConnectionId, bool),
    Answered(Moment, RequestId),
    Other(Box<Event>),
}

impl Taped {
    /// When it happened.
    pub(super) fn at(&self) -> Moment {
        match self {
            Self::Began(at, ..)
            | Self::Done(at, ..)
            | Self::Grew(at, ..)
            | Self::Freed(at, ..)
            | Self::Answered(at, _) => *at,
            Self::Timed(timed) => timed.0,
            Self::Other(event) => event.at,
        }
    }

    /// The fact as it came.
    pub(super) fn event(&self) -> Cow<'_, Event> {
        let (at, fact) = match *self {
            Self::Began(at, subject, stage) => (at, Fact::StageBegan { subject, stage }),
            Self::Done(at, subject, stage) => {
                let end = End::Done;
                let ended = Fact::StageEnded {
                    subject,
                    stage,
                    end,
                };
                (at, ended)
            }
            Self::Timed(ref kept) => {
                let (at, subject, stage, times) = **kept;
                let fact = Fact::StageTimed {
                    subject,
                    stage,
                    times,
                };
                (at, fact)
            }
            Self::Grew(at, request, bytes) => (at, Fact::BodyGrew { request, bytes }),
            Self::Freed(at, request, connection, reused) => {
                let granted = Fact::ConnectionGranted {
                    request,
                    connection,
                    reused,
                    choice: Some(Choice::Freed),
                };
                (at, granted)
            }
            Self::Answered(at, request) => {
                let verdict = Verdict::Answered;
                (at, Fact::RequestEnded { request, verdict })
            }
            Self::Other(ref event) => return Cow::Borrowed(event),
        };
        Cow::Owned(Event { at, fact })
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever is not said in little room is kept as it is"
)]
impl From<Event> for Taped {
    fn from(event: Event) -> Self {
        let at = event.at;
        match event.fact {
            Fact::StageBegan { subject, stage } => Self::Began(at, subject, stage),
            Fact::StageEnded {
                subject,
                stage,
                end: End::Done,
            } => Self::Done(at, subject, stage),
            Fact::StageTimed {
                subject,
                stage,
                times,
            } => Self::Timed(Box::new((at, subject, stage, times))),
            Fact::BodyGrew { request, bytes } => Self::Grew(at, request, bytes),
            Fact::ConnectionGranted {
                request,
                connection,
                reused,
                choice: Some(Choice::Freed),
            } => Self::Freed(at, request, connection, reused),
            Fact::RequestEnded {
                request,
                verdict: Verdict::Answered,
            } => Self::Answered(at, request),
            fact => Self::Other(Box::new(Event { at, fact })),
        }
    }
}

/// So many different values are remembered at most.
const REMEMBERED: usize = 1_024;

/// What was said lately: requests mostly say the same as others, and need not keep it each.
#[derive(Clone, Debug, Default)]
pub(super) struct Lately {
    headers: HashSet<Headers>,
    names: HashSet<Shared<Vec<String>>>,
}

impl Lately {
    /// Makes a fact share with earlier ones what it has in common with them.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the others say little, or what nobody said before"
    )]
    pub(super) fn share(&mut self, fact: &mut Fact) {
        match fact {
            Fact::RequestSent { head, .. } => {
                share(&mut self.headers, &mut head.headers);
                share(&mut self.names, &mut head.automatic);
            }
            Fact::HeadReceived { head, .. } => share(&mut self.headers, &mut head.headers),
            _ => {}
        }
    }
}

fn share<T: Clone + Eq + Hash>(known: &mut HashSet<T>, value: &mut T) {
    if let Some(same) = known.get(value) {
        *value = same.clone();
        return;
    }
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(value.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_takes_little_room_and_is_as_it_came() {
        assert!(size_of::<Taped>() <= 24, "{}", size_of::<Taped>());
        let (request, connection) = (RequestId(1), ConnectionId(2));
        let (subject, stage) = (Subject::Request(request), Stage::Wait);
        let times = Times {
            began: None,
            ended: Some(Moment(3)),
        };
        let granted = |choice| Fact::ConnectionGranted {
            request,
            connection,
            reused: true,
            choice,
        };
        let ended = |end| Fact::StageEnded {
            subject,
            stage,
            end,
        };
        let facts = [
            Fact::StageBegan { subject, stage },
            ended(End::Done),
            ended(End::Abandoned),
            Fact::StageTimed {
                subject,
                stage,
                times,
            },
            Fact::BodyGrew { request, bytes: 9 },
            granted(None),
            granted(Some(Choice::Freed)),
            granted(Some(Choice::Idle { idle_ms: 4 })),
            Fact::RequestEnded {
                request,
                verdict: Verdict::Answered,
            },
            Fact::RequestEnded {
                request,
                verdict: Verdict::Stored,
            },
            Fact::RunEnded,
        ];
        for (at, fact) in (1..).map(Moment).zip(facts) {
            let event = Event { at, fact };
            let taped = Taped::from(event.clone());
            assert_eq!((taped.at(), &*taped.event()), (at, &event));
        }
    }
}
