use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, TimestampingFlag, recvmsg,
    setsockopt, socket, sockopt,
};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use crate::net::Tap;
use crate::net::tap::Passed;

/// Room for what the kernel says beside the bytes of one read: three stamps and an error's story.
const BESIDE: usize = 256;
/// `SO_EE_ORIGIN_TIMESTAMPING`: an entry of the error queue is a stamp and no error.
const IS_STAMP: u8 = 4;
/// `SCM_TSTAMP_SND`: the stamp of the moment at which bytes went to the device.
const WENT_OUT: u32 = 0;

/// A socket whose bytes are stamped by the kernel as they pass.
pub(in crate::net) struct Stamped {
    /// Gone only if it could not be registered anew.
    socket: Option<TcpStream>,
    passed: Rc<Passed>,
    beside: Vec<u8>,
    /// Bytes written so far, as the kernel counts them.
    written: u32,
}

impl Stamped {
    /// Asks the kernel to stamp what passes `socket`, which has just been opened.
    pub(in crate::net) fn new(socket: TcpStream, tap: &Tap) -> Result<Self, TcpStream> {
        let wanted = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
            | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE
            | TimestampingFlag::SOF_TIMESTAMPING_TX_SOFTWARE
            | TimestampingFlag::SOF_TIMESTAMPING_OPT_ID
            | TimestampingFlag::SOF_TIMESTAMPING_OPT_TSONLY;
        if setsockopt(&socket, sockopt::Timestamping, &wanted).is_err() {
            return Err(socket);
        }
        Ok(Self {
            socket: Some(socket),
            passed: Rc::clone(&tap.passed),
            beside: vec![0; BESIDE],
            written: 0,
        })
    }

    fn socket(&self) -> io::Result<&TcpStream> {
        let gone = || io::Error::from(io::ErrorKind::NotConnected);
        self.socket.as_ref().ok_or_else(gone)
    }

    /// Bytes went to the kernel: on most ways they have left by now, and their stamp is here.
    fn note_written(&mut self, bytes: usize) {
        // The kernel counts modulo 2^32.
        #[expect(clippy::cast_possible_truncation, reason = "so does the kernel")]
        let bytes = bytes as u32;
        self.written = self.written.wrapping_add(bytes);
        self.passed.left.set(None);
        self.hear_of_written();
    }

    /// Takes what the error queue has: stamps of bytes that left.
    fn hear_of_written(&mut self) {
        let Some(socket) = &self.socket else { return };
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        while let Ok(heard) = recvmsg::<()>(
            socket.as_raw_fd(),
            &mut [],
            Some(self.beside.as_mut_slice()),
            flags,
        ) {
            let (mut at, mut end) = (None, None);
            for said in heard.cmsgs().into_iter().flatten() {
                at = stamp(&said).or(at);
                end = last_of_written(&said).or(end);
            }
            // What is sent again is stamped again: the first time counts.
            if end == Some(self.written) && self.passed.left.get().is_none() {
                self.passed.left.set(at);
            }
        }
    }

    /// Registers the socket anew with the runtime, which forgets what it took for a close.
    fn register_anew(&mut self, context: &Context<'_>) -> io::Result<()> {
        let Some(socket) = self.socket.take() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        self.socket = Some(TcpStream::from_std(socket.into_std()?)?);
        // Whoever waits has to ask the new registration.
        context.waker().wake_by_ref();
        Ok(())
    }

    fn poll_sent(
        &mut self,
        context: &mut Context<'_>,
        send: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            let socket = self.socket()?;
            ready!(socket.poll_write_ready(context))?;
            match send(socket) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(bytes) => {
                    self.note_written(bytes);
                    return Poll::Ready(Ok(bytes));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
            ready!(self.socket()?.poll_write_ready(context))?;
            // A stamp in the error queue looks like a closed line to the runtime, which then says
            // for ever that there is room: it would be asked over and over.
            self.hear_of_written();
            self.register_anew(context)?;
        }
    }
}

/// Reads, and says when the last of the bytes came.
fn receive(
    socket: &TcpStream,
    room: &mut [u8],
    beside: &mut [u8],
    flags: MsgFlags,
) -> io::Result<(usize, Option<Duration>)> {
    let flags = flags | MsgFlags::MSG_DONTWAIT;
    let mut rooms = [IoSliceMut::new(room)];
    let came = recvmsg::<()>(socket.as_raw_fd(), &mut rooms, Some(beside), flags)?;
    let at = came.cmsgs().into_iter().flatten();
    let at = at.filter_map(|said| stamp(&said)).last();
    Ok((came.bytes, at))
}

/// When what passed passed, in wall time since 1970, if that is what is said.
fn stamp(said: &ControlMessageOwned) -> Option<Duration> {
    let ControlMessageOwned::ScmTimestampsns(stamps) = said else {
        return None;
    };
    let at = Duration::from(stamps.system);
    (!at.is_zero()).then_some(at)
}

/// Up to which byte what was written has left, if that is what an entry of the error queue says.
fn last_of_written(said: &ControlMessageOwned) -> Option<u32> {
    let (ControlMessageOwned::Ipv4RecvErr(entry, _) | ControlMessageOwned::Ipv6RecvErr(entry, _)) =
        said
    else {
        return None;
    };
    let is_meant = entry.ee_origin == IS_STAMP && entry.ee_info == WENT_OUT;
    is_meant.then_some(entry.ee_data.wrapping_add(1))
}

impl AsyncRead for Stamped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            ready!(this.socket()?.poll_read_ready(context))?;
            let room = buffer.initialize_unfilled();
            let (passed, beside) = (&this.passed, this.beside.as_mut_slice());
            let Some(socket) = &this.socket else { continue };
            let read = socket.try_io(Interest::READABLE, || {
                if passed.is_expecting.get() {
                    // Several segments in one read have the last one's stamp: look at one byte first.
                    let look = receive(socket, &mut [0], beside, MsgFlags::MSG_PEEK)?;
                    passed.first.set(look.1);
                }
                receive(socket, room, beside, MsgFlags::empty())
            });
            match read {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok((bytes, at)) => {
                    passed.is_expecting.set(false);
                    if bytes > 0 {
                        passed.last.set(at);
                    }
                    if passed.left.get().is_none() {
                        this.hear_of_written();
                    }
                    buffer.advance(bytes);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

impl AsyncWrite for Stamped {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_sent(context, |socket| socket.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_sent(context, |socket| socket.try_write_vectored(pieces))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.socket {
            Some(socket) => Pin::new(socket).poll_shutdown(context),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

/// A socket that does nothing but want stamps.
///
/// The kernel stamps what comes only while somebody wants it, and takes a moment to begin: while
/// this is kept, the first connection's bytes are stamped too.
pub(in crate::net) fn wake_stamps() -> Option<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC;
    let idle = socket(AddressFamily::Inet, SockType::Datagram, flags, None).ok()?;
    let wanted = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE;
    let set: Result<(), Errno> = setsockopt(&idle, sockopt::Timestamping, &wanted);
    set.ok().map(|()| idle)
}
