use crate::model::Model;

use super::action::{Action, FilterAct, JarAct, SearchAct, TableAct, TimeAct, Wind};
use super::finding::FindAct;
use super::form::FormAct;
use super::menu::Menu;
use super::state::State;

/// Why an action would do nothing now.
impl State {
    /// The reason in words; nothing if it can be done.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever is not named can be done at any time"
    )]
    pub(super) fn hindrance(&self, action: Action, model: &Model) -> Option<String> {
        let because = |is_so: bool, words: &str| is_so.then(|| words.to_owned());
        match action {
            Action::Again | Action::Form(FormAct::Open) | Action::ListAgain | Action::Cache
                if self.is_recorded =>
            {
                because(true, "this is a recorded run: nothing can be fetched")
            }
            Action::Jar(act) => self.hindrance_in_jar(act, model),
            Action::Return => because(self.trail.is_empty(), "no link was followed"),
            Action::Cancel => match self.current(model) {
                Some(request) if request.ended.is_some() => {
                    Some(format!("{} is over already", request.id))
                }
                Some(_) => None,
                None => because(true, "there is no request yet"),
            },
            Action::CancelAll => {
                let is_idle = model.totals().unfinished() == 0;
                because(is_idle, "no request is under way")
            }
            Action::Search(SearchAct::Next(_)) => {
                because(!self.search.is_on(), "nothing is searched for")
            }
            Action::Find(FindAct::Next | FindAct::Before) => {
                because(self.finder.sought().is_none(), "nothing is looked for")
            }
            Action::Wind(wind) => self.hindrance_in_time(wind, model),
            Action::ShowTab(_) | Action::Open | Action::NextPane | Action::ZoomDetails
                if self.selected.is_some() =>
            {
                let is_low = self.size().height < 12;
                because(is_low, "the details need a screen of 12 rows or more")
            }
            _ => because(is_about_requests(action) && self.selected.is_none(), {
                if model.requests().is_empty() {
                    "there is no request yet"
                } else {
                    "no request is selected"
                }
            }),
        }
    }

    fn hindrance_in_jar(&self, act: JarAct, model: &Model) -> Option<String> {
        let because = |is_so: bool, words: &str| is_so.then(|| words.to_owned());
        match act {
            JarAct::Drop | JarAct::DropAll | JarAct::Add | JarAct::Change | JarAct::Keep
                if self.is_recorded =>
            {
                because(true, "this is a recorded run: its jar stays as it was")
            }
            JarAct::Drop | JarAct::DropAll | JarAct::Copy | JarAct::Change | JarAct::Sort => {
                because(model.jar().kept().is_empty(), "the jar is empty")
            }
            JarAct::Open | JarAct::Add | JarAct::Keep | JarAct::GiveUp => None,
        }
    }

    fn hindrance_in_time(&self, wind: Wind, model: &Model) -> Option<String> {
        let because = |is_so: bool, words: &str| is_so.then(|| words.to_owned());
        let held = self.pace.held();
        let is_at = |place: usize| held.is_some_and(|held| held.place == place);
        let is_whole = held.is_some_and(|held| held.place == held.count);
        match wind {
            Wind::Facts(by) | Wind::Parts(by) if by < 0 => {
                because(is_at(1), "this is the first fact")
            }
            Wind::Facts(_) | Wind::Parts(_) => because(is_whole, "this is the last fact"),
            Wind::Hold => because(model.requests().is_empty(), "nothing happened yet"),
        }
    }
}

/// Whether an action does something to a request, or with the time of requests.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others need no request")]
const fn is_about_requests(action: Action) -> bool {
    match action {
        Action::Move(_)
        | Action::HalfPage(_)
        | Action::Page(_)
        | Action::First
        | Action::Last
        | Action::Open
        | Action::NextPane
        | Action::PaneBefore
        | Action::ShowTab(_)
        | Action::TurnTab(_)
        | Action::Again
        | Action::ListAgain
        | Action::Left
        | Action::Right
        | Action::Form(FormAct::Open)
        | Action::Find(_)
        | Action::Look
        | Action::Menu(Menu::Yank)
        | Action::WhatIf
        | Action::FoldHost
        | Action::ZoomDetails
        | Action::Search(SearchAct::Start)
        | Action::Filter(FilterAct::Start)
        | Action::Table(TableAct::SortNext | TableAct::Reverse) => true,
        Action::Time(act) => match act {
            TimeAct::Zoom(_) | TimeAct::Whole | TimeAct::Pan(_) | TimeAct::Fit | TimeAct::Line => {
                true
            }
        },
        _ => false,
    }
}
