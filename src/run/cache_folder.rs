use std::path::PathBuf;

use crate::cache::{self, Cache, Unopened};
use crate::cli::{CacheOptions, Store};
use crate::event::CacheUse;

/// Bytes that a cache takes in memory, and on the disk, unless somebody says otherwise.
const IN_MEMORY: u64 = 64 << 20;
const ON_DISK: u64 = 320 << 20;

/// The cache that was asked for; one that cannot be had on the disk is in memory, and says why.
pub(super) fn open(options: &CacheOptions) -> Cache {
    let in_memory = || Cache::new(options.size.unwrap_or(IN_MEMORY));
    if options.store != Store::Disk {
        return in_memory();
    }
    let opened = match folder() {
        Some(folder) => cache::open(&folder).map_err(|error| error.to_string()),
        None => Err(NO_FOLDER.to_owned()),
    };
    match opened {
        Ok(opened) => Cache::on_disk(opened, options.size.unwrap_or(ON_DISK)),
        Err(why) => {
            let mut cache = in_memory();
            let words = format!("{why}: this run keeps its answers in memory");
            cache.notes.push(words);
            cache
        }
    }
}

/// What is said where nobody knows a folder for the cache.
pub(super) const NO_FOLDER: &str = "there is no folder for a cache on disk: set XDG_CACHE_HOME";

/// How the cache is used, as was asked for.
pub(super) const fn used(options: &CacheOptions) -> CacheUse {
    match (options.store, options.offline) {
        (Store::Off, _) => CacheUse::Off,
        (Store::Memory | Store::Disk, true) => CacheUse::Offline,
        (Store::Memory | Store::Disk, false) => CacheUse::On,
    }
}

/// The folder of the cache (XDG Base Directory Specification): a relative path there means nothing.
pub(super) fn folder() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let home = || {
        named("HOME")
            .and_then(absolute)
            .map(|home| home.join(".cache"))
    };
    let caches = named("XDG_CACHE_HOME").and_then(absolute).or_else(home)?;
    Some(caches.join("netwaterfall"))
}

/// Why the cache on disk cannot be worked on.
pub(super) fn refused(error: &Unopened) -> String {
    match error {
        Unopened::Busy(_) => format!("{error}: end that one first"),
        Unopened::Missing(_) => format!("{error}: --cache disk begins one"),
        Unopened::Alien { .. } => {
            format!("{error}; netwaterfall cache clear removes it")
        }
        Unopened::Unfinished | Unopened::Unusable { .. } => error.to_string(),
    }
}
