use std::panic;

use crate::cache;

use super::{decoder, reckoner, searcher};

/// Breaks down where a test asks for it, so that what a break-down leaves behind can be seen.
///
/// Only debug builds listen, to `NETWATERFALL_PANIC`.
pub(super) fn if_asked(place: &str) {
    let asked = cfg!(debug_assertions)
        .then(|| std::env::var("NETWATERFALL_PANIC"))
        .and_then(Result::ok);
    assert!(
        asked.as_deref() != Some(place),
        "asked to break down in {place}"
    );
}

/// Whether this thread works on what other people made, and whoever started it takes care of it
/// when it breaks down.
pub(super) fn is_cared_for() -> bool {
    decoder::is_here() || searcher::is_here() || reckoner::is_here() || cache::is_thread()
}

/// Keeps quiet about threads that break down and are cared for: a sentence is told instead.
pub(super) fn hush() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !is_cared_for() {
            before(info);
        }
    }));
}
