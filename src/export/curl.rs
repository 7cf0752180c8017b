use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::event::Content;
use crate::message::{Headers, Origin};
use crate::model::Request;

/// What curl says by itself, and says better.
const LEFT: [&str; 4] = ["host", "connection", "content-length", "accept-encoding"];

/// A request as a command for curl, with bash's quotes, secrets and all.
///
/// What was sent is said word for word; of a request that was not sent yet, method and URL are.
pub fn curl(request: &Request) -> String {
    let mut words = vec![format!("curl {}", quoted(request.url.as_str().as_bytes()))];
    let body = request.sent_body.as_ref();
    let method = request.method.as_str();
    match (method, body) {
        ("GET", None) | ("POST", Some(_)) => {}
        ("HEAD", None) => words.push("--head".to_owned()),
        _ => words.push(format!("--request {}", quoted(method.as_bytes()))),
    }
    let mut before = String::new();
    if let Some((head, _)) = &request.sent {
        let authority = request.origin.as_ref().map(Origin::authority);
        fields(
            &head.headers,
            authority.as_deref(),
            body.is_some(),
            &mut words,
        );
        if body.is_none() {
            before = unknown(&head.headers);
        }
    }
    if let Some(content) = body {
        words.push(data(content, &mut before));
    }
    format!("{before}{}", words.join(" \\\n  "))
}

fn fields(headers: &Headers, authority: Option<&str>, has_body: bool, words: &mut Vec<String>) {
    for (name, value) in headers.iter() {
        let lower = name.to_ascii_lowercase();
        let is_own_host = lower == "host" && Some(value) == authority;
        let is_left = LEFT.contains(&lower.as_str()) && (lower != "host" || is_own_host);
        if is_left {
            continue;
        }
        // curl takes `Name:` for one that is not to be sent, and `Name;` for an empty one.
        let line = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        words.push(format!("--header {}", quoted(&bytes(&line))));
    }
    if headers.first("accept-encoding").is_some() {
        words.push("--compressed".to_owned());
    }
    // These curl says unless it is told not to.
    let by_itself = [
        ("User-Agent", true),
        ("Accept", true),
        ("Content-Type", has_body),
    ];
    for (name, _) in by_itself.into_iter().filter(|(_, is_said)| *is_said) {
        if headers.first(name).is_none() {
            words.push(format!("--header '{name}:'"));
        }
    }
}

/// A line of comment about a body that is not on record.
fn unknown(headers: &Headers) -> String {
    let length = headers
        .first("content-length")
        .filter(|length| *length != "0");
    length.map_or_else(String::new, |length| {
        let length: String = length.chars().filter(char::is_ascii_digit).collect();
        format!("# its body of {length} bytes is not on record\n")
    })
}

/// The body as an option; bytes that no argument can carry come from standard input.
fn data(content: &Content, before: &mut String) -> String {
    let bytes = &content.0;
    if bytes.contains(&0) {
        // Writing to a String cannot fail.
        let _ = write!(before, "echo {} | base64 -d | ", BASE64.encode(bytes));
        return "--data-binary @-".to_owned();
    }
    format!("--data-raw {}", quoted(bytes))
}

/// The bytes that the characters of a header stand for.
fn bytes(text: &str) -> Vec<u8> {
    let byte = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

/// A word that bash reads as these bytes.
fn quoted(bytes: &[u8]) -> String {
    let is_plain = |text: &&str| !text.chars().any(char::is_control);
    if let Some(text) = str::from_utf8(bytes).ok().filter(is_plain) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => word.push_str(r"\n"),
                '\r' => word.push_str(r"\r"),
                '\t' => word.push_str(r"\t"),
                '\\' | '\'' => word.extend(['\\', c]),
                c if c.is_control() => {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(word, r"\x{byte:02x}");
                    }
                }
                c => word.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(word, r"\x{byte:02x}");
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_a_word_bash_reads_it_as_it_was() {
        for (bytes, word) in [
            (&b"plain"[..], "'plain'"),
            (b"it's $HOME `x` \"y\" \\", r#"'it'\''s $HOME `x` "y" \'"#),
            (b"a\nb'c\\\t\x1b", r"$'a\nb\'c\\\t\x1b'"),
            (b"\xff", r"$'\xff'"),
            ("\u{9b}ü".as_bytes(), r"$'\xc2\x9bü'"),
        ] {
            assert_eq!(quoted(bytes), word);
        }
    }
}
