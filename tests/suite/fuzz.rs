//! What the fuzzers once found worth keeping, in `tests/fuzz/corpus`, keeps the laws.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use crate::laws::{LAWS, hold};

/// The fuzzers' folder, which a published package comes without.
fn fuzzers() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    folder.exists().then_some(folder)
}

#[test]
fn every_corpus_keeps_its_law() {
    let Some(folder) = fuzzers() else { return };
    for (name, _) in LAWS {
        let mut count = 0;
        for entry in fs::read_dir(folder.join("corpus").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let held = catch_unwind(|| hold(name, &bytes));
            assert!(held.is_ok(), "{} breaks the law", path.display());
            count += 1;
        }
        assert!(count > 0, "tests/fuzz/corpus/{name} is empty");
    }
}

#[test]
fn every_law_has_a_fuzzer() {
    let Some(folder) = fuzzers() else { return };
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let targets = fs::read_dir(folder.join("targets")).unwrap().count();
    assert_eq!(
        targets,
        LAWS.len(),
        "a target without a law, or a law without one"
    );
    for (name, _) in LAWS {
        let path = format!("targets/{name}.rs");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{name}");
        let target = fs::read_to_string(folder.join(path)).unwrap();
        assert!(
            target.contains(&format!("laws::hold(\"{name}\", bytes)")),
            "{name}"
        );
    }
}
