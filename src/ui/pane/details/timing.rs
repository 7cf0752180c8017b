use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::event::{Moment, Stage};
use crate::model::{
    Model, Request, Scale, Timing, bar, blame, critical_end, duration, rivals, stretches, timings,
};
use crate::ui::folds::Sheet;

use super::page::{Page, cell_span, ours, remark, remarks, said, source};
use super::redirects::redirects;
use super::server_timing::server_timing;

/// Where each part of the time went, and where each figure comes from.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let end = request.until(page.now);
    let total = end.since(request.planned);
    sheet.line(large_bar(request, end, page));
    sheet.line("");
    let head = if page.width < 70 {
        "  stage         began       took  share"
    } else {
        "  stage         began       took  share  where the figure comes from"
    };
    sheet.line(Line::from(said(head, page.theme.quiet())));
    for timing in timings(request, page.model, page.now) {
        sheet.lines(stage(&timing, request.planned, total.as_nanos(), page));
    }
    let sum = format!("  {:<8} {:>10} {:>10}", "total", "", duration(total));
    sheet.line(Line::from(said(&sum, page.theme.strong())));
    for conditions in page.model.throttling(request, page.now) {
        let words = format!("held back by throttling: {conditions}, of all connections together");
        sheet.line(remark(page, &words));
    }
    let entry = request.entry.iter();
    for words in entry.flat_map(|entry| &entry.unsaid) {
        sheet.line(remark(page, &format!("the HAR does not say {words}")));
    }
    if let Some(blame) = blame(request, page.model, page.now) {
        sheet.line("");
        sheet.lines(remarks(page, &blame.to_string()));
        for words in busy(request, page.model) {
            sheet.line(remark(page, &words));
        }
    }
    server_timing(request, page, &mut sheet);
    redirects(request, page, &mut sheet);
    chain(request, page, &mut sheet);
    sheet
}

/// What each connection was busy with when the request got in line, a few on a line.
fn busy(request: &Request, model: &Model) -> Vec<String> {
    let (mut known, mut opening) = (Vec::new(), Vec::new());
    for rival in rivals(request, model) {
        let connection = rival.connection;
        let Some(other) = rival.request else {
            opening.push(connection.to_string());
            continue;
        };
        let began = request.timeline.of(Stage::Queue).last();
        let left = began
            .zip(rival.until)
            .map(|(span, until)| until.since(span.began));
        let left = left.map_or_else(String::new, |left| format!(" for {} more", duration(left)));
        known.push(format!("{connection} with {other}{left}"));
    }
    if let Some(last) = opening.pop() {
        let words = if opening.is_empty() {
            format!("{last} was being opened")
        } else {
            format!("{} and {last} were being opened", opening.join(", "))
        };
        known.push(words);
    }
    let lines = known.chunks(3).enumerate().map(|(line, some)| {
        let start = if line == 0 {
            "busy then: "
        } else {
            "           "
        };
        format!("{start}{}", some.join(" · "))
    });
    lines.collect()
}

/// So many links of the chain are shown: the last of them.
const LINKS: usize = 50;

/// The chain of waits that made the run as long as it was, the selected request among them or not.
fn chain(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let steps = critical_end(page.model, page.now, LINKS);
    if steps.len() < 2 {
        return;
    }
    let is_all = steps.len() < LINKS;
    let total = page.model.total(page.now).as_nanos().max(1);
    sheet.line("");
    let is_in_it = steps.iter().any(|step| step.request == request.id);
    let which = match (is_in_it, is_all) {
        (true, _) => "and this is of it".to_owned(),
        (false, true) => "and this is not of it".to_owned(),
        (false, false) => format!("and this is not of its last {LINKS} links"),
    };
    let head = format!("  The run took as long as its longest chain of waits, {which}:");
    sheet.line(Line::from(said(&head, page.theme.quiet())));
    if !is_all {
        sheet.line(Line::from(said(
            "        … and before:",
            page.theme.quiet(),
        )));
    }
    for step in steps {
        let style = if step.request == request.id {
            page.theme.strong()
        } else {
            page.theme.plain()
        };
        let share = step.took().as_nanos() * 100 / total;
        let words = format!("  {share:>3} %  {step}");
        sheet.line(Line::from(ours(page, &words, style)));
    }
}

/// A stage, its figures, and where they come from, in as many lines as that takes.
fn stage(timing: &Timing, planned: Moment, total: u128, page: &Page<'_>) -> Vec<Line<'static>> {
    let card = timing.stage.card();
    let began = timing.began.map(|at| duration(at.since(planned)));
    let took = timing.took.map(duration);
    let share = timing
        .took
        .map(|took| format!("{} %", took.as_nanos() * 100 / total.max(1)));
    let [began, took, share] = [began, took, share].map(|text| text.unwrap_or_else(|| "–".into()));
    let style = if timing.took.is_some() {
        page.theme.plain()
    } else {
        page.theme.quiet()
    };
    let figures = format!(" {:<8} {began:>8} {took:>10} {share:>6}  ", card.name);
    let before = vec![
        Span::raw("  "),
        Span::styled(
            card.glyph.to_string(),
            Style::new().fg(page.theme.tone(card.tone)),
        ),
        said(&figures, style),
    ];
    source(page, before, &timing.source)
}

fn large_bar(request: &Request, end: Moment, page: &Page<'_>) -> Line<'static> {
    let columns = page.width.saturating_sub(4).min(100);
    let scale = Scale::new(request.planned, end, columns);
    let cells = bar(&stretches(request, page.model, page.now), &scale);
    let mut spans = vec![Span::raw("  ")];
    spans.extend(cells.into_iter().map(|cell| cell_span(cell, *page.theme)));
    Line::from(spans)
}
