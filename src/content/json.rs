use std::ops::Range;
use std::sync::Arc;

/// JSON as a tree, with every value as it was written: numbers are not rounded, members that are
/// there twice stay twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    text: Arc<str>,
    nodes: Vec<Node>,
}

/// A value in a tree; those within it stand right behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// How deep it stands.
    pub depth: u32,
    /// What it is.
    pub kind: Kind,
    /// How many values stand in it.
    pub size: u32,
    /// The value that it stands in; itself for the first.
    parent: u32,
    /// The place behind the last value within it.
    end: u32,
    /// Which of its parent's values it is, from 0.
    nth: u32,
    key: Option<Span>,
    value: Span,
}

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`.
    Object,
    /// `[…]`.
    Array,
    /// `"…"`.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// Where a text is no JSON (RFC 8259).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no JSON at line {line}, column {column}: {expected} was expected")]
pub struct BadJson {
    /// The line, from 1.
    pub line: usize,
    /// The character within it, from 1.
    pub column: usize,
    /// What should stand there.
    pub expected: &'static str,
}

impl Tree {
    /// Reads a text; however deep it is nested, the stack is not.
    pub fn read(text: Arc<str>) -> Result<Self, BadJson> {
        let mut reader = Reader {
            text: &text,
            at: 0,
            nodes: Vec::new(),
            open: Vec::new(),
        };
        match reader.read() {
            Ok(()) => {
                let nodes = reader.nodes;
                Ok(Self { text, nodes })
            }
            Err(expected) => {
                let at = reader.at;
                let before = text.get(..at).unwrap_or(&text);
                let line = before.rsplit('\n').next().unwrap_or_default();
                Err(BadJson {
                    line: before.matches('\n').count() + 1,
                    column: line.chars().count() + 1,
                    expected,
                })
            }
        }
    }

    /// Its values, each before those within it.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The name of a member, as it was written, without its quotes.
    pub fn key(&self, node: &Node) -> Option<&str> {
        let span = node.key?;
        self.text
            .get(span.start as usize + 1..span.end as usize - 1)
    }

    /// A value as it was written.
    pub fn value(&self, node: &Node) -> &str {
        let span = node.value;
        let range = span.start as usize..span.end as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// The place behind all that is within the value at `place`.
    pub fn end(&self, place: usize) -> usize {
        self.nodes
            .get(place)
            .map_or(place + 1, |node| node.end as usize)
    }

    /// The place of the value that the one at `place` stands in; nothing for the first.
    pub fn parent(&self, place: usize) -> Option<usize> {
        let node = self.nodes.get(place)?;
        (node.parent as usize != place).then_some(node.parent as usize)
    }

    /// The way to a value as `JSONPath` has it (RFC 9535): `$.users[0]['full name']`.
    pub fn path(&self, place: usize) -> String {
        let mut steps = Vec::new();
        let mut at = place;
        while let (Some(node), Some(parent)) = (self.nodes.get(at), self.parent(at)) {
            steps.push(match self.key(node) {
                Some(key) if is_name(key) => format!(".{key}"),
                Some(key) => format!("['{}']", key.replace("\\\"", "\"").replace('\'', "\\'")),
                None => format!("[{}]", node.nth),
            });
            at = parent;
        }
        steps.push("$".to_owned());
        steps.reverse();
        steps.concat()
    }
}

fn is_name(key: &str) -> bool {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    key.starts_with(is_first) && key.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The objects and arrays that are not closed yet.
    open: Vec<usize>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), &'static str> {
        self.value(None)?;
        while let Some(place) = self.open.last().copied() {
            self.next_in(place)?;
        }
        self.blanks();
        if self.at < self.text.len() {
            return Err("the end");
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    /// The next value of the innermost object or array, or its end.
    fn next_in(&mut self, place: usize) -> Result<(), &'static str> {
        let Some(node) = self.nodes.get(place) else {
            return Err("a value");
        };
        let (is_object, is_first) = (node.kind == Kind::Object, node.size == 0);
        let (close, expected) = if is_object {
            (b'}', ", or }")
        } else {
            (b']', ", or ]")
        };
        self.blanks();
        if self.takes(close) {
            self.close(place);
            return Ok(());
        }
        if !is_first && !self.takes(b',') {
            return Err(expected);
        }
        self.blanks();
        if !is_object {
            return self.value(None);
        }
        let key = self.string().map_err(|()| "a name in quotes")?;
        self.blanks();
        if !self.takes(b':') {
            return Err("a colon");
        }
        self.value(Some(key))
    }

    fn close(&mut self, place: usize) {
        self.open.pop();
        let (end, at) = (self.nodes.len(), self.at);
        if let Some(node) = self.nodes.get_mut(place) {
            node.end = short(end);
            node.value.end = short(at);
        }
    }

    fn value(&mut self, key: Option<Span>) -> Result<(), &'static str> {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b't' | b'f' | b'n') => Kind::Word,
            _ => return Err("a value"),
        };
        match kind {
            Kind::Object | Kind::Array => self.at += 1,
            Kind::String => drop(self.string().map_err(|()| "the end of a string")?),
            Kind::Number => self.number()?,
            Kind::Word => self.word()?,
        }
        let place = self.nodes.len();
        let parent = self.open.last().copied();
        let nth = parent
            .and_then(|parent| self.nodes.get_mut(parent))
            .map_or(0, |parent| {
                parent.size += 1;
                parent.size - 1
            });
        self.nodes.push(Node {
            depth: short(self.open.len()),
            kind,
            size: 0,
            parent: short(parent.unwrap_or(place)),
            end: short(place + 1),
            nth,
            key,
            value: Span {
                start: short(start),
                end: short(self.at),
            },
        });
        if matches!(kind, Kind::Object | Kind::Array) {
            self.open.push(place);
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Span, ()> {
        let start = self.at;
        if !self.takes(b'"') {
            return Err(());
        }
        loop {
            match self.peek().ok_or(())? {
                b'"' => {
                    self.at += 1;
                    return Ok(Span {
                        start: short(start),
                        end: short(self.at),
                    });
                }
                b'\\' => self.at += 2,
                byte if byte < 0x20 => return Err(()),
                _ => self.at += 1,
            }
        }
    }

    fn digits(&mut self) -> Result<(), &'static str> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err("a digit")
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<(), &'static str> {
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), &'static str> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
        }
        Err("true, false or null")
    }
}

/// A text is no longer than 4 GiB: what is kept of a body is less.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Node {
    /// Where it stands in the text.
    pub const fn range(&self) -> Range<usize> {
        self.value.start as usize..self.value.end as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tree(text: &str) -> Tree {
        Tree::read(text.into()).unwrap()
    }

    #[test]
    fn every_value_stands_behind_the_one_that_it_is_in() {
        let tree = tree(r#" {"a": [1.50, {"b c": null}], "a": "x\"y", "e": {}} "#);
        let told: Vec<_> = tree
            .nodes()
            .iter()
            .enumerate()
            .map(|(place, node)| {
                format!(
                    "{} {} {}",
                    tree.path(place),
                    tree.value(node),
                    tree.end(place)
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                r#"$ {"a": [1.50, {"b c": null}], "a": "x\"y", "e": {}} 7"#,
                r#"$.a [1.50, {"b c": null}] 5"#,
                "$.a[0] 1.50 3",
                r#"$.a[1] {"b c": null} 5"#,
                "$.a[1]['b c'] null 5",
                r#"$.a "x\"y" 6"#,
                "$.e {} 7",
            ]
        );
        assert_eq!(tree.nodes()[0].size, 3);
        assert_eq!(tree.parent(0), None);
        assert_eq!(tree.parent(4), Some(3));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for (text, words) in [
            ("", "line 1, column 1: a value was"),
            ("{\"a\" 1}", "line 1, column 6: a colon was"),
            ("[1,\n 2 3]", "line 2, column 4: , or ] was"),
            ("[1,]", "line 1, column 4: a value was"),
            ("{a: 1}", "line 1, column 2: a name in quotes was"),
            ("[1] x", "line 1, column 5: the end was"),
            ("\"ü", "line 1, column 3: the end of a string was"),
            ("\"a\nb\"", "line 1, column 3: the end of a string"),
            ("-", "line 1, column 2: a digit was"),
            ("tru", "line 1, column 1: true, false or null was"),
            ("[[", "line 1, column 3: a value was"),
        ] {
            let error = Tree::read(text.into()).unwrap_err().to_string();
            assert!(error.contains(words), "{text:?}: {error}");
        }
    }

    #[test]
    fn depth_is_no_trouble() {
        let deep = 200_000;
        let tree = tree(&format!("{}{}", "[".repeat(deep), "]".repeat(deep)));
        assert_eq!(tree.nodes().len(), deep);
        assert_eq!(tree.nodes().last().unwrap().depth, 199_999);
    }

    proptest! {
        #[test]
        fn what_serde_reads_is_read_and_nothing_else(text in r#"[\[\]{}",:0-9a1e.\-\\ \n]{0,24}"#) {
            let strict = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            let read = Tree::read(text.as_str().into());
            if strict {
                prop_assert!(read.is_ok(), "{text:?} {read:?}");
            }
        }
    }
}
