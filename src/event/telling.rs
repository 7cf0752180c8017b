use std::fmt;

use crate::message::{Carrier, Reply};

use super::{End, Fact, Names, QueueReason, Subject, Verdict};

/// A fact as a short sentence, without the moment.
///
/// The words may be other people's: whoever shows them makes them safe.
impl fmt::Display for Fact {
    #[expect(
        clippy::too_many_lines,
        reason = "every fact is named, so that a new one is noticed"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunStarted { .. } => f.write_str("the run began"),
            Self::RunEnded => f.write_str("the run ended"),
            Self::ArchiveRead(archive) => {
                write!(f, "the run was read from an archive of {}", archive.creator)
            }
            Self::EntryRead(entry) => write!(f, "{}: what its archive says", entry.request),
            Self::StageBegan { subject, stage } => {
                write!(f, "{} began: {}", stage.card().name, named(*subject))
            }
            Self::StageEnded {
                subject,
                stage,
                end,
            } => {
                let how = match end {
                    End::Done => "ended",
                    End::Failed(_) => "failed",
                    End::Abandoned => "was given up",
                };
                write!(f, "{} {how}: {}", stage.card().name, named(*subject))
            }
            Self::StageTimed { subject, stage, .. } => {
                let stage = stage.card().name;
                write!(f, "{}: the kernel's times of {stage}", named(*subject))
            }
            Self::CacheOpened(_) => f.write_str("the cache is open"),
            Self::NetworkThrottled(to) => write!(f, "the network is throttled: {}", to.to),
            Self::CacheSwitched { .. } => f.write_str("the cache was switched on or off"),
            Self::KernelTold { connection, .. } => {
                write!(f, "{connection}: what the kernel says of it")
            }
            Self::NameSought { .. } | Self::QuerySent { .. } | Self::QueryEnded { .. } => {
                asked(self, f)
            }
            Self::CacheAnswered { .. }
            | Self::CacheWaited { .. }
            | Self::CacheStored { .. }
            | Self::CookiesChosen { .. }
            | Self::CookieJudged { .. }
            | Self::CookieKept { .. }
            | Self::CookieDropped { .. } => kept(self, f),
            Self::ConnectionPlanned { .. }
            | Self::AddressTried { .. }
            | Self::AddressFailed { .. }
            | Self::SocketOpened { .. }
            | Self::ProxyAnswered { .. }
            | Self::HandshakeEnded { .. }
            | Self::ConnectionSecured { .. }
            | Self::ConnectionGranted { .. }
            | Self::ConnectionDenied { .. }
            | Self::AttemptFailed { .. }
            | Self::ConnectionRetired { .. }
            | Self::ConnectionEnded { .. } => connection(self, f),
            Self::RequestPlanned { .. }
            | Self::NameResolved { .. }
            | Self::RequestQueued { .. }
            | Self::RequestSent { .. }
            | Self::InterimReceived { .. }
            | Self::HeadReceived { .. }
            | Self::BodyGrew { .. }
            | Self::BodyKept { .. }
            | Self::TrailersReceived { .. }
            | Self::Remarked { .. }
            | Self::AnswerReplaced { .. }
            | Self::RequestEnded { .. } => request(self, f),
        }
    }
}

fn named(subject: Subject) -> String {
    match subject {
        Subject::Request(request) => request.to_string(),
        Subject::Connection(connection) => connection.to_string(),
    }
}

/// What name servers were asked.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are told elsewhere"
)]
fn asked(fact: &Fact, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match fact {
        Fact::NameSought { request, host, .. } => {
            write!(f, "{request} needs to know where {host} is")
        }
        Fact::QuerySent { question, .. } => {
            let (server, name) = (question.asked(), &question.name);
            match question.over {
                Carrier::Udp => write!(f, "{server} is asked where {name} is"),
                over => write!(f, "{server} is asked over {over} where {name} is"),
            }
        }
        Fact::QueryEnded { replied, .. } => match &replied.reply {
            Reply::Answered(answer) => write!(f, "the name server answers {}", answer.code),
            Reply::Unanswered { words } => write!(f, "the name server does not answer: {words}"),
        },
        _ => Ok(()),
    }
}

/// What cache and jar did.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are told elsewhere"
)]
fn kept(fact: &Fact, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match fact {
        Fact::CacheAnswered { request, verdict } => {
            write!(f, "{request}: the cache says {}", verdict.words)
        }
        Fact::CacheWaited { request, of } => write!(f, "{request} waits for {of}'s answer"),
        Fact::CacheStored { request, words } => write!(f, "{request}: the cache: {words}"),
        Fact::CookiesChosen { request, sent, .. } => {
            let plural = if sent.len() == 1 { "" } else { "s" };
            write!(f, "{request} takes {} cookie{plural} along", sent.len())
        }
        Fact::CookieJudged { request, words, .. } => write!(f, "{request}: a cookie: {words}"),
        Fact::CookieKept { cookie, .. } => write!(f, "the jar has {}", cookie.key()),
        Fact::CookieDropped { key, words } => write!(f, "the jar lost {key}: {words}"),
        _ => Ok(()),
    }
}

/// What happened to a connection.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are told elsewhere"
)]
fn connection(fact: &Fact, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match fact {
        Fact::ConnectionPlanned {
            connection, group, ..
        } => write!(f, "{connection} is to go to {group}"),
        Fact::AddressTried {
            connection,
            address,
        } => write!(f, "{connection} tries {address}"),
        Fact::AddressFailed {
            connection,
            address,
            failure,
        } => write!(f, "{connection} cannot reach {address}: {}", failure.words),
        Fact::SocketOpened {
            connection, peer, ..
        } => write!(f, "{connection} is open to {peer}"),
        Fact::ProxyAnswered {
            connection, answer, ..
        } => write!(f, "{connection}: its proxy answers {answer}"),
        Fact::HandshakeEnded { connection, .. } => {
            write!(f, "the handshake of {connection} is over")
        }
        Fact::ConnectionSecured {
            connection,
            security,
        } => write!(f, "{connection} is secure: {}", security.version),
        Fact::ConnectionGranted {
            request,
            connection,
            reused,
            ..
        } => {
            let again = if *reused { ", used before" } else { "" };
            write!(f, "{request} gets {connection}{again}")
        }
        Fact::ConnectionDenied {
            request,
            connection,
        } => write!(f, "{request} does not get {connection}, which never opened"),
        Fact::AttemptFailed {
            request,
            connection,
            failure,
        } => write!(
            f,
            "{request} tries again, as {connection} failed: {}",
            failure.words
        ),
        Fact::ConnectionRetired { connection, reason } => {
            write!(f, "{connection} is closed: {reason}")
        }
        Fact::ConnectionEnded { connection, .. } => write!(f, "{connection} ended"),
        _ => Ok(()),
    }
}

/// What happened to a request.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are told elsewhere"
)]
fn request(fact: &Fact, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match fact {
        Fact::RequestPlanned {
            request,
            method,
            url,
            ..
        } => write!(f, "{request} {method} {url}"),
        Fact::NameResolved {
            request,
            addresses,
            names,
        } => {
            let from = match names {
                Names::Kept { .. } => ", known from before",
                _ => "",
            };
            write!(f, "{request}: {} addresses{from}", addresses.len())
        }
        Fact::RequestQueued {
            request,
            ahead,
            reason,
        } => match reason {
            QueueReason::Opening => write!(f, "{request} waits for a connection to open"),
            _ => write!(f, "{request} stands in line, {ahead} ahead of it"),
        },
        Fact::RequestSent { request, bytes, .. } => write!(f, "{request} is sent, {bytes} bytes"),
        Fact::InterimReceived { request, head } | Fact::HeadReceived { request, head, .. } => {
            write!(f, "{request} is answered {} {}", head.status, head.reason)
        }
        Fact::BodyGrew { request, bytes } => write!(f, "{request} has {bytes} bytes so far"),
        Fact::BodyKept { request, body } => write!(f, "{request} has all {} bytes", body.bytes),
        Fact::TrailersReceived { request, .. } => write!(f, "{request}: fields after the body"),
        Fact::Remarked { request, words } | Fact::AnswerReplaced { request, words, .. } => {
            write!(f, "{request}: {words}")
        }
        Fact::RequestEnded { request, verdict } => match verdict {
            Verdict::Answered => write!(f, "{request} is done"),
            Verdict::Stored => write!(f, "{request} is done, from the cache"),
            Verdict::Failed(failure) => write!(f, "{request} failed: {failure}"),
        },
        _ => Ok(()),
    }
}
