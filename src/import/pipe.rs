use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use url::Url;

use crate::event::{Because, Wanted};
use crate::message::{
    BadMethod, CacheMode, Credentials, Method, Origin, Payload, Priority, RedirectMode, Saying,
};

/// What another program asks for in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A request, under a name that the program chose.
    Fetch {
        /// The name.
        id: String,
        /// The request.
        wanted: Box<Wanted>,
        /// For how long it may take, redirects and all.
        limit: Option<Duration>,
    },
    /// The request of this name is to be given up.
    Cancel(String),
    /// It is to be told when all before has ended.
    Flush,
}

/// Why a line is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadAsk {
    /// The line is not understood.
    Line(String),
    /// The line names a request, and the request cannot be made.
    Request {
        /// Its name.
        id: String,
        /// What is wrong, and how to mend it.
        words: String,
    },
}

/// Reads one line that another program wrote; nothing for a blank one.
pub fn read_ask(text: &[u8], line: u32) -> Result<Option<Ask>, BadAsk> {
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    let not_understood = |error: serde_json::Error| BadAsk::Line(error.to_string());
    let envelope: Envelope = serde_json::from_slice(text).map_err(not_understood)?;
    let id = match envelope {
        Envelope {
            cancel: Some(id), ..
        } => return Ok(Some(Ask::Cancel(id))),
        Envelope {
            flush: Some(true), ..
        } => return Ok(Some(Ask::Flush)),
        Envelope {
            id: Some(Value::String(id)),
            ..
        } => id,
        Envelope { id: Some(_), .. } => return Err(bad_line("the id is no string")),
        Envelope { .. } => return Err(bad_line("there is no id, no cancel and no flush")),
    };
    let read = serde_json::from_slice::<Written>(text).map_err(|error| error.to_string());
    match read.and_then(|written| wanted(written, line)) {
        Ok((wanted, limit)) => Ok(Some(Ask::Fetch {
            id,
            wanted: Box::new(wanted),
            limit,
        })),
        Err(words) => Err(BadAsk::Request { id, words }),
    }
}

fn bad_line(words: &str) -> BadAsk {
    BadAsk::Line(words.to_owned())
}

/// What tells one kind of line from another.
#[derive(serde::Deserialize)]
struct Envelope {
    id: Option<Value>,
    cancel: Option<String>,
    flush: Option<bool>,
}

/// A request as it is written.
#[derive(serde::Deserialize)]
struct Written {
    url: String,
    method: Option<String>,
    headers: Option<Fields>,
    body: Option<String>,
    body_b64: Option<String>,
    cache: Option<CacheMode>,
    redirect: Option<RedirectMode>,
    credentials: Option<Credentials>,
    priority: Option<Hint>,
    timeout_ms: Option<f64>,
}

/// How important a request is, as the Fetch standard's hint has it, and one above.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Hint {
    Highest,
    High,
    Auto,
    Low,
}

impl From<Hint> for Priority {
    fn from(hint: Hint) -> Self {
        match hint {
            Hint::Highest => Self::High,
            // In Chromium, fetch() is of high priority already, and the hint changes nothing.
            Hint::High | Hint::Auto => Self::Auto,
            Hint::Low => Self::Low,
        }
    }
}

fn wanted(written: Written, line: u32) -> Result<(Wanted, Option<Duration>), String> {
    let url = Url::parse(&written.url).map_err(|error| format!("this is no URL: {error}"))?;
    if Origin::of(&url).is_none() {
        return Err("only http and https URLs are fetched".to_owned());
    }
    let method = method(written.method.as_deref().unwrap_or("GET"))?;
    let mut saying = Saying::default();
    for (name, value) in written.headers.map(|fields| fields.0).unwrap_or_default() {
        match value {
            Some(value) => saying
                .say(&name, &value)
                .map_err(|error| format!("header {name:?}: {error}"))?,
            None => saying.without.push(name),
        }
    }
    saying.payload = payload(written.body, written.body_b64)?;
    let limit = match written.timeout_ms {
        Some(millis) => Some(
            Duration::try_from_secs_f64(millis / 1000.0)
                .map_err(|_| format!("timeout_ms {millis} is no time"))?,
        ),
        None => None,
    };
    let wanted = Wanted {
        saying,
        cache: written.cache.unwrap_or_default(),
        redirect: written.redirect.unwrap_or_default(),
        credentials: written.credentials.unwrap_or_default(),
        priority: written.priority.map(Priority::from).unwrap_or_default(),
        ..Wanted::plain(method, url, Because::Piped { line })
    };
    Ok((wanted, limit))
}

/// Methods that the Fetch standard knows are sent in capitals, however they are written.
fn method(text: &str) -> Result<Method, String> {
    let upper = text.to_ascii_uppercase();
    let method = match upper.as_str() {
        "DELETE" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" => upper.parse(),
        "CONNECT" => return Err("CONNECT asks for a tunnel and fetches nothing".to_owned()),
        _ => text.parse(),
    };
    method.map_err(|error: BadMethod| error.to_string())
}

fn payload(text: Option<String>, base64: Option<String>) -> Result<Option<Payload>, String> {
    if let Some(base64) = base64 {
        let bytes = BASE64.decode(base64);
        let bytes = bytes.map_err(|error| format!("body_b64 is no base64: {error}"))?;
        return Ok(Some(Payload {
            bytes: Arc::from(bytes),
            media_type: None,
        }));
    }
    // What fetch() says of a text.
    Ok(text.map(|text| Payload {
        bytes: Arc::from(text.into_bytes()),
        media_type: Some("text/plain;charset=UTF-8".to_owned()),
    }))
}

/// Header fields as pairs or as an object, in order; a null leaves an automatic one out.
struct Fields(Vec<(String, Option<String>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers as pairs of name and value, or as an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(pair) = pairs.next_element()? {
            fields.push(pair);
        }
        Ok(Fields(fields))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            fields.push(pair);
        }
        Ok(Fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetch(text: &str) -> (String, Wanted, Option<Duration>) {
        match read_ask(text.as_bytes(), 7) {
            Ok(Some(Ask::Fetch { id, wanted, limit })) => (id, *wanted, limit),
            other => panic!("{text}: {other:?}"),
        }
    }

    fn refused(text: &str) -> BadAsk {
        read_ask(text.as_bytes(), 1).unwrap_err()
    }

    #[test]
    fn a_request_is_read_with_all_it_says() {
        let (id, wanted, limit) = fetch(
            r#"{"id":"x","url":"http://a.test/p","method":"post","headers":{"B":"1","a":"2","Accept":null},
            "body":"text","body_b64":"AP8=","cache":"only-if-cached","redirect":"manual",
            "credentials":"omit","timeout_ms":1500.5,"priority":"low"}"#,
        );
        assert_eq!(
            (id.as_str(), limit),
            ("x", Some(Duration::from_micros(1_500_500)))
        );
        assert_eq!(wanted.method.as_str(), "POST");
        let headers: Vec<_> = wanted.saying.headers.iter().collect();
        assert_eq!(headers, [("B", "1"), ("a", "2")]);
        assert_eq!(wanted.saying.without, ["Accept"]);
        assert_eq!(&*wanted.saying.payload.unwrap().bytes, [0, 255]);
        assert_eq!(wanted.cache, CacheMode::OnlyIfCached);
        assert_eq!(wanted.redirect, RedirectMode::Manual);
        assert_eq!(wanted.because, Because::Piped { line: 7 });
        assert_eq!(wanted.credentials, Credentials::Omit);
        assert_eq!(wanted.priority, Priority::Low);
    }

    #[test]
    fn the_hint_high_is_what_a_fetch_is_anyway() {
        for (hint, priority) in [
            ("highest", Priority::High),
            ("high", Priority::Auto),
            ("auto", Priority::Auto),
            ("low", Priority::Low),
        ] {
            let line = format!(r#"{{"id":"1","url":"http://a/","priority":"{hint}"}}"#);
            assert_eq!(fetch(&line).1.priority, priority);
        }
    }

    #[test]
    fn other_lines_are_told_apart() {
        let read = |text: &str| read_ask(text.as_bytes(), 1).unwrap();
        assert_eq!(read(r#"{"cancel":"1"}"#), Some(Ask::Cancel("1".into())));
        assert_eq!(read(r#"{"flush":true}"#), Some(Ask::Flush));
        assert_eq!(read(" \r"), None);
        let (_, wanted, _) =
            fetch(r#"{"id":"","url":"https://a.test","headers":[["A","b"],["a","c"]]}"#);
        assert_eq!(wanted.saying.headers.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_wrong_with_the_line_or_with_the_request() {
        for line in [
            "{",
            "[]",
            "1",
            "{}",
            r#"{"id":1,"url":"http://a"}"#,
            "{\"id\":\"\u{7f}",
        ] {
            assert!(matches!(refused(line), BadAsk::Line(_)), "{line}");
        }
        for rest in [
            "",
            r#","url":"x""#,
            r#","url":"ftp://a/""#,
            r#","url":"http://a/","cache":"odd""#,
            r#","url":"http://a/","method":"A B""#,
            r#","url":"http://a/","headers":[["A","b\r\nC: d"]]"#,
            r#","url":"http://a/","headers":[["A"]]"#,
            r#","url":"http://a/","body_b64":"?""#,
            r#","url":"http://a/","timeout_ms":-1"#,
            r#","url":"http://a/","credentials":"some""#,
            r#","url":"http://a/","priority":"urgent""#,
        ] {
            let line = format!(r#"{{"id":"1"{rest}}}"#);
            assert!(matches!(refused(&line), BadAsk::Request { .. }), "{line}");
        }
    }
}
