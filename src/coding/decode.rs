use super::limits::{Limit, Limits};
use super::outcome::{CodingError, Decoded, Note};
use super::sink::{End, Sink, Stop};
use super::{brotli, gzip, inflate, zstd};

/// As many codings as may lie on top of each other.
pub const MOST_CODINGS: usize = 8;

/// Takes the codings off a body, the last one first (RFC 9110 §8.4).
///
/// The codings are those of `Content-Encoding`, in its order, in any case. A body that ends too
/// early is decoded as far as it goes; each step keeps to the limits, which count from the wire.
pub fn decode(codings: &[&str], wire: &[u8], limits: Limits) -> Result<Decoded, CodingError> {
    let codings = codings
        .iter()
        .filter(|name| !name.eq_ignore_ascii_case("identity"));
    let codings: Vec<Coding> = codings
        .map(|name| Coding::named(name))
        .collect::<Result<_, _>>()?;
    if codings.len() > MOST_CODINGS {
        return Err(CodingError::TooMany(codings.len()));
    }
    let limit = limits.of(wire.len());
    let mut notes = Vec::new();
    let mut bytes: Option<Vec<u8>> = None;
    for coding in codings.iter().rev() {
        let input = bytes.as_deref().unwrap_or(wire);
        bytes = Some(coding.take_off(input, limit, &mut notes)?);
    }
    Ok(Decoded {
        bytes: bytes.unwrap_or_else(|| wire.to_owned()),
        notes,
    })
}

/// The codings that browsers know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn named(name: &str) -> Result<Self, CodingError> {
        match name.to_ascii_lowercase().as_str() {
            // RFC 9110 §8.4.1.3: x-gzip is the same.
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            "br" => Ok(Self::Brotli),
            "zstd" => Ok(Self::Zstd),
            _ => Err(CodingError::Unknown(name.to_owned())),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    fn take_off(
        self,
        input: &[u8],
        limit: Limit,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<u8>, CodingError> {
        // A body of no bytes has no coding to end: browsers show it as empty.
        if input.is_empty() {
            return Ok(Vec::new());
        }
        let mut sink = Sink::new(limit.most());
        let end = match self {
            Self::Gzip => gzip::decode(input, &mut sink),
            Self::Deflate => inflate::decode(input, &mut sink),
            Self::Brotli => brotli::decode(input, &mut sink),
            Self::Zstd => zstd::decode(input, &mut sink),
        };
        let end = end.map_err(|stop| self.error(stop, limit))?;
        notes.extend(self.note(end, input.len()));
        Ok(sink.bytes)
    }

    fn error(self, stop: Stop, limit: Limit) -> CodingError {
        let coding = self.name();
        match (stop, limit) {
            (Stop::Broken(at, why), _) => CodingError::Broken { coding, at, why },
            (Stop::Full, Limit::Bytes(bytes)) => CodingError::TooLarge { coding, bytes },
            (Stop::Full, Limit::Ratio(_, ratio)) => CodingError::TooDense { coding, ratio },
        }
    }

    fn note(self, end: End, came: usize) -> impl Iterator<Item = Note> {
        let coding = self.name();
        let bytes = came - end.used;
        [
            (!end.is_whole).then_some(Note::Cut { coding }),
            (!end.is_sound).then_some(Note::Unsound { coding }),
            (end.is_whole && bytes > 0).then_some(Note::LeftOver { coding, bytes }),
        ]
        .into_iter()
        .flatten()
    }
}
