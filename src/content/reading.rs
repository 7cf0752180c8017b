use std::sync::Arc;

use super::charset::decoded;
use super::json::{BadJson, Tree};
use super::language::Language;
use super::picture::Picture;
use super::text::Text;

/// JSON that is longer is shown as text: its tree would take many times the room.
const LONGEST_TREE: usize = 16 << 20;

/// A body without its codings, read in every way in which it makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// As text, where it is some.
    pub text: Option<Arc<Text>>,
    /// As a tree, where it is JSON, or why there is none.
    pub tree: Option<Result<Arc<Tree>, BadJson>>,
    /// As a picture, where it is one.
    pub picture: Option<Picture>,
}

impl Reading {
    /// Reads bytes of a media type, as `Content-Type` says it.
    pub fn of(bytes: Arc<[u8]>, content_type: &str) -> Self {
        let picture = Picture::read(&bytes);
        let decoded = match picture {
            Some(_) => None,
            None => decoded(&bytes, content_type),
        };
        let text = decoded.map(|(text, charset)| {
            let language = Language::of(content_type, &text);
            Arc::new(Text::new(text.into(), charset, language))
        });
        let json = text.as_ref().filter(|text| text.language == Language::Json);
        let json = json.filter(|text| text.text.len() <= LONGEST_TREE);
        let tree = json.map(|text| Tree::read(text.text.clone()).map(Arc::new));
        Self {
            bytes,
            text,
            tree,
            picture,
        }
    }
}
