use url::Url;

/// The path of a cookie that names none: the directory of the request's path (RFC 6265bis §5.1.4).
pub(super) fn default_path(url: &Url) -> &str {
    let path = url.path();
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(last) => path.get(..last).unwrap_or("/"),
    }
}

/// Whether a cookie for `cookie` goes along to `request` (RFC 6265bis §5.1.4).
pub(super) fn path_matches(request: &str, cookie: &str) -> bool {
    let Some(rest) = request.strip_prefix(cookie) else {
        return false;
    };
    rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_directory() {
        for (url, path) in [
            ("http://a.test", "/"),
            ("http://a.test/x", "/"),
            ("http://a.test/x/", "/x"),
            ("http://a.test/x/y?z=/q/", "/x"),
        ] {
            assert_eq!(default_path(&url.parse().unwrap()), path, "{url}");
        }
    }

    #[test]
    fn paths_match_at_their_slashes() {
        assert!(path_matches("/a/b", "/a"));
        assert!(path_matches("/a", "/a"));
        assert!(path_matches("/a/b", "/a/"));
        assert!(path_matches("/a/b", "/"));
        assert!(!path_matches("/ab", "/a"));
        assert!(!path_matches("/a", "/a/"));
        assert!(!path_matches("/A", "/a"));
    }
}
