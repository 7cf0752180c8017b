use proptest::collection::vec;
use proptest::prelude::*;

use super::{CodingError, Decoded, Limits, MOST_CODINGS, Note, decode};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/fixtures/codings/", $name)).as_slice()
    };
}

const PLAIN: &[u8] = fixture!("plain.txt");
/// Made by gzip 1.12, Python's zlib, brotli 1.2 and zstd 1.5.4.
const CODED: [(&str, &[u8]); 6] = [
    ("gzip", fixture!("body.gz")),
    ("gzip", fixture!("parts.gz")),
    ("deflate", fixture!("body.zlib")),
    ("deflate", fixture!("body.raw")),
    ("br", fixture!("body.br")),
    ("zstd", fixture!("body.zst")),
];

fn plainly(codings: &[&str], wire: &[u8]) -> Result<Decoded, CodingError> {
    decode(codings, wire, Limits::default())
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with results")]
fn whole(bytes: &[u8]) -> Result<Decoded, CodingError> {
    Ok(Decoded {
        bytes: bytes.to_owned(),
        notes: Vec::new(),
    })
}

#[test]
fn what_other_tools_coded_is_decoded() {
    for (coding, wire) in CODED {
        assert_eq!(plainly(&[coding], wire), whole(PLAIN), "{coding}");
    }
}

#[test]
fn names_are_taken_in_any_case_and_identity_is_nothing() {
    let gzip = fixture!("body.gz");
    assert_eq!(plainly(&["X-GZip"], gzip), whole(PLAIN));
    assert_eq!(
        plainly(&["identity", "gzip", "Identity"], gzip),
        whole(PLAIN)
    );
    assert_eq!(plainly(&["identity"], b"as it is"), whole(b"as it is"));
    assert_eq!(plainly(&[], b"as it is"), whole(b"as it is"));
    let error = plainly(&["gzip", "sdch"], gzip).unwrap_err();
    assert_eq!(error.to_string(), "the coding `sdch` is not known");
}

#[test]
fn the_last_coding_comes_off_first() {
    let wire = fixture!("body.gz.br");
    assert_eq!(plainly(&["gzip", "br"], wire), whole(PLAIN));
    assert!(plainly(&["br", "gzip"], wire).is_err());
    let many = vec!["gzip"; MOST_CODINGS + 1];
    assert_eq!(
        plainly(&many, wire),
        Err(CodingError::TooMany(MOST_CODINGS + 1))
    );
}

#[test]
fn members_and_frames_follow_each_other() {
    for (coding, wire) in [
        ("gzip", fixture!("body.gz")),
        ("zstd", fixture!("body.zst")),
    ] {
        let twice = [wire, wire].concat();
        assert_eq!(plainly(&[coding], &twice), whole(&[PLAIN, PLAIN].concat()));
    }
    let skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let wire = [skippable, fixture!("body.zst"), skippable].concat();
    assert_eq!(plainly(&["zstd"], &wire), whole(PLAIN));
}

#[test]
fn what_follows_the_end_is_left_out() {
    for (coding, wire) in CODED {
        let longer = [wire, b"\r\n\r\n"].concat();
        let decoded = plainly(&[coding], &longer).unwrap();
        assert_eq!(decoded.bytes, PLAIN, "{coding}");
        assert_eq!(decoded.notes, [Note::LeftOver { coding, bytes: 4 }]);
    }
}

#[test]
fn a_body_cut_anywhere_is_decoded_as_far_as_it_goes() {
    for (coding, wire) in CODED {
        let mut most = 0;
        for end in 1..wire.len() {
            let decoded = plainly(&[coding], &wire[..end]).unwrap();
            assert_eq!(decoded.notes, [Note::Cut { coding }], "{coding} at {end}");
            assert!(PLAIN.starts_with(&decoded.bytes), "{coding} at {end}");
            most = most.max(decoded.bytes.len());
        }
        assert!(most > 600, "{coding}: {most} bytes at most");
    }
    assert_eq!(plainly(&["gzip"], b""), whole(b""));
}

#[test]
fn a_changed_checksum_is_noted() {
    for (coding, wire, back) in [
        ("gzip", fixture!("body.gz"), 8),
        ("gzip", fixture!("body.gz"), 1),
        ("deflate", fixture!("body.zlib"), 1),
        ("zstd", fixture!("body.zst"), 1),
    ] {
        let mut wire = wire.to_owned();
        let place = wire.len() - back;
        wire[place] ^= 1;
        let decoded = plainly(&[coding], &wire).unwrap();
        assert_eq!(decoded.bytes, PLAIN, "{coding}");
        assert_eq!(decoded.notes, [Note::Unsound { coding }]);
    }
}

#[test]
fn a_broken_coding_is_named_with_its_place() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let error = plainly(&[coding], b"\xff\xff<html>no coding at all</html>").unwrap_err();
        let words = error.to_string();
        assert!(
            words.starts_with(&format!("{coding} is broken at byte ")),
            "{words}"
        );
    }
    let mut wire = fixture!("body.gz").to_owned();
    wire[40] ^= 0xff;
    let CodingError::Broken { at, .. } = plainly(&["gzip"], &wire).unwrap_err() else {
        panic!("another error");
    };
    assert!((20..=wire.len()).contains(&at), "{at}");
}

#[test]
fn bombs_are_stopped() {
    let gzip = plainly(&["gzip"], fixture!("bomb.gz"));
    assert_eq!(
        gzip,
        Err(CodingError::TooDense {
            coding: "gzip",
            ratio: 1_000
        })
    );
    let brotli = plainly(&["br"], fixture!("bomb.br"));
    assert_eq!(
        brotli,
        Err(CodingError::TooDense {
            coding: "br",
            ratio: 1_000
        })
    );
    let zstd = plainly(&["zstd"], fixture!("bomb.zst"));
    assert_eq!(
        zstd,
        Err(CodingError::TooDense {
            coding: "zstd",
            ratio: 1_000
        })
    );

    let small = Limits {
        bytes: 500,
        ..Limits::default()
    };
    for (coding, wire) in CODED {
        let error = decode(&[coding], wire, small).unwrap_err();
        assert_eq!(error, CodingError::TooLarge { coding, bytes: 500 });
    }
}

#[test]
fn a_window_larger_than_browsers_allow_is_refused() {
    let error = plainly(&["zstd"], fixture!("wide.zst")).unwrap_err();
    assert!(error.to_string().contains("8 MiB"), "{error}");
}

fn codings() -> impl Strategy<Value = Vec<&'static str>> {
    vec(
        prop::sample::select(vec!["gzip", "deflate", "br", "zstd"]),
        1..4,
    )
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(codings in codings(), wire in vec(any::<u8>(), 0..600)) {
        let _ = plainly(&codings, &wire);
    }

    #[test]
    fn a_changed_body_never_yields_more_than_allowed(
        which in 0..CODED.len(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (coding, wire) = CODED[which];
        let mut wire = wire.to_owned();
        for (place, byte) in changes {
            let place = place.index(wire.len());
            wire[place] = byte;
        }
        let limits = Limits { bytes: 2_000, ..Limits::default() };
        if let Ok(decoded) = decode(&[coding], &wire, limits) {
            prop_assert!(decoded.bytes.len() <= 2_000);
        }
    }
}
