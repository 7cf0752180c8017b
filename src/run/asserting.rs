use crate::cli::UsageError;
use crate::message::visible;
use crate::model::Model;
use crate::query::{Assertion, Judgement};

use super::exit::Exit;
use super::headless::complain;

/// What is claimed of the run that comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims(Vec<Assertion>);

impl Claims {
    /// Understands what was typed, before anything is fetched.
    pub(super) fn read(typed: &[String]) -> Result<Self, UsageError> {
        let read = |text: &String| {
            Assertion::read(text).map_err(|bad| UsageError::Assertion {
                text: visible(text).into_owned(),
                column: bad.column,
                reason: visible(&bad.reason).into_owned(),
            })
        };
        typed.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether each of them holds of a run.
    pub(super) fn judge(&self, model: &Model) -> Vec<Judgement> {
        let claims = self.0.iter();
        claims.map(|claim| claim.judge(model)).collect()
    }
}

/// Says what does not hold, a line each; how the program ends then.
pub(super) fn tell(judgements: &[Judgement], exit: Exit) -> Exit {
    let broken = judgements.iter().filter(|judgement| !judgement.holds);
    let mut exit = exit;
    for judgement in broken {
        let Judgement { claim, words, .. } = judgement;
        complain(&format!("{claim} does not hold: {words}"));
        if exit != Exit::Broken {
            exit = Exit::Unkept;
        }
    }
    exit
}
