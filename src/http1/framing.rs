use crate::message::{Method, ResponseHead, Version};

use super::{Leniency, ProtocolError};

/// How the end of a body is known (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    Empty,
    /// It has this many bytes.
    Length(u64),
    /// It comes in chunks, the last of them empty.
    Chunked,
    /// It ends when the connection does.
    UntilClose,
}

impl Framing {
    /// How the body of the answer `head` to a `method` request is framed.
    ///
    /// Faults that do no harm are added to `passed_over`.
    pub(super) fn of(
        method: &Method,
        head: &ResponseHead,
        passed_over: &mut Vec<Leniency>,
    ) -> Result<Self, ProtocolError> {
        let codings: Vec<&str> = members(head, "transfer-encoding")
            .filter(|coding| !coding.is_empty())
            .collect();
        let length = length(head)?;
        passed_over.extend(faults(head, !codings.is_empty()));
        if !codings.is_empty() && length.is_some() {
            return Err(ProtocolError::LengthAndCoding);
        }
        let bodiless = matches!(head.status, 100..=199 | 204 | 205 | 304);
        if bodiless || method.is_head() {
            return Ok(Self::Empty);
        }
        let is_chunked = codings
            .last()
            .is_some_and(|last| last.eq_ignore_ascii_case("chunked"));
        Ok(match length {
            Some(length) => Self::Length(length),
            // RFC 9112 §6.1: HTTP/1.0 does not know the field; its sender cannot be relied on.
            None if is_chunked && head.version == Version::Http11 => Self::Chunked,
            None => Self::UntilClose,
        })
    }
}

/// What is wrong with how `head` frames its body, and does no harm.
fn faults(head: &ResponseHead, is_coded: bool) -> impl Iterator<Item = Leniency> {
    let lengths = members(head, "content-length").count();
    // A 304 says the length that a 200 would have had (RFC 9110 §8.6).
    let is_framed = is_coded || (lengths > 0 && head.status != 304);
    let is_empty = matches!(head.status, 204 | 304);
    let status = head.status;
    [
        (lengths > 1).then_some(Leniency::LengthRepeated),
        (is_empty && is_framed).then_some(Leniency::FramedNothing { status }),
        (is_coded && head.version == Version::Http10).then_some(Leniency::CodingInHttp10),
    ]
    .into_iter()
    .flatten()
}

/// The members of a field that frames: only space and tab are blank (RFC 9110 §5.6.3), whatever
/// else a Unicode text may call so.
fn members<'a>(head: &'a ResponseHead, name: &'a str) -> impl Iterator<Item = &'a str> {
    head.headers
        .all(name)
        .flat_map(|value| value.split(','))
        .map(|member| member.trim_matches([' ', '\t']))
}

/// The length that `Content-Length` says, on as many lines or as often as it does (RFC 9110 §8.6).
fn length(head: &ResponseHead) -> Result<Option<u64>, ProtocolError> {
    let mut known = None;
    for member in members(head, "content-length") {
        let is_number = !member.is_empty() && member.bytes().all(|byte| byte.is_ascii_digit());
        let length = member.parse::<u64>().ok().filter(|_| is_number);
        let length = length.ok_or_else(|| ProtocolError::Length(member.to_owned()))?;
        match known {
            Some(other) if other != length => {
                return Err(ProtocolError::TwoLengths(other, length));
            }
            Some(_) | None => known = Some(length),
        }
    }
    Ok(known)
}
