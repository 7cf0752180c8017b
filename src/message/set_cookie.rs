/// What a `Set-Cookie` line says, read as leniently as browsers do (RFC 6265bis §5.6).
///
/// This only reads; whether the cookie may be stored is another room's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    /// The name; empty for a nameless cookie.
    pub name: &'a str,
    /// The value.
    pub value: &'a str,
    /// Attributes in order, with the value where one was given.
    pub attributes: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> SetCookie<'a> {
    /// Reads one `Set-Cookie` value.
    pub fn read(line: &'a str) -> Self {
        let mut parts = line.split(';').map(trimmed);
        let (name, value) = pair(parts.next().unwrap_or_default());
        let attributes = parts
            .filter(|part| !part.is_empty())
            .map(|part| match part.split_once('=') {
                Some((key, value)) => (trimmed(key), Some(trimmed(value))),
                None => (part, None),
            })
            .collect();
        Self {
            name,
            value,
            attributes,
        }
    }
}

/// The names and values in a `Cookie` value, in order.
pub fn cookie_pairs(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split(';')
        .map(trimmed)
        .filter(|part| !part.is_empty())
        .map(pair)
}

/// A cookie without `=` is nameless: all of it is the value.
fn pair(text: &str) -> (&str, &str) {
    match text.split_once('=') {
        Some((name, value)) => (trimmed(name), trimmed(value)),
        None => ("", trimmed(text)),
    }
}

/// Spaces and tabs are all that is trimmed: other blanks are bytes of somebody's UTF-8.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_with_and_without_values() {
        let cookie = SetCookie::read("sid = a=b ; Path=/ ;Secure;; SameSite=Lax");
        assert_eq!((cookie.name, cookie.value), ("sid", "a=b"));
        assert_eq!(
            cookie.attributes,
            [
                ("Path", Some("/")),
                ("Secure", None),
                ("SameSite", Some("Lax"))
            ]
        );
    }

    #[test]
    fn bytes_that_look_like_blanks_are_kept() {
        let cookie = SetCookie::read(" a\u{a0} =\tb\u{85}");
        assert_eq!((cookie.name, cookie.value), ("a\u{a0}", "b\u{85}"));
    }

    #[test]
    fn a_cookie_without_a_name_is_all_value() {
        assert_eq!(SetCookie::read("alone").value, "alone");
        assert_eq!(
            cookie_pairs("a=1; b").collect::<Vec<_>>(),
            [("a", "1"), ("", "b")]
        );
    }
}
