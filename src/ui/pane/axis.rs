use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::message::width;
use crate::model::{Scale, Tick};
use crate::ui::screen::View;
use crate::ui::widget::put;

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
        let (columns, style) = (self.view.columns, self.view.theme.quiet());
        let mut x = area.x + 2;
        let heads = [
            ("#", columns.number, true),
            ("Status", columns.status, false),
            ("Method", columns.method, false),
            ("Name", columns.name, false),
            ("Host", columns.host, false),
            ("Type", columns.kind, false),
            ("Size", columns.size, true),
            ("Time", columns.time, true),
        ];
        for (head, width, is_right) in heads.into_iter().filter(|(_, width, _)| *width > 0) {
            let taken = u16::try_from(head.len()).unwrap_or(0);
            let shift = if is_right {
                width.saturating_sub(taken)
            } else {
                0
            };
            put(buffer, (x + shift, area.y), width - shift, head, style);
            x += width + 1;
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
        for tick in marks(&self.view.scale).into_iter().filter(is_free) {
            let at = (left + 1 + tick.column, area.y);
            put(buffer, at, self.view.scale.columns(), &tick.label, style);
        }
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
