//! A body in chunks means what RFC 9112 §7.1 says, and the same however it is cut.
//!
//! The first two bytes say how long the pieces are; the rest is the chunked body.

use netwaterfall::http1::Tolerance;

use super::feed::{Ear, End, Then, Told, tell};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

pub(super) fn law(bytes: &[u8]) {
    let [one, other, chunks @ ..] = bytes else {
        return;
    };
    let whole = told(chunks, &[usize::MAX]);
    let pieces = [usize::from(*one) + 1, usize::from(*other) + 1];
    assert_eq!(told(chunks, &pieces), whole, "cut at {pieces:?}");
    assert_eq!(told(chunks, &[1]), whole, "byte by byte");
    if let Some((body, rest)) = strictly(chunks) {
        let End::Done { after, .. } = whole.end else {
            panic!("well-formed chunks are refused: {:?}", whole.end);
        };
        assert_eq!(whole.body, body, "another body");
        assert_eq!(after, rest.len(), "another end");
    }
    let again = told(&chunked(&whole.body, usize::from(*one) + 1), &pieces);
    assert_eq!(again.body, whole.body, "there and back");
    assert!(matches!(again.end, End::Done { after: 0, .. }));
}

fn told(chunks: &[u8], cuts: &[usize]) -> Told {
    let ear = Ear {
        method: "GET",
        tolerance: Tolerance::default(),
        then: Then::Silence,
    };
    tell(ear, &[HEAD, chunks].concat(), cuts)
}

/// `body` in chunks of `size` bytes.
fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut chunks = Vec::new();
    for chunk in body.chunks(size) {
        chunks.extend(format!("{:X}\r\n", chunk.len()).into_bytes());
        chunks.extend(chunk);
        chunks.extend(b"\r\n");
    }
    [&chunks, &b"0\r\n\r\n"[..]].concat()
}

/// The body and what stands behind it, where the chunks are what the grammar says to the letter.
fn strictly(chunks: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    let mut rest = chunks;
    loop {
        let line = line(&mut rest)?;
        let size = size(line)?;
        if size == 0 {
            break;
        }
        let (chunk, behind) = rest.split_at_checked(size)?;
        body.extend(chunk);
        rest = behind.strip_prefix(b"\r\n")?;
    }
    loop {
        match line(&mut rest)? {
            [] => return Some((body, rest)),
            line if is_field(line) => {}
            _ => return None,
        }
    }
}

/// Takes a line off, without its end; CR and LF stand in no other place.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.windows(2).position(|two| two == b"\r\n")?;
    let (line, behind) = rest.split_at(end);
    *rest = &behind[2..];
    let is_clean = line.iter().all(|byte| is_text(*byte));
    is_clean.then_some(line)
}

/// A size and extensions; what an extension is, is looked at in no detail.
fn size(line: &[u8]) -> Option<usize> {
    let end = line.iter().position(|byte| !byte.is_ascii_hexdigit());
    let (digits, extension) = line.split_at(end.unwrap_or(line.len()));
    let is_extension = extension.trim_ascii_start().first() == Some(&b';');
    if digits.is_empty() || digits.len() > 8 || !(extension.is_empty() || is_extension) {
        return None;
    }
    usize::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// A name that is a token, a colon and a value (RFC 9112 §5).
fn is_field(line: &[u8]) -> bool {
    let colon = line.iter().position(|byte| *byte == b':');
    let name = &line[..colon.unwrap_or(0)];
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !name.is_empty() && name.iter().all(is_token)
}

const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..)
}
