//! Bytes of answers turned into steps.

use netwaterfall::http1::{Exchange, Step};
use netwaterfall::message::Method;

use super::stopwatch::{line, median};

const HEAD: &str = "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 05:00:00 GMT\r\nServer: nginx/1.22.1\r\n\
    Content-Type: text/html; charset=utf-8\r\nLast-Modified: Sat, 21 Nov 2026 17:04:43 GMT\r\n\
    ETag: \"637a3c1b-2a4e5\"\r\nCache-Control: public, max-age=3600\r\nVary: Accept-Encoding\r\n";
/// Bytes of the body, and bytes handed in at a time, as a socket gives them.
const BODY: usize = 1024 * 1024;
const READ: usize = 64 * 1024;

pub(crate) fn bench() {
    let empty = format!("{HEAD}Content-Length: 0\r\n\r\n").into_bytes();
    let mut plain = format!("{HEAD}Content-Length: {BODY}\r\n\r\n").into_bytes();
    plain.extend(vec![b'x'; BODY]);
    let chunked = |size: usize| {
        let mut bytes = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..BODY / size {
            bytes.extend_from_slice(format!("{size:x}\r\n").as_bytes());
            bytes.extend(vec![b'x'; size]);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    };
    let (coarse, fine) = (chunked(16 * 1024), chunked(16));

    line("a head of seven lines", median(1000, || read(&empty)), None);
    let base = median(100, || read(&plain));
    line("1 MiB by Content-Length", base, None);
    let of_plain = Some((base, "by Content-Length"));
    line(
        "1 MiB in chunks of 16 KiB",
        median(100, || read(&coarse)),
        of_plain,
    );
    line(
        "1 MiB in chunks of 16 bytes",
        median(5, || read(&fine)),
        of_plain,
    );
}

/// Reads a whole answer; how many bytes of body it has.
fn read(answer: &[u8]) -> usize {
    let mut exchange = Exchange::new(Method::get());
    let mut bytes = 0;
    for mut rest in answer.chunks(READ) {
        while let Ok((used, step)) = exchange.receive(rest) {
            rest = rest.get(used..).unwrap_or_default();
            match step {
                Step::More | Step::Done => break,
                Step::Body(range) => bytes += range.len(),
                Step::Interim(_) | Step::Head { .. } | Step::Held(_) | Step::Trailers(_) => {}
            }
        }
    }
    assert!(bytes == 0 || bytes == BODY, "{bytes} bytes of body");
    bytes
}
