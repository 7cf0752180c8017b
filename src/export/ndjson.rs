use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::event::{Event, Fact};

/// Whether a record carries the bytes of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// As they were kept.
    Kept,
    /// Their sizes only.
    Left,
}

/// One fact as one line of JSON, the line end included.
///
/// The line is safe to show on a terminal: DEL and the C1 controls are escaped, which plain JSON
/// leaves raw.
pub fn line(event: &Event, bodies: Bodies) -> String {
    let bare;
    let event = match (&event.fact, bodies) {
        (Fact::BodyKept { request, body }, Bodies::Left) => {
            let body = body.without_content();
            bare = Event {
                at: event.at,
                fact: Fact::BodyKept {
                    request: *request,
                    body,
                },
            };
            &bare
        }
        (
            Fact::RequestSent {
                content: Some(_), ..
            },
            Bodies::Left,
        ) => {
            let mut without = event.clone();
            if let Fact::RequestSent { content, .. } = &mut without.fact {
                *content = None;
            }
            bare = without;
            &bare
        }
        (Fact::AnswerReplaced { .. }, Bodies::Left) => {
            let mut without = event.clone();
            if let Fact::AnswerReplaced { body, .. } = &mut without.fact {
                *body = body.without_content();
            }
            bare = without;
            &bare
        }
        _ => event,
    };
    written(event)
}

/// Plain data as one line of JSON, the line end included, without any control character.
pub(super) fn written(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(256);
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, Careful));
    bytes.push(b'\n');
    // Plain data has a form in JSON, and JSON is UTF-8.
    written
        .ok()
        .and_then(|()| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Writes JSON on one line, without any control character.
struct Careful;

impl Formatter for Careful {
    fn write_string_fragment<W>(&mut self, to: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let is_safe = |c: char| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
        if fragment.chars().all(is_safe) {
            return CompactFormatter.write_string_fragment(to, fragment);
        }
        for c in fragment.chars() {
            if is_safe(c) {
                to.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            } else {
                write!(to, "\\u{:04x}", u32::from(c))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Moment, RequestId, StoredVerdict};

    #[test]
    fn no_control_character_comes_through_raw_and_all_come_back() {
        let words: String = (0..=0xa0_u32).filter_map(char::from_u32).collect();
        let verdict = StoredVerdict {
            hit: false,
            how: None,
            words,
            browsers: None,
            entry: Vec::new(),
        };
        let fact = Fact::CacheAnswered {
            request: RequestId(1),
            verdict,
        };
        let event = Event {
            at: Moment(5),
            fact,
        };
        let line = line(&event, Bodies::Left);
        assert!(
            !line.trim_end_matches('\n').chars().any(char::is_control),
            "{line:?}"
        );
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
    }
}
