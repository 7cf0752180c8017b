use ratatui::text::{Line, Span};

use crate::event::Because;
use crate::message::{Headers, ResponseHead};
use crate::model::{Request, bytes};
use crate::ui::folds::Sheet;

use super::body::sizes;
use super::glossary::meaning;
use super::page::{Page, linked_pair, pair, pairs, read, remark, said};

/// What was said, line by line, in order and case.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    if page.browsing.is_raw {
        raw(request, page, &mut sheet);
        return sheet;
    }
    general(request, page, &mut sheet);
    for head in &request.interim {
        let title = format!("Interim answer {}", head.status);
        answer("interim", &title, head, page, &mut sheet);
    }
    match &request.head {
        Some(head) => {
            let title = format!("Response headers ({})", head.headers.len());
            answer("response", &title, head, page, &mut sheet);
        }
        None => sheet.line(remark(page, "no answer yet")),
    }
    if let Some(trailers) = &request.trailers {
        let words = format!("Trailers, after the body ({})", trailers.len());
        if sheet.section("trailers", title(&words, "", page), page.folds) {
            fields(trailers, &[], page, &mut sheet);
        }
    }
    match &request.sent {
        Some((head, size)) => {
            let count = head.headers.len();
            let title = title(&format!("Request headers ({count})"), &bytes(*size), page);
            if sheet.section("request", title, page.folds) {
                let first = format!("{} {} HTTP/1.1", head.method, head.target);
                sheet.line(start(&first, page));
                fields(&head.headers, &head.automatic, page, &mut sheet);
            }
        }
        None if request.is_stored() => sheet.line(remark(page, "nothing was sent")),
        None => sheet.line(remark(page, "not sent yet")),
    }
    sheet
}

/// What was said, and nothing else.
fn raw(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    if let Some((head, _)) = &request.sent {
        sheet.line(start(
            &format!("{} {} HTTP/1.1", head.method, head.target),
            page,
        ));
        plain_fields(&head.headers, page, sheet);
    }
    for head in request.interim.iter().chain(&request.head) {
        sheet.line("");
        let first = format!("{} {} {}", head.version, head.status, read(&head.reason));
        sheet.line(start(first.trim_end(), page));
        plain_fields(&head.headers, page, sheet);
    }
    if sheet.lines.is_empty() {
        sheet.line(remark(page, "nothing was said yet"));
    }
}

fn plain_fields(headers: &Headers, page: &Page<'_>, sheet: &mut Sheet) {
    for (name, value) in headers.iter() {
        let value = page.shown_header(name, value);
        sheet.line(start(&format!("{name}: {value}"), page));
        sheet.note(noted(name));
    }
}

/// What a header does, or that nobody but the two who talk knows.
fn noted(name: &str) -> String {
    let words = meaning(name).unwrap_or("no standard knows it: it means what those two agreed on");
    format!("{name}: {words}")
}

fn general(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    if !sheet.section("general", title("General", "", page), page.folds) {
        return;
    }
    sheet.line(pair(page, "URL", request.url.as_str()));
    // What made an entry of an archive is told in other people's words.
    let is_archived = matches!(request.because, Because::Archived { .. });
    let pairs = if is_archived { pairs } else { linked_pair };
    sheet.lines(pairs(page, "because", &because(request)));
    if let Some(sizes) = sizes(request, page) {
        sheet.line(pair(page, "body", &sizes));
    }
    if let Some(failure) = request.failure() {
        let words = said(&format!("  {:<14} {failure}", "failed"), page.theme.bad());
        sheet.line(Line::from(words));
    }
    for (_, connection, failure) in &request.attempts {
        let words = format!("on {connection}: {}; sent again", failure.words);
        sheet.lines(linked_pair(page, "first attempt", &words));
    }
    for words in &request.remarks {
        let words = said(&format!("  {:<14} {words}", "remark"), page.theme.warning());
        sheet.line(Line::from(words));
    }
    if let Some(to) = request.led_to {
        sheet.lines(linked_pair(page, "led to", &to.to_string()));
    }
}

fn because(request: &Request) -> String {
    match &request.because {
        Because::Typed => "it was typed".to_owned(),
        Because::Listed { line } => format!("line {line} of the list"),
        Because::Piped { line } => format!("line {line} of the pipe"),
        Because::Redirected { from } => format!("{from} was redirected here"),
        Because::Resumed { from } => format!("the answer to {from} was cut; this is the rest"),
        Because::Refreshing { of } => format!("{of} was answered with a stale answer"),
        Because::Again { of } => format!("{of} was asked for again"),
        Because::Archived { entry, initiator } => match initiator {
            Some(by) => format!("entry {entry} of the HAR, made by: {by}"),
            None => format!("entry {entry} of the HAR, which does not say more"),
        },
    }
}

fn answer(
    name: &'static str,
    words: &str,
    head: &ResponseHead,
    page: &Page<'_>,
    sheet: &mut Sheet,
) {
    if sheet.section(name, title(words, "", page), page.folds) {
        let first = format!("{} {} {}", head.version, head.status, read(&head.reason));
        sheet.line(start(first.trim_end(), page));
        fields(&head.headers, &[], page, sheet);
    }
}

fn title(words: &str, more: &str, page: &Page<'_>) -> Vec<Span<'static>> {
    let mut spans = vec![said(words, page.theme.strong())];
    if !more.is_empty() {
        spans.push(said(&format!("  {more}"), page.theme.quiet()));
    }
    spans
}

fn start(text: &str, page: &Page<'_>) -> Line<'static> {
    Line::from(said(&format!("  {text}"), page.theme.plain()))
}

/// The lines of a head; those in `automatic` are marked as nobody's wish.
fn fields(headers: &Headers, automatic: &[String], page: &Page<'_>, sheet: &mut Sheet) {
    for (name, value) in headers.iter() {
        let mut line = vec![
            said(&format!("  {name}: "), page.theme.accent()),
            said(&page.shown_header(name, value), page.theme.plain()),
        ];
        if automatic.iter().any(|known| known == name) {
            line.push(said("  automatic", page.theme.quiet()));
        }
        sheet.line(Line::from(line));
        sheet.note(noted(name));
    }
}
