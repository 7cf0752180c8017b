use crate::event::{Failure, FailureKind, Stage};

/// What Chromium calls failures, and what they are (`net/base/net_error_list.h`).
const ERRORS: &[(&str, Stage, FailureKind)] = &[
    ("NAME_NOT_RESOLVED", Stage::Dns, FailureKind::NoSuchName),
    ("DNS_", Stage::Dns, FailureKind::NameServer),
    ("CONNECTION_REFUSED", Stage::Connect, FailureKind::Refused),
    (
        "CONNECTION_TIMED_OUT",
        Stage::Connect,
        FailureKind::TimedOut,
    ),
    (
        "ADDRESS_UNREACHABLE",
        Stage::Connect,
        FailureKind::Unreachable,
    ),
    (
        "INTERNET_DISCONNECTED",
        Stage::Connect,
        FailureKind::Unreachable,
    ),
    ("CONNECTION_RESET", Stage::Receive, FailureKind::Reset),
    ("CONNECTION_CLOSED", Stage::Receive, FailureKind::CutShort),
    ("EMPTY_RESPONSE", Stage::Wait, FailureKind::CutShort),
    (
        "CONTENT_LENGTH_MISMATCH",
        Stage::Receive,
        FailureKind::CutShort,
    ),
    ("INCOMPLETE_CHUNKED", Stage::Receive, FailureKind::CutShort),
    ("CERT_", Stage::Tls, FailureKind::Certificate),
    ("SSL_", Stage::Tls, FailureKind::Tls),
    ("TIMED_OUT", Stage::Wait, FailureKind::TimedOut),
    ("UNSAFE_PORT", Stage::Queue, FailureKind::UnsafePort),
    ("TOO_MANY_REDIRECTS", Stage::Receive, FailureKind::Redirect),
    (
        "INVALID_HTTP_RESPONSE",
        Stage::Receive,
        FailureKind::Protocol,
    ),
    ("ABORTED", Stage::Wait, FailureKind::Cancelled),
    ("CACHE_MISS", Stage::Cache, FailureKind::NotStored),
];

/// The failure that an archive tells in its tool's words; `last` is the last stage that it has a
/// figure of, where the words do not tell the stage.
pub(super) fn failure(words: &str, last: Option<Stage>) -> Failure {
    let bare = words.strip_prefix("net::").unwrap_or(words);
    let bare = bare.strip_prefix("ERR_").unwrap_or(bare);
    let known = ERRORS.iter().find(|(name, ..)| bare.starts_with(name));
    let (stage, kind) = match known {
        Some((_, stage, kind)) if last.is_some_and(|_| can_be_anywhere(*kind)) => {
            (last.unwrap_or(*stage), *kind)
        }
        Some((_, stage, kind)) => (*stage, *kind),
        None => (last.unwrap_or(Stage::Queue), FailureKind::System),
    };
    Failure::new(stage, kind, words)
}

/// Whether a failure of this kind may come in any stage, so that the last one is the one.
const fn can_be_anywhere(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Cancelled | FailureKind::Reset | FailureKind::CutShort | FailureKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failures_of_chromium_have_their_stage() {
        for (words, last, stage, kind) in [
            (
                "net::ERR_NAME_NOT_RESOLVED",
                None,
                Stage::Dns,
                FailureKind::NoSuchName,
            ),
            (
                "net::ERR_CONNECTION_REFUSED",
                Some(Stage::Dns),
                Stage::Connect,
                FailureKind::Refused,
            ),
            (
                "net::ERR_ABORTED",
                Some(Stage::Receive),
                Stage::Receive,
                FailureKind::Cancelled,
            ),
            (
                "net::ERR_SSL_PROTOCOL_ERROR",
                None,
                Stage::Tls,
                FailureKind::Tls,
            ),
            (
                "net::ERR_BLOCKED_BY_CLIENT",
                None,
                Stage::Queue,
                FailureKind::System,
            ),
            (
                "something else",
                Some(Stage::Wait),
                Stage::Wait,
                FailureKind::System,
            ),
        ] {
            let failure = failure(words, last);
            assert_eq!((failure.stage, failure.kind), (stage, kind), "{words}");
            assert_eq!(failure.words, words);
        }
    }
}
