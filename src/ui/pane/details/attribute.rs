use crate::message::{SameSite, span};

use super::page::read;

/// What an attribute of a `Set-Cookie` line asks for (RFC 6265bis §5.6), in words.
pub(super) fn meaning(name: &str, value: &str) -> String {
    let fixed = match name.to_ascii_lowercase().as_str() {
        "path" if value.starts_with('/') => {
            return format!("for {} and what is below it", read(value));
        }
        "path" => "no path, as it does not begin with /: the directory of the URL counts",
        "domain" if value.is_empty() => "names no host: for this host alone",
        "domain" => {
            let host = value.strip_prefix('.').unwrap_or(value);
            return format!("for {} and the hosts below it", read(host));
        }
        "secure" => "goes over https only",
        "httponly" => "scripts of a page may not see it",
        "samesite" => same_site(value),
        "max-age" => return age(value),
        "expires" => "the time at which it goes, unless Max-Age says another",
        "priority" => "how late it goes when there are too many",
        "partitioned" => "kept apart for each top-level site",
        _ => "unknown, and passed over",
    };
    fixed.to_owned()
}

fn same_site(value: &str) -> &'static str {
    match SameSite::read(value) {
        Some(SameSite::Strict) => "goes along from its own site only",
        Some(SameSite::Lax) => "goes along from its own site, and with links from others",
        Some(SameSite::None) => "goes along from every site; asks for Secure",
        None => "an unknown word, so as if it were not said: as Lax",
    }
}

fn age(value: &str) -> String {
    let seconds: Option<i64> = value.parse().ok();
    match seconds {
        Some(seconds) if seconds > 0 => {
            format!("lives for {}", span(seconds.unsigned_abs()))
        }
        Some(_) => "its life is over: deletes it".to_owned(),
        None => "no number of seconds: passed over".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_is_explained_with_its_value() {
        for (name, value, words) in [
            ("Path", "/x", "for /x and what is below it"),
            ("DOMAIN", ".a.test", "for a.test and the hosts below it"),
            ("Max-Age", "3600", "lives for 1 h"),
            ("max-age", "0", "its life is over: deletes it"),
            ("max-age", "soon", "no number of seconds: passed over"),
            ("SameSite", "strict", "goes along from its own site only"),
            ("Version", "1", "unknown, and passed over"),
        ] {
            assert_eq!(meaning(name, value), words);
        }
    }
}
