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
