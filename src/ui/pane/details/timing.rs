use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::event::Moment;
use crate::model::{Cell, Request, Scale, Timing, bar, blame, duration, stretches, timings};
use crate::ui::folds::Sheet;
use crate::ui::theme::Theme;
use crate::ui::widget::painted;

use super::page::{Page, remark, said};

/// Where each part of the time went, and where each figure comes from.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let end = request.until(page.now);
    let total = end.since(request.planned);
    sheet.line(large_bar(request, end, page));
    sheet.line("");
    let head = "  stage         began       took  share  where the figure comes from";
    sheet.line(Line::from(said(head, page.theme.quiet())));
    for timing in timings(request, page.model, page.now) {
        sheet.line(line(&timing, request.planned, total.as_nanos(), page));
    }
    let sum = format!("  {:<8} {:>10} {:>10}", "total", "", duration(total));
    sheet.line(Line::from(said(&sum, page.theme.strong())));
    if let Some(blame) = blame(request, page.model, page.now) {
        sheet.line("");
        sheet.line(remark(page, &blame.to_string()));
    }
    sheet
}

fn line(timing: &Timing, planned: Moment, total: u128, page: &Page<'_>) -> Line<'static> {
    let card = timing.stage.card();
    let began = timing
        .began
        .map_or_else(|| "–".to_owned(), |at| duration(at.since(planned)));
    let took = timing.took.map_or_else(|| "–".to_owned(), duration);
    let share = timing.took.map_or_else(
        || "–".to_owned(),
        |took| format!("{} %", took.as_nanos() * 100 / total.max(1)),
    );
    let is_lived = timing.took.is_some();
    let style = if is_lived {
        page.theme.plain()
    } else {
        page.theme.quiet()
    };
    Line::from(vec![
        Span::raw("  "),
        Span::styled(
            card.glyph.to_string(),
            Style::new().fg(page.theme.tone(card.tone)),
        ),
        said(
            &format!(" {:<8} {began:>8} {took:>10} {share:>6}  ", card.name),
            style,
        ),
        said(&timing.source, page.theme.quiet()),
    ])
}

fn large_bar(request: &Request, end: Moment, page: &Page<'_>) -> Line<'static> {
    let columns = page.width.saturating_sub(4).min(100);
    let scale = Scale::new(request.planned, end, columns);
    let cells = bar(&stretches(request, page.model, page.now), &scale);
    let mut spans = vec![Span::raw("  ")];
    spans.extend(cells.into_iter().map(|cell| span(cell, *page.theme)));
    Line::from(spans)
}

fn span(cell: Option<Cell>, theme: Theme) -> Span<'static> {
    let Some(cell) = cell else {
        return Span::raw(" ");
    };
    let (glyph, style) = painted(cell, theme);
    Span::styled(glyph.to_string(), style)
}
