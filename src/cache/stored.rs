use std::sync::Arc;
use std::time::Duration;

use crate::message::{Headers, Method, ResponseHead};

use super::directives::Directives;
use super::freshness::{Age, Freshness, Lifetime, Times, initial_age, lifetime};
use super::merging::{aged, of_the_part, with_length};
use super::range::Asked;
use super::selection::{Selector, difference};
use super::{Content, Validators};

/// An answer as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its head, without what was said of one connection only.
    pub head: ResponseHead,
    /// What is here of its body.
    pub content: Content,
    /// When it was asked for and when it came, or was last validated.
    pub times: Times,
    /// What has become of it so far.
    pub record: Record,
    pub(super) chosen: Vec<Selector>,
    pub(super) said: Directives,
    pub(super) lifetime: Lifetime,
    pub(super) age_then: Duration,
}

/// What has become of a stored answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// When it was first stored, since 1970.
    pub first: Duration,
    /// How often the server said that it is still good.
    pub validated: u32,
    /// Its body's number on the disk, where it is there.
    pub place: Option<u64>,
}

impl Record {
    /// The same of a body that is not there, where its former one was.
    pub(super) fn elsewhere(self) -> Self {
        let place = None;
        Self { place, ..self }
    }
}

impl Stored {
    /// An answer of which the head is already as it is stored.
    pub(super) fn new(
        head: ResponseHead,
        content: Content,
        times: Times,
        chosen: Vec<Selector>,
        record: Record,
    ) -> Self {
        let said = Directives::of(&head.headers);
        Self {
            lifetime: lifetime(&head, &said, times.came),
            age_then: initial_age(&head, times),
            head,
            content,
            times,
            record,
            chosen,
            said,
        }
    }

    /// Its age against its lifetime, `now` since 1970.
    pub fn freshness(&self, now: Duration) -> Freshness {
        let age = Age {
            came_with: self.age_then,
            here: now.saturating_sub(self.times.came),
        };
        let lifetime = self.lifetime;
        Freshness { age, lifetime }
    }

    /// What tells it from other versions.
    pub fn validators(&self) -> Validators {
        Validators::of(&self.head)
    }

    /// The first header that chose it and says something else in this request.
    pub fn difference(&self, request: &Headers) -> Option<&str> {
        difference(&self.chosen, request)
    }

    /// The request headers that chose it, with what they said.
    pub fn chosen(&self) -> impl Iterator<Item = (&str, &str)> {
        self.chosen.iter().map(|selector| {
            (
                selector.name.as_str(),
                selector.value.as_deref().unwrap_or("–"),
            )
        })
    }

    /// Whether it may be used without asking, `now` since 1970.
    pub fn is_fresh(&self, now: Duration) -> bool {
        !self.is_no_cache() && self.freshness(now).is_fresh()
    }

    /// Whether it may never be used without asking.
    pub(super) const fn is_no_cache(&self) -> bool {
        self.said.is_no_cache
    }

    /// Whether the part of it that `request` asks for is here.
    pub(super) fn covers(&self, method: &Method, request: &Headers) -> bool {
        let asked = self.asked(request).within(self.content.total);
        method.is_head() || asked.is_some_and(|range| self.content.has(&range))
    }

    /// What is asked for of it: only 200 has parts (RFC 9110 §14.2).
    pub(super) fn asked(&self, request: &Headers) -> Asked {
        if self.head.status == 200 {
            Asked::of(request)
        } else {
            Asked::Whole
        }
    }

    /// What the request gets of it `now`: the head with its age, and the bytes.
    ///
    /// Nothing if the bytes are not here, or not in memory.
    pub fn serve(
        &self,
        method: &Method,
        request: &Headers,
        now: Duration,
    ) -> Option<(ResponseHead, Arc<[u8]>)> {
        let head = aged(&self.head, self.freshness(now).age.total());
        self.cut_out(head, method, request)
    }

    /// The same right after the server was asked: its age is what the server says.
    pub fn serve_validated(
        &self,
        method: &Method,
        request: &Headers,
    ) -> Option<(ResponseHead, Arc<[u8]>)> {
        self.cut_out(self.head.clone(), method, request)
    }

    fn cut_out(
        &self,
        head: ResponseHead,
        method: &Method,
        request: &Headers,
    ) -> Option<(ResponseHead, Arc<[u8]>)> {
        let total = self.content.total;
        if method.is_head() {
            return Some((head, Arc::from([])));
        }
        let asked = self.asked(request);
        let range = asked.within(total)?;
        let bytes = self.content.slice(&range)?;
        let head = match asked {
            Asked::Part(_) => of_the_part(&head, &range, total),
            Asked::Whole | Asked::Other => head,
        };
        Some((head, bytes))
    }

    /// The same, of which the bytes are only on the disk.
    pub(super) fn at_place(&self, place: u64) -> Self {
        let record = Record {
            place: Some(place),
            ..self.record
        };
        Self {
            content: self.content.without_bytes(),
            record,
            ..self.clone()
        }
    }

    /// The same with its bytes, if they are as many as they should be.
    pub fn with_bytes(&self, bytes: Arc<[u8]>) -> Option<Self> {
        let content = self.content.with(bytes)?;
        Some(Self {
            content,
            ..self.clone()
        })
    }

    /// Bytes that it takes in memory, roughly.
    pub(super) fn weight(&self) -> u64 {
        let fields = self.head.headers.iter();
        let text: usize = fields
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        self.content.len() + text as u64 + OVERHEAD
    }
}

/// What an entry takes beside its head and its body.
const OVERHEAD: u64 = 512;

/// The head of a whole that was put together out of parts.
pub(super) fn put_together(head: &ResponseHead, content: &Content) -> ResponseHead {
    match content.total {
        Some(total) => with_length(head, total),
        None => head.clone(),
    }
}
