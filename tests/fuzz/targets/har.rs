#![no_main]

#[path = "../../suite/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::hold("har", bytes));
