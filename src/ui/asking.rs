use crate::event::{Because, CacheUse, Command, Wanted};
use crate::model::{Model, Request};

use super::action::{Action, Effect};
use super::state::State;

/// What the engine is asked to do.
impl State {
    pub(super) fn again(&mut self, model: &Model) -> Option<Effect> {
        let wanted = once_more(self.current(model)?);
        Some(Effect::Tell(Command::Fetch(vec![wanted])))
    }

    pub(super) fn switch_cache(&mut self, model: &Model) -> Option<Effect> {
        let (to, words) = match model.caching().used {
            CacheUse::On => (CacheUse::Off, "the cache is off for the next fetches"),
            CacheUse::Off => (CacheUse::On, "the cache is on again for the next fetches"),
            CacheUse::Offline => {
                self.warn("--offline uses nothing but the cache: it stays on");
                return None;
            }
        };
        self.tell(words);
        Some(Effect::Tell(Command::UseCache(to)))
    }

    pub(super) fn cancel(&mut self, model: &Model) -> Option<Effect> {
        let request = self.current(model)?;
        if request.ended.is_some() {
            self.tell(format!("{} is over already", request.id));
            return None;
        }
        Some(Effect::Tell(Command::Cancel(request.id)))
    }

    /// Asks once; whoever means it says so again.
    pub(super) fn cancel_all(&mut self, is_asked: bool, model: &Model) -> Option<Effect> {
        let unfinished = model.totals().unfinished();
        if unfinished == 0 {
            self.tell("there is nothing to give up: no request is under way");
            return None;
        }
        if is_asked {
            return Some(Effect::Tell(Command::CancelAll));
        }
        self.asked = Some(Action::CancelAll);
        let plural = if unfinished == 1 { "" } else { "s" };
        self.warn(format!(
            "X once more gives {unfinished} request{plural} up; any other key does not"
        ));
        None
    }

    /// Fetches again what a person or a list asked for, each as often as it was asked for so.
    pub(super) fn list_again(&mut self, model: &Model) -> Option<Effect> {
        let is_asked_for =
            |request: &&Request| matches!(request.because, Because::Typed | Because::Listed { .. });
        let asked_for = model.requests().iter().filter(is_asked_for);
        let wanted: Vec<Wanted> = asked_for.map(once_more).collect();
        if wanted.is_empty() {
            self.tell("there is no list to fetch again yet");
            return None;
        }
        let plural = if wanted.len() == 1 { "" } else { "s" };
        self.tell(format!("again: {} request{plural}", wanted.len()));
        Some(Effect::Tell(Command::Fetch(wanted)))
    }
}

/// The same request again.
fn once_more(request: &Request) -> Wanted {
    let (method, url) = (request.method.clone(), (*request.url).clone());
    Wanted {
        saying: request.saying(),
        credentials: request.credentials,
        priority: request.priority,
        ..Wanted::plain(method, url, Because::Again { of: request.id })
    }
}
