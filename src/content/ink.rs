use std::ops::Range;

use super::language::Language;

/// What a piece of a text is, which gives it its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A name: of a tag, a property, a key.
    Name,
    /// Text between quotes.
    Quoted,
    /// A number, or a word that stands for a value.
    Value,
    /// A word of the language.
    Keyword,
    /// A comment.
    Comment,
}

/// A piece of a text, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    start: u32,
    end: u32,
    /// What it is.
    pub ink: Ink,
}

impl Stroke {
    /// Where it is.
    pub const fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The pieces of a text that have a colour, in order.
///
/// Nothing is understood beyond words, quotes, comments and tags: a text that is broken is coloured as
/// far as it goes.
pub(super) fn strokes(text: &str, language: Language) -> Vec<Stroke> {
    let mut pen = Pen {
        text,
        at: 0,
        strokes: Vec::new(),
    };
    match language {
        Language::Plain => {}
        Language::Markup => pen.markup(),
        Language::Json | Language::Style | Language::Script => pen.code(language, text.len()),
    }
    pen.strokes
}

/// Goes through a text, byte by byte; what it compares is ASCII, so it never cuts a character.
struct Pen<'a> {
    text: &'a str,
    at: usize,
    strokes: Vec<Stroke>,
}

impl Pen<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn has(&self, what: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..);
        rest.is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    fn stroke(&mut self, end: usize, ink: Ink) {
        let end = end.min(self.text.len());
        if let (Ok(start), Ok(stop)) = (u32::try_from(self.at), u32::try_from(end))
            && start < stop
        {
            let end = stop;
            self.strokes.push(Stroke { start, end, ink });
        }
        self.at = end;
    }

    /// The place behind the next `what`, or the end.
    fn behind(&self, what: &str, from: usize, end: usize) -> usize {
        let rest = self.text.as_bytes().get(from..end).unwrap_or_default();
        let found = rest
            .windows(what.len().max(1))
            .position(|piece| piece == what.as_bytes());
        found.map_or(end, |at| from + at + what.len())
    }

    /// The place behind a string that begins here; one that is not closed ends with its line.
    fn behind_quote(&self, quote: u8, end: usize) -> usize {
        let mut at = self.at + 1;
        while at < end {
            match self.byte(at) {
                Some(b'\\') => at += 1,
                Some(b'\n') if quote != b'`' => return at,
                Some(byte) if byte == quote => return at + 1,
                _ => {}
            }
            at += 1;
        }
        end
    }

    fn behind_word(&self, end: usize, is_of_it: fn(u8) -> bool) -> usize {
        let mut at = self.at;
        while at < end && self.byte(at).is_some_and(is_of_it) {
            at += 1;
        }
        at
    }

    /// JSON, CSS and JavaScript, up to `end`.
    fn code(&mut self, language: Language, end: usize) {
        while self.at < end {
            let Some(byte) = self.byte(self.at) else {
                return;
            };
            match byte {
                b'/' if self.has("/*") && language != Language::Json => {
                    let end = self.behind("*/", self.at + 2, end);
                    self.stroke(end, Ink::Comment);
                }
                b'/' if self.has("//") && language == Language::Script => {
                    let end = self.behind("\n", self.at, end);
                    self.stroke(end, Ink::Comment);
                }
                b'"' | b'\'' | b'`' => {
                    let end = self.behind_quote(byte, end);
                    let ink = self.of_string(language, end);
                    self.stroke(end, ink);
                }
                b'0'..=b'9' | b'#' if byte != b'#' || language == Language::Style => {
                    let is_of_it =
                        |byte: u8| byte.is_ascii_alphanumeric() || b".%#_-+".contains(&byte);
                    let end = self.behind_word(end, is_of_it);
                    self.stroke(end, Ink::Value);
                }
                b'@' if language == Language::Style => {
                    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"@-".contains(&byte);
                    let end = self.behind_word(end, is_of_it);
                    self.stroke(end, Ink::Keyword);
                }
                byte if is_of_word(byte) => self.word(language, end),
                _ => self.at += 1,
            }
        }
    }

    /// A key of JSON is a name.
    fn of_string(&self, language: Language, end: usize) -> Ink {
        let is_blank = |byte: &u8| byte.is_ascii_whitespace();
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let next = rest.iter().find(|byte| !is_blank(byte));
        if language == Language::Json && next == Some(&b':') {
            Ink::Name
        } else {
            Ink::Quoted
        }
    }

    fn word(&mut self, language: Language, end: usize) {
        let is_of_it = if language == Language::Style {
            |byte: u8| is_of_word(byte) || byte == b'-'
        } else {
            is_of_word
        };
        let behind = self.behind_word(end, is_of_it);
        let word = self.text.get(self.at..behind).unwrap_or_default();
        let is_property = language == Language::Style && self.byte(behind) == Some(b':');
        if is_property {
            self.stroke(behind, Ink::Name);
        } else if ["true", "false", "null", "undefined", "NaN"].contains(&word) {
            self.stroke(behind, Ink::Value);
        } else if language == Language::Script && KEYWORDS.contains(&word) {
            self.stroke(behind, Ink::Keyword);
        } else {
            self.at = behind;
        }
    }

    /// HTML, with what is between its `script` and `style` tags, and XML.
    fn markup(&mut self) {
        let end = self.text.len();
        while self.at < end {
            if self.has("<!--") {
                let behind = self.behind("-->", self.at, end);
                self.stroke(behind, Ink::Comment);
            } else if self.byte(self.at) == Some(b'<') {
                self.tag(end);
            } else if self.byte(self.at) == Some(b'&') {
                let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"&#".contains(&byte);
                let behind = self.behind_word(end, is_of_it);
                self.stroke(behind, Ink::Value);
            } else {
                let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                let next = rest.iter().position(|byte| matches!(byte, b'<' | b'&'));
                self.at = next.map_or(end, |next| self.at + next);
            }
        }
    }

    fn tag(&mut self, end: usize) {
        let start = self.at;
        self.at += 1;
        let is_of_it = |byte: u8| is_of_word(byte) || b"-:/!?".contains(&byte);
        let behind = self.behind_word(end, is_of_it);
        let name = self
            .text
            .get(self.at..behind)
            .unwrap_or_default()
            .to_ascii_lowercase();
        self.at = start;
        self.stroke(behind, Ink::Keyword);
        self.attributes(end);
        let language = match name.as_str() {
            "script" => Language::Script,
            "style" => Language::Style,
            _ => return,
        };
        let close = format!("</{name}");
        let stop = self.behind(&close, self.at, end);
        let stop = if stop < end { stop - close.len() } else { end };
        self.code(language, stop);
    }

    /// What stands in a tag, and its end.
    fn attributes(&mut self, end: usize) {
        while self.at < end {
            let Some(byte) = self.byte(self.at) else {
                return;
            };
            match byte {
                b'>' => {
                    self.stroke(self.at + 1, Ink::Keyword);
                    return;
                }
                b'<' => return,
                b'"' | b'\'' => {
                    let quote = if byte == b'"' { "\"" } else { "'" };
                    let behind = self.behind(quote, self.at + 1, end);
                    self.stroke(behind, Ink::Quoted);
                }
                byte if is_of_word(byte) => {
                    let is_of_it = |byte: u8| is_of_word(byte) || b"-:@.".contains(&byte);
                    let behind = self.behind_word(end, is_of_it);
                    self.stroke(behind, Ink::Name);
                }
                _ => self.at += 1,
            }
        }
    }
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

const KEYWORDS: &[&str] = &[
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "of",
    "return",
    "set",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "try",
    "type",
    "typeof",
    "var",
    "void",
    "while",
    "yield",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str, language: Language) -> String {
        let strokes = strokes(text, language).into_iter();
        let piece = |stroke: &Stroke| text.get(stroke.range()).unwrap();
        let told = strokes.map(|stroke| format!("{:?}({})", stroke.ink, piece(&stroke)));
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_quotes_comments_and_tags_are_told_apart() {
        for (text, language, expected) in [
            (
                "{\"a\" : [\"b\\\"c\", -1.5e3, true]}",
                Language::Json,
                "Name(\"a\") Quoted(\"b\\\"c\") Value(1.5e3) Value(true)",
            ),
            (
                "@media x{a-b:#fff 5px/*c*/}",
                Language::Style,
                "Keyword(@media) Name(a-b) Value(#fff) Value(5px) Comment(/*c*/)",
            ),
            (
                "let x1='a' // b\nreturn `c\nd`",
                Language::Script,
                "Keyword(let) Quoted('a') Comment(// b\n) Keyword(return) Quoted(`c\nd`)",
            ),
            (
                "<p id=\"x\">&amp; <!--c--></p>",
                Language::Markup,
                "Keyword(<p) Name(id) Quoted(\"x\") Keyword(>) Value(&amp) Comment(<!--c-->) Keyword(</p) Keyword(>)",
            ),
            (
                "<script>var a</script>",
                Language::Markup,
                "Keyword(<script) Keyword(>) Keyword(var) Keyword(</script) Keyword(>)",
            ),
            ("let x", Language::Plain, ""),
        ] {
            assert_eq!(told(text, language), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_text_strokes_are_apart_in_order_and_whole(text in any::<String>()) {
            for language in [Language::Json, Language::Markup, Language::Style, Language::Script] {
                let mut end = 0;
                for stroke in strokes(&text, language) {
                    let range = stroke.range();
                    prop_assert!(end <= range.start && range.start < range.end);
                    prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}
