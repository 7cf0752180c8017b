use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::message::width;
use crate::model::{Scale, Tick};
use crate::ui::order::By;
use crate::ui::screen::View;
use crate::ui::widget::{put, put_right};

use super::cursor_line::Label;

/// The heads of the columns, and the marks of the time axis.
pub(in crate::ui) struct Axis<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Axis<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 || self.view.model.requests().is_empty() {
            return;
        }
        let (columns, style) = (&self.view.columns, self.view.theme.quiet());
        let order = self.view.state.layout().order;
        let sign = if order.is_reversed { "▼" } else { "▲" };
        for (column, start, columns) in columns.iter() {
            let head = column.card().head;
            let at = (area.x + start, area.y);
            let is_sorted = order.by == By::Column(column) && !order.is_usual();
            let style = if is_sorted {
                self.view.theme.accent()
            } else {
                style
            };
            if column.card().is_right {
                put_right(buffer, at, columns, head, style);
            } else {
                put(buffer, at, columns, head, style);
            }
            if is_sorted {
                // In the blank between two columns, where nothing is hidden by it.
                let taken = u16::try_from(width(head)).unwrap_or(columns).min(columns);
                let shift = if column.card().is_right {
                    columns
                } else {
                    taken
                };
                put(buffer, (at.0 + shift, area.y), 1, sign, style);
            }
        }
        let left = area.x + columns.total();
        put(buffer, (left, area.y), 1, "│", style);
        let label = Label::of(self.view);
        let is_free = |tick: &Tick| {
            let end = tick.column + u16::try_from(width(&tick.label)).unwrap_or(0);
            label.as_ref().is_none_or(|label| {
                end < label.column || tick.column > label.column + label.columns
            })
        };
        let sorted = self.sorted(sign);
        let last = self.view.scale.columns() - sorted.as_ref().map_or(0, |(_, taken)| *taken);
        let is_seen = |tick: &Tick| {
            let end = tick.column + u16::try_from(width(&tick.label)).unwrap_or(0);
            is_free(tick) && (sorted.is_none() || end <= last)
        };
        if let Some((words, taken)) = &sorted {
            let style = self.view.theme.accent();
            put(buffer, (left + 1 + last, area.y), *taken, words, style);
        }
        for tick in marks(&self.view.scale).into_iter().filter(is_seen) {
            let at = (left + 1 + tick.column, area.y);
            put(buffer, at, self.view.scale.columns(), &tick.label, style);
        }
    }
}

impl Axis<'_> {
    /// By what the rows are sorted, where no head above a column can say so, and how wide that is.
    fn sorted(&self, sign: &str) -> Option<(String, u16)> {
        let order = self.view.state.layout().order;
        let has_head = matches!(order.by, By::Column(column) if self.view.columns.has(column));
        if has_head || order.is_usual() {
            return None;
        }
        let words = format!(" by {} {sign}", order.by.words());
        let taken = u16::try_from(width(&words)).ok()?;
        (taken < self.view.scale.columns()).then_some((words, taken))
    }
}

/// The marks whose labels have room, closer where there would be none but the first.
fn marks(scale: &Scale) -> Vec<Tick> {
    let fitting = |apart: u16| {
        let mut free = 0;
        let mut ticks = scale.ticks(apart);
        ticks.retain(|tick| {
            let end = tick.column + u16::try_from(width(&tick.label)).unwrap_or(u16::MAX - 999);
            let has_room = tick.column >= free && end <= scale.columns();
            if has_room {
                free = end + 1;
            }
            has_room
        });
        ticks
    };
    let usual = fitting(9);
    if usual.len() > 1 { usual } else { fitting(6) }
}
