use crate::event::{Event, Fact, LookUpId, Moment, RequestId, Sought};
use crate::message::{Family, NameAnswer, NameLine, Question, Reply};

use super::Model;

/// What is known of a look-up of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Its number.
    pub id: LookUpId,
    /// The name.
    pub host: String,
    /// When it began.
    pub began: Moment,
    /// The request that it was made for; others may share it.
    pub asker: Option<RequestId>,
    /// The questions to name servers, in the order they went out.
    pub queries: Vec<Query>,
}

/// A question to a name server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Which of the look-up's.
    pub number: u32,
    /// What was asked, and whom.
    pub question: Question,
    /// When it went out.
    pub sent: Moment,
    /// When it was over, and what came of it.
    pub ended: Option<(Moment, Reply)>,
    /// The line that had to be opened for it.
    pub line: Option<NameLine>,
}

impl LookUp {
    /// The answers of name servers, in the order of the questions.
    pub fn answers(&self) -> impl Iterator<Item = (&Query, &NameAnswer)> {
        self.queries.iter().filter_map(|query| match &query.ended {
            Some((_, Reply::Answered(answer))) => Some((query, answer)),
            _ => None,
        })
    }

    /// The last answer about addresses of `family`.
    pub fn answer(&self, family: Family) -> Option<(&Query, &NameAnswer)> {
        let answers = self.answers();
        answers
            .filter(|(query, _)| query.question.record == family)
            .last()
    }
}

impl Model {
    /// Every look-up of a name, in the order in which they began.
    pub fn look_ups(&self) -> &[LookUp] {
        &self.look_ups
    }

    /// One look-up of a name.
    pub fn look_up(&self, id: LookUpId) -> Option<&LookUp> {
        self.look_ups.get(self.look_up_place(id).ok()?)
    }

    /// The place of a look-up, or where it belongs: they are in the order of their numbers.
    fn look_up_place(&self, id: LookUpId) -> Result<usize, usize> {
        self.look_ups.binary_search_by_key(&id, |known| known.id)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_look_up(&mut self, event: &Event) -> Option<()> {
        match &event.fact {
            Fact::NameSought {
                request,
                lookup,
                host,
                how,
            } => {
                if let Err(place) = self.look_up_place(*lookup) {
                    let begun = LookUp {
                        id: *lookup,
                        host: host.clone(),
                        began: event.at,
                        asker: None,
                        queries: Vec::new(),
                    };
                    self.look_ups.insert(place, begun);
                }
                if *how == Sought::Asked {
                    self.look_up_mut(*lookup)?.asker.get_or_insert(*request);
                }
                self.request_mut(*request)?.sought = Some((*lookup, *how));
            }
            Fact::QuerySent {
                lookup,
                query,
                question,
            } => {
                let sent = Query {
                    number: *query,
                    question: (**question).clone(),
                    sent: event.at,
                    ended: None,
                    line: None,
                };
                self.look_up_mut(*lookup)?.queries.push(sent);
            }
            Fact::QueryEnded {
                lookup,
                query,
                replied,
            } => {
                let queries = &mut self.look_up_mut(*lookup)?.queries;
                let asked = queries.iter_mut().find(|one| one.number == *query)?;
                asked.ended = Some((event.at, replied.reply.clone()));
                asked.line.clone_from(&replied.line);
            }
            _ => return None,
        }
        Some(())
    }

    fn look_up_mut(&mut self, id: LookUpId) -> Option<&mut LookUp> {
        let place = self.look_up_place(id).ok()?;
        self.look_ups.get_mut(place)
    }
}
