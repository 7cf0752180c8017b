use ratatui::text::{Line, Span};

use crate::message::{SetCookie, cookie_pairs};
use crate::model::Request;
use crate::ui::folds::Sheet;

use super::page::{Page, read, remark, said};

/// The cookies that the headers carry, as they were said.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let sent = request.sent.as_ref().map(|(head, _)| &head.headers);
    let lines: Vec<&str> = sent
        .into_iter()
        .flat_map(|headers| headers.all("cookie"))
        .collect();
    let pairs: Vec<_> = lines.iter().flat_map(|line| cookie_pairs(line)).collect();
    if sheet.section("sent", counted("Sent", pairs.len(), page), page.folds) {
        if pairs.is_empty() {
            sheet.line(remark(page, "no Cookie header was sent"));
        }
        for (name, value) in pairs {
            sheet.line(cookie(name, value, page));
        }
    }
    let head = request.head.as_ref().map(|head| &head.headers);
    let lines: Vec<&str> = head
        .into_iter()
        .flat_map(|headers| headers.all("set-cookie"))
        .collect();
    if sheet.section("set", counted("Set", lines.len(), page), page.folds) {
        if lines.is_empty() {
            sheet.line(remark(page, "the answer has no Set-Cookie header"));
        }
        for line in lines {
            set_cookie(&SetCookie::read(line), page, &mut sheet);
        }
    }
    sheet
}

fn counted(word: &str, count: usize, page: &Page<'_>) -> Vec<Span<'static>> {
    vec![said(&format!("{word} ({count})"), page.theme.strong())]
}

fn cookie(name: &str, value: &str, page: &Page<'_>) -> Line<'static> {
    Line::from(vec![
        said(&format!("  {} = ", read(name)), page.theme.accent()),
        said(&read(value), page.theme.plain()),
    ])
}

fn set_cookie(set: &SetCookie<'_>, page: &Page<'_>, sheet: &mut Sheet) {
    sheet.line(cookie(set.name, set.value, page));
    for (name, value) in &set.attributes {
        let value = value
            .map(|value| format!(" {}", read(value)))
            .unwrap_or_default();
        sheet.line(Line::from(vec![
            said(&format!("      {}{value}", read(name)), page.theme.plain()),
            said(&format!("  {}", meaning(name)), page.theme.quiet()),
        ]));
    }
}

/// What an attribute asks for (RFC 6265bis §5.6).
fn meaning(attribute: &str) -> &'static str {
    match attribute.to_ascii_lowercase().as_str() {
        "path" => "only for this path and below",
        "domain" => "also for the hosts below this one",
        "secure" => "only over https",
        "httponly" => "not for scripts",
        "samesite" => "whether it goes along from other sites",
        "max-age" => "seconds until it expires",
        "expires" => "when it expires",
        "partitioned" => "kept apart for each top-level site",
        _ => "unknown, and passed over",
    }
}
