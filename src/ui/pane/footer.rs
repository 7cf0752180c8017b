use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::event::Moment;
use crate::message::width;
use crate::model::duration;
use crate::ui::action::{Action, Edit, FilterAct, JarAct, PaletteAct, SearchAct, TimeAct, Wind};
use crate::ui::binding::Mode;
use crate::ui::layers::Overlay;
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::tab::Tab;
use crate::ui::widget::{put, put_right};

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
            put(
                buffer,
                (area.x + 1, area.y),
                area.width.saturating_sub(2),
                &notice.words,
                style,
            );
            return;
        }
        let mut x = area.x + 1 + self.held(area, buffer);
        if let Some(words) = going_on(self.view) {
            let room = area.width.saturating_sub(2);
            x += put(buffer, (x, area.y), room, &words, theme.accent()) + 3;
        }
        for (keys, words) in self.hints() {
            let room = area.right().saturating_sub(x);
            if usize::from(room) < width(&keys) + width(words) + 3 {
                break;
            }
            x += put(buffer, (x, area.y), room, &keys, theme.accent()) + 1;
            x += put(buffer, (x, area.y), room, words, theme.quiet()) + 3;
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

impl Footer<'_> {
    /// The keys of the moment, as they are, with what they do.
    fn hints(&self) -> Vec<(String, &'static str)> {
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
            Focus::Details => (Mode::Panes, DETAILS, &[][..]),
            Focus::Lanes => (Mode::Panes, LANES, &[][..]),
            Focus::Address => (Mode::Address, ADDRESS, &[][..]),
            Focus::Filter => (Mode::Filter, FILTER, FILTER_TEXT),
            Focus::Search => (Mode::Search, SEARCH, &[][..]),
        };
        let keys = |actions: &[Action], between: &str| {
            let keys: Vec<_> = actions
                .iter()
                .map(|action| self.key(mode, *action))
                .collect();
            keys.join(between)
        };
        let bound = hints
            .iter()
            .map(|(actions, between, words)| (keys(actions, between), *words));
        let bound = bound.filter(|(keys, _)| !keys.is_empty());
        let text = text.iter().map(|(key, words)| ((*key).to_owned(), *words));
        bound.chain(text).collect()
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
        put(
            buffer,
            (area.x + 1, area.y),
            room,
            &text,
            self.view.theme.accent(),
        ) + 3
    }

    /// The key that tells most about an action: an arrow, or else the first.
    fn key(&self, mode: Mode, action: Action) -> &str {
        let keys = &self.view.state.keys;
        let of = match keys.of(mode, action) {
            [] => keys.of(Mode::Everywhere, action),
            some => some,
        };
        let arrow = of
            .iter()
            .find(|key| ["↑", "↓", "←", "→"].contains(&key.as_str()));
        arrow.or_else(|| of.first()).map_or("", String::as_str)
    }
}
