use flate2::{Decompress, FlushDecompress, Status};

use super::sink::{End, PIECE, Sink, Stop};

/// Decodes `deflate`: zlib (RFC 1950), as it should be, or bare deflate (RFC 1951), as some send it.
///
/// Which of the two it is can only be guessed (RFC 9110 §8.4.1.2): what begins as zlib and goes on
/// as something else is tried as bare deflate, as browsers do.
pub(super) fn decode(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    if !begins_as_zlib(input) {
        return inflate(input, sink);
    }
    match zlib(input, sink) {
        Err(Stop::Broken(at, why)) => {
            sink.bytes.clear();
            match inflate(input, sink) {
                Err(Stop::Broken(..)) => Err(Stop::Broken(at, why)),
                other => other,
            }
        }
        other => other,
    }
}

/// Whether the first two bytes, or the one there is, are those of zlib (RFC 1950 §2.2).
fn begins_as_zlib(input: &[u8]) -> bool {
    match *input {
        [method, flags, ..] => {
            let check = u16::from_be_bytes([method, flags]);
            method & 0x0f == 8 && method >> 4 <= 7 && check.is_multiple_of(31)
        }
        [method] => method & 0x0f == 8 && method >> 4 <= 7,
        [] => true,
    }
}

fn zlib(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    let Some((&[_, flags], rest)) = input.split_first_chunk::<2>() else {
        return Ok(End::cut(input.len()));
    };
    if flags & 0x20 != 0 {
        return Err(Stop::broken(1, "it needs a dictionary that nobody has"));
    }
    let end = inflate(rest, sink).map_err(|stop| stop.after(2))?;
    let used = end.used + 2;
    if !end.is_whole {
        return Ok(End::cut(used));
    }
    let sum = rest.get(end.used..).and_then(<[u8]>::first_chunk);
    Ok(sum.map_or_else(
        || End::cut(input.len()),
        |sum| End {
            used: used + sum.len(),
            is_whole: true,
            is_sound: u32::from_be_bytes(*sum) == adler(&sink.bytes),
        },
    ))
}

/// Decodes bare deflate as far as it goes.
pub(super) fn inflate(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    Inflater::new().inflate(input, sink)
}

/// What bare deflate is decoded with; to make one takes longer than to decode a few bytes.
pub(super) struct Inflater {
    state: Decompress,
    piece: Vec<u8>,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            state: Decompress::new(false),
            piece: vec![0; PIECE],
        }
    }

    /// Decodes as far as it goes, from the beginning.
    pub(super) fn inflate(&mut self, input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
        let Self { state, piece } = self;
        state.reset(false);
        let mut used = 0;
        loop {
            let before = (state.total_in(), state.total_out());
            let rest = input.get(used..).unwrap_or_default();
            let status = state.decompress(rest, piece, FlushDecompress::None);
            let came = usize::try_from(state.total_out() - before.1).unwrap_or(PIECE);
            used += usize::try_from(state.total_in() - before.0).unwrap_or(0);
            match status {
                Err(_) => return Err(Stop::broken(used, "these are no deflated bytes")),
                Ok(status) => {
                    sink.push(piece.get(..came).unwrap_or_default())?;
                    if status == Status::StreamEnd {
                        return Ok(End {
                            used,
                            is_whole: true,
                            is_sound: true,
                        });
                    }
                }
            }
            if before == (state.total_in(), state.total_out()) {
                return Ok(End::cut(used));
            }
        }
    }
}

/// Adler-32 (RFC 1950 §8.2).
fn adler(bytes: &[u8]) -> u32 {
    // As many bytes as may be added up before the remainder must be taken.
    const RUN: usize = 5_552;
    const PRIME: u32 = 65_521;
    let (mut low, mut high) = (1, 0);
    for run in bytes.chunks(RUN) {
        for byte in run {
            low += u32::from(*byte);
            high += low;
        }
        low %= PRIME;
        high %= PRIME;
    }
    high << 16 | low
}
