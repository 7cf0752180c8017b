use std::sync::Arc;

use url::Url;

use crate::message::{Method, Payload, Saying, visible};

use super::line::{BadLine, Word};
use super::speech::header;
use super::target::read_target;

/// A request as a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// With which method.
    pub method: Method,
    /// From where.
    pub url: Url,
    /// What it says beyond its URL.
    pub saying: Saying,
}

/// Reads a method, a URL, a header a line and a body; `bytes` is the body where none is typed.
pub fn read_draft(
    method: &str,
    url: &str,
    headers: &str,
    body: &str,
    bytes: Option<Arc<[u8]>>,
) -> Result<Written, BadLine> {
    let bad = |reason: String| BadLine::at(1, reason);
    let method = method.trim();
    let parsed = method.parse::<Method>();
    let method = parsed.map_err(|error| bad(format!("{method} is no method: {error}")))?;
    let url = read_target(Word {
        text: url.trim(),
        column: 1,
    })?;
    let mut saying = Saying::default();
    for line in headers.lines().map(str::trim_end) {
        if !line.trim().is_empty() && !line.starts_with('#') {
            header(line, &mut saying).map_err(|error| bad(error.to_string()))?;
        }
    }
    let typed = (!body.is_empty()).then(|| Arc::from(body.as_bytes()));
    saying.payload = typed.or(bytes).map(|bytes| Payload {
        bytes,
        media_type: None,
    });
    Ok(Written {
        method,
        url,
        saying,
    })
}

/// A request as a text that any editor can change.
pub fn written(method: &str, url: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {url}\n{headers}\n# A line each for headers; 'Name:' leaves out one that is automatic. \
         Below the empty line stands the body.\n\n{body}\n"
    )
}

/// What became of such a text: method, URL, headers and body.
pub fn read_written(text: &str) -> Result<[String; 4], BadLine> {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines().filter(|line| !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let (method, url) = first.trim().split_once(' ').ok_or_else(|| {
        let reason = format!(
            "{} is no METHOD URL: write both, with a blank between",
            visible(first)
        );
        BadLine::at(1, reason)
    })?;
    let headers: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    let body = body.strip_suffix('\n').unwrap_or(body);
    let parts = [method, url.trim(), &headers.join("\n"), body];
    Ok(parts.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_an_editor_comes_back() {
        for body in ["", "{\n\n}", "ends with a line\n"] {
            let text = written("POST", "http://a.test/", "A: b\nC:", body);
            let read = read_written(&text).unwrap();
            assert_eq!(read, ["POST", "http://a.test/", "A: b\nC:", body]);
        }
        let read = read_written("GET a.test").unwrap();
        assert_eq!(read, ["GET", "a.test", "", ""]);
        let error = read_written("\n\n").unwrap_err().to_string();
        assert!(error.contains("is no METHOD URL"), "{error}");
    }

    #[test]
    fn a_draft_says_what_stands_in_it() {
        let read = read_draft(" PUT", "a.test/x ", "A: ü\n\n# no\nAccept:", "body", None).unwrap();
        assert_eq!(read.method.as_str(), "PUT");
        assert_eq!(read.url.as_str(), "https://a.test/x");
        assert_eq!(read.saying.headers.first("a"), Some("\u{c3}\u{bc}"));
        assert_eq!(read.saying.without, ["Accept"]);
        assert_eq!(&*read.saying.payload.unwrap().bytes, b"body");
        let kept = read_draft("PUT", "a.test", "", "", Some(b"\xff"[..].into())).unwrap();
        assert_eq!(&*kept.saying.payload.unwrap().bytes, b"\xff");
        for (method, url, headers) in [
            ("P T", "a", ""),
            ("GET", "http://", ""),
            ("GET", "a", "no colon"),
        ] {
            assert!(
                read_draft(method, url, headers, "", None).is_err(),
                "{method} {url} {headers}"
            );
        }
    }
}
