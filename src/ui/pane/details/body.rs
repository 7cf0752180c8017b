use ratatui::text::Line;

use crate::message::clip;
use crate::model::{Request, bytes};
use crate::ui::folds::Sheet;
use crate::ui::unpacked::{Shown, coded};

use super::page::{Page, pair, remark, said, trouble};

/// As many lines of a text as are made ready to be looked at.
const LINES: usize = 2_000;
/// As many bytes of anything else.
const BYTES: usize = 4_096;
/// As many columns of a line.
const COLUMNS: usize = 1_000;

/// What came: text as text, anything else as bytes.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let Some(body) = request.given_body() else {
        let words = if request.ended.is_some() {
            "there is no body"
        } else {
            "not here yet"
        };
        sheet.line(remark(page, words));
        return sheet;
    };
    let is_coded = coded(request).is_some();
    if !is_coded {
        sheet.line(pair(page, "size", &bytes(body.bytes)));
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
            let words = "this record was made without bodies (--bodies keeps them)";
            sheet.line("");
            sheet.line(remark(page, words));
        }
        None => {}
        Some(content) if is_coded => coded_lines(&content.0, page, &mut sheet),
        Some(content) => {
            sheet.line("");
            match str::from_utf8(&content.0) {
                Ok(text) => text_lines(text, page, &mut sheet),
                Err(_) => hex_lines(&content.0, page, &mut sheet),
            }
        }
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

/// A coded body decoded, or why it is not, and then as it came.
fn coded_lines(wire: &[u8], page: &Page<'_>, sheet: &mut Sheet) {
    match page.unpacked.map(|unpacked| &unpacked.outcome) {
        None => {
            sheet.line("");
            sheet.line(remark(page, "decoding…"));
        }
        Some(Err(words)) => {
            sheet.line(trouble(page, words));
            sheet.line(remark(page, "these are the bytes as they came"));
            sheet.line("");
            hex_lines(wire, page, sheet);
        }
        Some(Ok(plain)) => {
            for note in &plain.notes {
                sheet.line(trouble(page, note));
            }
            sheet.line("");
            match &plain.shown {
                Shown::Text(text) => text_lines(text, page, sheet),
                Shown::Bytes(bytes) => hex_lines(bytes, page, sheet),
            }
        }
    }
}

fn text_lines(text: &str, page: &Page<'_>, sheet: &mut Sheet) {
    for line in text.lines().take(LINES) {
        // A line may be the whole body: no more of it is measured than can be seen.
        let end = line.char_indices().nth(4 * COLUMNS);
        let seen = end.and_then(|(end, _)| line.get(..end)).unwrap_or(line);
        let line = clip(seen, COLUMNS).replace('\t', "    ");
        sheet.line(Line::from(said(&format!("  {line}"), page.theme.plain())));
    }
    if text.lines().nth(LINES).is_some() {
        sheet.line(remark(page, "… the rest is not shown"));
    }
}

fn hex_lines(content: &[u8], page: &Page<'_>, sheet: &mut Sheet) {
    for (row, bytes) in content.chunks(16).take(BYTES / 16).enumerate() {
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown = |byte: &u8| {
            if byte.is_ascii_graphic() {
                char::from(*byte)
            } else {
                '.'
            }
        };
        let text: String = bytes.iter().map(shown).collect();
        sheet.line(Line::from(vec![
            said(&format!("  {:08x}  ", row * 16), page.theme.quiet()),
            said(&format!("{:<49}", hex.join(" ")), page.theme.plain()),
            said(&text, page.theme.quiet()),
        ]));
    }
    if content.len() > BYTES {
        sheet.line(remark(page, "… the rest is not shown"));
    }
}
