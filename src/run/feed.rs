use std::collections::VecDeque;

use crate::event::{Command, Event, Fact, Wanted};

/// Lists to fetch one after the other: the next when all of the former is over.
#[derive(Debug, Default)]
pub(super) struct Feed {
    waves: VecDeque<Vec<Wanted>>,
    asked: usize,
    planned: usize,
    /// Requests under way.
    open: usize,
}

impl Feed {
    pub(super) fn new(waves: impl IntoIterator<Item = Vec<Wanted>>) -> Self {
        let waves = waves.into_iter().filter(|wave| !wave.is_empty()).collect();
        Self {
            waves,
            asked: 0,
            planned: 0,
            open: 0,
        }
    }

    /// Takes note of what happened.
    pub(super) fn note(&mut self, event: &Event) {
        if let Fact::RequestPlanned { because, .. } = &event.fact {
            self.planned += usize::from(because.led_by().is_none());
            self.open += 1;
        } else if let Fact::RequestEnded { .. } = &event.fact {
            self.open = self.open.saturating_sub(1);
        }
    }

    /// What the engine is to be told next, if it is time.
    pub(super) fn next(&mut self) -> Option<Command> {
        if !self.is_idle() {
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
    pub(super) fn is_over(&self) -> bool {
        self.waves.is_empty() && self.is_idle()
    }

    fn is_idle(&self) -> bool {
        self.planned >= self.asked && self.open == 0
    }
}
