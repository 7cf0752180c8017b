//! A server that does everything a server should not do, a behaviour a path.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::sockets::serve_all;

/// No test takes longer; a connection that does is forgotten.
const PATIENCE: Duration = Duration::from_secs(20);
/// Endless is more than passes in the time that any test gives it.
const ENDLESS: usize = 1 << 40;
const MEGABYTE: usize = 1 << 20;

/// Control characters as raw bytes and as UTF-8, which a terminal would obey.
const C1_HEAD: &[u8] = b"HTTP/1.1 200 \xc2\x9b31mOK\x9b2J\r\n\
    X-Raw: a\x9b2Jb\x9d0;title\x9c\r\n\
    X-Utf8: a\xc2\x9b2Jb\xc2\x85\r\n\
    X-Reorder: a\xe2\x80\xaeb\r\n\
    Set-Cookie: n\x9b=v\x9b31m; Path=/\x85\r\n\
    Content-Type: text/\x9bhtml\r\n";

/// A hostile server on this machine; it serves until the tests end.
pub(crate) struct Hostile {
    pub(crate) address: SocketAddr,
}

impl Hostile {
    /// One that speaks HTTP, in its own way for each path.
    pub(crate) fn start() -> Self {
        Self::with(speak)
    }

    /// One that does `serve` on each connection.
    pub(crate) fn with(serve: fn(&mut TcpStream) -> io::Result<()>) -> Self {
        let address = serve_all(move |line| attend(line, serve));
        Self { address }
    }

    /// The URL of a behaviour.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn attend(mut line: TcpStream, serve: fn(&mut TcpStream) -> io::Result<()>) {
    line.set_read_timeout(Some(PATIENCE)).unwrap();
    line.set_write_timeout(Some(PATIENCE)).unwrap();
    // The client may go whenever it has seen enough.
    let _ = serve(&mut line);
}

/// Waits, without a word, until the client goes.
pub(crate) fn say_nothing(line: &mut TcpStream) -> io::Result<()> {
    io::copy(line, &mut io::sink()).map(drop)
}

/// Closes after the first bytes, all of them read, without a byte in return.
pub(crate) fn close(line: &mut TcpStream) -> io::Result<()> {
    line.read(&mut [0; 16 * 1024]).map(drop)
}

/// Says, in TLS, that no handshake is possible (RFC 8446 §6.2).
pub(crate) fn break_off(line: &mut TcpStream) -> io::Result<()> {
    close(line)?;
    line.write_all(&[21, 3, 3, 0, 2, 2, 40])
}

/// Speaks HTTP where TLS is expected.
pub(crate) fn speak_plainly(line: &mut TcpStream) -> io::Result<()> {
    close(line)?;
    line.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
}

/// Answers one request after another, as their paths ask.
fn speak(line: &mut TcpStream) -> io::Result<()> {
    loop {
        let first = read_line(line)?;
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        if path == "/reset" {
            // What is closed with something unread in it is reset.
            return Ok(());
        }
        while !read_line(line)?.is_empty() {}
        if let Some(wait) = path.strip_prefix("/late/") {
            pause(Duration::from_millis(wait.parse().unwrap()));
        }
        if answer(&path, line)? == After::Close {
            return Ok(());
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Keep,
    Close,
}

fn answer(path: &str, line: &mut TcpStream) -> io::Result<After> {
    let whole: &[u8] = match path {
        "/close" => b"",
        "/rubbish" => b"\x1b[2J\x9b31m\0\xff rubbish\r\n\r\n",
        "/not-quite" => b"HTTP/9.9 \x1b[2J\r\n\r\n",
        "/escape-in-reason" => b"HTTP/1.1 200 \x1b]0;title\x07\r\nContent-Length: 0\r\n\r\n",
        "/escape-in-name" => b"HTTP/1.1 200 OK\r\nX-\x1b[2J: a\r\nContent-Length: 0\r\n\r\n",
        "/escape-in-value" => b"HTTP/1.1 200 OK\r\nX: \x1b[2J\r\nContent-Length: 0\r\n\r\n",
        "/c1-in-name" => b"HTTP/1.1 200 OK\r\nX-\x9b2J: a\r\nContent-Length: 0\r\n\r\n",
        "/delete-in-value" => b"HTTP/1.1 200 OK\r\nX: \x7f\r\nContent-Length: 0\r\n\r\n",
        "/c1-in-length" => b"HTTP/1.1 200 OK\r\nContent-Length: 5\x9b\r\n\r\nhello",
        "/c1-in-redirect" => b"HTTP/1.1 302 Found\r\nLocation: gopher:\x9b2J\r\n\r\n",
        "/bad-redirect" => b"HTTP/1.1 302 Found\r\nLocation: http://a\x9b:99999/\r\n\r\n",
        "/bad-chunk" => {
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\x1b[2J\r\n"
        }
        "/cut-head" => b"HTTP/1.1 200 OK\r\nContent-Le",
        "/cut-body" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789",
        "/cut-chunks" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "/nothing" | "/half-head" | "/half-body" => return silent(path, line),
        "/c1" | "/escapes-in-body" => return escapes(path, line),
        _ => return long(path, line),
    };
    line.write_all(whole)?;
    Ok(After::Close)
}

/// Says some or nothing, and then no more.
fn silent(path: &str, line: &mut TcpStream) -> io::Result<After> {
    line.write_all(match path {
        "/half-head" => b"HTTP/1.1 200 OK\r\nContent-Le",
        "/half-body" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789",
        _ => b"",
    })?;
    say_nothing(line)?;
    Ok(After::Close)
}

/// Says what a terminal would obey, and stays within the rules.
fn escapes(path: &str, line: &mut TcpStream) -> io::Result<After> {
    let body = b"\x1b[2J\x1b]0;title\x07\xc2\x9b31m\x7f\xc2\x85\0\r\n";
    let head = if path == "/c1" {
        C1_HEAD
    } else {
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    };
    line.write_all(head)?;
    write!(line, "Content-Length: {}\r\n\r\n", body.len())?;
    line.write_all(body)?;
    Ok(After::Keep)
}

/// Says too much, or `hello`.
fn long(path: &str, line: &mut TcpStream) -> io::Result<After> {
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\n";
    match path {
        "/megabyte-head" => {
            line.write_all(OK)?;
            line.write_all(b"X: ")?;
            repeat(line, b"x", MEGABYTE)?;
            line.write_all(b"\r\nContent-Length: 0\r\n\r\n")?;
        }
        "/many-headers" => {
            line.write_all(OK)?;
            repeat(line, b"X: y\r\n", 2_000 * 6)?;
            line.write_all(b"Content-Length: 0\r\n\r\n")?;
        }
        "/endless-head" => {
            line.write_all(OK)?;
            repeat(line, b"X: y\r\n", ENDLESS)?;
        }
        "/endless-interim" => {
            repeat(line, b"HTTP/1.1 103 Early Hints\r\n\r\n", ENDLESS)?;
        }
        "/endless-body" => {
            line.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            repeat(line, b"endless ", ENDLESS)?;
        }
        "/endless-chunks" => {
            line.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            repeat(line, b"5\r\nhello\r\n", ENDLESS)?;
        }
        "/17-mib" => {
            let bytes = 17 * MEGABYTE;
            write!(line, "HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n")?;
            repeat(line, b"x", bytes)?;
        }
        _ => {
            line.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")?;
            return Ok(After::Keep);
        }
    }
    Ok(After::Close)
}

/// Writes `piece` again and again, `bytes` in all.
fn repeat(line: &mut TcpStream, piece: &[u8], bytes: usize) -> io::Result<()> {
    let many = piece.repeat((64 * 1024 / piece.len()).min(bytes / piece.len()));
    let mut left = bytes;
    while left > 0 {
        let now = many.len().min(left);
        line.write_all(&many[..now])?;
        left -= now;
    }
    Ok(())
}

/// A line without its end; one byte at a time, so that nothing behind it is read.
fn read_line(line: &mut TcpStream) -> io::Result<String> {
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

/// Thinks for a while, as slow servers do.
fn pause(wait: Duration) {
    let (_sender, never) = channel::<()>();
    let _ = never.recv_timeout(wait);
}
