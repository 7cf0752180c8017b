use std::collections::VecDeque;

use crate::event::{Command, Event, Fact, Wanted};
use crate::model::Model;

/// Lists to fetch one after the other: the next when all of the former is over.
#[derive(Debug, Default)]
pub(super) struct Feed {
    waves: VecDeque<Vec<Wanted>>,
    asked: usize,
    planned: usize,
}

impl Feed {
    pub(super) fn new(waves: impl IntoIterator<Item = Vec<Wanted>>) -> Self {
        let waves = waves.into_iter().filter(|wave| !wave.is_empty()).collect();
        Self {
            waves,
            asked: 0,
            planned: 0,
        }
    }

    /// Takes note of what happened.
    pub(super) fn note(&mut self, event: &Event) {
        if let Fact::RequestPlanned { because, .. } = &event.fact {
            self.planned += usize::from(because.led_by().is_none());
        }
    }

    /// What the engine is to be told next, if it is time.
    pub(super) fn next(&mut self, model: &Model) -> Option<Command> {
        if !self.is_idle(model) {
            return None;
        }
        self.waves.pop_front().map(|wave| self.ask(wave))
    }

    /// The command to fetch `wanted`, taken note of.
    pub(super) fn ask(&mut self, wanted: Vec<Wanted>) -> Command {
        self.asked += wanted.len();
        Command::Fetch(wanted)
    }

    /// Whether nothing is under way and nothing is to come.
    pub(super) fn is_over(&self, model: &Model) -> bool {
        self.waves.is_empty() && self.is_idle(model)
    }

    fn is_idle(&self, model: &Model) -> bool {
        self.planned >= self.asked && model.totals().unfinished() == 0
    }
}
