use std::borrow::Cow;

use url::{Position, Url};

/// What an answer to a request for `url` is stored under, on a page of the site `page`.
///
/// As in Chromium, each site that somebody visits has its own answers, so that no site learns by a
/// hit what another one fetched; whether cookies go along makes no difference. Without a page each
/// request is its own page's, and the URL says it all.
pub fn key<'a>(url: &'a Url, page: Option<&str>) -> Cow<'a, str> {
    let bare = bare(url);
    match page {
        Some(page) => Cow::Owned(format!("{page} {bare}")),
        None => Cow::Borrowed(bare),
    }
}

/// The key of another URL for whoever uses `key`.
pub(super) fn key_beside(key: &str, url: &Url) -> String {
    let (page, _) = shown(key);
    self::key(url, page).into_owned()
}

/// The site of the page and the URL that a key was made of.
pub fn shown(key: &str) -> (Option<&str>, &str) {
    match key.split_once(' ') {
        Some((page, url)) => (Some(page), url),
        None => (None, key),
    }
}

/// The URL without its fragment, which is never sent.
pub(super) fn bare(url: &Url) -> &str {
    url.as_str()
        .get(..url[..Position::AfterQuery].len())
        .unwrap_or(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_own_answers_and_a_fragment_is_no_part_of_a_key() {
        let url: Url = "http://a.test/x?y=1 2#z".parse().unwrap();
        assert_eq!(key(&url, None), "http://a.test/x?y=1%202");
        let of_page = key(&url, Some("https://b.test"));
        assert_eq!(
            shown(&of_page),
            (Some("https://b.test"), "http://a.test/x?y=1%202")
        );
        let other = "http://a.test/z".parse().unwrap();
        assert_eq!(
            key_beside(&of_page, &other),
            "https://b.test http://a.test/z"
        );
        assert_eq!(key_beside(&key(&url, None), &other), "http://a.test/z");
    }
}
