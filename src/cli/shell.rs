use super::bash::{Bash, Reach};
use super::cmd::cmd;

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

/// Whether a text is quoted as "Copy as cURL (cmd)" does it.
fn is_for_cmd(text: &str) -> bool {
    text.contains("^\"") || text.lines().any(|line| line.trim_end().ends_with(" ^"))
}

/// Words and commands as they are found.
#[derive(Default)]
pub(super) struct Words {
    commands: Vec<Vec<Vec<u8>>>,
    done: Vec<Vec<u8>>,
    /// The word that is being read; an empty one in quotes is one as well.
    pub(super) word: Option<Vec<u8>>,
}

impl Words {
    pub(super) fn push(&mut self, c: char) {
        let word = self.word.get_or_insert_default();
        word.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    pub(super) fn end_word(&mut self) {
        self.done.extend(self.word.take());
    }

    pub(super) fn end_command(&mut self) {
        self.end_word();
        if !self.done.is_empty() {
            self.commands.push(std::mem::take(&mut self.done));
        }
    }

    pub(super) fn end(mut self) -> Vec<Vec<Vec<u8>>> {
        self.end_command();
        self.commands
    }
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
