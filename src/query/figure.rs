use crate::event::{Moment, Stage};
use crate::model::{Model, Request, stretches};

use super::amount::{Amount, Unit};

/// Something of a request that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    /// How long it took, from its plan to its end.
    Time,
    /// How long it was in a stage.
    Stage(Stage),
    /// How long it took until the first byte of its answer.
    FirstByte,
    /// Bytes of the body, as the table has them.
    Size,
    /// Bytes that came over the wire, heads counted.
    Transferred,
}

impl Figure {
    /// Every figure, by its name.
    pub(super) fn all() -> impl Iterator<Item = (&'static str, Self)> {
        let own = [
            ("time", Self::Time),
            ("first-byte", Self::FirstByte),
            ("size", Self::Size),
            ("transferred", Self::Transferred),
        ];
        // Parting is a connection's own stage, and no request waits for it.
        let stages = Stage::ALL.iter().filter(|stage| **stage != Stage::Close);
        let stages = stages.map(|stage| (stage.card().name, Self::Stage(*stage)));
        own.into_iter().chain(stages)
    }

    pub(super) const fn unit(self) -> Unit {
        match self {
            Self::Time | Self::Stage(_) | Self::FirstByte => Unit::Time,
            Self::Size | Self::Transferred => Unit::Bytes,
        }
    }

    /// What a request has of it; nothing where it did not come to that.
    pub(super) fn of(self, request: &Request, model: &Model, now: Moment) -> Option<Amount> {
        match self {
            Self::Time => Some(Amount::time(request.until(now).since(request.planned))),
            Self::Stage(stage) => {
                let lived = stretches(request, model, now).into_iter();
                let lived = lived.filter(|stretch| stretch.stage == stage);
                let took = lived.map(|stretch| stretch.to.since(stretch.from));
                took.reduce(|a, b| a + b).map(Amount::time)
            }
            Self::FirstByte => {
                let answered = request.answered()?;
                Some(Amount::time(answered.since(request.planned)))
            }
            Self::Size => {
                let is_known = request.head.is_some() && !request.has_no_size();
                is_known.then(|| Amount::bytes(request.bytes))
            }
            Self::Transferred => {
                let is_known = request.head.is_some() || request.is_stored();
                is_known.then(|| Amount::bytes(request.transferred()))
            }
        }
    }
}
