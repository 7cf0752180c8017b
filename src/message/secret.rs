use super::set_cookie::trimmed;

/// Which values are hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden<'a> {
    /// All that may be secrets, and what stands for them.
    All(&'a str),
    /// Those that look like secrets, and what stands for them.
    Likely(&'a str),
}

impl Hidden<'_> {
    /// What a header's value is told as; nothing if there is nothing to hide.
    pub fn header(self, name: &str, value: &str) -> Option<String> {
        match name.to_ascii_lowercase().as_str() {
            "authorization" | "proxy-authorization" => Some(self.credentials(value)),
            "cookie" => self.pairs(value),
            "set-cookie" => self.line(value),
            _ => None,
        }
    }

    /// What a cookie's value is told as; nothing if it is not hidden.
    pub fn cookie(self, name: &str, value: &str) -> Option<String> {
        let (mask, is_hidden) = match self {
            Self::All(mask) => (mask, !value.is_empty()),
            Self::Likely(mask) => (mask, looks_secret(name, value)),
        };
        is_hidden.then(|| mask.to_owned())
    }

    /// A `Set-Cookie` line, its attributes as they are.
    pub fn line(self, line: &str) -> Option<String> {
        let (pair, rest) = match line.split_once(';') {
            Some((pair, rest)) => (pair, Some(rest)),
            None => (line, None),
        };
        let pair = self.pair(pair)?;
        Some(match rest {
            Some(rest) => format!("{pair};{rest}"),
            None => pair,
        })
    }

    /// The scheme stays; what follows it is the secret (RFC 9110 §11.4).
    fn credentials(self, value: &str) -> String {
        let (Self::All(mask) | Self::Likely(mask)) = self;
        match value.split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {mask}"),
            None => mask.to_owned(),
        }
    }

    fn pairs(self, value: &str) -> Option<String> {
        let hidden: Vec<_> = value.split(';').map(|pair| self.pair(pair)).collect();
        if hidden.iter().all(Option::is_none) {
            return None;
        }
        let told = value.split(';').zip(hidden);
        let told: Vec<_> = told
            .map(|(pair, hidden)| hidden.unwrap_or_else(|| trimmed(pair).to_owned()))
            .collect();
        Some(told.join("; "))
    }

    fn pair(self, pair: &str) -> Option<String> {
        match pair.split_once('=') {
            Some((name, value)) => {
                let name = trimmed(name);
                Some(format!("{name}={}", self.cookie(name, trimmed(value))?))
            }
            None => self.cookie("", trimmed(pair)),
        }
    }
}

/// Parts of names that secrets have.
const NAMES: [&str; 16] = [
    "sess",
    "auth",
    "token",
    "csrf",
    "xsrf",
    "jwt",
    "secret",
    "passw",
    "pwd",
    "api",
    "credential",
    "login",
    "ticket",
    "signature",
    "bearer",
    "key",
];
/// A value of so many characters that mean nothing may be a secret.
const LONG: usize = 16;

/// Whether a cookie looks as if it lets somebody in.
fn looks_secret(name: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let is_session = name.starts_with("sid") || name.ends_with("sid") || name.ends_with("_id");
    if is_session || NAMES.iter().any(|part| name.contains(part)) {
        return true;
    }
    is_random(value)
}

/// A long word with digits among its letters, as no person writes one.
fn is_random(value: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=%".contains(c);
    if value.len() < LONG || !value.chars().all(is_of_word) {
        return false;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(char::is_ascii_alphabetic).count();
    let is_mixed = value.contains(|c: char| c.is_ascii_lowercase())
        && value.contains(|c: char| c.is_ascii_uppercase());
    letters >= 4 && (digits >= 4 || (is_mixed && value.len() >= 2 * LONG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_exports_every_value_is_hidden_and_the_rest_is_as_it_was() {
        let all = Hidden::All("***");
        let told = |name: &str, value: &str| all.header(name, value);
        assert_eq!(told("COOKIE", "a=1; b; c="), Some("a=***; ***; c=".into()));
        assert_eq!(
            told("Set-Cookie", "a=1; Path=/; Secure"),
            Some("a=***; Path=/; Secure".into())
        );
        assert_eq!(told("set-cookie", "a="), None);
        assert_eq!(
            told("Authorization", "Basic QQ=="),
            Some("Basic ***".into())
        );
        assert_eq!(told("Proxy-Authorization", "x"), Some("***".into()));
        assert_eq!(told("Accept", "*/*"), None);
        let twice = told("Cookie", "a=***");
        assert_eq!(
            twice.as_deref(),
            Some("a=***"),
            "hidden twice is hidden once"
        );
    }

    #[test]
    fn on_the_screen_what_looks_like_a_secret_is_hidden() {
        let likely = Hidden::Likely("•");
        for (name, value) in [
            ("PHPSESSID", "x"),
            ("access_token", "1"),
            ("__Host-sid", "1"),
            ("x", "0a1b2c3d4e5f6a7b8c9d"),
            ("x", "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"),
        ] {
            assert!(likely.cookie(name, value).is_some(), "{name}={value}");
        }
        for (name, value) in [
            ("theme", "dark"),
            ("lang", "en-GB"),
            ("sid", ""),
            ("seen", "2026-01-01T00:00:00Z"),
            ("note", "a long sentence of words 1234"),
        ] {
            assert_eq!(likely.cookie(name, value), None, "{name}={value}");
        }
        assert_eq!(
            likely.header("cookie", "theme=dark;sid=1"),
            Some("theme=dark; sid=•".into())
        );
    }
}
