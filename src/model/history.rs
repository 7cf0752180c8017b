use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use url::{Position, Url};

use crate::event::{Moment, Replacement, RequestId};

use super::{Model, Request};

/// What a request made of the answers that are stored for its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The request.
    pub request: RequestId,
    /// When it was over.
    pub at: Moment,
    /// What it made, with the reason.
    pub words: String,
}

/// What became of the answers that are stored for the URL of `request`, in the order it happened.
pub fn history(request: &Request, model: &Model) -> Vec<Deed> {
    let url = bare(&request.url);
    let last = model.of_urls.get(&hash(url)).copied();
    let known = |place: Option<usize>| place.and_then(|place| model.requests().get(place));
    let before = |one: &&Request| known(one.former_of_url);
    let same = std::iter::successors(known(last), before).filter(|one| bare(&one.url) == url);
    let mut deeds: Vec<Deed> = same.filter_map(deed).collect();
    deeds.reverse();
    deeds.sort_by_key(|deed| deed.at);
    deeds
}

impl Model {
    /// Takes note of a request about to get the next place: the one before for its URL is found by it.
    pub(super) fn note_url(&mut self, planned: &mut Request) {
        let place = self.requests.len();
        planned.former_of_url = self.of_urls.insert(hash(bare(&planned.url)), place);
    }
}

/// URLs are few bytes each, and there are many: their hash stands for them, and is looked at twice.
fn hash(url: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish()
}

fn deed(request: &Request) -> Option<Deed> {
    let (at, _) = request.ended.as_ref()?;
    let stored = request.stored.as_deref().filter(|words| is_deed(words));
    let words = match (&request.replaced, stored, &request.cached) {
        (Some(replaced), ..) => match replaced.replacement {
            Replacement::Validated => format!("validated: {}", replaced.words),
            Replacement::Completed => format!("completed: {}", replaced.words),
            Replacement::Stale => format!("used: {}", replaced.words),
            Replacement::GatewayTimeout => format!("not used: {}", replaced.words),
        },
        (None, Some(words), _) => words.to_owned(),
        (None, None, Some(verdict)) if verdict.hit => format!("used: {}", verdict.words),
        _ => return None,
    };
    Some(Deed {
        request: request.id,
        at: *at,
        words,
    })
}

/// Whether something was stored, changed or forgotten.
fn is_deed(words: &str) -> bool {
    !words.starts_with("not stored") || words.contains("forgotten")
}

/// What answers are stored under: a fragment is never sent.
fn bare(url: &Url) -> &str {
    &url[..Position::AfterQuery]
}
