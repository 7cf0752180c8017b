use httparse::{EMPTY_HEADER, Error, Header, Status};

use crate::message::{Headers, ResponseHead, Version};

use super::ProtocolError;

/// As many bytes of a head as Chromium reads.
pub(super) const MAX_HEAD: usize = 256 * 1024;
/// As many header lines as are read.
pub(super) const MAX_LINES: usize = 1000;
/// A table for so many is at hand without asking for memory.
const USUAL_LINES: usize = 64;

const SET_COOKIE: &[u8] = b"set-cookie:";

/// Where the head in `buffer` ends, the empty line included; `from` bytes are known not to end it.
pub(super) fn end_of_head(buffer: &[u8], from: usize) -> Option<usize> {
    let start = from.saturating_sub(3);
    let newline = |i: &usize| buffer.get(*i) == Some(&b'\n');
    (start..buffer.len())
        .filter(newline)
        .find_map(|i| match buffer.get(i + 1..) {
            Some([b'\n', ..]) => Some(i + 2),
            Some([b'\r', b'\n', ..]) => Some(i + 3),
            _ => None,
        })
}

/// Whether `start` can still become a status line.
pub(super) fn could_be_http(start: &[u8]) -> bool {
    let known = start.len().min(5);
    start.get(..known) == b"HTTP/".get(..known)
}

/// Reads a complete head.
///
/// A control character makes a header line malformed, and with it the head (RFC 9110 §5.5). In
/// `Set-Cookie` it makes the cookie one that is refused (RFC 6265bis §5.6), so that it is kept.
pub(super) fn read_head(bytes: &[u8]) -> Result<ResponseHead, ProtocolError> {
    match parse(bytes, bytes) {
        Err(Error::HeaderValue) => match without_controls(bytes) {
            Some(clean) => parse(&clean, bytes),
            None => Err(Error::HeaderValue),
        },
        parsed => parsed,
    }
    .map_err(|error| explain(error, bytes))?
    .ok_or(ProtocolError::HeaderLine("it is cut (RFC 9112 §5)"))
}

/// The head as bytes of the same length, with another byte for each control character in the value
/// of `Set-Cookie`; nothing if there is none.
fn without_controls(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut clean = bytes.to_vec();
    for line in clean.split_mut(|byte| *byte == b'\n') {
        let line = match line {
            [line @ .., b'\r'] | line => line,
        };
        let name = line.get(..SET_COOKIE.len()).unwrap_or_default();
        if !name.eq_ignore_ascii_case(SET_COOKIE) {
            continue;
        }
        let is_control = |byte: &&mut u8| byte.is_ascii_control() && !matches!(**byte, b'\t' | 0);
        line.iter_mut()
            .filter(is_control)
            .for_each(|byte| *byte = b'?');
    }
    (clean != bytes).then_some(clean)
}

/// Reads `text`, and takes the values out of `original` at the same places; nothing if it is cut.
fn parse(text: &[u8], original: &[u8]) -> Result<Option<ResponseHead>, Error> {
    match parse_into(&mut [EMPTY_HEADER; USUAL_LINES], text, original) {
        Err(Error::TooManyHeaders) => {
            parse_into(&mut vec![EMPTY_HEADER; MAX_LINES], text, original)
        }
        parsed => parsed,
    }
}

fn parse_into<'a>(
    lines: &mut [Header<'a>],
    text: &'a [u8],
    original: &[u8],
) -> Result<Option<ResponseHead>, Error> {
    let mut response = httparse::Response::new(lines);
    if response.parse(text)?.is_partial() {
        return Ok(None);
    }
    let value = |value: &[u8]| {
        let start = value.as_ptr().addr().checked_sub(text.as_ptr().addr());
        let same = start.and_then(|start| original.get(start..)?.get(..value.len()));
        isomorphic(same.unwrap_or(value))
    };
    let headers = response.headers.iter();
    Ok(Some(ResponseHead {
        version: if response.version == Some(0) {
            Version::Http10
        } else {
            Version::Http11
        },
        status: response.code.ok_or(Error::Status)?,
        reason: reason(original),
        headers: headers
            .map(|line| (line.name.to_owned(), value(line.value)))
            .collect(),
    }))
}

/// Reads a complete trailer section, its empty line included (RFC 9112 §7.1.2).
pub(super) fn read_trailers(section: &[u8]) -> Result<Headers, ProtocolError> {
    let mut lines = vec![EMPTY_HEADER; MAX_LINES];
    match httparse::parse_headers(section, &mut lines) {
        Ok(Status::Complete((_, lines))) => Ok(lines
            .iter()
            .map(|line| (line.name.to_owned(), isomorphic(line.value)))
            .collect()),
        Err(Error::TooManyHeaders) => Err(ProtocolError::TooManyHeaders { limit: MAX_LINES }),
        Ok(Status::Partial) | Err(_) => Err(ProtocolError::Trailer),
    }
}

/// The whole lines of a head that is cut, as a complete one; nothing if there is none.
pub(super) fn whole_lines(cut: &[u8]) -> Option<Vec<u8>> {
    let end = cut.iter().rposition(|byte| *byte == b'\n')?;
    let mut whole = cut.get(..=end)?.to_vec();
    whole.extend_from_slice(b"\r\n");
    Some(whole)
}

/// Whether a line of a head ends in LF alone.
pub(super) fn has_bare_line_feed(head: &[u8]) -> bool {
    head.split_inclusive(|byte| *byte == b'\n')
        .any(|line| line.ends_with(b"\n") && !line.ends_with(b"\r\n"))
}

/// The reason phrase of a well-formed head; httparse leaves it out where it is not ASCII.
fn reason(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let phrase = line.splitn(3, |byte| *byte == b' ').nth(2);
    isomorphic(phrase.unwrap_or_default())
}

/// Bytes as characters of the same number, so that none is lost.
pub(super) fn isomorphic(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Which rule a head breaks.
fn explain(error: Error, bytes: &[u8]) -> ProtocolError {
    match error {
        Error::HeaderName => ProtocolError::HeaderLine(wrong_name(bytes)),
        Error::HeaderValue => {
            ProtocolError::HeaderLine("a value has a control character (RFC 9110 §5.5)")
        }
        Error::NewLine => {
            ProtocolError::HeaderLine("a carriage return stands alone (RFC 9112 §2.2)")
        }
        Error::TooManyHeaders => ProtocolError::TooManyHeaders { limit: MAX_LINES },
        Error::Token | Error::Status | Error::Version => ProtocolError::StatusLine,
    }
}

/// What is wrong with the first line that does not begin with a name and a colon.
fn wrong_name(bytes: &[u8]) -> &'static str {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    for line in bytes.split(|byte| *byte == b'\n').skip(1) {
        if line.first().is_some_and(is_blank) {
            return "it is folded into a second line, which is obsolete (RFC 9112 §5.2)";
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return "it has no colon (RFC 9112 §5)";
        };
        let name = line.get(..colon).unwrap_or_default();
        if name.last().is_some_and(is_blank) {
            return "a blank stands before the colon (RFC 9112 §5.1)";
        }
        if name.is_empty() || !name.iter().copied().all(is_token) {
            break;
        }
    }
    "its name is empty or has a character it may not have (RFC 9110 §5.1)"
}

/// Whether a name may have this character (RFC 9110 §5.6.2).
const fn is_token(byte: u8) -> bool {
    let is_mark = matches!(
        byte,
        b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~'
    );
    byte.is_ascii_alphanumeric() || is_mark
}
