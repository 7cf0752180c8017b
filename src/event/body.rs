use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

/// The body of an answer as it was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Bytes that came, chunk framing left out.
    pub bytes: u64,
    /// Bytes that were kept; fewer than came when a limit was reached.
    pub kept: u64,
    /// How many of them came with a former request, whose answer was cut.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub before: u64,
    /// Whether the content codings are off the kept bytes already, as in other tools' archives.
    #[serde(default, rename = "decoded", skip_serializing_if = "is_false")]
    pub is_decoded: bool,
    /// The kept bytes themselves, where the record has them.
    #[serde(flatten)]
    pub content: Option<Content>,
    /// Whether they were here, and made room for those of others.
    #[serde(skip)]
    pub is_let_go: bool,
}

impl Body {
    /// Whether some of it was not kept.
    pub const fn is_cut(&self) -> bool {
        self.kept < self.bytes
    }

    /// The same body, its content left out.
    #[must_use]
    pub const fn without_content(&self) -> Self {
        Self {
            bytes: self.bytes,
            kept: self.kept,
            before: self.before,
            is_decoded: self.is_decoded,
            content: None,
            is_let_go: self.is_let_go,
        }
    }

    /// Gives the kept bytes up.
    pub fn let_go(&mut self) {
        self.is_let_go |= self.content.take().is_some();
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_zero(bytes: &u64) -> bool {
    *bytes == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_false(is_so: &bool) -> bool {
    !*is_so
}

/// Bytes shared by everyone who looks at them; in a record, text or base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Content(pub Arc<[u8]>);

/// How a record writes bytes: as text where they are UTF-8.
#[derive(Serialize, Deserialize)]
enum Written {
    #[serde(rename = "text")]
    Text(String),
    #[serde(rename = "base64")]
    Base64(#[serde(deserialize_with = "from_base64", serialize_with = "to_base64")] Vec<u8>),
}

impl From<Written> for Content {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self(text.into_bytes().into()),
            Written::Base64(bytes) => Self(bytes.into()),
        }
    }
}

impl From<Content> for Written {
    fn from(content: Content) -> Self {
        match str::from_utf8(&content.0) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(content.0.to_vec()),
        }
    }
}

fn to_base64<S: serde::Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&BASE64.encode(bytes))
}

fn from_base64<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    BASE64.decode(text).map_err(serde::de::Error::custom)
}

/// Bodies are large: only their size is of use in a debug line.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were() {
        for bytes in [&b"plain"[..], b"", &[0xff, 0, 0x9b]] {
            let body = Body {
                bytes: 9,
                kept: 3,
                content: Some(Content(bytes.into())),
                ..Body::default()
            };
            let line = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&line).unwrap(), body, "{line}");
        }
        let bare = serde_json::to_string(&Body::default()).unwrap();
        assert_eq!(bare, r#"{"bytes":0,"kept":0}"#);
        assert_eq!(
            serde_json::from_str::<Body>(&bare).unwrap(),
            Body::default()
        );
    }
}
