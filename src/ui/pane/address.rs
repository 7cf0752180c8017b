use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use tui_input::Input;

use crate::message::{visible, width};
use crate::model::remarks;
use crate::ui::action::Action;
use crate::ui::binding::Mode;
use crate::ui::screen::View;
use crate::ui::state::{Focus, State};
use crate::ui::widget::{put, put_right};

/// Columns of the invitation to type.
const INVITATION: u16 = 20;

/// Where addresses are typed.
pub(in crate::ui) struct AddressBar<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// What is hinted at where there is room.
const HINTS: &[(Action, &str)] = &[
    (Action::Address, "open"),
    (Action::Open, "details"),
    (Action::Legend, "legend"),
    (Action::Help, "help"),
];

impl Widget for AddressBar<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let (state, theme) = (self.view.state, self.view.theme);
        match state.focus {
            Focus::Filter => return self.filter(area, buffer),
            Focus::Search => return self.search(area, buffer),
            Focus::Table | Focus::Details | Focus::Lanes | Focus::Address => {}
        }
        let is_focused = state.focus == Focus::Address;
        let style = if is_focused {
            theme.accent()
        } else {
            theme.quiet()
        };
        put(buffer, (area.x + 1, area.y), 1, "›", style);
        let room = Self::room(area);
        let text = state.address.value();
        let scrolled = state.address.visual_scroll(usize::from(room));
        let shown = behind(text, scrolled);
        if text.is_empty() {
            let words = if is_focused {
                "type or paste a URL, several, or a list; Enter fetches"
            } else {
                "o to type a URL"
            };
            put(buffer, (area.x + 3, area.y), room, words, theme.quiet());
        } else {
            put(buffer, (area.x + 3, area.y), room, shown, theme.plain());
        }
        if !is_focused && (!state.filtering.is_empty() || state.search.is_on()) {
            let words = self.kept();
            let room = area.width / 2;
            put_right(
                buffer,
                (area.right() - room, area.y),
                room.saturating_sub(1),
                &words,
                theme.accent(),
            );
        } else if !is_focused && text.is_empty() && self.remarks(area, buffer) {
            // What there is to say is worth more than what keys there are.
        } else if area.width >= 100 && !is_focused {
            let hints = self.hints();
            let (at, room) = ((area.x + 40, area.y), area.width - 40);
            put_right(buffer, at, room, &hints, theme.quiet());
        }
    }
}

impl AddressBar<'_> {
    /// The keys that lead furthest, as they are.
    fn hints(&self) -> String {
        let keys = &self.view.state.keys;
        let mut hints = String::new();
        for (action, words) in HINTS {
            if let Some(key) = keys.of(Mode::Panes, *action).first() {
                let gap = if hints.is_empty() { "" } else { "   " };
                hints = format!("{hints}{gap}{key} {words}");
            }
        }
        hints + " "
    }

    /// What a person should know about the run, beside the invitation to type; whether there is something.
    fn remarks(&self, area: Rect, buffer: &mut Buffer) -> bool {
        let remarks = remarks(self.view.model);
        let words: Vec<String> = remarks.iter().map(ToString::to_string).collect();
        let room = area.width.saturating_sub(INVITATION + 1);
        let at = (area.x + INVITATION, area.y);
        put_right(
            buffer,
            at,
            room,
            &words.join(" · "),
            self.view.theme.warning(),
        );
        !words.is_empty()
    }

    /// The filter as it is typed, how many it lets through, or what is wrong with it.
    fn filter(&self, area: Rect, buffer: &mut Buffer) {
        let line = &self.view.state.filtering;
        let hint = "text, -text, /regex/, domain: status-code: method: set-cookie-name: is: …";
        let told = line.error.clone().map_or_else(|| Ok(self.counted()), Err);
        self.typed("f", &line.input, hint, told, area, buffer);
    }

    /// The search as it is typed, how much was found, or what is wrong with it.
    fn search(&self, area: Rect, buffer: &mut Buffer) {
        let line = &self.view.state.search;
        let hint = "text or /regex/, in URLs, headers and bodies";
        let found = || Ok(line.counted(self.view.model));
        let told = line.error.clone().map_or_else(found, Err);
        self.typed("/", &line.input, hint, told, area, buffer);
    }

    /// A line as it is typed, and what there is to tell about it at its end.
    fn typed(
        &self,
        sign: &str,
        input: &Input,
        hint: &str,
        told: Result<String, String>,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = self.view.theme;
        put(buffer, (area.x + 1, area.y), 1, sign, theme.accent());
        let room = Self::room(area);
        let at = (area.x + 3, area.y);
        if input.value().is_empty() {
            put(buffer, at, room, hint, theme.quiet());
            return;
        }
        let shown = behind(input.value(), input.visual_scroll(usize::from(room)));
        put(buffer, at, room, shown, theme.plain());
        let typed = u16::try_from(width(input.value())).unwrap_or(u16::MAX);
        let left = room.saturating_sub(typed.saturating_add(2));
        let (words, style) = match told {
            Ok(words) => (words, theme.accent()),
            Err(words) => (words, theme.bad()),
        };
        let right = (area.right() - left - 1, area.y);
        put_right(buffer, right, left, &words, style);
    }

    /// `f text  3/20 · / text  7 in 2 requests`.
    fn kept(&self) -> String {
        let state = self.view.state;
        let (filter, search) = (&state.filtering, &state.search);
        let mut parts = Vec::new();
        if !filter.is_empty() {
            let text = visible(filter.input.value());
            parts.push(format!("f {text}  {}", self.counted()));
        }
        if search.is_on() {
            let text = visible(search.input.value());
            parts.push(format!("/ {text}  {}", search.counted(self.view.model)));
        }
        parts.join(" · ")
    }

    fn counted(&self) -> String {
        let (state, model) = (self.view.state, self.view.model);
        format!("{}/{}", state.row_count(model), model.requests().len())
    }

    /// The column of the cursor.
    pub(in crate::ui) fn cursor(state: &State, area: Rect) -> u16 {
        let room = usize::from(Self::room(area));
        let input = match state.focus {
            Focus::Filter => &state.filtering.input,
            Focus::Search => &state.search.input,
            Focus::Table | Focus::Details | Focus::Lanes | Focus::Address => &state.address,
        };
        let scrolled = input.visual_scroll(room);
        let before: String = input.value().chars().take(input.cursor()).collect();
        let column = width(&before).saturating_sub(scrolled).min(room);
        area.x + 3 + u16::try_from(column).unwrap_or(0)
    }

    const fn room(area: Rect) -> u16 {
        area.width.saturating_sub(4)
    }
}

/// What of `text` is behind its first `columns` columns.
fn behind(text: &str, columns: usize) -> &str {
    let starts = text.char_indices().map(|(start, _)| start);
    let mut parts = starts.filter_map(|start| text.split_at_checked(start));
    let is_behind = |(before, _): &(&str, &str)| width(before) >= columns;
    parts.find(is_behind).map_or("", |(_, rest)| rest)
}
