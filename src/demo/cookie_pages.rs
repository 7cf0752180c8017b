use hyper::header::SET_COOKIE;

use super::page::{HTML, Page};

/// The pages of the hosts that set cookies, as they may and as they may not.
pub(super) fn page(host: &str, path: &str) -> Option<Page> {
    let lines: &[&str] = match (host, path) {
        ("cookies.test", "/set-some") => SOME,
        ("cookies.test", "/set-with-prefixes") => PREFIXED,
        ("tracker.test", "/set-from-elsewhere") => ELSEWHERE,
        ("cookies.test", "/log-out") => &["session=; Max-Age=0; Secure; Path=/"],
        ("cookies.test", "/takes-a-while") => {
            return Some(Page::text(HTML, "<p>Sorry.</p>\n").uncached().wait(1_300));
        }
        ("cookies.test", "/in-clear") => &["session=stolen; Path=/"],
        ("cookies.test" | "sub.cookies.test", "/")
        | ("cookies.test", "/account/orders" | "/at-last")
        | ("tracker.test", "/pixel.gif") => &[],
        _ => return None,
    };
    let (kind, content) = if path == "/pixel.gif" {
        ("image/gif", PIXEL)
    } else {
        (HTML, "<p>Have a cookie.</p>\n")
    };
    let page = Page::text(kind, content).uncached().wait(90);
    let set = |page: Page, line: &&'static str| page.field(SET_COOKIE, *line);
    Some(lines.iter().fold(page, set))
}

/// The head of a picture of one dot, and no dot.
const PIXEL: &str = "GIF89a\x01\0\x01\0\0\0\0;";

const SOME: &[&str] = &[
    "session=8c1f27ab; Secure; HttpOnly; SameSite=Lax; Path=/",
    "theme=dark; Max-Age=31536000; Path=/",
    "strict=1; Secure; SameSite=Strict; Path=/",
    "wide=1; Domain=cookies.test; Secure; Path=/",
    "orders=open; Path=/account; Secure",
    "brief=1; Max-Age=1; Path=/",
    "foreign=1; Domain=shop.test",
    "greedy=1; Domain=test",
    "gone=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "everywhere=1; SameSite=None",
];

const PREFIXED: &[&str] = &[
    "__Host-id=1; Secure; Path=/; HttpOnly",
    "__Host-lost=1; Secure; Path=/; Domain=cookies.test",
    "__Secure-id=1; Secure; Path=/",
    "__Secure-lost=1; Path=/",
];

const ELSEWHERE: &[&str] = &[
    "spy=1; SameSite=None; Secure",
    "lax=1; SameSite=Lax; Secure",
    "usual=1; Secure",
    "__Host-part=1; SameSite=None; Secure; Path=/; Partitioned",
];
