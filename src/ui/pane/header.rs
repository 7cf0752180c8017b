use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::event::CacheUse;
use crate::message::Conditions;
use crate::model::{bytes, duration};
use crate::ui::screen::View;
use crate::ui::widget::{put, put_right};

/// The name of the run, its counts, and whether it goes on.
pub(in crate::ui) struct Header<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Header<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let (model, theme) = (self.view.model, self.view.theme);
        let mut x = area.x + 1;
        // Narrow screens name the run only, and leave the room to the figures.
        if area.width >= 60 || self.view.state.title.is_empty() {
            let room = area.width;
            x += put(buffer, (x, area.y), room, "netwaterfall", theme.strong()) + 2;
        }
        let room = area.right().saturating_sub(x);
        x += put(
            buffer,
            (x, area.y),
            room.min(30).min(area.width / 3),
            &self.view.state.title,
            theme.quiet(),
        ) + 2;
        let (sign, style) = if let Some(sign) = self.view.state.pace.sign() {
            (sign, theme.accent())
        } else if model.is_moving() {
            ("● live", theme.good())
        } else if model.totals().requests > 0 {
            ("● done", theme.quiet())
        } else {
            ("○ idle", theme.quiet())
        };
        let sign_at = area.right().saturating_sub(7);
        put(buffer, (sign_at, area.y), 6, sign, style);
        let room = sign_at.saturating_sub(x + 2);
        let is_throttled = model.conditions() != Conditions::None;
        let is_unusual = model.caching().used != CacheUse::On || is_throttled;
        if (model.totals().requests > 0 || is_unusual) && room > 0 {
            put_right(
                buffer,
                (x, area.y),
                room,
                &self.fitting(room),
                theme.plain(),
            );
        }
    }
}

impl Header<'_> {
    /// As many of the figures as there is room for, the least telling left out first; half a figure
    /// would be a wrong one.
    fn fitting(&self, room: u16) -> String {
        let mut parts = self.figures();
        loop {
            let kept: Vec<_> = parts.iter().map(|(_, text)| text.as_str()).collect();
            let text = kept.join(" · ");
            if crate::message::width(&text) <= usize::from(room) {
                return text;
            }
            let least = (0..parts.len()).max_by_key(|place| parts.get(*place).map(|part| part.0));
            parts.remove(least.unwrap_or(0));
        }
    }

    /// Figures with how early each may be left out.
    fn figures(&self) -> Vec<(u8, String)> {
        let model = self.view.model;
        let totals = model.totals();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let mut parts = Vec::new();
        parts.push((
            0,
            format!("{} request{}", totals.requests, plural(totals.requests)),
        ));
        let mut some = |order: u8, count: usize, word: &str| {
            if count > 0 {
                parts.push((order, format!("{count} {word}")));
            }
        };
        some(4, totals.done, "done");
        some(1, totals.failed, "failed");
        some(6, totals.stored, "from cache");
        some(7, totals.hits.validated, "still good");
        some(3, totals.open(), "open");
        some(2, totals.waiting, "waiting");
        match model.caching().used {
            CacheUse::On => {}
            CacheUse::Off => parts.push((1, "cache off".to_owned())),
            CacheUse::Offline => parts.push((1, "offline".to_owned())),
        }
        if model.conditions() != Conditions::None {
            parts.push((1, model.conditions().to_string()));
        }
        parts.push((5, bytes(totals.bytes)));
        let (from, to) = model.burst(self.view.state.selected, self.view.now);
        parts.push((3, duration(to.since(from))));
        parts
    }
}
