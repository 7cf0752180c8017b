use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::cache::Stored;

/// So many bytes are written at once, at the latest.
const MUCH: u64 = 4 << 20;
/// So many bytes wait at most; a disk that is slower than that gets no more.
const TOO_MUCH: u64 = 64 << 20;
/// For so long more is waited for, so that it is written together.
const PAUSE: Duration = Duration::from_millis(500);

/// What is to be written, between those who store and the thread that writes.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) batch: Batch,
    /// Bodies that are being written.
    leaving: HashMap<u64, Arc<[u8]>>,
    /// Why nothing can be written any more.
    pub(super) trouble: Option<String>,
    is_over: bool,
}

/// What is written together: all of it or nothing.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) puts: BTreeMap<u64, Put>,
    pub(super) drops: BTreeSet<u64>,
    pub(super) used: BTreeMap<u64, u64>,
    bytes: u64,
}

/// An answer on its way to its place; nothing for a body that is there already.
#[derive(Debug)]
pub(super) struct Put {
    pub(super) key: Arc<str>,
    pub(super) stored: Arc<Stored>,
    pub(super) body: Option<Arc<[u8]>>,
}

impl Waiting {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to what is to be written.
    pub(super) fn add(&self, change: impl FnOnce(&mut Batch)) {
        let mut state = self.state();
        if state.trouble.is_some() {
            return;
        }
        let (was_empty, was_urgent) = (state.batch.is_empty(), state.is_urgent());
        change(&mut state.batch);
        if was_empty || (state.is_urgent() && !was_urgent) {
            self.news.notify_one();
        }
    }

    /// There will be no more.
    pub(super) fn end(&self) {
        self.state().is_over = true;
        self.news.notify_one();
    }

    /// A body that is not on the disk yet.
    pub(super) fn body(&self, place: u64) -> Option<Arc<[u8]>> {
        let state = self.state();
        let put = state.batch.puts.get(&place);
        let waiting = put.and_then(|put| put.body.as_ref());
        waiting.or_else(|| state.leaving.get(&place)).cloned()
    }

    /// Waits for something to write; nothing if there will be no more.
    pub(super) fn take(&self) -> Option<Batch> {
        let is_idle = |state: &mut State| state.batch.is_empty() && !state.is_urgent();
        let waited = self.news.wait_while(self.state(), is_idle);
        let state = waited.unwrap_or_else(PoisonError::into_inner);
        let is_early = |state: &mut State| !state.is_urgent();
        let waited = self.news.wait_timeout_while(state, PAUSE, is_early);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.batch.is_empty() {
            return None;
        }
        let batch = std::mem::take(&mut state.batch);
        let bodies = batch.puts.iter();
        state.leaving = bodies
            .filter_map(|(place, put)| Some((*place, put.body.clone()?)))
            .collect();
        Some(batch)
    }

    /// What was taken is written, or could not be.
    pub(super) fn written(&self, outcome: Result<(), String>) {
        let mut state = self.state();
        state.leaving.clear();
        if let Err(words) = outcome {
            state.trouble = Some(words);
            state.batch = Batch::default();
        }
    }
}

impl State {
    fn is_urgent(&self) -> bool {
        self.is_over || self.batch.bytes >= MUCH
    }

    /// Whether more waits than is good.
    pub(super) const fn is_full(&self) -> bool {
        self.batch.bytes >= TOO_MUCH
    }
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.drops.is_empty() && self.used.is_empty()
    }

    pub(super) fn put(&mut self, place: u64, put: Put, used: u64) {
        self.bytes += put.body.as_ref().map_or(0, |body| body.len() as u64);
        self.used.insert(place, used);
        match self.puts.get_mut(&place) {
            Some(waiting) if put.body.is_none() => waiting.stored = put.stored,
            _ => drop(self.puts.insert(place, put)),
        }
    }

    pub(super) fn drop_from(&mut self, place: u64) {
        if let Some(put) = self.puts.remove(&place) {
            let bytes = put.body.map_or(0, |body| body.len() as u64);
            self.bytes = self.bytes.saturating_sub(bytes);
        }
        self.used.remove(&place);
        self.drops.insert(place);
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (puts, drops) = (self.puts.len(), self.drops.len());
        write!(f, "{puts} to write, {drops} to drop, {} bytes", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::freshness::Times;
    use crate::cache::stored::Record;
    use crate::cache::{Content, Stored};
    use crate::message::{Headers, ResponseHead, Version};

    fn put(bytes: usize) -> Put {
        let head = ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: String::new(),
            headers: Headers::new(),
        };
        let body: Arc<[u8]> = vec![0; bytes].into();
        let content = Content::whole(Arc::clone(&body)).without_bytes();
        let record = Record::default();
        let stored = Stored::new(head, content, Times::default(), Vec::new(), record);
        Put {
            key: "k".into(),
            stored: stored.into(),
            body: Some(body),
        }
    }

    #[test]
    fn a_body_can_be_read_until_it_is_on_the_disk() {
        let waiting = Waiting::default();
        waiting.add(|batch| batch.put(1, put(5), 1));
        waiting.end();
        assert_eq!(waiting.body(1).unwrap().len(), 5, "waiting");
        assert_eq!(waiting.take().unwrap().puts.len(), 1);
        assert_eq!(waiting.body(1).unwrap().len(), 5, "being written");
        waiting.written(Ok(()));
        assert!(waiting.body(1).is_none(), "written");
        assert!(waiting.take().is_none());
    }

    #[test]
    fn what_is_dropped_before_it_is_written_is_not_written() {
        let mut batch = Batch::default();
        batch.put(1, put(5), 1);
        batch.put(2, put(7), 2);
        batch.drop_from(1);
        assert_eq!(format!("{batch:?}"), "1 to write, 1 to drop, 7 bytes");
        assert_eq!(batch.used.len(), 1);
    }

    #[test]
    fn a_disk_that_fails_takes_no_more() {
        let waiting = Waiting::default();
        waiting.add(|batch| batch.put(1, put(5), 1));
        waiting.written(Err("full".to_owned()));
        waiting.add(|batch| batch.put(2, put(5), 2));
        assert!(waiting.body(2).is_none());
        assert_eq!(waiting.state().trouble.as_deref(), Some("full"));
    }
}
