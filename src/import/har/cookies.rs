use serde_json::Value;

use super::entry::Entry;

/// The cookies that went along, as `Cookie` would have them; nothing where a header has them.
pub(super) fn sent(entry: &Entry<'_>) -> Option<String> {
    let listed = unheaded(&entry.written.request, "cookie");
    let pairs: Vec<String> = listed.filter_map(pair).collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

/// The cookies that were set, as `Set-Cookie` would have them; none where headers have them.
pub(super) fn set(entry: &Entry<'_>) -> Vec<String> {
    let listed = unheaded(&entry.written.response, "set-cookie");
    listed.filter_map(line).collect()
}

/// What `cookies` of a message lists, if no header of it is called so.
fn unheaded<'a>(message: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let list = |key| message.get(key).and_then(Value::as_array);
    let is_it = |field: &Value| text(field, "name").is_some_and(|n| n.eq_ignore_ascii_case(name));
    let has_header = list("headers").is_some_and(|fields| fields.iter().any(is_it));
    let listed = list("cookies").filter(|_| !has_header);
    listed.into_iter().flatten()
}

fn pair(cookie: &Value) -> Option<String> {
    let value = text(cookie, "value").unwrap_or_default();
    Some(format!("{}={value}", text(cookie, "name")?))
}

fn line(cookie: &Value) -> Option<String> {
    let mut parts = vec![pair(cookie)?];
    for (key, name) in [
        ("path", "Path"),
        ("domain", "Domain"),
        ("expires", "Expires"),
        ("sameSite", "SameSite"),
    ] {
        let value = text(cookie, key).filter(|value| !value.is_empty());
        parts.extend(value.map(|value| format!("{name}={value}")));
    }
    for (key, name) in [("httpOnly", "HttpOnly"), ("secure", "Secure")] {
        let is_so = cookie.get(key).and_then(Value::as_bool) == Some(true);
        parts.extend(is_so.then(|| name.to_owned()));
    }
    Some(parts.join("; "))
}

fn text<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    of.get(key).and_then(Value::as_str)
}
