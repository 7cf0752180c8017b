use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use crate::event::{QueueReason, RequestId};
use crate::message::width;
use crate::model::{Request, Standing, Wait, bar, blame, rivals, standing, stretches};
use crate::ui::cell::cell;
use crate::ui::column::Column;
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::widget::{cells, fill, put, put_linked, put_right};

/// A row for each request: what it is, how it stands, and its bar.
pub(in crate::ui) struct Waterfall<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Waterfall<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, model) = (self.view.state, self.view.model);
        let seen = (state.top..).map_while(|place| state.row(place, model));
        let waited_for = self.waited_for();
        let mut columns = self.view.columns.iter();
        let number = columns.find(|(column, ..)| *column == Column::Number);
        let thumb = thumb(state.top, state.row_count(model), area);
        for (request, y) in seen.zip(area.top()..area.bottom()) {
            let row = Rect::new(area.x, y, area.width, 1);
            self.row(request, row, buffer);
            let theme = self.view.theme;
            let style = if waited_for.contains(&request.id) {
                Some(theme.warning())
            } else if state.focus == Focus::Lanes && request.connection == state.lane {
                request.connection.map(|_| theme.accent())
            } else {
                None
            };
            if thumb.contains(&y) {
                let at = (area.x + self.view.columns.total(), y);
                put(buffer, at, 1, "┃", theme.plain());
            }
            if let (Some((_, start, columns)), Some(style)) = (number, style) {
                let number = Rect::new(area.x + start, y, columns, 1);
                fill(buffer, number.intersection(row), style);
            }
        }
    }
}

impl Waterfall<'_> {
    /// The requests that the selected one found before itself on the connections of its host.
    fn waited_for(&self) -> Vec<RequestId> {
        let model = self.view.model;
        let selected = self.view.state.selected.and_then(|id| model.request(id));
        let blamed =
            selected.and_then(|request| Some((request, blame(request, model, self.view.now)?)));
        let Some((request, blame)) = blamed else {
            return Vec::new();
        };
        let made_way = match blame.end {
            Wait::Freed(_, before) | Wait::Likely(_, before, _) => Some(before),
            Wait::Opened(_) | Wait::Open | Wait::Vain => None,
        };
        // While there was room to open another connection, nobody was in the way.
        let is_crowded = blame.reason != QueueReason::Opening;
        let rivals = is_crowded.then(|| rivals(request, model));
        let rivals = rivals.into_iter().flatten();
        let rivals = rivals.filter_map(|rival| rival.request);
        rivals.chain(made_way).collect()
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
        for (column, start, columns) in self.view.columns.iter() {
            let (text, style) = cell(column, request, stands, self.view);
            let at = (area.x + start, area.y);
            if column.card().is_right {
                put_right(buffer, at, columns, &text, style);
            } else {
                put(buffer, at, columns, &text, style);
            }
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
            let said = (words.as_str(), style);
            put_linked(
                buffer,
                (at + 1, y),
                room.saturating_sub(1),
                said,
                view.theme,
            );
        } else if !words.is_empty() && needed < end {
            // No room behind the bar: before it, where a bar begins late.
            let start = view.scale.column(request.planned);
            let before = start.saturating_sub(needed + 1);
            if start > needed + 1 {
                let said = (words.as_str(), style);
                put_linked(buffer, (x + before, y), needed, said, view.theme);
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

/// The rows of the pane that stand for the rows that are seen; none where all are.
pub(in crate::ui) fn thumb(top: usize, rows: usize, area: Rect) -> Range<u16> {
    let room = usize::from(area.height);
    if rows <= room {
        return 0..0;
    }
    let share = |rows_before: usize| u16::try_from(rows_before * room / rows).unwrap_or(0);
    let columns = share(room).max(1);
    let last = area.height.saturating_sub(columns);
    // It is at the very end only when the last row is seen.
    let at_end = top + room >= rows;
    let start = if at_end {
        last
    } else {
        share(top).min(last.saturating_sub(1))
    };
    area.y + start..area.y + start + columns
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
