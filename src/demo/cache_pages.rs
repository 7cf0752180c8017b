use hyper::StatusCode;
use hyper::header::{ACCEPT_RANGES, CACHE_CONTROL, ETAG, LAST_MODIFIED, LOCATION, VARY};

use super::page::{HTML, JSON, Page};
use super::site::Asked;

/// The pages of the host whose answers are stored, or not; who has one already says so by its tag.
pub(super) fn page(asked: &Asked<'_>) -> Option<Page> {
    let text = |text| Page::text("text/plain", text);
    let page = match asked.path {
        "/fresh-for-ten-minutes.css" => Page::text("text/css", "p { color: green }\n")
            .field(CACHE_CONTROL, "max-age=600")
            .field(ETAG, "\"fresh-1\""),
        "/asked-about.js" => Page::text("text/javascript", "let same = true;\n")
            .field(CACHE_CONTROL, "no-cache")
            .field(ETAG, "\"same-1\""),
        "/changed-meanwhile.json" if asked.tag.is_some() => Page::text(JSON, "{\"version\":2}\n")
            .field(CACHE_CONTROL, "no-cache")
            .field(ETAG, "\"version-2\""),
        "/changed-meanwhile.json" => Page::text(JSON, "{\"version\":1}\n")
            .field(CACHE_CONTROL, "no-cache")
            .field(ETAG, "\"version-1\""),
        "/fresh-by-guess.html" => Page::text(HTML, "<p>It has not changed for years.</p>\n")
            .field(LAST_MODIFIED, "Mon, 06 Jan 2020 10:00:00 GMT"),
        "/stale-and-refreshed.json" => Page::text(JSON, "{\"news\":\"old\"}\n")
            .field(CACHE_CONTROL, "max-age=0, stale-while-revalidate=60")
            .field(ETAG, "\"news-1\"")
            .wait(400),
        "/stale-if-error.json" if asked.tag.is_some() => text("The server has stumbled.\n")
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .uncached(),
        "/stale-if-error.json" => Page::text(JSON, "{\"better\":\"than nothing\"}\n")
            .field(CACHE_CONTROL, "max-age=0, stale-if-error=600")
            .field(ETAG, "\"fragile-1\""),
        "/vary" if asked.language == Some("de") => vary("Guten Tag\n"),
        "/vary" => vary("Good day\n"),
        "/never-stored.html" => Page::text(HTML, "<p>Nobody keeps me.</p>\n").uncached(),
        "/moved-for-good" => text("It is elsewhere, and stays there.\n")
            .status(StatusCode::MOVED_PERMANENTLY)
            .field(CACHE_CONTROL, "max-age=600")
            .field(LOCATION, "/fresh-for-ten-minutes.css"),
        "/download.bin" => return download(asked),
        _ => return None,
    };
    Some(page)
}

fn vary(words: &'static str) -> Page {
    Page::text("text/plain", words)
        .field(CACHE_CONTROL, "max-age=600")
        .field(VARY, "Accept-Language")
}

/// Sixty thousand bytes, or a part of them.
fn download(asked: &Asked<'_>) -> Option<Page> {
    let page = Page::new("application/octet-stream", vec![0x2e; 60_000].into())
        .field(CACHE_CONTROL, "max-age=600")
        .field(ETAG, "\"download-1\"")
        .field(ACCEPT_RANGES, "bytes")
        .pieces(6, 40);
    match asked.range {
        Some(range) => page.part(range),
        None => Some(page),
    }
}
