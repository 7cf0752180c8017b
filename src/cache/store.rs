use std::sync::Arc;
use std::time::Duration;

use crate::message::{RequestHead, ResponseHead};

use super::decision::decide;
use super::directives::Directives;
use super::disk::{Disk, Opened};
use super::freshness::Times;
use super::index::{Home, Index};
use super::key::key_beside;
use super::merging::{of_the_whole, storable, updated};
use super::range::{Asked, content_range};
use super::stored::{Record, put_together};
use super::storing::{invalidated, may_keep, may_store};
use super::{Ask, Content, Decision, Kept, Stored, Unstored, Validators};

/// A private cache, bounded in bytes; what was not used for longest gives way.
#[derive(Debug)]
pub struct Cache {
    index: Index,
    /// What a person should know of where it is, a sentence each.
    pub notes: Vec<String>,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Came {
    /// Its head.
    pub head: ResponseHead,
    /// The bytes of its body that came.
    pub bytes: Arc<[u8]>,
    /// Whether these are all that it has.
    pub is_whole: bool,
    /// When.
    pub times: Times,
    /// The part that it joins, with its bytes, where they had to be read from a disk.
    pub former: Option<Arc<Stored>>,
}

/// What came is about none of what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is about another version than the one that is stored")]
pub struct Unrelated;

impl Cache {
    /// An empty cache in memory, for `limit` bytes.
    pub fn new(limit: u64) -> Self {
        let index = Index::new(Home::Memory, limit);
        let notes = Vec::new();
        Self { index, notes }
    }

    /// The cache on a disk, for `limit` bytes; what is there too much is forgotten.
    pub fn on_disk(opened: Opened, limit: u64) -> Self {
        let mut index = Index::new(Home::Disk(opened.disk), limit);
        for row in opened.rows {
            index.admit(&row.key, Arc::new(row.stored), row.used);
        }
        let notes = opened.notes;
        Self { index, notes }
    }

    /// What is done for a request, `now` since 1970.
    pub fn look_up(&mut self, ask: &Ask<'_>, now: Duration) -> Decision {
        self.index.touch(ask.key);
        decide(ask, self.index.variants(ask.key), now)
    }

    /// Stores an answer if it may be stored.
    pub fn keep(&mut self, ask: &Ask<'_>, came: &Came) -> Result<Kept, Unstored> {
        let request = ask.head;
        if request.method.is_head() {
            return self.freshen(ask, came);
        }
        let chosen = may_store(ask.url, request, &came.head)?;
        let said = Directives::of(&came.head.headers);
        let (head, content) = body_of(request, came)?;
        let head = storable(&head, &said);
        let record = Record {
            first: came.times.came,
            ..Record::default()
        };
        let mut stored = Stored::new(head, content, came.times, chosen, record);
        if let Some(former) = self.former(ask, came, &stored) {
            match join(&former, &stored) {
                Some(joined) => stored = joined,
                // Its bytes are on the disk, and nobody can wait for them: the larger part stays.
                None if former.content.len() >= stored.content.len() => {
                    return Ok(Kept::of(&former));
                }
                None => {}
            }
        }
        if self.index.is_too_large(&stored) {
            return Err(Unstored::TooLarge);
        }
        if let Some(why) = self.index.disk().and_then(Disk::obstacle) {
            return Err(Unstored::Disk(why));
        }
        let kept = Kept::of(&stored);
        self.index.insert(ask.key, Arc::new(stored));
        Ok(kept)
    }

    /// A 304 came: what it is about is brought up to date, and is the answer.
    pub fn validated(
        &mut self,
        ask: &Ask<'_>,
        against: &[Arc<Stored>],
        head: &ResponseHead,
        times: Times,
    ) -> Result<Arc<Stored>, Unrelated> {
        let told = Validators::of(head);
        let named = |stored: &&Arc<Stored>| stored.validators().accept(&told);
        let stored = match against {
            [only] => Some(only).filter(named),
            // Which of several is meant, only its tag can tell.
            many if told.etag.is_some() => many.iter().find(named),
            _ => None,
        };
        let stored = stored.ok_or(Unrelated)?;
        let record = Record {
            validated: stored.record.validated + 1,
            ..stored.record
        };
        Ok(self.renew(ask, stored, head, &stored.content, times, record))
    }

    /// A part came that was asked for to complete what is stored: both together are the answer.
    pub fn completed(
        &mut self,
        ask: &Ask<'_>,
        stored: &Stored,
        came: &Came,
    ) -> Result<Arc<Stored>, Unrelated> {
        let part = part_of(came).ok_or(Unrelated)?;
        let told = Validators::of(&came.head);
        let is_same = stored.validators().accept(&told);
        let joined = stored.content.joined(&part).filter(|_| is_same);
        let joined = joined.ok_or(Unrelated)?;
        let record = stored.record.elsewhere();
        Ok(self.renew(ask, stored, &came.head, &joined, came.times, record))
    }

    fn renew(
        &mut self,
        ask: &Ask<'_>,
        stored: &Stored,
        news: &ResponseHead,
        content: &Content,
        times: Times,
        record: Record,
    ) -> Arc<Stored> {
        let head = put_together(&updated(&stored.head, news), content);
        let may = may_keep(ask.head, &head);
        let chosen = may.clone().unwrap_or_default();
        let renewed = Stored::new(head, content.clone(), times, chosen, record);
        let renewed = Arc::new(renewed);
        match may {
            Ok(_) => self
                .index
                .replace(ask.key, Some(stored), Arc::clone(&renewed)),
            // The news may be that it is not to be stored any more.
            Err(_) => drop(self.index.forget(ask.key)),
        }
        renewed
    }

    /// A HEAD came: it is news for what is stored, or tells that it is no longer true
    /// (RFC 9111 §4.3.5).
    fn freshen(&mut self, ask: &Ask<'_>, came: &Came) -> Result<Kept, Unstored> {
        let is_match = |s: &&Arc<Stored>| s.difference(&ask.head.headers).is_none();
        let known = self.index.variants(ask.key).iter().find(is_match);
        let Some(stored) = known.cloned().filter(|_| came.head.status == 200) else {
            return Err(Unstored::Method);
        };
        let length = |head: &ResponseHead| head.headers.first("content-length").map(str::to_owned);
        let is_as_long = match (length(&stored.head), length(&came.head)) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        if is_as_long && stored.validators().accept(&Validators::of(&came.head)) {
            let (content, record) = (&stored.content, stored.record);
            self.renew(ask, &stored, &came.head, content, came.times, record);
            return Ok(Kept::Freshened);
        }
        self.index.forget(ask.key);
        Err(Unstored::Method)
    }

    /// Forgets what an answer to an unsafe method has made untrue; how many URLs that were.
    pub fn invalidate(&mut self, ask: &Ask<'_>, head: &ResponseHead) -> usize {
        let urls = invalidated(ask.url, &ask.head.method, head);
        let keys = urls.iter().map(|url| key_beside(ask.key, url));
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        let mut count = 0;
        for key in &keys {
            count += usize::from(self.index.forget(key) > 0);
        }
        count
    }

    /// What would be stored of an answer of which only the head is here, if anything would.
    pub fn would_keep(&self, ask: &Ask<'_>, head: &ResponseHead, times: Times) -> Option<Stored> {
        let chosen = may_store(ask.url, ask.head, head).ok()?;
        let length = head.headers.first("content-length");
        let length = length
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        let is_small = self.index.has_room_for(length);
        let content = Content::elsewhere(None, Vec::new());
        let record = Record::default();
        is_small.then(|| Stored::new(head.clone(), content, times, chosen, record))
    }

    /// How many URLs something is stored for.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that are taken, heads and bodies.
    pub const fn bytes(&self) -> u64 {
        self.index.bytes()
    }

    /// Bytes that may be taken.
    pub const fn limit(&self) -> u64 {
        self.index.limit()
    }

    /// Whether it is on a disk.
    pub const fn is_on_disk(&self) -> bool {
        self.index.disk().is_some()
    }

    /// Every key with what is stored under it, the latest answer first; what was used last first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Arc<Stored>])> {
        self.index.iter()
    }

    /// Reads a stored body and gives it to `then`, on another thread if it has to be read from a
    /// disk; nothing, if it is not there any more or not as it was.
    pub fn read(&self, stored: &Stored, then: impl FnOnce(Option<Arc<[u8]>>) + Send + 'static) {
        let held = stored.content.held().cloned();
        match (self.index.disk(), stored.record.place) {
            (Some(disk), Some(place)) if held.is_none() => disk.read(place, Box::new(then)),
            _ => then(held),
        }
    }

    /// Forgets what is stored under `key`; how many answers that were.
    pub fn forget(&mut self, key: &str) -> usize {
        self.index.forget(key)
    }

    /// The part that an answer would join, if its bytes have to be read first.
    pub fn unread_former(&self, ask: &Ask<'_>, came: &ResponseHead) -> Option<Arc<Stored>> {
        let tag = Validators::of(came);
        let known = self.index.variants(ask.key).iter();
        let is_former = |known: &&Arc<Stored>| {
            let is_part = !known.content.is_whole() && known.content.held().is_none();
            is_part && tag.strong().is_some() && known.validators().strong() == tag.strong()
        };
        known.into_iter().find(is_former).cloned()
    }

    /// What is stored for the same choice of headers, if the new answer is to join it: both are of
    /// one version, and one of them at least is a part.
    fn former(&self, ask: &Ask<'_>, came: &Came, stored: &Stored) -> Option<Arc<Stored>> {
        let tag = stored.validators();
        let tag = tag.strong()?;
        let known = self.index.variants(ask.key).iter();
        let is_former = |known: &&Arc<Stored>| {
            let is_part = !stored.content.is_whole();
            is_part && known.chosen == stored.chosen && known.validators().strong() == Some(tag)
        };
        let former = known.into_iter().find(is_former)?;
        let is_same = |read: &&Arc<Stored>| read.record.place == former.record.place;
        let read = came.former.as_ref().filter(is_same);
        Some(Arc::clone(read.unwrap_or(former)))
    }
}

/// As much as a run needs, in memory.
impl Default for Cache {
    fn default() -> Self {
        Self::new(IN_MEMORY)
    }
}

/// Bytes that a cache in memory takes.
const IN_MEMORY: u64 = 64 << 20;

/// What of an answer is stored: its head as that of the whole, and the bytes that came.
fn body_of(request: &RequestHead, came: &Came) -> Result<(ResponseHead, Content), Unstored> {
    let bytes = Arc::clone(&came.bytes);
    if came.head.status == 206 {
        let is_asked = Asked::of(&request.headers) != Asked::Whole;
        let part = part_of(came).filter(|_| is_asked);
        let part = part.ok_or(Unstored::NoAnswer(206))?;
        return Ok((of_the_whole(&came.head), part));
    }
    if came.is_whole {
        return Ok((came.head.clone(), Content::whole(bytes)));
    }
    let length = came.head.headers.first("content-length");
    let length = length.and_then(|length| length.trim().parse().ok());
    let is_strong = Validators::of(&came.head).strong().is_some();
    match length {
        Some(total) if is_strong && came.head.status == 200 && !bytes.is_empty() => {
            Ok((came.head.clone(), Content::part(0, bytes, Some(total))))
        }
        _ => Err(Unstored::Incomplete),
    }
}

/// The part that a 206 brought; one that is longer than it says is none.
///
/// One that is shorter is a part all the same: its first byte is where it says.
fn part_of(came: &Came) -> Option<Content> {
    let (first, last, total) = content_range(&came.head.headers)?;
    let is_sound = came.bytes.len() as u64 <= last - first + 1 && !came.bytes.is_empty();
    is_sound.then(|| Content::part(first, Arc::clone(&came.bytes), total))
}

/// A new part, with what was here before; nothing if the bytes of that are not in memory.
fn join(former: &Stored, new: &Stored) -> Option<Stored> {
    let content = former.content.joined(&new.content)?;
    let head = put_together(&new.head, &content);
    let record = former.record.elsewhere();
    Some(Stored::new(
        head,
        content,
        new.times,
        new.chosen.clone(),
        record,
    ))
}
