use crate::message::Headers;

/// The members of a comma-separated field over all its lines, trimmed and never empty.
///
/// A comma in a quoted string parts nothing (RFC 9110 §5.6.1, §5.6.4).
pub(super) fn members<'a>(
    headers: &'a Headers,
    name: &'a str,
) -> impl Iterator<Item = &'a str> + 'a {
    headers.all(name).flat_map(parts)
}

/// The members of one value.
pub(super) fn parts(value: &str) -> impl Iterator<Item = &str> {
    Parts { rest: Some(value) }.filter(|member| !member.is_empty())
}

struct Parts<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (member, after) = match comma(rest) {
            Some(at) => {
                let (member, after) = rest.split_at_checked(at)?;
                (member, after.strip_prefix(','))
            }
            None => (rest, None),
        };
        self.rest = after;
        Some(member.trim_matches([' ', '\t']))
    }
}

/// Where the first comma outside quotes is.
fn comma(text: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.bytes().position(|byte| {
        let is_comma = byte == b',' && !is_quoted;
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ => {}
        }
        is_comma
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_parts_nothing() {
        let told = |text| parts(text).collect::<Vec<_>>();
        assert_eq!(told("a, b=\"c, d\" ,,e"), ["a", "b=\"c, d\"", "e"]);
        assert_eq!(told(r#"a="\", b", c"#), [r#"a="\", b""#, "c"]);
        assert_eq!(told("\"never closed, b"), ["\"never closed, b"]);
        assert!(told(" , ").is_empty());
    }
}
