use std::borrow::Cow;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{io, thread};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::coding::{Limits, decode};
use crate::ui::{Found, Haystack, Quest};

/// The name of the thread that searches.
const NAME: &str = "searcher";

/// A thread that searches some requests at a time, so that drawing never waits for it.
pub(super) struct Searcher {
    quests: SyncSender<Quest>,
    found: UnboundedReceiver<Found>,
    is_busy: bool,
}

impl Searcher {
    /// Starts the thread; it ends when this goes away.
    pub(super) fn start() -> io::Result<Self> {
        let (quests, todo) = sync_channel(1);
        let (tell, found) = unbounded_channel();
        thread::Builder::new()
            .name(NAME.to_owned())
            .spawn(move || work(&todo, &tell))?;
        Ok(Self {
            quests,
            found,
            is_busy: false,
        })
    }

    /// Whether it is at work.
    pub(super) const fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Gives it something to search.
    pub(super) fn send(&mut self, quest: Quest) {
        self.is_busy = self.quests.try_send(quest).is_ok();
    }

    /// Waits for what is found; nothing is lost if the waiting is given up.
    pub(super) async fn come(&mut self) -> Found {
        let Some(found) = self.found.recv().await else {
            return pending().await;
        };
        self.is_busy = false;
        found
    }
}

/// Whether this is the thread that searches.
pub(super) fn is_here() -> bool {
    thread::current().name() == Some(NAME)
}

fn work(todo: &Receiver<Quest>, tell: &UnboundedSender<Found>) {
    while let Ok(quest) = todo.recv() {
        if tell.send(found(&quest)).is_err() {
            return;
        }
    }
}

/// What is found, at once.
pub(super) fn found(quest: &Quest) -> Found {
    let hits = quest.haystacks.iter().map(|haystack| {
        // Decoders are other people's: a body that breaks one is a body that is not searched.
        let search = || {
            let body = body(haystack);
            quest.needle.hits(haystack, &body)
        };
        let hits = catch_unwind(AssertUnwindSafe(search)).unwrap_or_default();
        (haystack.request, hits)
    });
    Found {
        number: quest.number,
        hits: hits.collect(),
    }
}

/// The body without its codings; as it came, where they are broken.
fn body(haystack: &Haystack) -> Cow<'_, [u8]> {
    let Some(content) = &haystack.body else {
        return Cow::Borrowed(&[]);
    };
    if haystack.codings.is_empty() {
        return Cow::Borrowed(&content.0);
    }
    let codings: Vec<&str> = haystack.codings.iter().map(String::as_str).collect();
    match decode(&codings, &content.0, Limits::default()) {
        Ok(decoded) => Cow::Owned(decoded.bytes),
        Err(_) => Cow::Borrowed(&content.0),
    }
}
