use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::rc::Rc;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
};

use crate::net::{TcpFigures, TcpState, Untold};

/// `SOCK_DIAG_BY_FAMILY`, of `linux/sock_diag.h`.
const BY_FAMILY: u16 = 20;
/// `NLMSG_ERROR`, of `linux/netlink.h`.
const ERROR: u16 = 2;
/// `NLM_F_REQUEST`.
const REQUEST: u16 = 1;
/// `INET_DIAG_INFO`, of `linux/inet_diag.h`: TCP's book-keeping (`struct tcp_info`).
const INFO: u16 = 2;
/// `IPPROTO_TCP`.
const TCP: u8 = 6;
/// Bytes of the header of every message of netlink.
const HEADER: usize = 16;
/// Bytes of `struct inet_diag_msg`.
const DIAG: usize = 72;
/// Bytes of an answer, at most.
const ANSWER: usize = 1024;

/// Asks the kernel where connections of this machine stand (`sock_diag(7)`); any user may.
pub(in crate::net) struct Diag {
    socket: Result<OwnedFd, Errno>,
    asked: Cell<u32>,
}

/// What is asked about one connection.
#[derive(Clone)]
pub(in crate::net) struct Diagnosis {
    diag: Rc<Diag>,
    local: SocketAddr,
    peer: SocketAddr,
}

impl Diag {
    pub(in crate::net) fn open() -> Self {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let protocol = SockProtocol::NetlinkSockDiag;
        Self {
            socket: socket(AddressFamily::Netlink, SockType::Datagram, flags, protocol),
            asked: Cell::new(0),
        }
    }

    pub(in crate::net) fn about(self: &Rc<Self>, local: SocketAddr, peer: SocketAddr) -> Diagnosis {
        let diag = Rc::clone(self);
        Diagnosis { diag, local, peer }
    }

    /// Sends a question and takes its answer, which is there as soon as the question is sent.
    fn ask(&self, question: &[u8], number: u32, answer: &mut [u8]) -> Result<usize, Errno> {
        let socket = self.socket.as_ref().map_err(|error| *error)?.as_raw_fd();
        send(socket, question, MsgFlags::MSG_DONTWAIT)?;
        loop {
            let bytes = recv(socket, answer, MsgFlags::MSG_DONTWAIT)?;
            if u32_at(answer, 8) == Some(number) {
                return Ok(bytes);
            }
        }
    }
}

impl Diagnosis {
    /// Where the connection stands, and what TCP's book-keeping has of it while it is open.
    pub(in crate::net) fn ask(&self) -> Result<(TcpState, Option<TcpFigures>), Untold> {
        let number = self.diag.asked.get().wrapping_add(1);
        self.diag.asked.set(number);
        let question = question(self.local, self.peer, number);
        let mut answer = [0; ANSWER];
        let told = self.diag.ask(&question, number, &mut answer);
        let told = told.map(|bytes| answer.get(..bytes).unwrap_or_default());
        told.and_then(read).or_else(|error| {
            if error == Errno::ENOENT {
                return Ok((TcpState::Closed, None));
            }
            Err(Untold::Refused(error.desc().to_owned()))
        })
    }
}

/// `struct nlmsghdr` and `struct inet_diag_req_v2`.
fn question(local: SocketAddr, peer: SocketAddr, number: u32) -> Vec<u8> {
    const LENGTH: u32 = 72;
    let mut bytes = Vec::with_capacity(LENGTH as usize);
    bytes.extend(LENGTH.to_ne_bytes());
    bytes.extend(BY_FAMILY.to_ne_bytes());
    bytes.extend(REQUEST.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    let family = if local.is_ipv4() {
        AddressFamily::Inet
    } else {
        AddressFamily::Inet6
    };
    // The families are small numbers.
    bytes.extend([u8::try_from(family as i32).unwrap_or_default(), TCP]);
    bytes.extend([1 << (INFO - 1), 0]);
    bytes.extend(u32::MAX.to_ne_bytes());
    bytes.extend(local.port().to_be_bytes());
    bytes.extend(peer.port().to_be_bytes());
    for end in [local, peer] {
        let mut address = [0; 16];
        match end.ip() {
            IpAddr::V4(ip) => address[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => address = ip.octets(),
        }
        bytes.extend(address);
    }
    bytes.extend(0_u32.to_ne_bytes());
    // No cookie: the ends say enough.
    bytes.extend([u8::MAX; 8]);
    bytes
}

fn read(answer: &[u8]) -> Result<(TcpState, Option<TcpFigures>), Errno> {
    match u16_at(answer, 4) {
        Some(BY_FAMILY) => {}
        Some(ERROR) => {
            let code = u32_at(answer, HEADER).unwrap_or_default();
            return Err(Errno::from_raw(code.cast_signed().wrapping_neg()));
        }
        _ => return Err(Errno::EBADMSG),
    }
    let state = answer.get(HEADER + 1).copied().and_then(state);
    let state = state.ok_or(Errno::EBADMSG)?;
    let mut rest = answer.get(HEADER + DIAG..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let length = usize::from(length);
        if kind == INFO {
            let figures = rest.get(4..length).and_then(figures);
            return Ok((state, figures));
        }
        rest = rest
            .get(length.next_multiple_of(4).max(4)..)
            .unwrap_or_default();
    }
    Ok((state, None))
}

const fn state(number: u8) -> Option<TcpState> {
    Some(match number {
        1 => TcpState::Established,
        2 => TcpState::SynSent,
        3 | 12 => TcpState::SynReceived,
        4 => TcpState::FinWait1,
        5 => TcpState::FinWait2,
        6 => TcpState::TimeWait,
        7 => TcpState::Closed,
        8 => TcpState::CloseWait,
        9 => TcpState::LastAck,
        10 => TcpState::Listen,
        11 => TcpState::Closing,
        _ => return None,
    })
}

/// `struct tcp_info`, of which older kernels have less.
fn figures(book: &[u8]) -> Option<TcpFigures> {
    let time = |at| u32_at(book, at).map(|micros| Duration::from_micros(u64::from(micros)));
    Some(TcpFigures {
        round_trip: time(68)?,
        variation: time(72)?,
        segment: u32_at(book, 16)?,
        window: u32_at(book, 80)?,
        retransmitted: u32_at(book, 100)?,
        // Nothing was measured yet.
        least: time(148).filter(|least| *least < UNKNOWN),
        rate: u64_at(book, 160).filter(|rate| *rate > 0),
        disordered: u32_at(book, 224),
    })
}

/// What the kernel says for a shortest round trip of which it knows nothing: all bits set.
const UNKNOWN: Duration = Duration::from_micros(u32::MAX as u64);

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_ne_bytes(*field))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_ne_bytes(*field))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_ne_bytes(*field))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer of the kernel with so much of the book-keeping.
    fn answer(state: u8, book: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER + DIAG];
        bytes[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
        bytes[HEADER + 1] = state;
        // Another attribute first, of a length that has to be filled up.
        bytes.extend(5_u16.to_ne_bytes());
        bytes.extend(8_u16.to_ne_bytes());
        bytes.extend([0; 4]);
        let length = u16::try_from(book.len() + 4).unwrap();
        bytes.extend(length.to_ne_bytes());
        bytes.extend(INFO.to_ne_bytes());
        bytes.extend(book);
        bytes
    }

    fn book(length: usize) -> Vec<u8> {
        let mut book = vec![0; length];
        for (at, value) in [
            (16, 1448_u32),
            (68, 20_100),
            (72, 10_050),
            (80, 10),
            (100, 1),
        ] {
            book[at..at + 4].copy_from_slice(&value.to_ne_bytes());
        }
        book
    }

    #[test]
    fn older_kernels_say_less_and_are_understood() {
        let (state, old) = read(&answer(1, &book(104))).unwrap();
        let old = old.unwrap();
        assert_eq!(state, TcpState::Established);
        assert_eq!(old.round_trip, Duration::from_micros(20_100));
        assert_eq!((old.segment, old.window, old.retransmitted), (1448, 10, 1));
        assert_eq!((old.least, old.rate, old.disordered), (None, None, None));

        let mut newer = book(280);
        newer[148..152].copy_from_slice(&19_000_u32.to_ne_bytes());
        newer[160..168].copy_from_slice(&5_000_u64.to_ne_bytes());
        newer[224..228].copy_from_slice(&3_u32.to_ne_bytes());
        let new = read(&answer(1, &newer)).unwrap().1.unwrap();
        assert_eq!(new.least, Some(Duration::from_millis(19)));
        assert_eq!((new.rate, new.disordered), (Some(5_000), Some(3)));
    }

    #[test]
    fn an_answer_that_is_cut_anywhere_is_no_trouble() {
        let whole = answer(6, &book(280));
        for end in 0..whole.len() {
            if let Ok((state, _)) = read(&whole[..end]) {
                assert_eq!(state, TcpState::TimeWait);
            }
        }
        let mut endless = answer(1, &[]);
        endless.extend([0; 8]);
        assert_eq!(read(&endless), Ok((TcpState::Established, None)));
        assert_eq!(read(&answer(77, &[])), Err(Errno::EBADMSG));
    }

    #[test]
    fn a_question_is_72_bytes_with_the_ends_in_network_order() {
        let bytes = question(
            "10.0.0.1:4660".parse().unwrap(),
            "10.0.0.2:443".parse().unwrap(),
            7,
        );
        assert_eq!(bytes.len(), 72);
        assert_eq!(bytes[24..28], [0x12, 0x34, 0x01, 0xbb]);
        assert_eq!(bytes[28..32], [10, 0, 0, 1]);
        assert_eq!(bytes[44..48], [10, 0, 0, 2]);
        let six = question("[::1]:1".parse().unwrap(), "[::2]:2".parse().unwrap(), 8);
        assert_eq!((six.len(), six[16], six[59]), (72, 10, 2));
    }
}
