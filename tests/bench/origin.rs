//! A server on loopback for the benches.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Answers every request with `body` bytes after `pause`, and keeps connections; its port.
pub(crate) fn serve(body: usize, pause: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
    let port = listener.local_addr().map_or(0, |address| address.port());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(&stream, body, pause));
        }
    });
    port
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server that takes its time is what is measured with"
)]
fn answer(stream: &TcpStream, body: usize, pause: Duration) {
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\nCache-Control: no-store\r\n\r\n");
    let answer = [head.into_bytes(), vec![b'x'; body]].concat();
    let mut out = stream;
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.is_empty() {
            if !pause.is_zero() {
                thread::sleep(pause);
            }
            if out.write_all(&answer).is_err() {
                return;
            }
        }
    }
}

/// So many URLs of the server at `port`, a line each.
pub(crate) fn urls(port: u16, count: usize) -> String {
    let urls = (0..count).map(|n| format!("http://127.0.0.1:{port}/{n}\n"));
    urls.collect()
}
