/// What is spoken on `port`, where browsers fetch nothing from it; nothing for all other ports.
///
/// A page could otherwise make a browser talk to a mail server or a printer in somebody's name
/// (Fetch standard, bad port).
pub fn spoken_on(port: u16) -> Option<&'static str> {
    let place = UNSAFE.binary_search_by_key(&port, |(known, _)| *known);
    let (_, service) = UNSAFE.get(place.ok()?)?;
    Some(service)
}

/// The ports, in order, and what else speaks there.
const UNSAFE: &[(u16, &str)] = &[
    (0, "no service at all"),
    (1, "tcpmux"),
    (7, "echo"),
    (9, "discard"),
    (11, "systat"),
    (13, "daytime"),
    (15, "netstat"),
    (17, "qotd"),
    (19, "chargen"),
    (20, "FTP"),
    (21, "FTP"),
    (22, "SSH"),
    (23, "telnet"),
    (25, "mail (SMTP)"),
    (37, "time"),
    (42, "name"),
    (43, "whois"),
    (53, "DNS"),
    (69, "TFTP"),
    (77, "RJE"),
    (79, "finger"),
    (87, "ttylink"),
    (95, "supdup"),
    (101, "NIC host names"),
    (102, "ISO-TSAP"),
    (103, "gppitnp"),
    (104, "DICOM"),
    (109, "mail (POP)"),
    (110, "mail (POP)"),
    (111, "sunrpc"),
    (113, "auth"),
    (115, "SFTP"),
    (117, "UUCP"),
    (119, "news (NNTP)"),
    (123, "NTP"),
    (135, "EPMAP"),
    (137, "NetBIOS"),
    (139, "NetBIOS"),
    (143, "mail (IMAP)"),
    (161, "SNMP"),
    (179, "BGP"),
    (389, "LDAP"),
    (427, "SLP"),
    (465, "mail (SMTP)"),
    (512, "exec"),
    (513, "login"),
    (514, "shell"),
    (515, "a printer"),
    (526, "tempo"),
    (530, "courier"),
    (531, "chat"),
    (532, "netnews"),
    (540, "UUCP"),
    (548, "AFP"),
    (554, "RTSP"),
    (556, "remotefs"),
    (563, "news (NNTP)"),
    (587, "mail (SMTP)"),
    (601, "syslog"),
    (636, "LDAP"),
    (989, "FTP"),
    (990, "FTP"),
    (993, "mail (IMAP)"),
    (995, "mail (POP)"),
    (1719, "H.323"),
    (1720, "H.323"),
    (1723, "PPTP"),
    (2049, "NFS"),
    (3659, "Apple's password server"),
    (4045, "NFS"),
    (4190, "mail filters (Sieve)"),
    (5060, "SIP"),
    (5061, "SIP"),
    (6000, "X11"),
    (6566, "a scanner"),
    (6665, "IRC"),
    (6666, "IRC"),
    (6667, "IRC"),
    (6668, "IRC"),
    (6669, "IRC"),
    (6679, "IRC"),
    (6697, "IRC"),
    (10080, "Amanda"),
];

#[cfg(test)]
mod tests {
    use super::spoken_on;

    #[test]
    fn the_ports_of_web_servers_are_safe_and_those_of_other_services_are_not() {
        for port in [80, 443, 3000, 4443, 5000, 8000, 8080, 8443, 9000, 49152] {
            assert_eq!(spoken_on(port), None, "{port}");
        }
        for (port, service) in [
            (22, "SSH"),
            (25, "mail (SMTP)"),
            (6000, "X11"),
            (6667, "IRC"),
        ] {
            assert_eq!(spoken_on(port), Some(service));
        }
        let unsafe_ports = (0..=u16::MAX).filter(|port| spoken_on(*port).is_some());
        assert_eq!(
            unsafe_ports.count(),
            83,
            "as many as the Fetch standard lists"
        );
    }
}
