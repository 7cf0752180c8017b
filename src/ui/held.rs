use crate::event::Moment;

use super::state::State;

/// Whether the screen goes with the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pace {
    /// It shows all that is known.
    #[default]
    Live,
    /// It stands still at a fact.
    Held(Held),
    /// It shows a recorded run as it went, so many times as fast.
    Playing(f64),
}

/// A fact at which the screen stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The moment that is shown.
    pub at: Moment,
    /// Which fact it is, from 1.
    pub place: usize,
    /// How many there are.
    pub count: usize,
    /// What it says.
    pub words: String,
}

impl Pace {
    /// The fact at which the screen stands still, if it does.
    pub const fn held(&self) -> Option<&Held> {
        match self {
            Self::Held(held) => Some(held),
            Self::Live | Self::Playing(_) => None,
        }
    }

    /// As the header says it, in six columns.
    pub(super) const fn sign(&self) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Held(_) => Some("‖ held"),
            Self::Playing(_) => Some("▸ play"),
        }
    }
}

impl State {
    /// The picture is of another moment: its rows are made anew.
    pub fn look_again(&mut self) {
        self.rows.forget();
    }
}
