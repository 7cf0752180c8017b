use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use url::{Position, Url};

use crate::message::{Method, RequestHead, ResponseHead};

use super::decision::decide;
use super::directives::Directives;
use super::freshness::Times;
use super::merging::{of_the_whole, storable, updated};
use super::range::{Asked, content_range};
use super::stored::{Record, put_together};
use super::storing::{invalidated, may_store};
use super::{Ask, Content, Decision, Kept, Stored, Unstored, Validators};

/// As many answers as are kept for one URL, each chosen by other request headers.
const MOST_VARIANTS: usize = 16;

/// A private cache, bounded in bytes; what was not used for longest gives way.
#[derive(Debug)]
pub struct Cache {
    entries: HashMap<Arc<str>, Entry>,
    /// The URLs by when they were last used.
    order: BTreeMap<u64, Arc<str>>,
    uses: u64,
    bytes: u64,
    limit: u64,
}

/// What is stored for one URL, the latest answer first.
#[derive(Debug, Default)]
struct Entry {
    variants: Vec<Arc<Stored>>,
    used: u64,
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
}

/// What came is about none of what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is about another version than the one that is stored")]
pub struct Unrelated;

impl Cache {
    /// An empty cache for `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self {
            entries: HashMap::new(),
            order: BTreeMap::new(),
            uses: 0,
            bytes: 0,
            limit,
        }
    }

    /// What is done for a request, `now` since 1970.
    pub fn look_up(&mut self, ask: &Ask<'_>, now: Duration) -> Decision {
        let key = key(ask.url);
        self.touch(key);
        let known = self.entries.get(key).map_or(&[][..], |e| &e.variants);
        decide(ask, known, now)
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
        if let Some(former) = self.former(&stored, ask.url) {
            stored = join(&former, stored);
        }
        if stored.weight() > self.limit / 8 {
            return Err(Unstored::TooLarge);
        }
        let kept = Kept::of(&stored);
        self.insert(key(ask.url), Arc::new(stored));
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
        Ok(self.renew(ask, stored, &came.head, &joined, came.times, stored.record))
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
        let may = may_store(ask.url, ask.head, &head);
        let chosen = may.clone().unwrap_or_default();
        let renewed = Stored::new(head, content.clone(), times, chosen, record);
        let renewed = Arc::new(renewed);
        match may {
            Ok(_) => self.insert(key(ask.url), Arc::clone(&renewed)),
            // The news may be that it is not to be stored any more.
            Err(_) => self.forget(key(ask.url)),
        }
        renewed
    }

    /// A HEAD came: it is news for what is stored, or tells that it is no longer true
    /// (RFC 9111 §4.3.5).
    fn freshen(&mut self, ask: &Ask<'_>, came: &Came) -> Result<Kept, Unstored> {
        let known = self.entries.get(key(ask.url));
        let is_match = |s: &&Arc<Stored>| s.difference(&ask.head.headers).is_none();
        let known = known.and_then(|entry| entry.variants.iter().find(is_match));
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
        self.forget(key(ask.url));
        Err(Unstored::Method)
    }

    /// Forgets what an answer to an unsafe method has made untrue; how many URLs that were.
    pub fn invalidate(&mut self, url: &Url, method: &Method, head: &ResponseHead) -> usize {
        let urls = invalidated(url, method, head);
        let known = urls
            .iter()
            .filter(|url| self.entries.contains_key(key(url)));
        let count = known.count();
        for url in &urls {
            self.forget(key(url));
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
        let is_small = length <= self.limit / 8;
        let content = Content::elsewhere(None, Vec::new());
        let record = Record::default();
        is_small.then(|| Stored::new(head.clone(), content, times, chosen, record))
    }

    /// How many URLs something is stored for.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes that are taken, heads and bodies.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What is stored for the same choice of headers, if the new answer is to join it: both are of
    /// one version, and one of them at least is a part.
    fn former(&self, stored: &Stored, url: &Url) -> Option<Arc<Stored>> {
        let tag = stored.validators();
        let tag = tag.strong()?;
        let known = self.entries.get(key(url))?.variants.iter();
        let is_former = |known: &&Arc<Stored>| {
            let is_part = !stored.content.is_whole();
            is_part && known.chosen == stored.chosen && known.validators().strong() == Some(tag)
        };
        known.into_iter().find(is_former).cloned()
    }

    fn insert(&mut self, key: &str, stored: Arc<Stored>) {
        let (name, mut entry) = match self.entries.remove_entry(key) {
            Some(known) => known,
            None => (Arc::from(key), Entry::default()),
        };
        let before: u64 = entry.variants.iter().map(|known| known.weight()).sum();
        // An answer that no header chose is for every request: it takes the place of all others.
        let is_left =
            |known: &Arc<Stored>| !stored.chosen.is_empty() && known.chosen != stored.chosen;
        entry.variants.retain(is_left);
        entry.variants.truncate(MOST_VARIANTS - 1);
        entry.variants.insert(0, stored);
        let after: u64 = entry.variants.iter().map(|known| known.weight()).sum();
        self.bytes = self.bytes + after - before;
        self.entries.insert(name, entry);
        self.touch(key);
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.order.first_key_value() else {
                break;
            };
            let oldest = Arc::clone(oldest);
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.order.remove(&entry.used);
            let weights = entry.variants.iter().map(|known| known.weight());
            self.bytes -= weights.sum::<u64>();
        }
    }

    /// Takes note that the entry was used.
    fn touch(&mut self, key: &str) {
        let Some((name, _)) = self.entries.get_key_value(key) else {
            return;
        };
        let name = Arc::clone(name);
        self.uses += 1;
        if let Some(entry) = self.entries.get_mut(key) {
            self.order.remove(&entry.used);
            entry.used = self.uses;
        }
        self.order.insert(self.uses, name);
    }
}

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

/// A new part, with what was here before.
fn join(former: &Stored, new: Stored) -> Stored {
    match former.content.joined(&new.content) {
        Some(content) => {
            let head = put_together(&new.head, &content);
            let record = former.record;
            Stored::new(head, content, new.times, new.chosen, record)
        }
        None => new,
    }
}

/// What an answer is stored under: the URL without its fragment, which is never sent.
pub fn key(url: &Url) -> &str {
    url.as_str()
        .get(..url[..Position::AfterQuery].len())
        .unwrap_or(url.as_str())
}
