use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use tui_input::Input;

use crate::message::{clip, visible, width};
use crate::model::remarks;
use crate::ui::action::{Action, FilterAct, SearchAct};
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
        if is_focused {
            return;
        }
        let chips = self.kept(area);
        if !chips.is_empty() {
            for chip in chips {
                let room = area.right().saturating_sub(chip.x);
                put(buffer, (chip.x, area.y), room, &chip.text, theme.accent());
            }
        } else if text.is_empty() && self.remarks(area, buffer) {
            // What there is to say is worth more than what keys there are.
        } else {
            for hint in self.hints(area) {
                put(
                    buffer,
                    (hint.x, area.y),
                    hint.columns(),
                    &hint.text,
                    theme.quiet(),
                );
            }
        }
    }
}

/// Words at the end of the bar that can be clicked.
struct Chip {
    x: u16,
    text: String,
    action: Action,
}

impl Chip {
    fn columns(&self) -> u16 {
        u16::try_from(width(&self.text)).unwrap_or(u16::MAX)
    }
}

/// Puts words beside each other at the end of the bar, so many columns apart.
fn at_the_end(words: Vec<(String, Action)>, apart: u16, area: Rect) -> Vec<Chip> {
    let mut end = area.right().saturating_sub(1);
    let mut chips = Vec::new();
    for (text, action) in words.into_iter().rev() {
        let columns = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let x = end.saturating_sub(columns);
        end = x.saturating_sub(apart);
        chips.push(Chip { x, text, action });
    }
    chips.reverse();
    chips
}

/// What a click on the bar does, but for the place where addresses are typed.
pub(in crate::ui) fn bar_at(view: &View<'_>, area: Rect, column: u16) -> Option<Action> {
    let state = view.state;
    if matches!(state.focus, Focus::Address | Focus::Filter | Focus::Search) {
        return None;
    }
    let bar = AddressBar { view };
    let mut chips = bar.kept(area);
    let has_remarks = state.address.value().is_empty() && !remarks(view.model).is_empty();
    if chips.is_empty() && !has_remarks {
        chips = bar.hints(area);
    }
    let is_hit = |chip: &&Chip| (chip.x..chip.x.saturating_add(chip.columns())).contains(&column);
    chips.iter().find(is_hit).map(|chip| chip.action)
}

impl AddressBar<'_> {
    /// The keys that lead furthest, as they are, where there is room for them.
    fn hints(&self, area: Rect) -> Vec<Chip> {
        if area.width < 100 {
            return Vec::new();
        }
        let keys = &self.view.state.keys;
        let hints = HINTS.iter().filter_map(|(action, words)| {
            let key = keys.of(Mode::Panes, *action).first()?;
            Some((format!("{key} {words}"), *action))
        });
        at_the_end(hints.collect(), 3, area)
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

    /// The filter and the search that are on, and what they find: `f text  3/20`, `/ text  7 in 2 requests`.
    fn kept(&self, area: Rect) -> Vec<Chip> {
        let state = self.view.state;
        let (filter, search) = (&state.filtering, &state.search);
        let room = usize::from(area.width / 2);
        let mut parts = Vec::new();
        if !filter.is_empty() {
            let text = visible(filter.input.value());
            let counted = self.counted();
            parts.push((
                format!("f {text}  {counted}"),
                Action::Filter(FilterAct::Start),
            ));
        }
        if search.is_on() {
            let text = visible(search.input.value());
            let counted = search.counted(self.view.model);
            parts.push((
                format!("/ {text}  {counted}"),
                Action::Search(SearchAct::Start),
            ));
        }
        // Half of the bar is for both of them.
        let each = room.saturating_sub(1) / parts.len().max(1);
        for (text, _) in &mut parts {
            *text = clip(text, each.saturating_sub(1)).into_owned();
        }
        at_the_end(parts, 2, area)
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
