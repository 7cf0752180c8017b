//! Whatever comes as `Set-Cookie`, a request says no more than the rules allow, and files keep it.

use netwaterfall::cookies::{
    Asking, Jar, ThirdParties, Visit, read_cookies, read_typed, write_cookies,
};
use netwaterfall::message::{Cookie, Method};
use url::Url;

const NOW: u64 = 1_767_225_600_000;
/// Where cookies come from and go to, in turn.
const URLS: [&str; 5] = [
    "https://www.a.test/dir/page?q=1",
    "http://a.test/",
    "https://b.a.test/dir",
    "http://127.0.0.1/dir/",
    "https://co.uk/dir/page/",
];

/// Lines of `Set-Cookie`, the first byte of each says from where and whether on behalf of a page.
pub(super) fn law(bytes: &[u8]) {
    let mut jar = Jar::default();
    let mut now = NOW;
    for line in bytes.split(|byte| *byte == b'\n') {
        let (from, line) = line.split_first().unwrap_or((&0, &[]));
        let line: String = line.iter().copied().map(char::from).collect();
        now += u64::from(*from) * 100;
        visit(usize::from(*from), Some(&line), &mut jar, now);
        // Whoever types the same is refused in words, or keeps a cookie that can be sent.
        if let Ok(cookie) = read_typed(&line, now) {
            assert!(!cookie.pair().contains(|c: char| c.is_ascii_control()));
        }
    }
    for from in 0..2 * URLS.len() {
        visit(from, None, &mut jar, now);
    }
    a_file_keeps_it(&jar, now);
    // Whatever else is in a file, what was read is written and read again.
    let (mut read, _) = read_cookies(bytes, now);
    read.retain(|cookie| !cookie.path.contains('\t'));
    let written = write_cookies(&read, now);
    assert_eq!(read_cookies(&written, now), (read, Vec::new()));
}

fn visit(from: usize, line: Option<&str>, jar: &mut Jar, now: u64) {
    let url: Url = URLS[from % URLS.len()].parse().unwrap();
    let page: Url = "https://page.a.test/".parse().unwrap();
    let method = Method::get();
    let asking = Asking {
        url: &url,
        method: &method,
        page: (from / URLS.len() % 2 == 1).then_some(&page),
        visit: Visit::Part,
        third_parties: ThirdParties::Allowed,
    };
    if let Some(line) = line {
        let offered = jar.offer(line, &asking, now);
        let kept = offered.kept.as_ref();
        assert!(kept.is_none_or(|cookie| cookie.pair().chars().count() <= 4097));
    }
    let choice = jar.choose(&asking, now);
    for cookie in &choice.sent {
        it_may_be_sent(cookie, &url, &page, asking.page.is_some(), now);
    }
    let lengths = choice.sent.iter().map(|cookie| cookie.path.len());
    assert!(
        lengths.is_sorted_by(|a, b| a >= b),
        "the longest path first"
    );
}

/// The rules once more, as plainly as they can be said.
fn it_may_be_sent(cookie: &Cookie, url: &Url, page: &Url, has_page: bool, now: u64) {
    let pair = cookie.pair();
    assert!(!pair.contains(|c: char| c.is_ascii_control()), "{pair:?}");
    assert!(
        !pair.is_empty() && pair.chars().all(|c| u32::from(c) < 256),
        "{pair:?}"
    );
    assert!(cookie.expires.is_none_or(|at| at > now), "{cookie:?}");
    let latest = now + 400 * 24 * 3_600_000;
    assert!(cookie.expires.is_none_or(|at| at <= latest), "{cookie:?}");
    let host = url.host_str().unwrap();
    let below = format!(".{}", cookie.domain);
    let is_below = !cookie.host_only && host.ends_with(&below);
    assert!(host == cookie.domain || is_below, "{cookie:?} {url}");
    assert!(cookie.host_only || !["test", "co.uk"].contains(&cookie.domain.as_str()));
    let slash = if cookie.path.ends_with('/') { "" } else { "/" };
    let inside = format!("{}{slash}", cookie.path);
    assert!(
        url.path() == cookie.path || url.path().starts_with(&inside),
        "{cookie:?}"
    );
    assert!(
        !cookie.secure || url.scheme() == "https" || host == "127.0.0.1",
        "{cookie:?}"
    );
    let is_same_site = url.scheme() == page.scheme() && host.ends_with("a.test");
    if has_page && !is_same_site {
        let is_open = cookie.same_site.is_some_and(|said| said.name() == "None");
        assert!(is_open && cookie.secure, "{cookie:?} {url}");
    }
}

fn a_file_keeps_it(jar: &Jar, now: u64) {
    let cookies: Vec<Cookie> = jar.cookies().cloned().collect();
    // A path with a tab is no URL's.
    let is_kept = |cookie: &&Cookie| !cookie.is_expired(now) && !cookie.path.contains('\t');
    let alive = cookies.iter().filter(is_kept);
    let alive: Vec<Cookie> = alive.cloned().collect();
    let written = write_cookies(&cookies, now);
    // A cookie of a suffix's own, such as co.uk's, is for that host alone, and is read so.
    assert_eq!(read_cookies(&written, now), (alive, Vec::new()));
}
