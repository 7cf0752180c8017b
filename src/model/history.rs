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
    let same = model.requests().iter().filter(|one| bare(&one.url) == url);
    let mut deeds: Vec<Deed> = same.filter_map(deed).collect();
    deeds.sort_by_key(|deed| deed.at);
    deeds
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
