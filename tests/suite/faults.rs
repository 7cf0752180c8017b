//! A server that fails as Chromium was recorded to see servers fail, a way a path.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::sockets::serve_all;

/// No test takes longer; a connection that does is forgotten.
const PATIENCE: Duration = Duration::from_secs(20);

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Keep,
    Close,
}

/// What is said on a path, and what then becomes of the connection.
type Answer = (&'static str, &'static [u8], After);

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

const ANSWERS: &[Answer] = &[
    ("/close-before", b"", After::Close),
    ("/garbage", b"this is not http at all\r\n\r\n", After::Close),
    (
        "/hdr-trunc",
        b"HTTP/1.1 200 OK\r\nX: y\r\nCon",
        After::Close,
    ),
    (
        "/trunc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        After::Close,
    ),
    (
        "/trunc-chunked",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        After::Close,
    ),
    (
        "/trunc-in-chunk",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhello",
        After::Close,
    ),
    (
        "/badchunk",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZZ\r\nabc\r\n",
        After::Close,
    ),
    (
        "/dup-content-length",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 10\r\n\r\nhello",
        After::Close,
    ),
    (
        "/bad-gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n\
          \x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff",
        After::Keep,
    ),
    (
        "/not-gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/bad-location",
        b"HTTP/1.1 302 Found\r\nLocation: http://\r\nContent-Length: 0\r\n\r\n",
        After::Keep,
    ),
    (
        "/multi-location",
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n",
        After::Keep,
    ),
    (
        "/round",
        b"HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n",
        After::Keep,
    ),
    (
        "/redirect",
        b"HTTP/1.1 302 Found\r\nLocation: /hello\r\nContent-Length: 5\r\n\r\nmoved",
        After::Keep,
    ),
    (
        "/until-close",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
        After::Close,
    ),
    (
        "/extra",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more",
        After::Keep,
    ),
    (
        "/body-on-204",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/says-close",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/http10",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/http10-keep-alive",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/promise",
        b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1, max=1\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    ("/close-idle", HELLO, After::Close),
    ("/204", b"HTTP/1.1 204 No Content\r\n\r\n", After::Keep),
    ("/205", b"HTTP/1.1 205 Reset Content\r\n\r\n", After::Keep),
    (
        "/empty",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        After::Keep,
    ),
    (
        "/no-chunks",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        After::Keep,
    ),
    (
        "/404",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
    (
        "/500",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nhello",
        After::Keep,
    ),
];

/// What is said before a reset; what is closed with something unread in it is reset.
const BEFORE_RESET: &[(&str, &[u8])] = &[
    ("/rst-before", b""),
    (
        "/rst-mid",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    ),
];

/// Starts one in clear; it serves until the tests end.
pub(crate) fn start() -> SocketAddr {
    accept(speak)
}

/// Starts one behind TLS.
pub(crate) fn start_secure(config: Arc<ServerConfig>) -> SocketAddr {
    accept(move |line| {
        let session = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut line = StreamOwned::new(session, line);
        let spoken = speak(&mut line);
        line.conn.send_close_notify();
        line.flush().and(spoken)
    })
}

fn accept(serve: impl Fn(&mut TcpStream) -> io::Result<()> + Clone + Send + 'static) -> SocketAddr {
    serve_all(move |mut line| {
        line.set_read_timeout(Some(PATIENCE)).unwrap();
        // The client may go whenever it has seen enough.
        let _ = serve(&mut line);
    })
}

/// Answers one request after another, as their paths ask.
fn speak(line: &mut (impl Read + Write)) -> io::Result<()> {
    let mut is_first = true;
    loop {
        let first = read_line(line)?;
        let is_head = first.starts_with("HEAD ");
        let path = first.split(' ').nth(1).unwrap_or_default();
        let reset = BEFORE_RESET.iter().find(|(known, _)| *known == path);
        if let Some((_, before)) = reset {
            line.write_all(before)?;
            return line.flush();
        }
        if path == "/stale-rst" && !is_first {
            return Ok(());
        }
        read_rest(line)?;
        if path == "/stale-fin" && !is_first {
            return Ok(());
        }
        is_first = false;
        if path == "/too-big" {
            too_big(line)?;
            return Ok(());
        }
        let known = ANSWERS.iter().find(|(known, ..)| *known == path);
        let (_, answer, after) = known.unwrap_or(&("", HELLO, After::Keep));
        let answer = if is_head {
            without_body(answer)
        } else {
            answer
        };
        line.write_all(answer)?;
        line.flush()?;
        if *after == After::Close {
            return Ok(());
        }
    }
}

fn too_big(line: &mut impl Write) -> io::Result<()> {
    line.write_all(b"HTTP/1.1 200 OK\r\n")?;
    for _ in 0..20_000 {
        line.write_all(b"X: yyyyyyyyyyyyyyyy\r\n")?;
    }
    line.write_all(b"\r\n")
}

fn without_body(answer: &[u8]) -> &[u8] {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    &answer[..end.unwrap() + 4]
}

/// The rest of the head, and a body that has a length.
fn read_rest(line: &mut impl Read) -> io::Result<()> {
    let mut length = 0;
    loop {
        let field = read_line(line)?;
        if field.is_empty() {
            break;
        }
        if let Some(value) = field.strip_prefix("Content-Length: ") {
            length = value.parse().unwrap();
        }
    }
    line.read_exact(&mut vec![0; length])
}

/// A line without its end; one byte at a time, so that nothing behind it is read.
fn read_line(line: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut byte = [0; 1];
    while byte != *b"\n" {
        if line.read(&mut byte)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.extend(byte);
    }
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}
