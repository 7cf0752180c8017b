//! What came, as people read it: text in any charset, JSON as a tree, pictures.
//!
//! This room is handed bytes and a media type; it knows no requests, draws nothing and fetches nothing.

mod charset;
mod ink;
mod json;
mod language;
mod picture;
mod reading;
mod text;

pub use charset::{Charset, Told};
pub use ink::{Ink, Stroke};
pub use json::{BadJson, Kind, Node, Tree};
pub use language::Language;
pub use picture::{BadPicture, Blocks, Picture, Pixels};
pub use reading::Reading;
pub use text::Text;
