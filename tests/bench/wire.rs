//! How near the program's figures are to a packet capture, beside curl's; see `wire/measure`.
#![expect(clippy::print_stdout, reason = "a bench is read on standard output")]

use std::process::Command;

pub(crate) fn bench() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/wire/measure");
    let mut measuring = Command::new("python3");
    measuring.args([script, env!("CARGO_BIN_EXE_netwaterfall")]);
    match measuring.status() {
        Ok(status) if status.success() => {}
        Ok(status) => println!("  tests/bench/wire/measure: {status}"),
        Err(error) => println!("  !!! SKIPPED, NOTHING WAS MEASURED: python3: {error} !!!"),
    }
}
