use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::sink::{End, Sink, Stop};

/// The largest window that a content coding may ask for (RFC 9659 §3).
const WINDOW: u64 = 8 << 20;

/// Decodes `zstd` (RFC 8878), its frames one after the other.
///
/// What follows the last frame and does not begin as another is left over.
pub(super) fn decode(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(WINDOW);
    let mut wire = Wire {
        bytes: input,
        at: 0,
        is_dry: false,
    };
    let mut is_sound = true;
    loop {
        let is_whole = frame(&mut decoder, &mut wire, sink, &mut is_sound)?;
        if !is_whole || !begins_as_frame(wire.rest()) {
            return Ok(End {
                used: wire.at,
                is_whole,
                is_sound,
            });
        }
    }
}

/// Whether a frame, a skippable one too, begins here (RFC 8878 §3.1).
fn begins_as_frame(input: &[u8]) -> bool {
    let magic = input.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    magic.is_some_and(|magic| magic == 0xfd2f_b528 || magic & !0xf == 0x184d_2a50)
}

/// Decodes a frame; whether it is whole.
fn frame(
    decoder: &mut FrameDecoder,
    wire: &mut Wire<'_>,
    sink: &mut Sink,
    is_sound: &mut bool,
) -> Result<bool, Stop> {
    let start = wire.at;
    match decoder.reset(&mut *wire) {
        Ok(()) => {}
        Err(_) if wire.is_dry => return Ok(false),
        Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
            length,
            ..
        })) => return Ok(wire.skip(length)),
        Err(error) => return Err(Stop::broken(start, words(&error))),
    }
    while !decoder.is_finished() {
        let at = wire.at;
        let step = decoder.decode_blocks(&mut *wire, BlockDecodingStrategy::UptoBlocks(1));
        if step.is_err() && wire.is_dry {
            return hand_over(decoder, sink);
        }
        step.map_err(|error| Stop::broken(at, words(&error)))?;
        collect(decoder, sink)?;
    }
    let said = decoder.get_checksum_from_data();
    *is_sound &= said.is_none_or(|said| decoder.get_calculated_checksum() == Some(said));
    Ok(true)
}

/// Takes what a cut frame holds back for its window, by ending it with an empty block.
fn hand_over(decoder: &mut FrameDecoder, sink: &mut Sink) -> Result<bool, Stop> {
    // A last raw block of no bytes (RFC 8878 §3.1.1.2), and a checksum that nobody looks at.
    let ending = [1, 0, 0, 0, 0, 0, 0];
    if !decoder.is_finished() {
        // Where only the checksum is missing, this reads it; nothing depends on it.
        let _ = decoder.decode_blocks(ending.as_slice(), BlockDecodingStrategy::All);
    }
    collect(decoder, sink)?;
    Ok(false)
}

fn collect(decoder: &mut FrameDecoder, sink: &mut Sink) -> Result<(), Stop> {
    let piece = decoder.collect().unwrap_or_default();
    sink.push(&piece)
}

fn words(error: &FrameDecoderError) -> String {
    let words = if let FrameDecoderError::WindowSizeTooBig { .. } = error {
        "it asks for a window of more than 8 MiB (RFC 9659)"
    } else if let FrameDecoderError::DictNotProvided { .. } = error {
        "it needs a dictionary that nobody has"
    } else {
        "these are no bytes of zstd"
    };
    words.to_owned()
}

/// Bytes that are read one after the other.
struct Wire<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether more were wanted than there are.
    is_dry: bool,
}

impl Wire<'_> {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Leaves bytes out; whether there were so many.
    fn skip(&mut self, length: u32) -> bool {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let left = self.rest().len();
        self.at += length.min(left);
        length <= left
    }
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.rest().read(buffer)?;
        self.is_dry |= taken == 0 && !buffer.is_empty();
        self.at += taken;
        Ok(taken)
    }
}
