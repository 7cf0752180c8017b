//! Figures that a person can compare: `cargo bench`, or `cargo bench -- NAME` for one of them.
//!
//! Machines are shared and noisy: what counts is the ratio of two figures of one run, never a figure alone.

mod cache;
mod cookies;
mod exchange;
mod frame;
mod keys;
mod memory;
mod origin;
mod pool;
mod run_of;
mod screen;
mod stopwatch;
mod terminal;
mod wire;

/// Each bench by its name.
const BENCHES: &[(&str, fn())] = &[
    ("cache", cache::bench),
    ("cookies", cookies::bench),
    ("exchange", exchange::bench),
    ("frame", frame::bench),
    ("keys", keys::bench),
    ("memory", memory::bench),
    ("pool", pool::bench),
    ("screen", screen::bench),
    ("wire", wire::bench),
];

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    for (name, bench) in BENCHES {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())) {
            stopwatch::title(name);
            bench();
        }
    }
}
