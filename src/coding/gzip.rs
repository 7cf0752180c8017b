use flate2::Crc;

use super::inflate::Inflater;
use super::sink::{End, Sink, Stop};

/// Decodes `gzip` (RFC 1952), its members one after the other.
///
/// What follows the last member and does not begin as another is left over, as browsers have it.
pub(super) fn decode(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    let mut inflater = Inflater::new();
    let mut end = member(input, &mut inflater, sink)?;
    while end.is_whole {
        let rest = input.get(end.used..).unwrap_or_default();
        if !rest.starts_with(&MAGIC) {
            break;
        }
        let next = member(rest, &mut inflater, sink).map_err(|stop| stop.after(end.used))?;
        end = End {
            used: end.used + next.used,
            is_whole: next.is_whole,
            is_sound: end.is_sound && next.is_sound,
        };
    }
    Ok(end)
}

fn member(input: &[u8], inflater: &mut Inflater, sink: &mut Sink) -> Result<End, Stop> {
    let Some(start) = header(input)? else {
        return Ok(End::cut(input.len()));
    };
    let rest = input.get(start..).unwrap_or_default();
    let before = sink.bytes.len();
    let end = inflater
        .inflate(rest, sink)
        .map_err(|stop| stop.after(start))?;
    if !end.is_whole {
        return Ok(End::cut(start + end.used));
    }
    let footer = rest.get(end.used..).and_then(<[u8]>::first_chunk::<8>);
    let Some(&[a, b, c, d, sizes @ ..]) = footer else {
        return Ok(End::cut(input.len()));
    };
    let came = sink.bytes.get(before..).unwrap_or_default();
    let mut sum = Crc::new();
    sum.update(came);
    // The size is modulo 2^32 (RFC 1952 §2.3.1), and so is the sum's count.
    let is_sound =
        sum.sum() == u32::from_le_bytes([a, b, c, d]) && sum.amount() == u32::from_le_bytes(sizes);
    Ok(End {
        used: start + end.used + 8,
        is_whole: true,
        is_sound,
    })
}

/// Where the deflated bytes begin (RFC 1952 §2.3); nothing, if the header is cut.
fn header(input: &[u8]) -> Result<Option<usize>, Stop> {
    let wrong = input.iter().zip(MAGIC).position(|(a, b)| *a != b);
    if let Some(at) = wrong {
        return Err(Stop::broken(at, "gzip begins with the bytes 1f 8b 08"));
    }
    let Some(flags) = input.get(3).filter(|_| input.len() >= 10) else {
        return Ok(None);
    };
    if flags & 0xe0 != 0 {
        return Err(Stop::broken(3, "it has flags that gzip does not know"));
    }
    let mut at = 10;
    if flags & EXTRA != 0 {
        let Some(&[low, high]) = input.get(at..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        at += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let mut rest = input.get(at..).unwrap_or_default().iter();
            let Some(length) = rest.position(|byte| *byte == 0) else {
                return Ok(None);
            };
            at += length + 1;
        }
    }
    if flags & HEADER_SUM != 0 {
        at += 2;
    }
    Ok((at <= input.len()).then_some(at))
}

/// The mark of gzip, and deflate, the only method it has.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const HEADER_SUM: u8 = 0x02;
const EXTRA: u8 = 0x04;
const NAME: u8 = 0x08;
const COMMENT: u8 = 0x10;
