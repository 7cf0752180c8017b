use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::cli::NameServer;
use crate::net::NetError;

/// So long a name server has to show that it is there.
const PATIENCE: Duration = Duration::from_secs(1);
/// Who answers for the root (RFC 1035 §4.1): every name server has something to say to that.
const QUESTION: &[u8] = b"\x6e\x77\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";

/// Finds out whether the name server of `--dns` is there, before anything is fetched.
///
/// Where nobody listens, or no way leads, the run would be in vain. Silence may be loss or a slow
/// server: the run goes on, and what is to be said of it is given back, as a sentence.
/// One that is named by its host is looked for when that is looked up.
pub(super) fn look_for(server: &NameServer, limit: Duration) -> Result<Option<String>> {
    let patience = limit.min(PATIENCE);
    let (server, found) = match server {
        NameServer::Plain(server) => (*server, ask(*server, patience)),
        NameServer::Tls { host, port, .. } | NameServer::Https { host, port, .. } => {
            let Ok(address) = host.parse::<IpAddr>() else {
                return Ok(None);
            };
            let server = SocketAddr::new(address, *port);
            let opened = TcpStream::connect_timeout(&server, patience);
            (server, opened.map(drop))
        }
    };
    match found {
        Ok(()) => Ok(None),
        Err(error) if is_silence(&error) => {
            let patience = humantime::format_duration(patience);
            Ok(Some(format!(
                "--dns {server}: it did not answer within {patience}; it may be dead, or slow"
            )))
        }
        Err(error) => {
            let words = NetError::of_socket(&error).words;
            let mend = "without --dns the system's name servers are asked";
            Err(anyhow!("--dns {server}: {words}; {mend}"))
        }
    }
}

/// Asks, and waits for a word, whatever it is.
fn ask(server: SocketAddr, patience: Duration) -> io::Result<()> {
    let any = match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any)?;
    // Only a connected socket is told that nobody listens.
    socket.connect(server)?;
    socket.set_read_timeout(Some(patience))?;
    socket.send(QUESTION)?;
    socket.recv(&mut [0; 512])?;
    Ok(())
}

/// What a time-out is called differs from system to system.
fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use std::thread::spawn;

    use super::*;

    fn socket() -> (UdpSocket, SocketAddr) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        (socket, address)
    }

    #[test]
    fn any_word_will_do() {
        let (socket, address) = socket();
        let server = spawn(move || {
            let mut question = [0; 64];
            let (bytes, from) = socket.recv_from(&mut question).unwrap();
            socket.send_to(b"?", from).unwrap();
            question[..bytes].to_vec()
        });
        assert_eq!(
            look_for(&NameServer::Plain(address), Duration::from_secs(9)).unwrap(),
            None
        );
        assert_eq!(server.join().unwrap(), QUESTION);
    }

    #[test]
    fn silence_is_told_and_the_run_goes_on() {
        let (_socket, address) = socket();
        let said = look_for(&NameServer::Plain(address), Duration::from_millis(20)).unwrap();
        let words =
            format!("--dns {address}: it did not answer within 20ms; it may be dead, or slow");
        assert_eq!(said, Some(words));
    }

    #[test]
    fn where_nobody_listens_the_run_does_not_begin() {
        let (closed, address) = socket();
        drop(closed);
        let said = look_for(&NameServer::Plain(address), Duration::from_secs(9))
            .unwrap_err()
            .to_string();
        let words =
            "nobody listens there (refused); without --dns the system's name servers are asked";
        assert_eq!(said, format!("--dns {address}: {words}"));
        let secure = NameServer::Tls {
            host: address.ip().to_string(),
            port: address.port(),
            name: None,
        };
        let said = look_for(&secure, Duration::from_secs(9)).unwrap_err();
        assert_eq!(said.to_string(), format!("--dns {address}: {words}"));
    }
}
