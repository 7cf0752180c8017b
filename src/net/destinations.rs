use std::cmp::{Ordering, Reverse};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Puts addresses in the order to try them (RFC 6724 §6), by the way this machine has to each.
///
/// Whether a source address is deprecated, a home address or behind a tunnel (rules 3, 4 and 7) is
/// not known here.
pub(super) fn ordered(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let with_source = addresses.into_iter().map(|one| (one, source(one)));
    by_rule(with_source.collect())
}

/// The address that this machine would send from; nothing if there is no way. Sends nothing.
fn source(destination: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match destination {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(SocketAddr::new(destination, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn by_rule(mut paths: Vec<(IpAddr, Option<IpAddr>)>) -> Vec<IpAddr> {
    // Where no rule decides, the answer's order stays (rule 10).
    paths.sort_by(compare);
    let mut addresses: Vec<IpAddr> = paths.into_iter().map(|(address, _)| address).collect();
    addresses.dedup();
    addresses
}

fn compare(a: &(IpAddr, Option<IpAddr>), b: &(IpAddr, Option<IpAddr>)) -> Ordering {
    let (Some(from_a), Some(from_b)) = (a.1, b.1) else {
        // Rule 1: what cannot be reached comes last.
        return a.1.is_none().cmp(&b.1.is_none());
    };
    let ((a, [a6, from_a]), (b, [b6, from_b])) = (
        (a.0, [mapped(a.0), mapped(from_a)]),
        (b.0, [mapped(b.0), mapped(from_b)]),
    );
    let has_scope = |to, from| scope(to) == scope(from);
    let has_label = |to, from| policy(to).1 == policy(from).1;
    has_scope(b6, from_b)
        .cmp(&has_scope(a6, from_a))
        .then_with(|| has_label(b6, from_b).cmp(&has_label(a6, from_a)))
        .then_with(|| policy(b6).0.cmp(&policy(a6).0))
        .then_with(|| scope(a6).cmp(&scope(b6)))
        .then_with(|| {
            // Rule 9 would undo the turns that servers take in IPv4; nobody applies it there.
            if a.is_ipv6() && b.is_ipv6() {
                let length = |to: Ipv6Addr, from: Ipv6Addr| {
                    (u128::from(to) ^ u128::from(from)).leading_zeros().min(64)
                };
                Reverse(length(a6, from_a)).cmp(&Reverse(length(b6, from_b)))
            } else {
                Ordering::Equal
            }
        })
}

const fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// Link 2, site 5, everywhere 14 (RFC 6724 §3.1, §3.2).
fn scope(address: Ipv6Addr) -> u8 {
    if let Some(four) = address.to_ipv4_mapped() {
        let is_near = four.is_loopback() || four.is_link_local();
        return if is_near { 2 } else { 14 };
    }
    let [first, second, ..] = address.octets();
    match (first, second) {
        (0xff, _) => second & 0x0f,
        (0xfe, 0x80..=0xbf) => 2,
        (0xfe, 0xc0..=0xff) => 5,
        _ if address.is_loopback() => 2,
        _ => 14,
    }
}

/// Precedence and label (RFC 6724 §2.1).
fn policy(address: Ipv6Addr) -> (u8, u8) {
    const TABLE: [(Ipv6Addr, u32, u8, u8); 9] = [
        (Ipv6Addr::LOCALHOST, 128, 50, 0),
        (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 35, 4),
        (Ipv6Addr::UNSPECIFIED, 96, 1, 3),
        (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, 5, 5),
        (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 30, 2),
        (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16, 1, 12),
        (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, 1, 11),
        (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, 3, 13),
        (Ipv6Addr::UNSPECIFIED, 0, 40, 1),
    ];
    let is_in = |prefix: Ipv6Addr, length: u32| {
        (u128::from(prefix) ^ u128::from(address)).leading_zeros() >= length
    };
    let row = TABLE
        .iter()
        .find(|(prefix, length, ..)| is_in(*prefix, *length));
    row.map_or((40, 1), |(_, _, precedence, label)| (*precedence, *label))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What RFC 6724 §10.2 has as examples, as far as they need no knowledge of the system.
    #[test]
    fn the_examples_of_the_standard_come_out_as_there() {
        for (paths, expected) in [
            (
                "2001:db8:1::1<2001:db8:1::2 198.51.100.121<169.254.13.78",
                "2001:db8:1::1 198.51.100.121",
            ),
            (
                "2001:db8:1::1<fe80::1 198.51.100.121<198.51.100.117",
                "198.51.100.121 2001:db8:1::1",
            ),
            (
                "2001:db8:1::1<2001:db8:1::2 10.1.2.3<10.1.2.4",
                "2001:db8:1::1 10.1.2.3",
            ),
            (
                "2001:db8:1::1<2001:db8:1::2 fe80::1<fe80::2",
                "fe80::1 2001:db8:1::1",
            ),
            (
                "2001:db8:3ffe::1<2001:db8:3f44::2 2001:db8:1::1<2001:db8:1::2",
                "2001:db8:1::1 2001:db8:3ffe::1",
            ),
            (
                "2002:c633:6401::1<2002:c633:6401::2 2001:db8:1::1<fe80::2",
                "2002:c633:6401::1 2001:db8:1::1",
            ),
            ("10.0.0.2<10.0.0.9 10.0.0.1<10.0.0.9", "10.0.0.2 10.0.0.1"),
            ("2001:db8::1<- 10.0.0.1<10.0.0.9", "10.0.0.1 2001:db8::1"),
            ("fd00::1<fd00::2 10.0.0.1<10.0.0.9", "10.0.0.1 fd00::1"),
            ("127.0.0.1<127.0.0.1 ::1<::1", "::1 127.0.0.1"),
        ] {
            let read = paths.split(' ').map(|path| {
                let (to, from) = path.split_once('<').unwrap();
                (to.parse().unwrap(), from.parse().ok())
            });
            let ordered = by_rule(read.collect());
            let ordered: Vec<String> = ordered.iter().map(ToString::to_string).collect();
            assert_eq!(ordered.join(" "), expected, "{paths}");
        }
    }
}
