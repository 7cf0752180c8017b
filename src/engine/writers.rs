use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use tokio::sync::Notify;

use crate::cache::Stored;
use crate::event::RequestId;

/// Who asks a server for what, so that others wait for the answer rather than ask too.
///
/// One request at a time writes the stored answer of a URL. Others wait for it as long as its
/// answer may be theirs: once its head says that it cannot be, all of them go on at once.
#[derive(Clone, Default)]
pub(super) struct Writers(Rc<RefCell<Shared>>);

#[derive(Default)]
struct Shared {
    open: HashMap<String, Rc<Writer>>,
    /// The URLs of stale answers that are being brought up to date.
    refreshing: HashSet<String>,
}

struct Writer {
    request: RequestId,
    state: RefCell<Writing>,
    /// Wakes those who wait in the order in which they came.
    news: Notify,
}

/// How far the one who writes has come.
#[derive(Clone, Debug)]
pub(super) enum Writing {
    /// Nobody knows yet what the answer will be.
    Asking,
    /// It will be stored, and is fresh for whoever is chosen by the same headers.
    Coming(Rc<Stored>),
    /// It is of use to nobody else.
    Alone,
    /// It is here, or there is none.
    Over,
}

/// The turn to write; it is over when this goes away.
pub(super) struct Pen {
    writers: Writers,
    key: String,
    request: RequestId,
}

/// Whom a request waits for.
pub(super) struct Wait {
    pub(super) of: RequestId,
    writer: Rc<Writer>,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    /// The one who wrote is done, well or badly: the cache is to be asked again.
    Over,
    /// The answer is of no use to this request.
    Alone,
}

impl Writers {
    /// The turn to write what is at `key`, if nobody has it.
    pub(super) fn begin(&self, key: &str, request: RequestId) -> Option<Pen> {
        let mut shared = self.0.borrow_mut();
        if shared.open.contains_key(key) {
            return None;
        }
        let writer = Writer {
            request,
            state: RefCell::new(Writing::Asking),
            news: Notify::new(),
        };
        shared.open.insert(key.to_owned(), Rc::new(writer));
        Some(Pen {
            writers: self.clone(),
            key: key.to_owned(),
            request,
        })
    }

    /// The wait for whoever writes what is at `key`.
    pub(super) fn wait(&self, key: &str) -> Option<Wait> {
        let shared = self.0.borrow();
        let writer = shared.open.get(key)?;
        Some(Wait {
            of: writer.request,
            writer: Rc::clone(writer),
        })
    }

    /// Tells those who wait for `request` what its answer will be.
    pub(super) fn tell(&self, key: &str, request: RequestId, state: Writing) {
        let is_last = matches!(state, Writing::Alone | Writing::Over);
        let mut shared = self.0.borrow_mut();
        let is_its = |writer: &&Rc<Writer>| writer.request == request;
        // Once it was told to be alone, the turn may be another's.
        let Some(writer) = shared.open.get(key).filter(is_its).cloned() else {
            return;
        };
        if is_last {
            shared.open.remove(key);
        }
        writer.state.replace(state);
        writer.news.notify_waiters();
    }

    /// Whether nobody brings what is at `key` up to date: whoever asks is to do it.
    pub(super) fn begin_refreshing(&self, key: &str) -> bool {
        let mut shared = self.0.borrow_mut();
        !shared.open.contains_key(key) && shared.refreshing.insert(key.to_owned())
    }

    /// What is at `key` is up to date, or cannot be brought up to date.
    pub(super) fn end_refreshing(&self, key: &str) {
        self.0.borrow_mut().refreshing.remove(key);
    }
}

impl Drop for Pen {
    fn drop(&mut self) {
        self.writers.tell(&self.key, self.request, Writing::Over);
    }
}

impl Wait {
    /// Waits until the one who writes is done, or its answer is of no use to a request that
    /// `differs` from what chose it.
    pub(super) async fn end(self, differs: impl Fn(&Stored) -> bool) -> Waited {
        loop {
            let news = self.writer.news.notified();
            match &*self.writer.state.borrow() {
                Writing::Over => return Waited::Over,
                Writing::Alone => return Waited::Alone,
                Writing::Coming(stored) if differs(stored) => return Waited::Alone,
                Writing::Coming(_) | Writing::Asking => {}
            }
            news.await;
        }
    }
}
