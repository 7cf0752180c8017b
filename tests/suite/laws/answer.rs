//! However an answer is cut, it means the same.
//!
//! The first byte says which method, whether the server closes and what is tolerated, the next two
//! how long the pieces are; the rest is the answer.

use netwaterfall::http1::{Framing, Tolerance};

use super::feed::{Ear, End, Then, Told, tell};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "OPTIONS"];

pub(super) fn law(bytes: &[u8]) {
    let [kind, one, other, answer @ ..] = bytes else {
        return;
    };
    let ear = Ear {
        method: METHODS[usize::from(*kind) % METHODS.len()],
        tolerance: Tolerance {
            cut_head: kind & 8 != 0,
            bare_body: kind & 64 != 0,
        },
        then: match kind & 4 {
            0 => Then::Silence,
            _ => Then::End,
        },
    };
    let whole = tell(ear, answer, &[usize::MAX]);
    let pieces = [usize::from(*one) + 1, usize::from(*other) + 1];
    assert_eq!(tell(ear, answer, &pieces), whole, "cut at {pieces:?}");
    assert_eq!(tell(ear, answer, &[1]), whole, "byte by byte");
    the_body_is_what_the_framing_says(&whole, answer);
    what_comes_after_changes_nothing(ear, answer, &whole);
}

fn the_body_is_what_the_framing_says(told: &Told, answer: &[u8]) {
    let End::Done { after, .. } = told.end else {
        return;
    };
    match told.framing.expect("an answer that is complete has a head") {
        Framing::Empty => assert!(told.body.is_empty()),
        Framing::Length(length) => assert_eq!(told.body.len() as u64, length),
        Framing::UntilClose => assert_eq!(after, 0, "all that comes is body"),
        // The body is not as it came.
        Framing::Chunked => return,
    }
    let body = &answer[..answer.len() - after];
    assert!(body.ends_with(&told.body), "the body is another than came");
}

/// A complete answer is complete without what came after it.
fn what_comes_after_changes_nothing(ear: Ear, answer: &[u8], told: &Told) {
    let End::Done {
        after: after @ 1.., ..
    } = told.end
    else {
        return;
    };
    let waiting = Ear {
        then: Then::Silence,
        ..ear
    };
    let alone = tell(waiting, &answer[..answer.len() - after], &[usize::MAX]);
    assert_eq!(alone.steps, told.steps);
    assert_eq!(alone.body, told.body);
    assert!(matches!(alone.end, End::Done { after: 0, .. }));
}
