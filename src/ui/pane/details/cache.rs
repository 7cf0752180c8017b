use crate::model::{Request, bytes};
use crate::ui::folds::Sheet;

use super::page::{Page, pair, remark};

/// What the cache said before, and what it made of the answer.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    match &request.cached {
        Some(verdict) => sheet.line(pair(page, "asked", &verdict.words)),
        None => sheet.line(remark(page, "the cache was not asked yet")),
    }
    if request.is_stored() {
        sheet.line(pair(page, "saved", &bytes(request.bytes)));
    }
    if let Some(words) = &request.stored {
        sheet.line(pair(page, "afterwards", words));
    }
    let head = request.head.as_ref();
    for name in [
        "Cache-Control",
        "Age",
        "Expires",
        "Vary",
        "ETag",
        "Last-Modified",
    ] {
        for value in head.into_iter().flat_map(|head| head.headers.all(name)) {
            sheet.line(pair(page, name, value));
        }
    }
    sheet
}
