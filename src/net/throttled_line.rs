use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::message::Pace;

use super::Wire;
use super::throttle::Link;

/// Bytes that take the link at a time, as Chromium has it: connections take turns with them.
const PACKET: usize = 1_500;

/// A stream whose bytes pass a link that may be slow.
///
/// What comes takes its time on the link, one packet after the other, and is late by the whole of
/// the added round trip then; what goes out takes its time on the link only.
pub(super) struct ThrottledLine {
    wire: Wire,
    link: Rc<Link>,
    /// A packet on the link, until when, and how late it is behind it.
    passing: Option<(Pin<Box<Sleep>>, Vec<u8>, Duration)>,
    /// Packets that passed the link, and when they are here.
    arriving: VecDeque<(Instant, Vec<u8>)>,
    due: Option<Pin<Box<Sleep>>>,
    /// Bytes that are here.
    here: VecDeque<u8>,
    /// How it ended, once it has.
    end: Option<io::Result<()>>,
    /// When the link lets the next bytes out, and how many.
    gate: Option<(Pin<Box<Sleep>>, usize)>,
}

impl ThrottledLine {
    pub(super) fn new(wire: Wire, link: Rc<Link>) -> Self {
        Self {
            wire,
            link,
            passing: None,
            arriving: VecDeque::new(),
            due: None,
            here: VecDeque::new(),
            end: None,
            gate: None,
        }
    }

    fn is_empty(&self) -> bool {
        let is_under_way = self.passing.is_some() || !self.arriving.is_empty();
        self.here.is_empty() && !is_under_way && self.end.is_none()
    }

    /// Moves one packet on: off the link, or off the wire and onto it. Ready when something moved.
    fn poll_packet(&mut self, context: &mut Context<'_>, pace: Option<Pace>) -> Poll<()> {
        if let Some((timer, packet, latency)) = &mut self.passing {
            ready!(timer.as_mut().poll(context));
            let at = timer.deadline() + *latency;
            self.arriving.push_back((at, std::mem::take(packet)));
            self.passing = None;
            return Poll::Ready(());
        }
        if self.end.is_some() {
            return Poll::Pending;
        }
        let mut packet = [0; PACKET];
        let mut buffer = ReadBuf::new(&mut packet);
        let read = ready!(Pin::new(&mut self.wire).poll_read(context, &mut buffer));
        if read.is_err() || buffer.filled().is_empty() {
            self.end = Some(read);
            return Poll::Ready(());
        }
        let bytes = buffer.filled().to_vec();
        let until = self.link.down(bytes.len(), pace.as_ref());
        let latency = pace.map(|pace| pace.latency).unwrap_or_default();
        self.passing = Some((Box::pin(sleep_until(until)), bytes, latency));
        Poll::Ready(())
    }

    /// Takes the next packet in once it is due. Ready when it is here.
    fn poll_arrival(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some((at, _)) = self.arriving.front() else {
            return Poll::Pending;
        };
        let due = self.due.get_or_insert_with(|| Box::pin(sleep_until(*at)));
        ready!(due.as_mut().poll(context));
        self.due = None;
        if let Some((_, packet)) = self.arriving.pop_front() {
            self.here.extend(packet);
        }
        Poll::Ready(())
    }
}

impl AsyncRead for ThrottledLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let line = &mut *self;
        let pace = line.link.pace()?;
        if pace.is_none() && line.is_empty() {
            return Pin::new(&mut line.wire).poll_read(context, buffer);
        }
        while line.here.is_empty() {
            if line.poll_arrival(context).is_ready() {
                break;
            }
            let is_drained = line.passing.is_none() && line.arriving.is_empty();
            if is_drained && let Some(end) = line.end.take() {
                return Poll::Ready(end);
            }
            ready!(line.poll_packet(context, pace));
        }
        let (front, _) = line.here.as_slices();
        let taken = front.len().min(buffer.remaining());
        buffer.put_slice(front.get(..taken).unwrap_or_default());
        line.here.drain(..taken);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ThrottledLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let line = &mut *self;
        let Some(pace) = line.link.pace()? else {
            line.gate = None;
            return Pin::new(&mut line.wire).poll_write(context, bytes);
        };
        let (gate, room) = line.gate.get_or_insert_with(|| {
            let room = bytes.len().min(PACKET);
            (Box::pin(sleep_until(line.link.up(room, &pace))), room)
        });
        ready!(gate.as_mut().poll(context));
        let packet = bytes.get(..*room).unwrap_or(bytes);
        let written = ready!(Pin::new(&mut line.wire).poll_write(context, packet));
        line.gate = None;
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(context)
    }
}
