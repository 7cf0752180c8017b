use std::iter::Peekable;
use std::str::Chars;

use super::shell::{BadCommand, Words};

/// Bash's words (its manual, §3.1.2).
pub(super) struct Bash<'a> {
    rest: Peekable<Chars<'a>>,
    pub(super) words: Words,
    /// How many lines have ended.
    pub(super) lines: usize,
}

impl<'a> Bash<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
            words: Words::default(),
            lines: 0,
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next();
        self.lines += usize::from(c == Some('\n'));
        c
    }

    pub(super) fn read(&mut self, reach: Reach) -> Result<(), BadCommand> {
        let is_lenient = reach == Reach::Line;
        while let Some(c) = self.next() {
            match c {
                ' ' | '\t' | '\r' => self.words.end_word(),
                '\n' if is_lenient => return Ok(()),
                '|' | '<' | '>' | '(' | ')' | '`' if is_lenient => self.words.push(c),
                '\n' | ';' | '&' => self.words.end_command(),
                '#' if self.words.word.is_none() => {
                    while self.rest.next_if(|c| *c != '\n').is_some() {}
                }
                '\\' => match self.escaped()? {
                    '\n' => {}
                    c => self.words.push(c),
                },
                '\'' => self.literal()?,
                '"' => self.quoted()?,
                '$' => self.dollar()?,
                '|' | '<' | '>' | '(' | ')' => return Err(BadCommand::Shell(c)),
                '`' => return Err(BadCommand::Unknown(c)),
                c => self.words.push(c),
            }
        }
        Ok(())
    }

    /// What stands behind a backslash; a line that ends in CR LF ends.
    fn escaped(&mut self) -> Result<char, BadCommand> {
        let c = self.next().ok_or(BadCommand::Open)?;
        if c == '\r' && self.rest.next_if_eq(&'\n').is_some() {
            self.lines += 1;
            return Ok('\n');
        }
        Ok(c)
    }

    fn literal(&mut self) -> Result<(), BadCommand> {
        self.words.word.get_or_insert_default();
        loop {
            match self.next().ok_or(BadCommand::Open)? {
                '\'' => return Ok(()),
                c => self.words.push(c),
            }
        }
    }

    fn quoted(&mut self) -> Result<(), BadCommand> {
        self.words.word.get_or_insert_default();
        loop {
            match self.next().ok_or(BadCommand::Open)? {
                '"' => return Ok(()),
                '\\' => match self.escaped()? {
                    '\n' => {}
                    c @ ('$' | '`' | '"' | '\\') => self.words.push(c),
                    c => {
                        self.words.push('\\');
                        self.words.push(c);
                    }
                },
                '`' => return Err(BadCommand::Unknown('`')),
                '$' if self.is_name_next() => return Err(BadCommand::Unknown('$')),
                c => self.words.push(c),
            }
        }
    }

    /// `$'…'`, `$"…"`, or a dollar that is just one.
    fn dollar(&mut self) -> Result<(), BadCommand> {
        if self.rest.next_if_eq(&'\'').is_some() {
            return self.escapes();
        }
        if self.rest.next_if_eq(&'"').is_some() {
            return self.quoted();
        }
        if self.is_name_next() {
            return Err(BadCommand::Unknown('$'));
        }
        self.words.push('$');
        Ok(())
    }

    fn is_name_next(&mut self) -> bool {
        let is_name = |c: &char| c.is_ascii_alphabetic() || "_{(".contains(*c);
        self.rest.peek().is_some_and(is_name)
    }

    /// The escapes of ANSI C (bash's manual, §3.1.2.4), up to the quote that ends them.
    fn escapes(&mut self) -> Result<(), BadCommand> {
        self.words.word.get_or_insert_default();
        loop {
            match self.next().ok_or(BadCommand::Open)? {
                '\'' => return Ok(()),
                '\\' => {
                    let c = self.next().ok_or(BadCommand::Open)?;
                    self.escape(c)?;
                }
                c => self.words.push(c),
            }
        }
    }

    fn escape(&mut self, c: char) -> Result<(), BadCommand> {
        match c {
            'n' => self.words.push('\n'),
            't' => self.words.push('\t'),
            'r' => self.words.push('\r'),
            'a' => self.words.byte(7),
            'b' => self.words.byte(8),
            'e' | 'E' => self.words.byte(0x1b),
            'f' => self.words.byte(0xc),
            'v' => self.words.byte(0xb),
            '\\' | '\'' | '"' | '?' => self.words.push(c),
            'x' => match self.digits(16, 2) {
                Some(code) => self.words.byte(u8::try_from(code).unwrap_or(b'?')),
                None => ['\\', 'x'].into_iter().for_each(|c| self.words.push(c)),
            },
            'u' | 'U' => {
                let most = if c == 'u' { 4 } else { 8 };
                let code = self.digits(16, most).and_then(char::from_u32);
                self.words.push(code.unwrap_or('\u{fffd}'));
            }
            '0'..='7' => {
                let first = c.to_digit(8).unwrap_or(0);
                let (more, count) = self.counted(8, 2);
                let code = first * 8_u32.pow(count) + more;
                self.words.byte(u8::try_from(code & 0xff).unwrap_or(b'?'));
            }
            'c' => {
                let c = self.next().ok_or(BadCommand::Open)?;
                self.words
                    .byte(u8::try_from(u32::from(c) & 0x1f).unwrap_or(b'?'));
            }
            c => {
                self.words.push('\\');
                self.words.push(c);
            }
        }
        Ok(())
    }

    fn digits(&mut self, base: u32, most: u32) -> Option<u32> {
        let (number, count) = self.counted(base, most);
        (count > 0).then_some(number)
    }

    /// The number that follows, and how many digits it has.
    fn counted(&mut self, base: u32, most: u32) -> (u32, u32) {
        let (mut number, mut count) = (0_u32, 0);
        while count < most
            && let Some(c) = self.rest.next_if(|c| c.is_digit(base))
        {
            let digit = c.to_digit(base).unwrap_or(0);
            number = number.wrapping_mul(base).wrapping_add(digit);
            count += 1;
        }
        (number, count)
    }
}

/// How much of a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of it; what a shell would do is refused.
    All,
    /// Up to the end of its first line, as a shell sees lines.
    Line,
}
