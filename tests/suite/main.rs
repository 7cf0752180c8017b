//! All integration tests, in one program.

// Helpers are tests too: here, `cfg(test)` lets the lints know.
#[cfg(test)]
mod acting;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod cache;
#[cfg(test)]
mod cache_laws;
#[cfg(test)]
mod cache_runs;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod chromium;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod cli;
#[cfg(test)]
mod clicks;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod cookies;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod cookies_in_chromium;
#[cfg(test)]
mod details;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod documentation;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod engine;
#[cfg(test)]
mod exchange;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod export;
#[cfg(test)]
mod faults;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod forecast;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod har;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_terminal;
#[cfg(test)]
mod house;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod laws;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod loopback;
#[cfg(test)]
mod model;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod names;
#[cfg(test)]
mod palette;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod pipe;
#[cfg(test)]
mod plain;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod pool;
#[cfg(test)]
mod preferences;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod proxies;
#[cfg(test)]
mod pty;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod races;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod redirects;
#[cfg(test)]
mod replay;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod requests;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod resuming;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod roads;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod screens;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod sim;
#[cfg(test)]
mod source;
#[cfg(test)]
mod table;
#[cfg(test)]
mod table_terminal;
#[cfg(test)]
mod tape;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod themes;
#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod throttling;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod tls;
#[cfg(test)]
#[expect(
    clippy::needless_raw_string_hashes,
    reason = "expect-test writes its strings so"
)]
mod uploads;
#[cfg(test)]
#[cfg(target_os = "linux")]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the facts it is about"
)]
mod wire;
