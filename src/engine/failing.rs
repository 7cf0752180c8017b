use std::io;
use std::time::Duration;

use humantime::format_duration;
use tokio::time::timeout;

use crate::event::{Failure, FailureKind, Stage};
use crate::http1::ProtocolError;
use crate::net::{NetError, NetErrorKind};

/// What an error of the network means for the stage it happened in.
pub(super) fn of_net(stage: Stage, error: &NetError) -> Failure {
    let kind = match error.kind {
        NetErrorKind::NoSuchName => FailureKind::NoSuchName,
        NetErrorKind::NameServer => FailureKind::NameServer,
        NetErrorKind::Refused => FailureKind::Refused,
        NetErrorKind::Unreachable => FailureKind::Unreachable,
        NetErrorKind::TimedOut => FailureKind::TimedOut,
        NetErrorKind::Certificate => FailureKind::Certificate,
        NetErrorKind::Tls => FailureKind::Tls,
        NetErrorKind::Proxy => FailureKind::Proxy,
        NetErrorKind::Reset => FailureKind::Reset,
        NetErrorKind::Closed => FailureKind::CutShort,
        NetErrorKind::System => FailureKind::System,
    };
    Failure::new(stage, kind, error.words.clone())
}

/// What an error of an open wire means for the stage it happened in.
pub(super) fn of_wire(stage: Stage, error: &io::Error) -> Failure {
    of_net(stage, &NetError::of_socket(error))
}

/// What a broken rule means for the stage it was noticed in.
pub(super) fn of_rule(stage: Stage, error: &ProtocolError) -> Failure {
    let kind = if error.is_cut() {
        FailureKind::CutShort
    } else if error.is_limit() {
        FailureKind::TooBig
    } else {
        FailureKind::Protocol
    };
    Failure::new(stage, kind, error.to_string())
}

/// Does `work` for no longer than `limit`, if there is one.
pub(super) async fn within<T>(
    limit: Option<Duration>,
    stage: Stage,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(limit) = limit else {
        return work.await;
    };
    timeout(limit, work).await.unwrap_or_else(|_| {
        let name = stage.card().name;
        let limit = format_duration(limit);
        let words = if stage == Stage::Receive {
            format!("nothing more came for {limit}")
        } else {
            format!("took longer than {limit}")
        };
        let words = format!("{words} (--timeout-{name})");
        Err(Failure::new(stage, FailureKind::TimedOut, words))
    })
}
