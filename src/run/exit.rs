use std::process::ExitCode;

use crate::cli::Problem;
use crate::model::Model;

/// How the program ends, as its exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Every request was answered.
    Answered = 0,
    /// Some request failed.
    Failed = 1,
    /// What was typed cannot be done.
    Usage = 2,
    /// The program could not start, or broke down.
    Broken = 3,
    /// Something that was claimed of the run does not hold.
    Unkept = 4,
}

impl Exit {
    /// What a run comes to.
    pub(super) const fn of(model: &Model) -> Self {
        let totals = model.totals();
        if totals.failed > 0 || totals.unfinished() > 0 {
            Self::Failed
        } else {
            Self::Answered
        }
    }

    /// The same, unless something that was to be written is incomplete.
    pub(super) const fn if_written(self, is_written: bool) -> Self {
        if is_written { self } else { Self::Broken }
    }

    /// The same, where some of what was asked for could not even be tried.
    pub(super) fn with(self, problems: &[Problem]) -> Self {
        if self == Self::Answered && !problems.is_empty() {
            Self::Failed
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
