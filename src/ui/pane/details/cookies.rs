use ratatui::text::{Line, Span};

use crate::event::CookieFate;
use crate::message::{Cookie, Headers, SetCookie, cookie_pairs, span};
use crate::model::{Judged, Request};
use crate::ui::folds::Sheet;

use super::attribute::meaning;
use super::page::{Page, read, remark, said};

/// The cookies of a request: what went along, what did not and why, what was set and what became
/// of it.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    sent(request, page, &mut sheet);
    withheld(request, page, &mut sheet);
    set(request, page, &mut sheet);
    sheet
}

fn sent(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let none = Headers::default();
    let head = request.sent.as_ref().map(|(head, _)| &head.headers);
    let entry = request.entry.as_deref();
    let listed = entry.and_then(|entry| entry.cookie.as_deref());
    let lines = head.unwrap_or(&none).all("cookie").chain(listed);
    let pairs: Vec<_> = lines.flat_map(cookie_pairs).collect();
    let mut known: Vec<_> = request
        .chosen
        .iter()
        .flat_map(|chosen| &chosen.sent)
        .collect();
    if !sheet.section("sent", counted("Sent", pairs.len(), page), page.folds) {
        return;
    }
    if pairs.is_empty() {
        let words = match &request.sent {
            Some(_) => "no Cookie header was sent",
            None if request.is_stored() => "nothing was sent",
            None => "not sent yet",
        };
        sheet.line(remark(page, words));
    }
    if listed.is_some() {
        sheet.line(remark(page, "listed in the HAR, and in no header of it"));
    }
    for (name, value) in pairs {
        let mut line = pair(name, value, page);
        let is_it = |cookie: &&Cookie| cookie.name == name && cookie.value == value;
        let words = match known.iter().position(is_it) {
            Some(place) => whose(known.remove(place), page),
            None if entry.is_some() => String::new(),
            None => "given with the request, not from the jar".to_owned(),
        };
        line.push_span(said(&format!("   {words}"), page.theme.quiet()));
        sheet.line(line);
    }
}

fn withheld(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let withheld = request.chosen.as_ref().map(|chosen| &*chosen.withheld);
    let withheld = withheld.unwrap_or_default();
    if withheld.is_empty()
        || !sheet.section(
            "withheld",
            counted("Withheld", withheld.len(), page),
            page.folds,
        )
    {
        return;
    }
    for cookie in withheld {
        sheet.line(Line::from(vec![
            said(
                &format!("  {}", named(&cookie.key.name)),
                page.theme.accent(),
            ),
            said(&format!("   {}", read(&cookie.words)), page.theme.warning()),
        ]));
    }
}

fn set(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let head = request.head.as_ref().map(|head| &head.headers);
    let lines = head
        .into_iter()
        .flat_map(|headers| headers.all("set-cookie"));
    let entry = request.entry.as_deref();
    let listed = entry.map(|entry| &*entry.set_cookies).unwrap_or_default();
    let lines: Vec<&str> = lines.chain(listed.iter().map(String::as_str)).collect();
    let count = request.judged.len().max(lines.len());
    if !sheet.section("set", counted("Set", count, page), page.folds) {
        return;
    }
    if count == 0 {
        sheet.line(remark(page, "the answer has no Set-Cookie header"));
    }
    if request.judged.is_empty() && request.is_stored() && count > 0 {
        let words =
            "an answer from the cache: its cookies were set when it came, and are not again";
        sheet.line(remark(page, words));
    }
    if !listed.is_empty() {
        sheet.line(remark(page, "listed in the HAR, and in no header of it"));
    }
    for judged in &request.judged {
        let line = SetCookie::read(&judged.line);
        sheet.line(pair(line.name, line.value, page));
        sheet.line(verdict(judged, page));
        attributes(&line, judged.expires, page, sheet);
    }
    // An answer from the cache, or a record of an older version, has no verdicts.
    for line in lines.into_iter().filter(|_| request.judged.is_empty()) {
        let line = SetCookie::read(line);
        sheet.line(pair(line.name, line.value, page));
        attributes(&line, None, page, sheet);
    }
}

fn verdict(judged: &Judged, page: &Page<'_>) -> Line<'static> {
    let style = match judged.fate {
        CookieFate::Stored | CookieFate::Replaced => page.theme.good(),
        CookieFate::Deleted => page.theme.warning(),
        CookieFate::Refused => page.theme.bad(),
    };
    Line::from(said(&format!("      {}", read(&judged.words)), style))
}

fn attributes(line: &SetCookie<'_>, expires: Option<u64>, page: &Page<'_>, sheet: &mut Sheet) {
    for (name, value) in &line.attributes {
        let is_life = ["max-age", "expires"]
            .iter()
            .any(|life| name.eq_ignore_ascii_case(life));
        let mut words = meaning(name, value.unwrap_or_default());
        if let Some(left) = expires.filter(|_| is_life).map(|at| left(at, page)) {
            words = format!("{words}: {left}");
        }
        let value = value.map(|value| format!("={}", read(value)));
        sheet.line(Line::from(vec![
            said("      ", page.theme.plain()),
            said(
                &format!("{}{}", read(name), value.unwrap_or_default()),
                page.theme.plain(),
            ),
            said(&format!("   {words}"), page.theme.quiet()),
        ]));
    }
}

fn counted(word: &str, count: usize, page: &Page<'_>) -> Vec<Span<'static>> {
    vec![said(&format!("{word} ({count})"), page.theme.strong())]
}

/// A name as it is shown; a nameless cookie has none.
fn named(name: &str) -> String {
    if name.is_empty() {
        "(no name)".to_owned()
    } else {
        read(name)
    }
}

fn pair(name: &str, value: &str, page: &Page<'_>) -> Line<'static> {
    Line::from(vec![
        said(&format!("  {} = ", named(name)), page.theme.accent()),
        said(&page.shown_cookie(name, value), page.theme.plain()),
    ])
}

/// For whom a cookie of the jar is, and for how long.
fn whose(cookie: &Cookie, page: &Page<'_>) -> String {
    let life = match cookie.expires {
        Some(at) => left(at, page),
        None => "session".to_owned(),
    };
    let mut parts = vec![format!("{}{}", cookie.hosts(), cookie.path), life];
    parts.extend(cookie.secure.then(|| "Secure".to_owned()));
    parts.extend(cookie.http_only.then(|| "HttpOnly".to_owned()));
    parts.extend(
        cookie
            .same_site
            .map(|same_site| format!("SameSite={}", same_site.name())),
    );
    parts.extend(
        cookie
            .partition
            .as_ref()
            .map(|site| format!("only under {site}")),
    );
    parts.join(" · ")
}

/// How long a cookie still lives.
fn left(expires: u64, page: &Page<'_>) -> String {
    match expires.checked_sub(page.wall_ms()) {
        Some(left) => format!("{} left", span(left / 1000)),
        None => "expired".to_owned(),
    }
}
