use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::event::Moment;
use crate::model::duration;
use crate::ui::action::Action;
use crate::ui::screen::View;
use crate::ui::widget::{put, put_linked, put_right};

use super::cursor_line::going_on;
use super::hints::{APART, hints};

/// The keys of the moment, or something to tell.
pub(in crate::ui) struct Footer<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Footer<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let (state, theme) = (self.view.state, self.view.theme);
        if let Some(notice) = &state.notice {
            let style = if notice.is_bad {
                theme.bad()
            } else {
                theme.accent()
            };
            let room = area.width.saturating_sub(2);
            let said = (notice.words.as_str(), style);
            put_linked(buffer, (area.x + 1, area.y), room, said, theme);
            return;
        }
        let mut x = area.x + 1 + self.lead(area, buffer);
        for hint in hints(self.view) {
            let room = area.right().saturating_sub(x);
            if room < hint.columns() {
                break;
            }
            x += put(buffer, (x, area.y), room, &hint.keys(), theme.accent()) + 1;
            x += put(buffer, (x, area.y), room, &hint.words, theme.quiet()) + APART;
        }
        if state.is_following && area.width >= 60 {
            put_right(
                buffer,
                (x, area.y),
                area.right().saturating_sub(x + 1),
                "following",
                theme.accent(),
            );
        }
    }
}

/// What a click on the footer does.
pub(in crate::ui) fn hint_at(view: &View<'_>, area: Rect, column: u16) -> Option<Action> {
    if view.state.notice.is_some() {
        return None;
    }
    let footer = Footer { view };
    let mut x = area.x + 1 + footer.lead(area, &mut Buffer::empty(area));
    for hint in hints(view) {
        if area.right().saturating_sub(x) < hint.columns() {
            break;
        }
        let end = x + hint.columns() + 1;
        if (x..end - APART).contains(&column) {
            return hint.action_at(column - x);
        }
        x = end;
    }
    None
}

impl Footer<'_> {
    /// What stands before the hints; how many columns that took.
    fn lead(&self, area: Rect, buffer: &mut Buffer) -> u16 {
        let held = self.held(area, buffer);
        let Some(words) = going_on(self.view) else {
            return held;
        };
        let (room, at) = (area.width.saturating_sub(2), (area.x + 1 + held, area.y));
        held + put(buffer, at, room, &words, self.view.theme.accent()) + APART
    }

    /// Where the screen stands still, written at the left; how many columns that took.
    fn held(&self, area: Rect, buffer: &mut Buffer) -> u16 {
        let Some(held) = self.view.state.pace.held() else {
            return 0;
        };
        let at = duration(held.at.since(Moment::START));
        let (place, count, words) = (held.place, held.count, &held.words);
        let text = format!("{at} · fact {place} of {count}: {words}");
        let hints = if area.width < 100 { 2 } else { 46 };
        let room = area.width.saturating_sub(hints);
        let theme = self.view.theme;
        let said = (text.as_str(), theme.accent());
        put_linked(buffer, (area.x + 1, area.y), room, said, theme) + 3
    }
}
