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
