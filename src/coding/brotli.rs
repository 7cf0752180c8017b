use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::sink::{End, PIECE, Sink, Stop};

/// Decodes `br` (RFC 7932), its windows of 16 MiB at most.
pub(super) fn decode(input: &[u8], sink: &mut Sink) -> Result<End, Stop> {
    let memory = StandardAlloc::default;
    let mut state = BrotliState::new_strict(memory(), memory(), memory());
    let mut piece = vec![0; PIECE];
    let (mut left, mut used, mut total) = (input.len(), 0, 0);
    loop {
        let (mut room, mut came) = (piece.len(), 0);
        let result = BrotliDecompressStream(
            &mut left, &mut used, input, &mut room, &mut came, &mut piece, &mut total, &mut state,
        );
        if !matches!(result, BrotliResult::ResultFailure) {
            sink.push(piece.get(..came).unwrap_or_default())?;
        }
        match result {
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::NeedsMoreInput => return Ok(End::cut(used)),
            BrotliResult::ResultSuccess => {
                return Ok(End {
                    used,
                    is_whole: true,
                    is_sound: true,
                });
            }
            BrotliResult::ResultFailure => {
                return Err(Stop::broken(used, "these are no bytes of brotli"));
            }
        }
    }
}
