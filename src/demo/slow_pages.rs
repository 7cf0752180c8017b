use hyper::StatusCode;
use hyper::header::HeaderName;

use super::page::Page;

/// The pages of the hosts that are slow; names, ways and handshakes are so before there is a page.
pub(super) fn page(path: &str) -> Option<Page> {
    let text = |text| Page::text("text/plain", text).uncached().wait(80);
    let page = match path {
        "/nothing-is-slow" => text("That was quick.\n"),
        "/the-name-server-is-slow" => text("Who am I again?\n"),
        "/the-way-is-long" => text("Greetings from far away.\n"),
        "/the-handshake-is-slow" => text("Pleased to meet you, at last.\n"),
        "/the-server-thinks" => text("42\n").wait(1_600).field(
            HeaderName::from_static("server-timing"),
            "auth;dur=120;desc=\"who asks\", db;dur=1150;desc=\"the long query\", view;dur=240",
        ),
        "/the-body-trickles" => Page::text("text/plain", TRICKLE)
            .uncached()
            .wait(80)
            .pieces(24, 70),
        "/three-ways-round" => Page::moved(StatusCode::FOUND, "/two-ways-round").wait(300),
        "/two-ways-round" => Page::moved(StatusCode::FOUND, "/one-way-round").wait(300),
        "/one-way-round" => Page::moved(StatusCode::FOUND, "/there").wait(300),
        "/there" => text("Here at last.\n").wait(300),
        "/1" | "/2" | "/3" | "/4" | "/5" | "/6" | "/7-waits-in-line" | "/8-waits-in-line" => {
            text("Next, please.\n").wait(800)
        }
        _ => return None,
    };
    Some(page)
}

/// Twenty-four lines of one length, so that a piece is a line.
const TRICKLE: &str = "drop by drop 01\ndrop by drop 02\ndrop by drop 03\ndrop by drop 04\n\
    drop by drop 05\ndrop by drop 06\ndrop by drop 07\ndrop by drop 08\n\
    drop by drop 09\ndrop by drop 10\ndrop by drop 11\ndrop by drop 12\n\
    drop by drop 13\ndrop by drop 14\ndrop by drop 15\ndrop by drop 16\n\
    drop by drop 17\ndrop by drop 18\ndrop by drop 19\ndrop by drop 20\n\
    drop by drop 21\ndrop by drop 22\ndrop by drop 23\ndrop by drop 24\n";
