use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use url::Url;

/// What `Authorization` says for a name and a password (RFC 7617 §2).
pub fn basic(name_and_password: &[u8]) -> String {
    format!("Basic {}", BASE64.encode(name_and_password))
}

/// Takes `user:password@` out of a URL; what `Authorization` says for it, if there was one.
pub fn take_credentials(url: &mut Url) -> Option<String> {
    let name = url.username();
    let password = url.password();
    if name.is_empty() && password.is_none() {
        return None;
    }
    let mut said = decoded(name);
    said.push(b':');
    said.extend(decoded(password.unwrap_or_default()));
    // A URL of http or https has a host, so that both can be taken away.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(basic(&said))
}

/// The bytes behind `%NN`; a `%` before anything else is itself.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|two| str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url_and_become_a_header() {
        let mut url = Url::parse("http://Aladdin:open%20sesame@a.test/x").unwrap();
        let said = take_credentials(&mut url);
        assert_eq!(said.as_deref(), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assert_eq!(url.as_str(), "http://a.test/x");
        assert_eq!(take_credentials(&mut url), None);
    }

    #[test]
    fn a_name_needs_no_password() {
        let mut url = Url::parse("http://me%@a.test/").unwrap();
        assert_eq!(take_credentials(&mut url), Some(basic(b"me%:")));
    }
}
