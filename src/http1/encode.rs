use crate::message::RequestHead;

/// Something in a request head would end the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} has a line break or NUL in it, which would forge another line (RFC 9112 §11.1)")]
pub struct Unsayable {
    what: String,
}

/// The bytes of a request head, empty line included (RFC 9112 §3).
pub fn encode(head: &RequestHead) -> Result<Vec<u8>, Unsayable> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(head.method.as_str().as_bytes());
    bytes.push(b' ');
    say(&mut bytes, &head.target, "the request target")?;
    bytes.extend_from_slice(b" HTTP/1.1\r\n");
    for (name, value) in head.headers.iter() {
        say(&mut bytes, name, "a header name")?;
        bytes.extend_from_slice(b": ");
        say(&mut bytes, value, name)?;
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes)
}

/// Header text is isomorphic; a character that is no byte goes out as UTF-8.
fn say(bytes: &mut Vec<u8>, text: &str, what: &str) -> Result<(), Unsayable> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(Unsayable {
            what: what.to_owned(),
        });
    }
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Headers, Method};

    fn head(value: &str) -> RequestHead {
        let mut headers = Headers::new();
        headers.push("Host", "a.test");
        headers.push("X", value);
        RequestHead {
            method: Method::get(),
            target: "/p?q".into(),
            headers,
            automatic: crate::message::Shared::default(),
        }
    }

    #[test]
    fn lines_go_out_in_order_and_bytes_as_bytes() {
        let bytes = encode(&head("\u{e9}")).unwrap();
        assert_eq!(
            bytes,
            b"GET /p?q HTTP/1.1\r\nHost: a.test\r\nX: \xe9\r\n\r\n"
        );
    }

    #[test]
    fn a_line_break_is_refused_by_name() {
        let error = encode(&head("a\r\nEvil: 1")).unwrap_err();
        assert!(error.to_string().starts_with("X has a line break"));
    }
}
