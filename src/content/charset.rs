use std::fmt;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// In which charset a text is, and how that became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    /// Its name, as the Encoding Standard has it.
    pub name: &'static str,
    /// Who said so.
    pub told: Told,
    /// Whether there were bytes that are no character in it.
    pub has_faults: bool,
}

/// Who said in which charset a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A byte-order mark at its beginning.
    Mark,
    /// The `charset` of `Content-Type`.
    Header,
    /// The text itself, in its first kilobyte.
    Inside,
    /// Nobody: its bytes are UTF-8.
    Bytes,
    /// Nobody: browsers take this one then.
    Nobody,
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = match self.told {
            Told::Mark => "as a byte-order mark says",
            Told::Header => "as Content-Type says",
            Told::Inside => "as the text says itself",
            Told::Bytes => "which nobody says, but its bytes are",
            Told::Nobody => "which nobody says; browsers take it then",
        };
        write!(f, "{}, {told}", self.name)?;
        if self.has_faults {
            f.write_str("; some bytes are no character in it, shown as \u{fffd}")?;
        }
        Ok(())
    }
}

/// As much of a text as is looked at for what it says of itself (HTML Standard, 13.2.3.2).
const PROLOGUE: usize = 1_024;

/// The bytes as text; nothing where they are none, by their type or by what they are.
///
/// `content_type` is the whole value of the header. A last character that is cut does not count.
pub(super) fn decoded(bytes: &[u8], content_type: &str) -> Option<(String, Charset)> {
    let (encoding, told) = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => (encoding, Told::Mark),
        None => named(bytes, content_type)?,
    };
    let whole = without_cut(bytes, encoding);
    let (text, encoding, has_faults) = encoding.decode(whole);
    let charset = Charset {
        name: encoding.name(),
        told,
        has_faults,
    };
    Some((text.into_owned(), charset))
}

fn named(bytes: &[u8], content_type: &str) -> Option<(&'static Encoding, Told)> {
    let header = parameter(content_type, "charset");
    if let Some(encoding) = header.and_then(|label| Encoding::for_label(label.as_bytes())) {
        return Some((encoding, Told::Header));
    }
    let is_utf8 = match str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    if let Some(encoding) = inside(bytes) {
        return Some((encoding, Told::Inside));
    }
    if is_utf8 {
        return Some((UTF_8, Told::Bytes));
    }
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is_text = essence.to_ascii_lowercase().starts_with("text/");
    // Bytes that no text has are none, whatever is said.
    let is_binary = bytes
        .iter()
        .take(PROLOGUE)
        .any(|byte| matches!(byte, 0..=8 | 0xe..=0x1a));
    (is_text && !is_binary).then_some((WINDOWS_1252, Told::Nobody))
}

/// A parameter of a media type, its quotes taken off (RFC 9110 §5.6.6).
pub(super) fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    let parameters = content_type.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"'))
}

/// What the beginning of HTML, XML or CSS says of its own charset.
fn inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let start: String = bytes
        .iter()
        .take(PROLOGUE)
        .map(|byte| char::from(*byte))
        .collect();
    let lower = start.to_ascii_lowercase();
    let behind = if lower.starts_with("@charset \"") || lower.starts_with("<?xml") {
        let mark = if lower.starts_with('@') {
            "@charset "
        } else {
            "encoding="
        };
        lower.split_once(mark)?.1
    } else {
        let meta = lower.split("<meta").skip(1);
        let tags = meta.filter_map(|rest| rest.split('>').next());
        tags.filter_map(|tag| tag.split_once("charset="))
            .map(|(_, rest)| rest)
            .next()?
    };
    let label = behind.trim_start_matches(['"', '\'', ' ']);
    let label = label.split(['"', '\'', ' ', ';', '/', '?', '>']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // What is read byte by byte here cannot be UTF-16.
    Some(if encoding.is_ascii_compatible() {
        encoding
    } else {
        UTF_8
    })
}

/// The bytes without a last character of UTF-8 of which a part is missing.
fn without_cut<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> &'a [u8] {
    match str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or(bytes)
        }
        Ok(_) | Err(_) => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8], content_type: &str) -> Option<(String, String)> {
        let (text, charset) = decoded(bytes, content_type)?;
        Some((text, charset.to_string()))
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of charsets")]
    fn whoever_knows_best_is_asked_first() {
        for (bytes, content_type, text, charset) in [
            (
                &b"\xef\xbb\xbfa"[..],
                "text/html; charset=latin1",
                "a",
                "UTF-8, as a byte-order mark says",
            ),
            (
                b"\xfc",
                "text/plain; CHARSET=\"ISO-8859-1\"",
                "ü",
                "windows-1252, as Content-Type says",
            ),
            (
                b"\x93\xfa\x96\x7b",
                "text/html; charset=Shift_JIS",
                "日本",
                "Shift_JIS, as Content-Type says",
            ),
            (
                b"<meta charset=koi8-r>\xf2",
                "text/html",
                "<meta charset=koi8-r>Р",
                "KOI8-R, as the text says itself",
            ),
            (
                b"<?xml version='1.0' encoding='iso-8859-2'?>\xb1",
                "text/xml",
                "<?xml version='1.0' encoding='iso-8859-2'?>ą",
                "ISO-8859-2, as the text says itself",
            ),
            (
                b"@charset \"gbk\";\xc4\xe3",
                "text/css",
                "@charset \"gbk\";你",
                "GBK, as the text says itself",
            ),
            (
                "grün".as_bytes(),
                "",
                "grün",
                "UTF-8, which nobody says, but its bytes are",
            ),
            (
                b"gr\xfcn",
                "text/plain",
                "grün",
                "windows-1252, which nobody says; browsers take it then",
            ),
            (
                b"caf\xc3",
                "",
                "caf",
                "UTF-8, which nobody says, but its bytes are",
            ),
            (
                b"\xff\xfea\0",
                "",
                "a",
                "UTF-16LE, as a byte-order mark says",
            ),
        ] {
            let told = told(bytes, content_type);
            assert_eq!(told, Some((text.to_owned(), charset.to_owned())));
        }
        let (_, faulty) = told(b"a\xffb", "text/plain; charset=utf-8").unwrap();
        assert!(faulty.ends_with("shown as \u{fffd}"), "{faulty}");
    }

    #[test]
    fn what_is_no_text_is_none() {
        assert_eq!(told(b"\x89PNG\r\n\x1a\n", "image/png"), None);
        assert_eq!(told(b"gr\xfcn", "application/octet-stream"), None);
        assert_eq!(told(b"\xff\0\x01\x02", "text/plain"), None);
        assert_eq!(told(b"caf\xc3!", ""), None);
    }
}
