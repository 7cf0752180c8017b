use ratatui::text::Line;

use crate::message::clip;
use crate::model::{Request, bytes};
use crate::ui::folds::Sheet;

use super::page::{Page, pair, remark, said};

/// As many lines of a text as are made ready to be looked at.
const LINES: usize = 2_000;
/// As many bytes of anything else.
const BYTES: usize = 4_096;
/// As many columns of a line.
const COLUMNS: usize = 1_000;

/// What came: text as text, anything else as bytes.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let Some(body) = &request.body else {
        let words = if request.ended.is_some() {
            "there is no body"
        } else {
            "not here yet"
        };
        sheet.line(remark(page, words));
        return sheet;
    };
    sheet.line(pair(page, "size", &bytes(body.bytes)));
    if body.is_cut() {
        let words = format!("the first {} (--max-body keeps more)", bytes(body.kept));
        sheet.line(pair(page, "kept", &words));
    }
    sheet.line("");
    match &body.content {
        None if body.kept > 0 => {
            sheet.line(remark(
                page,
                "this record was made without bodies (--bodies keeps them)",
            ));
        }
        None => {}
        Some(content) => match str::from_utf8(&content.0) {
            Ok(text) => text_lines(text, page, &mut sheet),
            Err(_) => hex_lines(&content.0, page, &mut sheet),
        },
    }
    sheet
}

fn text_lines(text: &str, page: &Page<'_>, sheet: &mut Sheet) {
    for line in text.lines().take(LINES) {
        let line = clip(line, COLUMNS).replace('\t', "    ");
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
