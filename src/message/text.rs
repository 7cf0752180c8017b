use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The one door for other people's text on its way to a terminal or a page.
///
/// Control characters (C0, DEL, C1) and invisible characters that reorder or hide text are written
/// as `\u{1b}`-like escapes, so that nothing a server says can act on the terminal.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// A part of a URL as a person reads it: what is not ASCII is written out where it is UTF-8.
///
/// All other escapes stay, as in the address bars of browsers: they may stand for what is syntax.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('%') else {
        return Cow::Borrowed(text);
    };
    let (plain, mut rest) = text.split_at(first);
    let mut read = plain.to_owned();
    while let Some(c) = rest.chars().next() {
        let bytes: Vec<u8> = high_bytes(rest).collect();
        match str::from_utf8(&bytes) {
            Ok(known) if !known.is_empty() => {
                read.push_str(known);
                rest = rest.get(bytes.len() * 3..).unwrap_or_default();
            }
            _ => {
                read.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    Cow::Owned(read)
}

/// The bytes that `text` begins with as escapes such as `%E2`, none of them ASCII.
fn high_bytes(text: &str) -> impl Iterator<Item = u8> {
    let triples = text.as_bytes().chunks_exact(3);
    let escaped = triples.map_while(|triple| {
        let [b'%', high, low] = triple else {
            return None;
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        u8::try_from(digit(high)? * 16 + digit(low)?).ok()
    });
    escaped.take_while(|byte| !byte.is_ascii())
}

/// `text` cut to at most `columns` terminal columns, with `…` where something was left out.
pub fn clip(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = match c {
            // It makes the character before it an emoji, one column wider.
            '\u{fe0f}' => 1,
            _ => c.width().unwrap_or(0),
        };
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        kept.push(c);
    }
    if columns > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}

/// How many terminal columns `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_told_and_not_obeyed() {
        assert_eq!(
            visible("a\x1b[2Jb\u{9b}c\u{202e}"),
            "a\\u{1b}[2Jb\\u{9b}c\\u{202e}"
        );
        assert!(matches!(visible("höher"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_not_ascii_is_written_out_and_all_else_stays() {
        for (escaped, read) in [
            ("/plain", "/plain"),
            ("/%E6%97%A5%E6%9C%AC/a%2Fb", "/日本/a%2Fb"),
            ("/caf%c3%a9?q=%20", "/café?q=%20"),
            ("/%FF%E6%97%A5", "/%FF日"),
            ("/%E6%97", "/%E6%97"),
            ("/%F0%9F%98%80%", "/😀%"),
            ("/100%", "/100%"),
        ] {
            assert_eq!(unescaped(escaped), read);
        }
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip("日本語", 6), "日本語");
        assert_eq!(clip("abc", 0), "");
        assert_eq!(clip("⚠️⚠️⚠️", 4), "⚠️⚠…");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_comes_through(text in any::<String>(), columns in 0_usize..40) {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_unsafe));
            prop_assert!(width(&clip(&shown, columns)) <= columns);
        }
    }
}
