use super::shell::{BadCommand, Words};

/// The words of Windows' cmd: its carets first, then quotes as C programs read them there.
pub(super) fn cmd(text: &str) -> Result<Vec<Vec<Vec<u8>>>, BadCommand> {
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
