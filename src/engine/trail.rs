use std::sync::Arc;

use url::Url;

use crate::event::RequestId;

/// The requests that led to one, from redirect to redirect or from part to part.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    legs: Vec<(RequestId, Url)>,
    part: Option<Part>,
}

/// The beginning of a body that was cut.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its bytes.
    pub(super) content: Arc<[u8]>,
    /// The strong `ETag` of what it is a part of.
    pub(super) tag: String,
}

impl Trail {
    /// How many requests led here.
    pub(super) fn len(&self) -> usize {
        self.legs.len()
    }

    /// The trail of what `request`, which has this trail, leads to.
    pub(super) fn after(&self, request: RequestId, url: &Url) -> Self {
        let mut legs = self.legs.clone();
        legs.push((request, url.clone()));
        Self { legs, part: None }
    }

    /// The same trail, with the beginning of a body at its end.
    pub(super) fn with_part(mut self, part: Part) -> Self {
        self.part = Some(part);
        self
    }

    /// The beginning of the body, if the request is for the rest.
    pub(super) const fn part(&self) -> Option<&Part> {
        self.part.as_ref()
    }

    /// The request of this trail that asked for the same, if there is one.
    pub(super) fn with(&self, url: &Url) -> Option<RequestId> {
        let is_same =
            |known: &&(RequestId, Url)| without_fragment(&known.1) == without_fragment(url);
        self.legs.iter().find(is_same).map(|(request, _)| *request)
    }
}

/// What is asked for: the fragment is never said.
fn without_fragment(url: &Url) -> &str {
    let text = url.as_str();
    text.split_once('#').map_or(text, |(before, _)| before)
}
