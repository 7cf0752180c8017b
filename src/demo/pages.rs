use std::io::{self, Write as _};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, LOCATION,
    SET_COOKIE, VARY,
};

/// What the site says to one address, and how slowly.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The status of the answer.
    pub(super) status: StatusCode,
    /// Header fields, `Server` and `Date` left out.
    pub(super) fields: Vec<(HeaderName, &'static str)>,
    /// What is sent of the body.
    pub(super) content: Bytes,
    /// How long it takes until the head comes.
    pub(super) wait: Duration,
    /// In how many pieces the body comes.
    pub(super) pieces: usize,
    /// The time from piece to piece.
    pub(super) every: Duration,
    /// The `Content-Length`; without it the body is chunked.
    pub(super) promised: Option<u64>,
    /// Whether it is sent with gzip to whoever takes that.
    pub(super) is_coded: bool,
    /// What becomes of the connection.
    pub(super) parting: Parting,
}

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parting {
    /// It is kept, unless the head says otherwise.
    Keep,
    /// It is closed when it has been idle for a while.
    Leave,
    /// It is reset before the promised body is complete.
    Reset,
}

impl Page {
    /// The page at `host` and `path`; one that says 404 where there is none.
    pub(super) fn at(host: &str, path: &str) -> Self {
        let page = match host {
            "pictures.test" => picture(path),
            "shop.test" => shop(path),
            "api.test" => api(path),
            "fleeting.test" => fleeting(path),
            "impostor.test" => Some(Self::text(
                "text/plain",
                "Whoever you wanted, it is not me.\n",
            )),
            _ => None,
        };
        page.unwrap_or_else(|| {
            Self::text("text/plain", "There is nothing here.\n")
                .status(StatusCode::NOT_FOUND)
                .wait(70)
        })
    }

    /// The same page where the client has it already (RFC 9110 §15.4.5).
    pub(super) fn unchanged(self) -> Self {
        Self {
            status: StatusCode::NOT_MODIFIED,
            content: Bytes::new(),
            promised: Some(0),
            ..self
        }
    }

    /// The same page as it is sent to whoever takes gzip, if it is one that is coded.
    pub(super) fn coded(self) -> io::Result<Self> {
        if !self.is_coded || self.content.is_empty() {
            return Ok(self);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.content)?;
        let content = encoder.finish()?;
        let page = Self {
            promised: Some(content.len() as u64),
            content: content.into(),
            ..self
        };
        Ok(page.field(CONTENT_ENCODING, "gzip"))
    }

    /// Its `ETag`, where it has one.
    pub(super) fn tag(&self) -> Option<&'static str> {
        self.fields
            .iter()
            .find(|(name, _)| name == ETAG)
            .map(|(_, value)| *value)
    }

    fn text(kind: &'static str, content: &'static str) -> Self {
        Self::new(kind, Bytes::from_static(content.as_bytes()))
    }

    fn new(kind: &'static str, content: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            fields: vec![(CONTENT_TYPE, kind)],
            promised: Some(content.len() as u64),
            content,
            wait: Duration::from_millis(120),
            pieces: 1,
            every: Duration::ZERO,
            is_coded: false,
            parting: Parting::Keep,
        }
    }

    fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn field(mut self, name: HeaderName, value: &'static str) -> Self {
        self.fields.push((name, value));
        self
    }

    fn uncached(self) -> Self {
        self.field(CACHE_CONTROL, "no-store")
    }

    /// Milliseconds until the head.
    fn wait(self, wait: u64) -> Self {
        let wait = Duration::from_millis(wait);
        Self { wait, ..self }
    }

    /// So many pieces, so many milliseconds apart.
    fn pieces(self, pieces: usize, every: u64) -> Self {
        let every = Duration::from_millis(every);
        Self {
            pieces,
            every,
            ..self
        }
    }

    fn chunked(self) -> Self {
        Self {
            promised: None,
            ..self
        }
    }

    /// Sent with gzip to whoever takes that.
    fn gzip(self) -> Self {
        let page = self.field(VARY, "Accept-Encoding");
        Self {
            is_coded: true,
            ..page
        }
    }

    fn parting(self, parting: Parting) -> Self {
        Self { parting, ..self }
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
        "/login" => moved(StatusCode::SEE_OTHER, "/account")
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
        "/old" => moved(StatusCode::MOVED_PERMANENTLY, "https://shop.test/").wait(110),
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

fn moved(status: StatusCode, to: &'static str) -> Page {
    Page::text("text/plain", "It is elsewhere.\n")
        .status(status)
        .uncached()
        .field(LOCATION, to)
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

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
            let page = Page::at("pictures.test", &format!("/{number:02}.jpg"));
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
