//! Whatever a body claims to be coded with, it is decoded within its limits, refused in words, or cut.
//!
//! The first byte says which codings; the rest is the body.

use netwaterfall::coding::{Limits, Note, decode};

const CODINGS: &[&[&str]] = &[
    &["gzip"],
    &["deflate"],
    &["br"],
    &["zstd"],
    &["gzip", "br"],
    &["zstd", "gzip"],
    &["deflate", "deflate"],
];

const LIMITS: Limits = Limits {
    bytes: 256 << 10,
    ratio: 100,
    free: 16 << 10,
};

pub(super) fn law(bytes: &[u8]) {
    let [kind, wire @ ..] = bytes else {
        return;
    };
    let codings = CODINGS[usize::from(*kind) % CODINGS.len()];
    let decoded = match decode(codings, wire, LIMITS) {
        Ok(decoded) => decoded,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let most = LIMITS.free.max(wire.len() * LIMITS.ratio).min(LIMITS.bytes);
    assert!(decoded.bytes.len() <= most, "more than may come out");
    let left: usize = decoded.notes.iter().map(left_over).sum();
    let is_guessed = codings.contains(&"deflate");
    if codings.len() == 1 && !is_guessed && left == 0 {
        a_cut_body_is_decoded_as_far_as_it_goes(codings, wire, &decoded.bytes);
    }
}

const fn left_over(note: &Note) -> usize {
    match note {
        Note::LeftOver { bytes, .. } => *bytes,
        Note::Cut { .. } | Note::Unsound { .. } => 0,
    }
}

fn a_cut_body_is_decoded_as_far_as_it_goes(codings: &[&str], wire: &[u8], whole: &[u8]) {
    let unlimited = Limits {
        free: 256 << 10,
        ..LIMITS
    };
    for at in [wire.len() / 3, wire.len() / 2, wire.len().saturating_sub(1)] {
        let cut = decode(codings, &wire[..at], unlimited);
        let cut = cut.unwrap_or_else(|error| panic!("cut at {at}: {error}"));
        assert!(whole.starts_with(&cut.bytes), "cut at {at}: other bytes");
    }
}
