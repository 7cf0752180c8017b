//! All integration tests, in one program.

// What tests stand on is test code too: so the lints know.
#![cfg(test)]
#![expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]

mod acting;
mod assertions;
mod cache;
mod cache_laws;
mod cache_runs;
mod chromium;
mod cli;
mod clicks;
mod cookies;
mod cookies_in_chromium;
mod demo;
mod details;
mod disk;
mod documentation;
mod engine;
mod exchange;
mod export;
mod faults;
mod forecast;
mod frames;
mod fuzz;
mod har;
mod hostile;
mod hostile_terminal;
mod house;
mod laws;
mod loopback;
mod model;
mod names;
mod palette;
mod pictures;
mod pipe;
mod plain;
mod pool;
mod preferences;
mod proxies;
mod pty;
mod races;
mod redirects;
mod replay;
mod requests;
mod resuming;
mod roads;
mod runs;
mod screens;
mod sim;
mod sockets;
mod source;
mod table;
mod table_terminal;
mod tape;
mod terminal;
mod themes;
mod throttling;
mod tls;
mod uploads;
#[cfg(target_os = "linux")]
mod wire;
