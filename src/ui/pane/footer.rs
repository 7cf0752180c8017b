use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::event::Moment;
use crate::message::width;
use crate::model::duration;
use crate::ui::action::{Action, Edit, FilterAct, JarAct, PaletteAct, SearchAct, TimeAct, Wind};
use crate::ui::binding::Mode;
use crate::ui::form::FormAct;
use crate::ui::layers::Overlay;
use crate::ui::menu::Menu;
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::tab::Tab;
use crate::ui::widget::{put, put_linked, put_right};

use super::cursor_line::going_on;

/// The keys of the moment, or something to tell.
pub(in crate::ui) struct Footer<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// What can be done now, the keys that do it, and what stands between two of them.
type Hint = (&'static [Action], &'static str, &'static str);

const TABLE: &[Hint] = &[
    (&[Action::Address], "", "open"),
    (&[Action::Move(-1), Action::Move(1)], "", "select"),
    (&[Action::Open], "", "details"),
    (&[Action::Filter(FilterAct::Start)], "", "filter"),
    (&[Action::Search(SearchAct::Start)], "", "search"),
    (&[Action::Jar(JarAct::Open)], "", "cookies"),
    (&[Action::Again], "", "again"),
    (&[Action::Help], "", "help"),
    (&[Action::Leave], "", "quit"),
    (&[Action::Palette(PaletteAct::Open)], "", "all"),
    (&[Action::Menu(Menu::Yank)], "", "copy"),
    (&[Action::Menu(Menu::Write)], "", "write"),
    (&[Action::Form(FormAct::Open)], "", "edit"),
    (&[Action::Cancel], "", "cancel"),
    (&[Action::Follow], "", "follow"),
    (&[Action::Legend], "", "legend"),
    (&[Action::Wind(Wind::Hold)], "", "hold"),
];
const PALETTE: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "select"),
    (&[Action::Palette(PaletteAct::Run)], "", "do it"),
    (&[Action::Back], "", "close"),
];
const HELP: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "move"),
    (&[Action::CloseHelp], "", "close"),
];
const HELD: &[Hint] = &[
    (
        &[Action::Wind(Wind::Facts(-1)), Action::Wind(Wind::Facts(1))],
        " ",
        "by a fact",
    ),
    (
        &[Action::Wind(Wind::Parts(-1)), Action::Wind(Wind::Parts(1))],
        " ",
        "by a part",
    ),
    (&[Action::Wind(Wind::Hold)], "", "go on"),
];
const DETAILS: &[Hint] = &[
    (
        &[Action::ShowTab(Tab::Headers), Action::ShowTab(Tab::Cache)],
        "-",
        "tab",
    ),
    (&[Action::Move(-1), Action::Move(1)], "", "move"),
    (&[Action::Left, Action::Right], "", "fold"),
    (&[Action::Reveal], "", "secrets"),
    (&[Action::NextPane], "", "table"),
    (&[Action::Back], "", "close"),
    (&[Action::Help], "", "help"),
    (&[Action::Look], "", "look"),
];
const ADDRESS: &[Hint] = &[
    (&[Action::Edit(Edit::Enter)], "", "fetch"),
    (
        &[Action::Edit(Edit::Earlier), Action::Edit(Edit::Later)],
        "",
        "earlier",
    ),
    (&[Action::Back], "", "to the table"),
    (&[Action::Quit], "", "quit"),
];
const FILTER: &[Hint] = &[
    (&[Action::Filter(FilterAct::End)], "", "keep"),
    (&[Action::Filter(FilterAct::Complete)], "", "complete"),
    (&[Action::Filter(FilterAct::Restore)], "", "as before"),
];
const SEARCH: &[Hint] = &[
    (&[Action::Search(SearchAct::End)], "", "keep"),
    (
        &[
            Action::Search(SearchAct::Next(-1)),
            Action::Search(SearchAct::Next(1)),
        ],
        "",
        "hits",
    ),
    (&[Action::Search(SearchAct::Restore)], "", "as before"),
];
const LANES: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "lane"),
    (&[Action::Left, Action::Right], "", "its requests"),
    (&[Action::Open], "", "details"),
    (&[Action::FoldHost], "", "fold the host"),
    (&[Action::NextPane], "", "table"),
];
const LINE: &[Hint] = &[
    (&[Action::Left, Action::Right], "", "move"),
    (
        &[
            Action::Time(TimeAct::Zoom(1)),
            Action::Time(TimeAct::Zoom(-1)),
        ],
        " ",
        "zoom",
    ),
    (&[Action::Back], "", "no line"),
];
/// What the line in which a filter is typed understands besides.
const FILTER_TEXT: &[(&str, &str)] = &[("Ctrl-U", "clear"), ("-", "not")];

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
        for hint in self.hints() {
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

/// Columns between two hints.
const APART: u16 = 3;

/// What can be done now, with the keys that do it as they are.
struct Hinted {
    keys: Vec<(String, Option<Action>)>,
    between: &'static str,
    words: String,
}

impl Hinted {
    fn keys(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(|(key, _)| key.as_str()).collect();
        keys.join(self.between)
    }

    /// With what is left free behind it.
    fn columns(&self) -> u16 {
        let columns = width(&self.keys()) + 1 + width(&self.words);
        u16::try_from(columns).unwrap_or(u16::MAX - APART) + APART - 1
    }

    /// What a click so many columns from its left does: what the key there does, and on the words
    /// what the last one does.
    fn action_at(&self, column: u16) -> Option<Action> {
        let mut end = 0;
        for (key, action) in &self.keys {
            end += width(key) + width(self.between);
            if usize::from(column) < end {
                return *action;
            }
        }
        self.keys.last().and_then(|(_, action)| *action)
    }
}

/// What a click on the footer does.
pub(in crate::ui) fn hint_at(view: &View<'_>, area: Rect, column: u16) -> Option<Action> {
    if view.state.notice.is_some() {
        return None;
    }
    let footer = Footer { view };
    let mut x = area.x + 1 + footer.lead(area, &mut Buffer::empty(area));
    for hint in footer.hints() {
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
    /// The hints of the moment.
    fn hints(&self) -> Vec<Hinted> {
        let (mode, hints, text) = match self.view.state.focus {
            _ if self.view.state.overlay == Some(Overlay::Palette) => {
                (Mode::Palette, PALETTE, &[][..])
            }
            _ if self.view.state.overlay == Some(Overlay::Help) => (Mode::Help, HELP, &[][..]),
            _ if self.view.state.line.is_some() => (Mode::Panes, LINE, &[][..]),
            Focus::Table | Focus::Details if self.view.state.pace.held().is_some() => {
                (Mode::Panes, HELD, &[][..])
            }
            Focus::Table => (Mode::Panes, TABLE, &[][..]),
            Focus::Details => (Mode::Details, DETAILS, &[][..]),
            Focus::Lanes => (Mode::Panes, LANES, &[][..]),
            Focus::Address => (Mode::Address, ADDRESS, &[][..]),
            Focus::Filter => (Mode::Filter, FILTER, FILTER_TEXT),
            Focus::Search => (Mode::Search, SEARCH, &[][..]),
        };
        let bound = hints.iter().map(|(actions, between, words)| {
            let bound = |action: &Action| (self.key(mode, *action).to_owned(), Some(*action));
            Hinted {
                keys: actions.iter().map(bound).collect(),
                between,
                words: (*words).to_owned(),
            }
        });
        let bound = bound.filter(|hint| !hint.keys().is_empty());
        let bound = self.of_links(mode).into_iter().chain(bound);
        let text = text.iter().map(|(key, words)| Hinted {
            keys: vec![((*key).to_owned(), None)],
            between: "",
            words: (*words).to_owned(),
        });
        bound.chain(text).collect()
    }

    /// What the cursor's line leads to, and where one came from.
    fn of_links(&self, mode: Mode) -> Vec<Hinted> {
        let state = self.view.state;
        if mode != Mode::Details {
            return Vec::new();
        }
        let here = state.link_here(self.view.model);
        let here = here.map(|link| (Action::Open, format!("to {link}")));
        let back = (!state.trail.is_empty()).then(|| (Action::Return, "back".to_owned()));
        let hint = |(action, words): (Action, String)| Hinted {
            keys: vec![(self.key(mode, action).to_owned(), Some(action))],
            between: "",
            words,
        };
        here.into_iter().chain(back).map(hint).collect()
    }

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

    /// The key that tells most about an action: an arrow, or else the first.
    fn key(&self, mode: Mode, action: Action) -> &str {
        let keys = &self.view.state.keys;
        // The details have keys of their own besides those of the panes.
        let beside = (mode == Mode::Details).then_some(Mode::Panes);
        let modes = [Some(mode), beside, Some(Mode::Everywhere)];
        let mut bound = modes.iter().flatten().map(|mode| keys.of(*mode, action));
        let of = bound.find(|keys| !keys.is_empty()).unwrap_or_default();
        let arrow = of
            .iter()
            .find(|key| ["↑", "↓", "←", "→"].contains(&key.as_str()));
        arrow.or_else(|| of.first()).map_or("", String::as_str)
    }
}
