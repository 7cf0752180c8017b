use crate::event::{CacheContents, Event, Fact, QueueReason, RequestId, Stage};

use super::{Model, OnDisk, Replaced, Try};

/// What is written down about a request or a connection, as it is told.
impl Model {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_connection(&mut self, event: &Event) -> Option<()> {
        match &event.fact {
            Fact::AddressTried {
                connection,
                address,
            } => {
                let tried = Try {
                    address: *address,
                    began: event.at,
                    failed: None,
                };
                self.connection_mut(*connection)?.tried.push(tried);
            }
            Fact::AddressFailed {
                connection,
                address,
                failure,
            } => {
                let tried = &mut self.connection_mut(*connection)?.tried;
                let tried = tried
                    .iter_mut()
                    .rev()
                    .find(|tried| tried.address == *address)?;
                tried.failed = Some((event.at, failure.clone()));
            }
            Fact::SocketOpened {
                connection,
                local,
                peer,
            } => {
                let ends = &mut self.connection_mut(*connection)?.ends;
                if ends.replace((*local, *peer)).is_some() {
                    return None;
                }
                self.totals.connections += 1;
            }
            Fact::ConnectionRetired { connection, reason } => {
                self.connection_mut(*connection)?.retired = Some(*reason);
            }
            _ => return None,
        }
        Some(())
    }

    /// What the kernel tells of a connection, and what its proxy and TLS agreed to.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_passage(&mut self, event: &Event) -> Option<()> {
        match &event.fact {
            Fact::ProxyAnswered {
                connection,
                asked,
                answer,
            } => {
                let passed = (asked.clone(), answer.clone());
                self.connection_mut(*connection)?.passed = Some(passed);
            }
            Fact::HandshakeEnded {
                connection,
                handshake,
            } => {
                self.connection_mut(*connection)?.handshake = Some(handshake.clone());
            }
            Fact::KernelTold { connection, word } => {
                let told = &mut self.connection_mut(*connection)?.told;
                told.push((event.at, word.clone()));
            }
            Fact::ConnectionSecured {
                connection,
                security,
            } => {
                let secured = self.connection_mut(*connection)?;
                let former = secured.security.replace((**security).clone());
                let was_unverified = former.is_some_and(|former| !former.verified);
                self.unverified += usize::from(!security.verified);
                self.unverified -= usize::from(was_unverified);
            }
            _ => return None,
        }
        Some(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_request(&mut self, event: &Event) -> Option<()> {
        match &event.fact {
            Fact::NameResolved {
                request,
                addresses,
                names,
            } => {
                self.request_mut(*request)?.names = Some((addresses.clone(), names.clone()));
            }
            Fact::RequestQueued {
                request,
                ahead,
                reason,
            } => {
                let queued = self.request_mut(*request)?;
                queued.queued = Some((*ahead, *reason));
                let is_in_line = queued.timeline.open().map(|span| span.stage);
                let is_crowd = *reason != QueueReason::Opening && !queued.is_crowded;
                let is_over = queued.ended.is_some();
                if is_crowd && !is_over && is_in_line == Some(Stage::Queue) {
                    queued.is_crowded = true;
                    self.join_crowd(*request, event.at)?;
                }
            }
            Fact::ConnectionDenied {
                request,
                connection,
            } => {
                self.request_mut(*request)?.connection = Some(*connection);
            }
            Fact::AttemptFailed {
                request,
                connection,
                failure,
            } => {
                let attempt = (event.at, *connection, failure.clone());
                let again = self.request_mut(*request)?;
                again.attempts.push(attempt);
                (again.connection, again.granted) = (None, None);
                (again.head, again.body, again.length, again.bytes) = (None, None, None, 0);
                if std::mem::take(&mut again.is_reused) {
                    self.totals.reused = self.totals.reused.saturating_sub(1);
                }
                self.release(*connection, *request, event.at);
            }
            Fact::RequestSent {
                request,
                head,
                bytes,
                content,
            } => {
                let sender = self.request_mut(*request)?;
                sender.sent = Some((head.clone(), *bytes));
                sender.sent_body.clone_from(content);
            }
            _ => return None,
        }
        Some(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_caching(&mut self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::CacheOpened(CacheContents {
                on_disk,
                urls,
                bytes,
                limit,
                notes,
            }) => {
                self.caching.disk = on_disk.then_some(OnDisk {
                    urls: *urls,
                    bytes: *bytes,
                    limit: *limit,
                });
                self.caching.notes.clone_from(notes);
            }
            Fact::CacheSwitched { to } => self.caching.used = *to,
            _ => return None,
        }
        Some(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_cache(&mut self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::CacheAnswered { request, verdict } => {
                self.request_mut(*request)?.cached = Some(verdict.clone());
            }
            Fact::CacheWaited { request, of } => {
                self.request_mut(*request)?.waited_on = Some(*of);
            }
            Fact::CacheStored { request, words } => {
                self.request_mut(*request)?.stored = Some(words.clone());
            }
            Fact::AnswerReplaced {
                request,
                replacement,
                words,
                head,
                body,
            } => {
                let replaced = Replaced {
                    replacement: *replacement,
                    words: words.clone(),
                    head: head.clone(),
                    body: body.clone(),
                };
                let request = self.request_mut(*request)?;
                if request.replaced.replace(replaced).is_some() {
                    return None;
                }
            }
            _ => return None,
        }
        Some(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_answer(&mut self, event: &Event) -> Option<()> {
        match &event.fact {
            Fact::InterimReceived { request, head } => {
                self.request_mut(*request)?.interim.push(head.clone());
            }
            Fact::HeadReceived {
                request,
                head,
                bytes,
                length,
            } => {
                let answered = self.request_mut(*request)?;
                answered.head = Some(head.clone());
                answered.head_bytes = *bytes;
                answered.length = *length;
                self.totals.bytes += bytes;
            }
            Fact::TrailersReceived { request, trailers } => {
                self.request_mut(*request)?.trailers = Some(trailers.clone());
            }
            Fact::Remarked { request, words } => {
                let remarks = &mut self.request_mut(*request)?.remarks;
                if !remarks.contains(words) {
                    remarks.push(words.clone());
                }
            }
            Fact::BodyGrew { request, bytes } => {
                self.grow(*request, *bytes)?;
                self.request_mut(*request)?.arrival.note(event.at, *bytes);
            }
            Fact::BodyKept { request, body } => {
                let kept = &mut self.request_mut(*request)?.body;
                if kept.replace(body.clone()).is_some() {
                    return None;
                }
                self.totals.cut += usize::from(body.is_cut());
                let came = body.bytes.saturating_sub(body.before);
                self.grow(*request, came)?;
                self.request_mut(*request)?.arrival.note(event.at, came);
            }
            _ => return None,
        }
        Some(())
    }

    fn grow(&mut self, request: RequestId, bytes: u64) -> Option<()> {
        let request = self.request_mut(request)?;
        let more = bytes.saturating_sub(request.bytes);
        request.bytes += more;
        let is_from_cache = request.cached.as_ref().is_some_and(|verdict| verdict.hit);
        if !is_from_cache {
            self.totals.bytes += more;
        }
        Some(())
    }

    /// What another tool's archive says.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`fold` names every fact and hands these over"
    )]
    pub(super) fn note_archive(&mut self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::ArchiveRead(archive) => self.archive = Some(archive.clone()),
            Fact::EntryRead(entry) => {
                self.request_mut(entry.request)?.entry = Some(Box::new(entry.clone()));
            }
            _ => return None,
        }
        Some(())
    }
}
