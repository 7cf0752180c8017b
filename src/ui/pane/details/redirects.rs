use ratatui::text::Line;

use crate::event::Because;
use crate::model::{Model, Request, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, ours, said};

/// As many legs as browsers follow.
const MOST: usize = 21;

/// The chain of redirects that a request is of, with how long each leg took.
pub(super) fn redirects(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let legs = legs(request, page.model);
    if legs.len() < 2 {
        return;
    }
    sheet.line("");
    let (first, last) = (legs.first(), legs.last());
    let all = first
        .zip(last)
        .map(|(first, last)| last.until(page.now).since(first.planned));
    let all = all.map(duration).unwrap_or_default();
    let words = format!("  A chain of {} legs, {all} in all:", legs.len());
    sheet.line(Line::from(said(&words, page.theme.quiet())));
    for leg in legs {
        let style = if leg.id == request.id {
            page.theme.strong()
        } else {
            page.theme.plain()
        };
        let status = leg
            .status()
            .map_or_else(|| "–".to_owned(), |status| status.to_string());
        let took = duration(leg.until(page.now).since(leg.planned));
        let id = leg.id.to_string();
        let mut spans = ours(page, &format!("  {id:<5} "), style);
        let words = format!("{status:<3} {took:>10}  {} {}", leg.method, leg.url);
        spans.push(said(&words, style));
        sheet.line(Line::from(spans));
    }
}

/// From the first request to the last answer; a record may lead in a circle.
fn legs<'a>(request: &'a Request, model: &'a Model) -> Vec<&'a Request> {
    let mut legs = vec![request];
    while let Some(Because::Redirected { from }) = legs.first().map(|first| &first.because)
        && let Some(before) = model.request(*from)
        && legs.len() < MOST
    {
        legs.insert(0, before);
    }
    let is_redirect = |next: &&Request| matches!(next.because, Because::Redirected { .. });
    while let Some(next) = legs
        .last()
        .and_then(|last| model.request(last.led_to?))
        .filter(is_redirect)
        && legs.len() < MOST
    {
        legs.push(next);
    }
    legs
}
