use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Stored;
use super::disk::{Disk, room};

/// As many answers as are kept for one URL, each chosen by other request headers.
const MOST_VARIANTS: usize = 16;
/// No answer takes more than this part of the whole.
const SHARE: u64 = 8;

/// What is stored, found by its key; what was not used for longest gives way.
#[derive(Debug)]
pub(super) struct Index {
    entries: HashMap<Arc<str>, Entry>,
    /// The keys by when they were last used.
    order: BTreeMap<u64, Arc<str>>,
    uses: u64,
    bytes: u64,
    limit: u64,
    home: Home,
}

/// Where the bytes of the bodies are.
#[derive(Debug)]
pub(super) enum Home {
    /// Beside their heads.
    Memory,
    /// On the disk; heads are here and there.
    Disk(Disk),
}

/// What is stored under one key, the latest answer first.
#[derive(Debug, Default)]
struct Entry {
    variants: Vec<Arc<Stored>>,
    used: u64,
}

impl Index {
    /// Nothing, and room for `limit` bytes.
    pub(super) fn new(home: Home, limit: u64) -> Self {
        Self {
            entries: HashMap::new(),
            order: BTreeMap::new(),
            uses: 0,
            bytes: 0,
            limit,
            home,
        }
    }

    /// What is stored under `key`, the latest answer first.
    pub(super) fn variants(&self, key: &str) -> &[Arc<Stored>] {
        self.entries.get(key).map_or(&[], |entry| &entry.variants)
    }

    /// Every key with what is stored under it, what was used last first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[Arc<Stored>])> {
        let keys = self.order.values().rev();
        keys.map(|key| (&**key, self.variants(key)))
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) const fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) const fn disk(&self) -> Option<&Disk> {
        match &self.home {
            Home::Memory => None,
            Home::Disk(disk) => Some(disk),
        }
    }

    /// Whether an answer takes more than one may.
    pub(super) fn is_too_large(&self, stored: &Stored) -> bool {
        self.weight(stored) > self.limit / SHARE
    }

    /// Whether a body of so many bytes may be stored.
    pub(super) const fn has_room_for(&self, body: u64) -> bool {
        body <= self.limit / SHARE
    }

    /// Stores an answer under `key`, in place of the one that the same headers chose.
    pub(super) fn insert(&mut self, key: &str, stored: Arc<Stored>) {
        self.replace(key, None, stored);
    }

    /// The same, in place of `former` too: news may be that other headers choose an answer.
    pub(super) fn replace(&mut self, key: &str, former: Option<&Stored>, stored: Arc<Stored>) {
        let name = match self.entries.get_key_value(key) {
            Some((name, _)) => Arc::clone(name),
            None => Arc::from(key),
        };
        let stored = match &mut self.home {
            Home::Memory => stored,
            Home::Disk(disk) => disk.take_in(&name, &stored, self.uses + 1),
        };
        self.put(name, former, stored);
        self.touch(key);
        self.make_room();
    }

    /// Takes an answer in that is on the disk already; to be called in the order of their use.
    pub(super) fn admit(&mut self, key: &Arc<str>, stored: Arc<Stored>, used: u64) {
        // Each use has its own number, whatever a file says.
        let used = used.max(self.uses + 1);
        self.put(Arc::clone(key), None, stored);
        self.note_use(key, used);
        self.make_room();
    }

    fn put(&mut self, key: Arc<str>, former: Option<&Stored>, stored: Arc<Stored>) {
        let place = stored.record.place;
        let weight = self.weight(&stored);
        let entry = self.entries.entry(key).or_default();
        let before = std::mem::take(&mut entry.variants);
        // An answer that no header chose is for every request: it takes the place of all others.
        let is_former =
            |known: &Arc<Stored>| former.is_some_and(|former| former.chosen == known.chosen);
        let is_left = |known: &Arc<Stored>| {
            !stored.chosen.is_empty() && known.chosen != stored.chosen && !is_former(known)
        };
        let (mut kept, mut gone): (Vec<_>, Vec<_>) = before.into_iter().partition(is_left);
        gone.extend(kept.split_off(kept.len().min(MOST_VARIANTS - 1)));
        kept.insert(0, stored);
        entry.variants = kept;
        self.bytes += weight;
        for known in &gone {
            self.bytes -= self.weight(known);
            if known.record.place != place {
                self.take_out(known);
            }
        }
    }

    fn make_room(&mut self) {
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.order.first_key_value() else {
                break;
            };
            let oldest = Arc::clone(oldest);
            self.forget(&oldest);
        }
    }

    /// Forgets all that is stored under `key`; how many answers those were.
    pub(super) fn forget(&mut self, key: &str) -> usize {
        let Some(entry) = self.entries.remove(key) else {
            return 0;
        };
        self.order.remove(&entry.used);
        for known in &entry.variants {
            self.bytes -= self.weight(known);
            self.take_out(known);
        }
        entry.variants.len()
    }

    /// Takes note that what is stored under `key` was used.
    pub(super) fn touch(&mut self, key: &str) {
        self.note_use(key, self.uses + 1);
        if let (Home::Disk(disk), Some(entry)) = (&self.home, self.entries.get(key)) {
            disk.note_use(&entry.variants, entry.used);
        }
    }

    fn note_use(&mut self, key: &str, used: u64) {
        let Some((name, _)) = self.entries.get_key_value(key) else {
            return;
        };
        let name = Arc::clone(name);
        self.uses = self.uses.max(used);
        if let Some(entry) = self.entries.get_mut(key) {
            self.order.remove(&entry.used);
            entry.used = used;
        }
        self.order.insert(used, name);
    }

    fn take_out(&self, stored: &Stored) {
        if let (Home::Disk(disk), Some(place)) = (&self.home, stored.record.place) {
            disk.drop_from(place);
        }
    }

    fn weight(&self, stored: &Stored) -> u64 {
        match &self.home {
            Home::Memory => stored.weight(),
            Home::Disk(_) => room(stored),
        }
    }
}
