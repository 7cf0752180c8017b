use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// What is done on a line instead of what HTTP and TLS want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wild {
    /// What is found in the first bytes that come: a request's first line, or the name of a host.
    sign: &'static str,
    /// What is said.
    said: &'static [u8],
    ending: Ending,
}

/// What becomes of the line afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// Nothing more is said until the client goes.
    Silence,
}

const fn wild(sign: &'static str, said: &'static [u8], ending: Ending) -> Wild {
    Wild { sign, said, ending }
}

/// Everything that servers of the demo do wrong.
const ALL: [Wild; 18] = [
    // A fatal alert, protocol_version (RFC 8446 §6.2).
    wild("old.broken.test", b"\x15\x03\x01\x00\x02\x02\x46", Ending::Close),
    wild(
        "plain.broken.test",
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThis port speaks no TLS.\n",
        Ending::Close,
    ),
    wild("mute.broken.test", b"", Ending::Silence),
    wild("GET /no-answer ", b"", Ending::Close),
    wild("GET /no-http ", b"SSH-2.0-OpenSSH_10.0\r\n", Ending::Close),
    wild("GET /reset-in-the-head ", b"HTTP/1.1 200 OK\r\nContent-Ty", Ending::Reset),
    wild("GET /silence ", b"", Ending::Silence),
    wild(
        "GET /two-lengths ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello, ",
        Ending::Close,
    ),
    wild(
        "GET /length-and-chunks ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        Ending::Close,
    ),
    wild(
        "GET /blank-before-colon ",
        b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
        Ending::Close,
    ),
    wild(
        "GET /nul-in-a-header ",
        b"HTTP/1.1 200 OK\r\nX-Name: a\0b\r\nContent-Length: 5\r\n\r\nhello",
        Ending::Close,
    ),
    wild(
        "GET /cut-body ",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nThis was to be longer.\n",
        Ending::Close,
    ),
    wild(
        "GET /reset-body ",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nThis was to be longer.\n",
        Ending::Reset,
    ),
    wild(
        "GET /stalled-body ",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nThere is more to come.\n",
        Ending::Silence,
    ),
    wild(
        "GET /bad-chunk ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nsix\r\nworlds\r\n0\r\n\r\n",
        Ending::Close,
    ),
    wild(
        "GET /cut-chunks ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        Ending::Close,
    ),
    wild(
        "GET /broken-gzip ",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\0\xff\xff",
        Ending::Close,
    ),
    wild(
        "GET /to-no-url ",
        b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
        Ending::Close,
    ),
];

impl Wild {
    /// What is to be done on a line, by the first bytes that come.
    pub(super) async fn of(line: &TcpStream) -> Option<Self> {
        Self::in_bytes(&first_bytes(line).await)
    }

    fn in_bytes(first: &[u8]) -> Option<Self> {
        let has = |sign: &str| has(first, sign);
        // The paths are those of one host; on others they mean nothing.
        let is_path = |wild: &Self| wild.sign.starts_with("GET ");
        let mut all = ALL.into_iter();
        all.find(|wild| has(wild.sign) && (!is_path(wild) || has("answers.broken.test")))
    }

    /// Does it; the line is over then.
    pub(super) async fn act(self, mut line: TcpStream) {
        let mut asked = [0; 4096];
        let _ = line.read(&mut asked).await;
        sleep(BEFORE_ANSWER).await;
        if line.write_all(self.said).await.is_err() {
            return;
        }
        match self.ending {
            Ending::Close => {
                let _ = line.shutdown().await;
            }
            Ending::Reset => {
                // What was said is to arrive first.
                sleep(BEFORE_ANSWER).await;
                let _ = line.set_zero_linger();
            }
            Ending::Silence => while line.read(&mut asked).await.is_ok_and(|bytes| bytes > 0) {},
        }
    }
}

/// Whether the first bytes of a line name a host.
pub(super) async fn asks_for(line: &TcpStream, host: &str) -> bool {
    has(&first_bytes(line).await, host)
}

fn has(first: &[u8], sign: &str) -> bool {
    let mut parts = first.windows(sign.len());
    parts.any(|part| part == sign.as_bytes())
}

/// Looks at what comes first, and leaves it where it is.
///
/// A head and a hello each come in one piece: nobody is far away here.
async fn first_bytes(line: &TcpStream) -> Vec<u8> {
    let mut first = vec![0; 4096];
    let bytes = match timeout(PATIENCE, line.peek(&mut first)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) | Err(_) => 0,
    };
    first.truncate(bytes);
    first
}

/// Who says nothing at all is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time it takes until something is said.
const BEFORE_ANSWER: Duration = Duration::from_millis(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_by_its_sign_and_by_no_other() {
        for wild in ALL {
            let first = format!(
                "{} HTTP/1.1\r\nHost: answers.broken.test\r\n\r\n",
                wild.sign.trim()
            );
            assert_eq!(Wild::in_bytes(first.as_bytes()), Some(wild));
        }
        let usual = b"GET /no-answer HTTP/1.1\r\nHost: shop.test\r\n\r\n";
        assert_eq!(Wild::in_bytes(usual), None, "that host has no such path");
    }
}
