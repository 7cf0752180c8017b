use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{CacheMode, Headers, Origin, Proxy, Saying, Shared};

/// What requests say of who asks.
pub(super) const AGENT: &str = concat!("netwaterfall/", env!("CARGO_PKG_VERSION"));

/// A request method: any token (RFC 9110 §9.1), case kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Method(String);

/// A method that HTTP cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a method is made of letters, digits and !#$%&'*+-.^_`|~ only")]
pub struct BadMethod;

impl Method {
    /// `GET`.
    pub fn get() -> Self {
        Self("GET".to_owned())
    }

    /// The method as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `GET`.
    pub fn is_get(&self) -> bool {
        self.0 == "GET"
    }

    /// Whether the answer to it never has a body (RFC 9110 §9.3.2).
    pub fn is_head(&self) -> bool {
        self.0 == "HEAD"
    }
}

impl FromStr for Method {
    type Err = BadMethod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if text.is_empty() || !text.chars().all(is_token) {
            return Err(BadMethod);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Method {
    type Error = BadMethod;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.0
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request line and its headers, as they go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestHead {
    /// What is asked.
    pub method: Method,
    /// The request target: path and query (RFC 9112 §3.2.1), for a proxy the whole URL (§3.2.2).
    pub target: String,
    /// The header fields.
    pub headers: Headers,
    /// The names of those that nobody asked for: they are sent as a browser would.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub automatic: Shared<Vec<String>>,
}

fn is_empty(names: &Shared<Vec<String>>) -> bool {
    names.is_empty()
}

impl RequestHead {
    /// Adds a field behind the others; `is_automatic` if nobody asked for it.
    pub fn add(&mut self, name: &str, value: String, is_automatic: bool) {
        self.headers.push(name, value);
        if is_automatic {
            self.automatic.push(name.to_owned());
        }
    }

    /// The head of a plain fetch of `url`.
    pub fn plain(method: Method, url: &Url, origin: &Origin) -> Self {
        Self::composed(
            method,
            url,
            origin,
            &Saying::default(),
            CacheMode::default(),
        )
    }

    /// The head that asks an HTTP proxy for a tunnel to `origin` (RFC 9110 §9.3.6), as Chromium says it.
    pub fn tunnel(origin: &Origin, proxy: &Proxy) -> Self {
        let mut head = Self {
            method: Method("CONNECT".to_owned()),
            target: origin.to_string(),
            headers: Headers::new(),
            automatic: Shared::default(),
        };
        head.add("Host", origin.to_string(), true);
        head.add("Proxy-Connection", "keep-alive".to_owned(), true);
        head.add("User-Agent", AGENT.to_owned(), true);
        head.authorize(proxy);
        head
    }

    /// The same request for `url`, to be sent to a proxy that passes it on (RFC 9112 §3.2.2).
    #[must_use]
    pub fn through(mut self, url: &Url, proxy: &Proxy) -> Self {
        let mut whole = url.clone();
        whole.set_fragment(None);
        self.target = whole.into();
        let is_automatic = self.automatic.iter().any(|name| name == "Connection");
        if is_automatic {
            // Browsers tell a proxy so that they keep the connection to it.
            let renamed = |name: &str| match name {
                "Connection" => "Proxy-Connection".to_owned(),
                other => other.to_owned(),
            };
            let told = self.headers.iter();
            self.headers = told
                .map(|(name, value)| (renamed(name), value.to_owned()))
                .collect();
            self.automatic = self.automatic.iter().map(|name| renamed(name)).collect();
        }
        self.authorize(proxy);
        self
    }

    fn authorize(&mut self, proxy: &Proxy) {
        let is_given = self.headers.first("proxy-authorization").is_some();
        if let Some(said) = proxy.authorization().filter(|_| !is_given) {
            self.add("Proxy-Authorization", said, true);
        }
    }

    /// Whether this is to be the last request on its connection (RFC 9112 §9.6).
    pub fn says_close(&self) -> bool {
        self.headers
            .members("connection")
            .any(|member| member.eq_ignore_ascii_case("close"))
    }

    /// Whether this head says where a body of so many bytes ends, and says it right: by its length
    /// alone, as bodies go out in no other way (RFC 9112 §6.2).
    pub fn frames(&self, bytes: usize) -> bool {
        let mut lengths = self.headers.all("content-length").peekable();
        let is_said = bytes == 0 || lengths.peek().is_some();
        is_said
            && lengths.all(|length| length.parse() == Ok(bytes))
            && self.headers.first("transfer-encoding").is_none()
    }

    /// Whether the body is to wait until the server wants it (RFC 9110 §10.1.1).
    pub fn expects_continue(&self) -> bool {
        self.headers
            .members("expect")
            .any(|member| member.eq_ignore_ascii_case("100-continue"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_a_token() {
        assert!("PROPFIND".parse::<Method>().is_ok());
        assert!("GE T".parse::<Method>().is_err());
        assert!("".parse::<Method>().is_err());
        assert!("GET\r".parse::<Method>().is_err());
    }

    #[test]
    fn a_body_is_framed_by_its_own_length_and_nothing_else() {
        let framed = |fields: &[(&str, &str)], bytes| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let url = Url::parse("http://a.test/").unwrap();
            let mut head = RequestHead::plain(Method::get(), &url, &Origin::of(&url).unwrap());
            head.headers = fields.iter().map(owned).collect();
            head.frames(bytes)
        };
        assert!(framed(&[], 0) && framed(&[("Content-Length", "5")], 5));
        assert!(!framed(&[], 5) && !framed(&[("content-length", "5")], 0));
        assert!(!framed(
            &[("Content-Length", "5"), ("Content-Length", "6")],
            5
        ));
        assert!(!framed(&[("Transfer-Encoding", "chunked")], 0));
    }

    #[test]
    fn a_proxy_gets_the_whole_url_and_its_own_password() {
        let url = Url::parse("http://a.test/p?q=1#f").unwrap();
        let origin = Origin::of(&url).unwrap();
        let proxy: Proxy = "http://me:pw@proxy.test:1".parse().unwrap();
        let head = RequestHead::plain(Method::get(), &url, &origin).through(&url, &proxy);
        assert_eq!(head.target, "http://a.test/p?q=1");
        assert_eq!(head.headers.first("host"), Some("a.test"));
        assert_eq!(head.headers.first("connection"), None);
        assert_eq!(head.headers.first("proxy-connection"), Some("keep-alive"));
        let said = head.headers.first("proxy-authorization");
        assert_eq!(said, Some("Basic bWU6cHc="));
        let tunnel = RequestHead::tunnel(&origin, &proxy);
        assert_eq!(
            (tunnel.method.as_str(), &*tunnel.target),
            ("CONNECT", "a.test:80")
        );
        assert_eq!(tunnel.headers.first("proxy-authorization"), said);
    }

    #[test]
    fn the_target_has_the_query_and_never_the_fragment() {
        let url = Url::parse("http://a.test/p?q=1#f").unwrap();
        let head = RequestHead::plain(Method::get(), &url, &Origin::of(&url).unwrap());
        assert_eq!(head.target, "/p?q=1");
        assert_eq!(head.headers.first("host"), Some("a.test"));
    }
}
