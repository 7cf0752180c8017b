use std::iter::Peekable;
use std::str::Chars;

/// Why a command cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadCommand {
    /// It goes on in the next line.
    #[error("a quote is not closed, or the command goes on in a next line that is missing")]
    Open,
    /// It is for more than one program.
    #[error("what stands behind {0} is for the shell and not for curl: take it away")]
    Shell(char),
    /// The shell would put something there.
    #[error("what the shell would put in place of {0} is not known here: write it out")]
    Unknown(char),
}

/// The commands of a text, and the words of each without their quotes.
///
/// Quotes are bash's, `$'…'` included, unless the carets of Windows' cmd are there.
pub(super) fn commands(text: &str) -> Result<Vec<Vec<Vec<u8>>>, BadCommand> {
    if is_for_cmd(text) {
        return cmd(text);
    }
    let mut shell = Bash::new(text);
    shell.read(Reach::All)?;
    Ok(shell.words.end())
}

/// How many lines the command takes with which a text begins.
pub(super) fn extent(text: &str) -> usize {
    if is_for_cmd(text.split_inclusive('\n').next().unwrap_or_default()) {
        let mut was_open = false;
        let goes_on = |line: &&str| {
            let is_open = line.trim_end().ends_with('^') || (was_open && line.trim().is_empty());
            was_open = is_open;
            is_open
        };
        return text.lines().take_while(goes_on).count() + 1;
    }
    // Its last line has an end too.
    let text = format!("{text}\n");
    let mut shell = Bash::new(&text);
    // One that is never closed takes its own line only, and what is wrong with it is told there.
    match shell.read(Reach::Line) {
        Ok(()) => shell.lines.max(1),
        Err(_) => 1,
    }
}

/// How much of a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// All of it; what a shell would do is refused.
    All,
    /// Up to the end of its first line, as a shell sees lines.
    Line,
}

/// Whether a text is quoted as "Copy as cURL (cmd)" does it.
fn is_for_cmd(text: &str) -> bool {
    text.contains("^\"") || text.lines().any(|line| line.trim_end().ends_with(" ^"))
}

/// Words and commands as they are found.
#[derive(Default)]
struct Words {
    commands: Vec<Vec<Vec<u8>>>,
    done: Vec<Vec<u8>>,
    /// The word that is being read; an empty one in quotes is one as well.
    word: Option<Vec<u8>>,
}

impl Words {
    fn push(&mut self, c: char) {
        let word = self.word.get_or_insert_default();
        word.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn byte(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    fn end_word(&mut self) {
        self.done.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.done.is_empty() {
            self.commands.push(std::mem::take(&mut self.done));
        }
    }

    fn end(mut self) -> Vec<Vec<Vec<u8>>> {
        self.end_command();
        self.commands
    }
}

/// Bash's words (its manual, §3.1.2).
struct Bash<'a> {
    rest: Peekable<Chars<'a>>,
    words: Words,
    /// How many lines have ended.
    lines: usize,
}

impl<'a> Bash<'a> {
    fn new(text: &'a str) -> Self {
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

    fn read(&mut self, reach: Reach) -> Result<(), BadCommand> {
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

/// The words of Windows' cmd: its carets first, then quotes as C programs read them there.
fn cmd(text: &str) -> Result<Vec<Vec<Vec<u8>>>, BadCommand> {
    let mut words = Words::default();
    let (mut is_quoted, mut slashes) = (false, 0_usize);
    let mut meant = without_carets(text)?.into_iter().peekable();
    while let Some((c, is_literal)) = meant.next() {
        if c == '\\' {
            slashes += 1;
            continue;
        }
        // Backslashes mean something before a quote only.
        let halved = if c == '"' { slashes / 2 } else { slashes };
        (0..halved).for_each(|_| words.push('\\'));
        let is_escaped = c == '"' && slashes % 2 == 1;
        slashes = 0;
        match c {
            '"' if is_escaped => words.push('"'),
            '"' if is_quoted && meant.next_if(|(c, _)| *c == '"').is_some() => words.push('"'),
            '"' => {
                words.word.get_or_insert_default();
                is_quoted = !is_quoted;
            }
            c if is_quoted => words.push(c),
            ' ' | '\t' => words.end_word(),
            '\r' | '\n' | '&' if !is_literal => words.end_command(),
            '|' | '<' | '>' if !is_literal => return Err(BadCommand::Shell(c)),
            c => words.push(c),
        }
    }
    (0..slashes).for_each(|_| words.push('\\'));
    if is_quoted {
        return Err(BadCommand::Open);
    }
    Ok(words.end())
}

/// The characters as cmd hands them on, and whether a caret took a meaning away.
fn without_carets(text: &str) -> Result<Vec<(char, bool)>, BadCommand> {
    let mut meant = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = rest.next() {
        if c == '"' {
            is_quoted = !is_quoted;
        }
        if c != '^' || is_quoted {
            meant.push((c, is_quoted));
            continue;
        }
        let mut next = rest.next().ok_or(BadCommand::Open)?;
        if next == '\r' && rest.next_if_eq(&'\n').is_some() {
            next = '\n';
        }
        if next != '\n' {
            meant.push((next, true));
            continue;
        }
        // The line goes on; the character after the break means itself.
        if rest.peek().is_none() {
            return Err(BadCommand::Open);
        }
        rest.next_if_eq(&'\r');
        if rest.next_if_eq(&'\n').is_some() {
            meant.push(('\n', true));
        }
    }
    Ok(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let commands = commands(text).unwrap();
        let words = commands.into_iter().flatten();
        words
            .map(|word| String::from_utf8_lossy(&word).into_owned())
            .collect()
    }

    #[test]
    fn quotes_are_bashs() {
        for (text, expected) in [
            ("curl a  'b c'", &["curl", "a", "b c"][..]),
            (r#"a"b 'c'"'"d"'"#, &["ab 'c'\"d\""]),
            (r"a\ b \' ''", &["a b", "'", ""]),
            (r#""\$x \n \" \\""#, &[r#"$x \n " \"#]),
            ("a \\\n  b \\\r\n c", &["a", "b", "c"]),
            (r"$'a\nb\x41\u00e9\'\101\cA\e'", &["a\nbAé'A\u{1}\u{1b}"]),
            (r"$'\xc3\xa9'", &["é"]),
            ("a # b\nc#d", &["a", "c#d"]),
            ("$ 5$ x$", &["$", "5$", "x$"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_eq!(commands(r"$'\xff'").unwrap(), [[b"\xff".to_vec()]]);
    }

    #[test]
    fn several_commands_are_told_apart() {
        let count = |text: &str| commands(text).unwrap().len();
        assert_eq!(count("curl a ;\ncurl b &\n\ncurl c && curl d"), 4);
        assert_eq!(count("\n# nothing\n"), 0);
    }

    #[test]
    fn a_command_takes_the_lines_that_it_goes_on_in() {
        for (text, lines) in [
            ("curl a", 1),
            ("curl a\n b", 1),
            ("curl a \\\n -H 'b\nc' \\\n d\ne", 4),
            ("curl 'a\nb", 1),
            ("curl a | jq \\\n x\ny", 2),
            ("curl ^\"a^\" ^\n -H b ^\n -d ^\"c^\n\nd^\"\ne", 5),
        ] {
            assert_eq!(extent(text), lines, "{text}");
        }
    }

    #[test]
    fn what_a_shell_would_do_is_not_guessed() {
        for (text, bad) in [
            ("a 'b", BadCommand::Open),
            ("a \"b", BadCommand::Open),
            ("a $'b\\'", BadCommand::Open),
            ("a \\", BadCommand::Open),
            ("a | jq", BadCommand::Shell('|')),
            ("a > b", BadCommand::Shell('>')),
            ("a $HOME", BadCommand::Unknown('$')),
            ("a \"$(b)\"", BadCommand::Unknown('$')),
            ("a `b`", BadCommand::Unknown('`')),
        ] {
            assert_eq!(commands(text), Err(bad), "{text}");
        }
    }

    #[test]
    fn carets_are_cmds() {
        for (text, expected) in [
            (
                "curl ^\"https://a.test/?b=1^&c=2^\" ^\r\n  -H ^\"a: b^\"",
                &["curl", "https://a.test/?b=1&c=2", "-H", "a: b"][..],
            ),
            (r#"-d ^"^{^\^"a^\^": 5^}^""#, &["-d", r#"{"a": 5}"#]),
            (r#"^"C:\\x\\^" ^"100%^a^""#, &[r"C:\\x\", "100%a"]),
            ("^\"a^\n\nb^\"", &["a\nb"]),
            ("curl \"a b\" ^\n \"c\"\"d\"", &["curl", "a b", "c\"d"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_eq!(commands("^\"a"), Err(BadCommand::Open));
    }
}
