//! A line of another program is a request that HTTP can say, or is refused in words.

use netwaterfall::event::Wanted;
use netwaterfall::http1::encode;
use netwaterfall::import::{Ask, BadAsk, read_ask};
use netwaterfall::message::{Origin, RequestHead};

pub(super) fn law(bytes: &[u8]) {
    match read_ask(bytes, 1) {
        Ok(Some(Ask::Fetch { wanted, .. })) => it_can_be_said(&wanted),
        Ok(Some(Ask::Cancel(_) | Ask::Flush)) => {}
        Ok(None) => assert!(bytes.trim_ascii().is_empty(), "a line is lost"),
        Err(BadAsk::Line(words) | BadAsk::Request { words, .. }) => assert!(!words.is_empty()),
    }
}

/// As many lines go out as were meant, and none has anything in it that would end it.
fn it_can_be_said(wanted: &Wanted) {
    let url = &wanted.url;
    let origin = Origin::of(url).expect("http or https, and a host");
    let method = wanted.method.clone();
    let head = RequestHead::composed(method, url, &origin, &wanted.saying, wanted.cache);
    let bytes = encode(&head).expect("a request that can be said");
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + head.headers.len() + 2, "{text:?}");
    assert!(text.ends_with("\r\n\r\n"));
    for line in &lines {
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
    }
    let first: Vec<&str> = lines[0].split(' ').collect();
    assert!(matches!(first.as_slice(), [_, _, "HTTP/1.1"]), "{first:?}");
    for (line, (name, _)) in lines.iter().skip(1).zip(head.headers.iter()) {
        assert!(line.starts_with(&format!("{name}: ")), "{line:?}");
    }
}
