use crate::message::visible;

/// A word joiner: it takes no room, and parts what would otherwise be a mention or a reference.
const JOINER: char = '\u{2060}';

/// Text that Markdown shows as it is: no markup, no HTML, no mention and no link comes of it.
pub(super) fn prose(text: &str) -> String {
    let safe = visible(text);
    let mut escaped = String::with_capacity(safe.len());
    let mut rest = safe.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // It means something in `://` and around the names of emoji, and nothing before a blank.
            ':' if rest.peek().is_none_or(|next| *next == ' ') => escaped.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | ':' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // `@somebody` and `#12` would call somebody, or name an issue.
            '@' | '#' => escaped.extend([c, JOINER]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text between backticks, as many as it takes; a pipe in it ends no cell (GFM §4.10).
pub(super) fn code(text: &str) -> String {
    let safe = visible(text);
    let mut longest = 0;
    let mut run = 0;
    for c in safe.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let is_touching = safe.starts_with('`') || safe.ends_with('`');
    let room = if is_touching || safe.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{room}{}{room}{fence}", safe.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_prose_is_markup() {
        for (text, escaped) in [
            ("wait: 5 ms, at most", "wait: 5 ms, at most"),
            ("*a* _b_ [c](d) `e`", r"\*a\* \_b\_ \[c\](d) \`e\`"),
            ("<b>&amp;</b>|x", r"&lt;b&gt;&amp;amp;&lt;/b&gt;\|x"),
            ("see http://a.test :tada:", r"see http\://a.test \:tada:"),
            ("@you, #12", "@\u{2060}you, #\u{2060}12"),
            ("a\nb\x1b[2J", r"a\\u{a}b\\u{1b}\[2J"),
        ] {
            assert_eq!(prose(text), escaped, "{text}");
        }
    }

    #[test]
    fn code_ends_where_it_should() {
        for (text, escaped) in [
            ("GET /", "`GET /`"),
            ("a|b", r"`a\|b`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("`a", "`` `a ``"),
            ("", "`  `"),
        ] {
            assert_eq!(code(text), escaped, "{text}");
        }
    }
}
