//! What must hold whatever comes in: for the corpus in `cargo test`, for everything in `cargo fuzz`.
//!
//! A law takes any bytes and panics where it is broken. `tests/fuzz/README.md` tells how to add one.

mod answer;
mod chunked;
mod coding;
mod feed;
mod har;
mod pipe_line;
mod pool;
mod set_cookie;
mod url_list;

/// A law: it takes any bytes.
type Law = fn(&[u8]);

/// Each law by the name of its fuzz target and of its folder in `tests/fuzz/corpus`.
pub(crate) const LAWS: &[(&str, Law)] = &[
    ("answer", answer::law),
    ("chunked", chunked::law),
    ("coding", coding::law),
    ("har", har::law),
    ("pipe_line", pipe_line::law),
    ("pool", pool::law),
    ("set_cookie", set_cookie::law),
    ("url_list", url_list::law),
];

/// Panics if the law called `name` does not hold for `bytes`.
pub(crate) fn hold(name: &str, bytes: &[u8]) {
    let (_, law) = LAWS.iter().find(|law| law.0 == name).expect("a known law");
    law(bytes);
}
