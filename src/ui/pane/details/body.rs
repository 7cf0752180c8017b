use ratatui::text::Line;

use crate::model::{BODIES, Request, bytes, duration};
use crate::ui::browsing::Light;
use crate::ui::folds::Sheet;
use crate::ui::tail::Tail;
use crate::ui::unpacked::{Plain, coded};

use super::page::{Page, pair, remark, said, trouble};

/// Columns of the drawing of how a body came.
const PARTS: usize = 32;

/// What came, in the light in which it makes most sense.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let Some(body) = request.given_body() else {
        let words = if request.entry.is_some() {
            "the HAR does not say what the body was"
        } else if request.ended.is_some() {
            "there is no body"
        } else {
            "not here yet"
        };
        sheet.line(remark(page, words));
        arrival(request, page, &mut sheet);
        return sheet;
    };
    let is_told_coded = sizes(request, page).is_some();
    if coded(request).is_none() && !is_told_coded {
        let size = if request.has_no_size() {
            "the HAR does not say how much came over the wire".to_owned()
        } else {
            bytes(body.bytes)
        };
        sheet.line(pair(page, "size", &size));
    }
    if let Some(sizes) = sizes(request, page) {
        sheet.line(pair(page, "size", &sizes));
    }
    if body.before > 0 {
        let words = format!("the first {} came before it was cut", bytes(body.before));
        sheet.line(pair(page, "joined", &words));
    }
    if body.is_cut() {
        let words = format!("the first {} (--max-body keeps more)", bytes(body.kept));
        sheet.line(pair(page, "kept", &words));
    }
    match &body.content {
        None if body.kept > 0 => {
            arrival(request, page, &mut sheet);
            let words = if body.is_let_go {
                let room = bytes(BODIES);
                format!(
                    "no longer kept: bodies that came later took its place ({room} of them are kept)"
                )
            } else if request.entry.is_some() {
                "the HAR was written without this body".to_owned()
            } else {
                "this record was made without bodies (--bodies keeps them)".to_owned()
            };
            sheet.line("");
            sheet.line(remark(page, &words));
        }
        Some(content) if !content.0.is_empty() => content_lines(request, page, &mut sheet),
        None | Some(_) => {}
    }
    sheet
}

/// How large a coded body is on the wire and decoded, once that is known.
pub(super) fn sizes(request: &Request, page: &Page<'_>) -> Option<String> {
    let body = request.given_body().filter(|body| body.bytes > 0)?;
    let codings: Vec<&str> = request.given_head()?.codings().collect();
    if codings.is_empty() {
        return None;
    }
    let wire = format!("{} on the wire ({})", bytes(body.bytes), codings.join(", "));
    Some(match page.unpacked.map(|unpacked| &unpacked.outcome) {
        Some(Ok(plain)) => {
            let (decoded, tenths) = (bytes(plain.bytes), plain.bytes * 10 / body.kept.max(1));
            let times = format!("{}.{} times as much", tenths / 10, tenths % 10);
            format!("{wire}, {decoded} decoded: {times}")
        }
        Some(Err(_)) | None => wire,
    })
}

/// What was found out about the body, and the body; or why there is none to be looked at.
fn content_lines(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    match page.unpacked.map(|unpacked| &unpacked.outcome) {
        None => {
            arrival(request, page, sheet);
            sheet.line("");
            sheet.line(remark(page, "reading it …"));
        }
        Some(Err(words)) => {
            sheet.line(trouble(page, words));
            sheet.line(remark(page, "these are the bytes as they came"));
            sheet.line("");
            let content = request.given_body().and_then(|body| body.content.as_ref());
            sheet.tail = content.map(|content| Tail::Bytes(content.0.clone()));
        }
        Some(Ok(plain)) => {
            for note in &plain.notes {
                sheet.line(trouble(page, note));
            }
            known(plain, page, sheet);
            arrival(request, page, sheet);
            sheet.line("");
            sheet.tail = Some(page.browsing.tail(plain));
        }
    }
}

fn known(plain: &Plain, page: &Page<'_>, sheet: &mut Sheet) {
    let reading = &plain.reading;
    if let Some(picture) = &reading.picture {
        let (width, height) = (picture.width, picture.height);
        let words = format!(
            "{}, {width} × {height} pixels, {}",
            picture.format, picture.colours
        );
        sheet.line(pair(page, "picture", &words));
        if let Err(bad) = &picture.pixels {
            sheet.line(trouble(page, &bad.to_string()));
        }
    }
    if let Some(text) = &reading.text {
        sheet.line(pair(page, "charset", &text.charset.to_string()));
        if text.is_uncoloured() {
            sheet.line(remark(page, "a text of 1 MiB or more has no colours"));
        }
    }
    if let Some(Err(bad)) = &reading.tree {
        sheet.line(trouble(page, &bad.to_string()));
    }
    let lights: Vec<&str> = Light::of(plain).into_iter().map(Light::name).collect();
    if lights.len() > 1 {
        let now = page.browsing.light(plain).name();
        let words = format!("{now} (V: {})", lights.join(", "));
        sheet.line(pair(page, "shown as", &words));
    }
}

/// When how much of it came.
fn arrival(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let Some((from, to)) = request.arrival.ends().filter(|(from, to)| from < to) else {
        return;
    };
    let parts = request.arrival.parts(PARTS);
    let most = parts.iter().copied().max().unwrap_or(0).max(1);
    let drawn: String = parts.iter().map(|part| level(*part, most)).collect();
    let mut words = format!("over {}", duration(to.since(from)));
    if let Some((since, pause)) = request.arrival.pause() {
        let began = duration(since.since(from));
        let pause = duration(pause);
        words.extend([
            "; the longest pause took ",
            &pause,
            " and began after ",
            &began,
        ]);
    }
    sheet.line(Line::from(vec![
        said(&format!("  {:<14} ", "came"), page.theme.quiet()),
        said(&drawn, page.theme.accent()),
        said(&format!("  {words}"), page.theme.quiet()),
    ]));
}

/// How much of the most, as a bar of eight levels; nothing is a point.
fn level(part: u64, most: u64) -> char {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if part == 0 {
        return '·';
    }
    let place = usize::try_from(part.saturating_mul(8) / (most + 1)).unwrap_or(7);
    LEVELS.get(place).copied().unwrap_or('█')
}
