use ratatui::text::Line;

use crate::event::Moment;
use crate::message::Headers;
use crate::model::{Request, bytes, duration, history};
use crate::ui::folds::Sheet;

use super::page::{Page, linked_pair, pair, pairs, remark, said};

/// Fields that say what a cache may do with an answer.
const FIELDS: [&str; 7] = [
    "Cache-Control",
    "Age",
    "Date",
    "Expires",
    "Vary",
    "ETag",
    "Last-Modified",
];

/// What the cache said before, what it knew, and what it made of what came.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    decision(request, page, &mut sheet);
    if let Some(verdict) = request
        .cached
        .as_ref()
        .filter(|known| !known.entry.is_empty())
    {
        let title = vec![said("The stored answer", page.theme.strong())];
        if sheet.section("stored", title, page.folds) {
            for (name, words) in &verdict.entry {
                sheet.lines(pairs(page, name, words));
            }
        }
    }
    told(request, page, &mut sheet);
    if let Some(head) = &request.head {
        let title = vec![said("What the answer says to caches", page.theme.strong())];
        let lines = fields(&head.headers, page);
        if !lines.is_empty() && sheet.section("caching", title, page.folds) {
            for line in lines {
                sheet.line(line);
            }
        }
    }
    sheet
}

/// What requests made of the answers for this URL, this one among them.
fn told(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let deeds = history(request, page.model);
    if !deeds.iter().any(|deed| deed.request != request.id) {
        return;
    }
    let title = vec![said("What became of it in this run", page.theme.strong())];
    if !sheet.section("history", title, page.folds) {
        return;
    }
    let before = deeds.len().saturating_sub(MOST);
    if before > 0 {
        sheet.line(remark(page, &format!("and {before} before these")));
    }
    for deed in deeds.iter().skip(before) {
        let at = duration(deed.at.since(Moment::START));
        let mark = if deed.request == request.id {
            " (this)"
        } else {
            ""
        };
        let who = format!("{}{mark}", deed.request);
        sheet.lines(linked_pair(page, &who, &format!("at {at}: {}", deed.words)));
    }
}

/// As many lines of history as are of use.
const MOST: usize = 20;

fn decision(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let title = vec![said("Decision", page.theme.strong())];
    if !sheet.section("decision", title, page.folds) {
        return;
    }
    match &request.cached {
        Some(verdict) => sheet.lines(linked_pair(page, "asked", &verdict.words)),
        None => sheet.line(remark(page, "the cache was not asked yet")),
    }
    let verdict = request.cached.as_ref();
    if let Some(words) = verdict.and_then(|verdict| verdict.browsers.as_ref()) {
        sheet.lines(pairs(page, "but", words));
    }
    if let Some(of) = request.waited_on {
        let words = format!("for the answer to {of}, which may be this one's too");
        sheet.lines(linked_pair(page, "waited", &words));
    }
    if let Some(replaced) = &request.replaced {
        sheet.lines(linked_pair(page, "then", &replaced.words));
    }
    if request.is_stored() {
        let stored = request
            .given_body()
            .map_or(request.bytes, |body| body.bytes);
        sheet.line(pair(page, "saved", &bytes(stored)));
    }
    if let Some(words) = &request.stored {
        sheet.lines(pairs(page, "afterwards", words));
    }
}

fn fields(headers: &Headers, page: &Page<'_>) -> Vec<Line<'static>> {
    let known = FIELDS.into_iter();
    let lines = known.flat_map(|name| headers.all(name).map(move |value| (name, value)));
    lines.map(|(name, value)| pair(page, name, value)).collect()
}
