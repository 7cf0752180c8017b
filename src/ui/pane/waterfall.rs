use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use crate::event::{QueueReason, RequestId};
use crate::message::{Origin, ResponseHead, width};
use crate::model::{Request, Standing, bar, bytes, duration, kind, rivals, standing, stretches};
use crate::ui::screen::View;
use crate::ui::widget::{cells, fill, put, put_right};

/// A row for each request: what it is, how it stands, and its bar.
pub(in crate::ui) struct Waterfall<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Waterfall<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, model) = (self.view.state, self.view.model);
        let seen = (state.top..).map_while(|place| state.row(place, model));
        let waited_for = self.waited_for();
        for (request, y) in seen.zip(area.top()..area.bottom()) {
            let row = Rect::new(area.x, y, area.width, 1);
            self.row(request, row, buffer);
            if waited_for.contains(&request.id) {
                let number = Rect::new(area.x + 2, y, self.view.columns.number, 1);
                fill(buffer, number.intersection(row), self.view.theme.warning());
            }
        }
    }
}

impl Waterfall<'_> {
    /// The requests that the selected one found before itself on the connections of its host.
    fn waited_for(&self) -> Vec<RequestId> {
        let model = self.view.model;
        let selected = self.view.state.selected.and_then(|id| model.request(id));
        let crowded = selected.filter(|request| {
            let reason = request.queued.map(|(_, reason)| reason);
            reason.is_some_and(|reason| reason != QueueReason::Opening)
        });
        let rivals = crowded.map_or_else(Vec::new, |request| rivals(request, model));
        rivals
            .into_iter()
            .filter_map(|rival| rival.request)
            .collect()
    }

    fn row(&self, request: &Request, area: Rect, buffer: &mut Buffer) {
        let view = self.view;
        let is_selected = view.state.selected == Some(request.id);
        let stands = standing(request, view.model, view.now);
        let left = view.columns.total();
        self.columns(request, &stands, area, buffer);
        if is_selected {
            put(buffer, (area.x, area.y), 1, "▸", view.theme.accent());
            let chosen = Rect::new(area.x + 1, area.y, left.saturating_sub(1), 1);
            fill(buffer, chosen.intersection(area), view.theme.selected());
        }
        put(buffer, (area.x + left, area.y), 1, "│", view.theme.quiet());
        self.bar(request, &stands, (area.x + left + 1, area.y), buffer);
    }

    fn columns(&self, request: &Request, stands: &Standing, area: Rect, buffer: &mut Buffer) {
        let (columns, theme) = (self.view.columns, self.view.theme);
        let mut x = area.x + 2;
        let mut cell = |columns: u16, text: &str, style: Style, is_right: bool| {
            if columns > 0 {
                let write = if is_right { put_right } else { left };
                write(buffer, (x, area.y), columns, text, style);
                x += columns + 1;
            }
        };
        let (status, tone) = self.status(request, stands);
        let host = request
            .origin
            .as_ref()
            .map(Origin::authority)
            .unwrap_or_default();
        let media = request.given_head().and_then(ResponseHead::media_type);
        let until = request.until(self.view.now);
        cell(
            columns.number,
            &request.id.0.to_string(),
            theme.quiet(),
            true,
        );
        cell(columns.status, &status, tone, false);
        cell(
            columns.method,
            request.method.as_str(),
            theme.plain(),
            false,
        );
        cell(columns.name, &request.path(), theme.plain(), false);
        cell(columns.host, &host, theme.quiet(), false);
        cell(
            columns.kind,
            media.as_deref().map_or("–", kind),
            theme.quiet(),
            false,
        );
        cell(columns.size, &size(request), theme.plain(), true);
        cell(
            columns.time,
            &duration(until.since(request.planned)),
            theme.plain(),
            true,
        );
    }

    /// The status code, or in a word what there is instead of one.
    fn status(&self, request: &Request, stands: &Standing) -> (String, Style) {
        let theme = self.view.theme;
        match (stands, request.status()) {
            (Standing::Failed(stage), _) => (format!("✕ {}", stage.card().name), theme.bad()),
            (Standing::Cancelled, _) => ("cancelled".to_owned(), theme.warning()),
            (_, Some(code @ 400..)) => (request.marked(code), theme.bad()),
            (_, Some(code @ 300..)) => (request.marked(code), theme.warning()),
            (_, Some(code)) => (request.marked(code), theme.good()),
            (Standing::Waiting { .. } | Standing::Sharing(_), None) => {
                ("waiting".to_owned(), theme.quiet())
            }
            (Standing::Connecting(stage), None) => (stage.card().name.to_owned(), theme.plain()),
            (Standing::LookingUp, None) => ("dns".to_owned(), theme.plain()),
            (Standing::Sent, None) => ("sent".to_owned(), theme.plain()),
            (_, None) => ("…".to_owned(), theme.quiet()),
        }
    }

    fn bar(&self, request: &Request, stands: &Standing, (x, y): (u16, u16), buffer: &mut Buffer) {
        let view = self.view;
        if let Some(words) = elsewhere(request, view) {
            put(
                buffer,
                (x, y),
                view.scale.columns(),
                words,
                view.theme.quiet(),
            );
            return;
        }
        let drawn = bar(&stretches(request, view.model, view.now), &view.scale);
        let end = drawn
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |place| place + 1);
        let end = u16::try_from(end).unwrap_or(0);
        cells(buffer, (x, y), drawn, *view.theme);
        let mut room = view.scale.columns().saturating_sub(end);
        let mut at = x + end;
        if matches!(stands, Standing::Failed(_) | Standing::Cancelled) {
            let back = u16::from(room == 0);
            put(buffer, (at - back, y), 1, "✕", view.theme.bad());
            at += 1 - back;
            room = room.saturating_sub(1);
        }
        let (words, style) = self.words(request, stands);
        let needed = u16::try_from(width(&words))
            .unwrap_or(u16::MAX)
            .saturating_add(1);
        if !words.is_empty() && (needed <= room || room >= 18) {
            put(buffer, (at + 1, y), room.saturating_sub(1), &words, style);
        } else if !words.is_empty() && needed < end {
            // No room behind the bar: before it, where a bar begins late.
            let start = view.scale.column(request.planned);
            let before = start.saturating_sub(needed + 1);
            if start > needed + 1 {
                put(buffer, (x + before, y), needed, &words, style);
            }
        }
    }

    /// What there is to say beside the bar.
    fn words(&self, request: &Request, stands: &Standing) -> (String, Style) {
        let theme = self.view.theme;
        match stands {
            Standing::Failed(_) => {
                let words = request.failure().map(|failure| failure.words.clone());
                (words.unwrap_or_default(), theme.bad())
            }
            Standing::Waiting { .. }
            | Standing::Receiving { .. }
            | Standing::FromCache(_)
            | Standing::Replaced(_)
            | Standing::Sharing(_) => (stands.to_string(), theme.quiet()),
            Standing::Redirected(_) => {
                let remark = request.remarks.last();
                let words = remark.map_or_else(String::new, |words| format!(" · ! {words}"));
                (format!("{stands}{words}"), theme.warning())
            }
            Standing::Done => {
                let remark = request.remarks.last();
                let words = remark.map_or_else(String::new, |words| format!("! {words}"));
                (words, theme.warning())
            }
            Standing::Beginning
            | Standing::LookingUp
            | Standing::Connecting(_)
            | Standing::Sent
            | Standing::Cancelled => (String::new(), theme.plain()),
        }
    }
}

fn left(buffer: &mut Buffer, at: (u16, u16), columns: u16, text: &str, style: Style) {
    put(buffer, at, columns, text, style);
}

/// Where the bar is, if it is not on the axis.
fn elsewhere(request: &Request, view: &View<'_>) -> Option<&'static str> {
    let (from, to) = view.scale.range();
    if request.until(view.now) < from {
        Some("‹ earlier")
    } else if request.planned > to {
        Some("› later")
    } else {
        None
    }
}

fn size(request: &Request) -> String {
    match &request.head {
        None => "–".to_owned(),
        Some(_) if request.is_stored() => format!("({})", bytes(request.bytes)),
        Some(_) => bytes(request.bytes),
    }
}
