use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONNECTION, ETAG, SET_COOKIE};

use super::page::{HTML, JSON, Page, Parting};
use super::site::Asked;
use super::{cache_pages, cookie_pages, queue_pages, slow_pages};

impl Page {
    /// The page that is asked for; one that says 404 where there is none.
    pub(super) fn at(asked: &Asked<'_>) -> Self {
        let path = asked.path;
        let page = match asked.host {
            "pictures.test" => picture(path),
            "shop.test" => shop(path),
            "api.test" => api(path),
            "fleeting.test" => fleeting(path),
            "impostor.test" => Some(Self::text(
                "text/plain",
                "Whoever you wanted, it is not me.\n",
            )),
            "cache.test" => cache_pages::page(asked),
            "cookies.test" | "sub.cookies.test" | "tracker.test" => {
                cookie_pages::page(asked.host, path)
            }
            "queue.test" | "beside.test" => queue_pages::page(path),
            "answers.broken.test" | "circle.broken.test" => round(path),
            host if host.ends_with(".slow.test") => slow_pages::page(path),
            _ => None,
        };
        page.unwrap_or_else(|| {
            Self::text("text/plain", "There is nothing here.\n")
                .status(StatusCode::NOT_FOUND)
                .wait(70)
        })
    }
}

fn shop(path: &str) -> Option<Page> {
    let fresh = "max-age=600";
    let page = match path {
        "/" => Page::text(HTML, include_str!("../../assets/demo/shop.html"))
            .uncached()
            .wait(150)
            .pieces(4, 40),
        "/style.css" => Page::text("text/css", include_str!("../../assets/demo/style.css"))
            .field(CACHE_CONTROL, fresh)
            .field(ETAG, r#""style-1""#)
            .wait(90),
        "/logo.svg" => Page::text("image/svg+xml", include_str!("../../assets/demo/logo.svg"))
            .field(CACHE_CONTROL, fresh)
            .field(ETAG, r#""logo-1""#)
            .wait(130)
            .pieces(3, 30),
        "/app.js" => Page::text("text/javascript", include_str!("../../assets/demo/app.js"))
            .field(CACHE_CONTROL, "no-cache")
            .field(ETAG, r#""app-1""#)
            .gzip()
            .wait(190)
            .pieces(2, 40),
        "/login" => Page::moved(StatusCode::SEE_OTHER, "/account")
            .field(
                SET_COOKIE,
                "session=8c1f27ab; Path=/; Secure; HttpOnly; SameSite=Lax",
            )
            .field(SET_COOKIE, "theme=dark; Max-Age=31536000")
            .wait(320),
        "/account" => Page::text(HTML, include_str!("../../assets/demo/account.html"))
            .uncached()
            .wait(380)
            .pieces(3, 40),
        "/old" => Page::moved(StatusCode::MOVED_PERMANENTLY, "https://shop.test/").wait(110),
        "/broken" => Page::text("text/plain", "The shop has stumbled.\n")
            .status(StatusCode::INTERNAL_SERVER_ERROR)
            .uncached()
            .wait(210),
        _ => return None,
    };
    Some(page)
}

fn api(path: &str) -> Option<Page> {
    let page = match path {
        "/stream" => Page::text("application/x-ndjson", STREAM)
            .uncached()
            .pieces(12, 150)
            .chunked(),
        "/slow.json" => Page::text(JSON, "{\"answer\":42,\"thought_for\":\"900 ms\"}\n")
            .uncached()
            .wait(900),
        "/once" => Page::text(JSON, "{\"keep\":false}\n")
            .uncached()
            .field(CONNECTION, "close")
            .wait(170),
        "/done.json" => Page::text(
            JSON,
            "{\"done\":true,\"goodbye\":\"thank you for watching\"}\n",
        )
        .uncached()
        .wait(600)
        .pieces(8, 150),
        _ => return None,
    };
    Some(page)
}

fn fleeting(path: &str) -> Option<Page> {
    let page = match path {
        "/brief" => Page::text("text/plain", "Be quick, I shall not stay.\n")
            .uncached()
            .parting(Parting::Leave),
        "/reset.bin" => {
            let mut page = Page::new("application/octet-stream", vec![0x5a; 60_000].into())
                .uncached()
                .wait(160)
                .pieces(6, 80)
                .parting(Parting::Reset);
            page.promised = Some(200_000);
            page
        }
        _ => return None,
    };
    Some(page)
}

/// Ways that lead nowhere.
fn round(path: &str) -> Option<Page> {
    let to = match path {
        "/to-ftp" => "ftp://files.test/",
        "/to-a-barred-port" => "http://answers.broken.test:25/",
        "/here" => "/there",
        "/there" => "/here",
        _ => return None,
    };
    let page = Page::moved(StatusCode::FOUND, to).wait(10);
    // What is wrong there is begun on a line of its own.
    let is_last = path.starts_with("/to-");
    Some(if is_last {
        page.field(CONNECTION, "close")
    } else {
        page
    })
}

/// Picture `NN`: 20 to 90 kB after 200 to 600 ms, over 200 to 800 ms.
///
/// On six connections, the twenty end at least 100 ms apart: who waits for whom is the same in every run.
fn picture(path: &str) -> Option<Page> {
    let number: u16 = path
        .strip_prefix('/')?
        .strip_suffix(".jpg")?
        .parse()
        .ok()
        .filter(|number| (1..=20).contains(number))?;
    let size = 20_000 + usize::from(number) * 17_321 % 70_001;
    let mut content = Vec::from(JPEG_START);
    content.resize(size - JPEG_END.len(), number.to_be_bytes()[1]);
    content.extend(JPEG_END);
    let page = Page::new("image/jpeg", content.into())
        .uncached()
        .wait(200 + u64::from(number) * 309 % 401)
        .pieces(5 + usize::from(number) * 7 % 13, 50);
    Some(page)
}

/// Twelve lines of one length, so that a piece is a line.
const STREAM: &str = "{\"tick\":\"01\"}\n{\"tick\":\"02\"}\n{\"tick\":\"03\"}\n{\"tick\":\"04\"}\n\
    {\"tick\":\"05\"}\n{\"tick\":\"06\"}\n{\"tick\":\"07\"}\n{\"tick\":\"08\"}\n\
    {\"tick\":\"09\"}\n{\"tick\":\"10\"}\n{\"tick\":\"11\"}\n{\"tick\":\"12\"}\n";

/// Start of image and the JFIF segment.
const JPEG_START: [u8; 20] =
    *b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00";
/// End of image.
const JPEG_END: [u8; 2] = *b"\xff\xd9";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_end_far_apart_on_six_connections() {
        let mut free = [0; 6];
        let mut ends = Vec::new();
        for number in 1..=20 {
            let page = picture(&format!("/{number:02}.jpg")).unwrap();
            assert!((20_000..=90_001).contains(&page.content.len()));
            let pauses = u32::try_from(page.pieces - 1).unwrap();
            free.sort_unstable();
            free[0] += (page.wait + page.every * pauses).as_millis();
            ends.push(free[0]);
        }
        ends.sort_unstable();
        assert!(
            ends.windows(2).all(|pair| pair[1] - pair[0] >= 100),
            "{ends:?}"
        );
    }

    #[test]
    fn a_piece_of_the_stream_is_a_line() {
        assert!(
            STREAM
                .lines()
                .all(|line| (line.len() + 1) * 12 == STREAM.len())
        );
    }
}
