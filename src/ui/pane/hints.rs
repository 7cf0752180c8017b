use crate::message::width;
use crate::ui::action::{
    Action, Edit, FilterAct, JarAct, PaletteAct, SearchAct, TableAct, TimeAct, Wind,
};
use crate::ui::binding::Mode;
use crate::ui::finding::FindAct;
use crate::ui::form::FormAct;
use crate::ui::layers::Overlay;
use crate::ui::menu::Menu;
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::tab::Tab;

/// Columns between two hints.
pub(super) const APART: u16 = 3;

/// What can be done now, with the keys that do it as they are.
pub(super) struct Hinted {
    keys: Vec<(String, Option<Action>)>,
    between: &'static str,
    pub(super) words: String,
}

impl Hinted {
    pub(super) fn keys(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(|(key, _)| key.as_str()).collect();
        keys.join(self.between)
    }

    /// With what is left free behind it.
    pub(super) fn columns(&self) -> u16 {
        let columns = width(&self.keys()) + 1 + width(&self.words);
        u16::try_from(columns).unwrap_or(u16::MAX - APART) + APART - 1
    }

    /// What a click so many columns from its left does: what the key there does, and on the words
    /// what the last one does.
    pub(super) fn action_at(&self, column: u16) -> Option<Action> {
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

/// The hints of the moment.
pub(super) fn hints(view: &View<'_>) -> Vec<Hinted> {
    let mode = view.state.mode();
    let bound = table(view).iter().map(|(actions, between, words)| {
        let bound = |action: &Action| (key(view, mode, *action).to_owned(), Some(*action));
        Hinted {
            keys: actions.iter().map(bound).collect(),
            between,
            words: (*words).to_owned(),
        }
    });
    let bound = bound.filter(|hint| !hint.keys().is_empty());
    let bound = of_links(view, mode).into_iter().chain(bound);
    let text = if mode == Mode::Filter {
        FILTER_TEXT
    } else {
        &[]
    };
    let text = text.iter().map(|(key, words)| Hinted {
        keys: vec![((*key).to_owned(), None)],
        between: "",
        words: (*words).to_owned(),
    });
    bound.chain(text).collect()
}

/// What can be done where keys go now.
fn table(view: &View<'_>) -> &'static [Hint] {
    let state = view.state;
    match (state.overlay, state.mode()) {
        (_, Mode::Cookie) => COOKIE,
        (Some(Overlay::Jar), _) => JAR,
        (Some(Overlay::Form), _) => FORM,
        (Some(Overlay::Menu(_)), _) => MENU,
        (Some(Overlay::Columns), _) => COLUMNS,
        (Some(Overlay::WhatIf), _) => WHAT_IF,
        (Some(Overlay::Legend), _) => LEGEND,
        (Some(Overlay::Palette), _) => PALETTE,
        (Some(Overlay::Help), _) => HELP,
        (None, _) if state.line.is_some() => LINE,
        (None, Mode::Finder) => FINDER,
        (None, _) => of_pane(view),
    }
}

/// The same in the pane that has the keys.
fn of_pane(view: &View<'_>) -> &'static [Hint] {
    match view.state.focus {
        Focus::Table | Focus::Details if view.state.pace.held().is_some() => HELD,
        Focus::Table => TABLE,
        Focus::Details => DETAILS,
        Focus::Lanes => LANES,
        Focus::Address => ADDRESS,
        Focus::Filter => FILTER,
        Focus::Search => SEARCH,
    }
}

/// What the cursor's line leads to, and where one came from.
fn of_links(view: &View<'_>, mode: Mode) -> Vec<Hinted> {
    let state = view.state;
    if mode != Mode::Details {
        return Vec::new();
    }
    let here = state.link_here(view.model);
    let here = here.map(|link| (Action::Open, format!("to {link}")));
    let back = (!state.trail.is_empty()).then(|| (Action::Return, "back".to_owned()));
    let hint = |(action, words): (Action, String)| Hinted {
        keys: vec![(key(view, mode, action).to_owned(), Some(action))],
        between: "",
        words,
    };
    here.into_iter().chain(back).map(hint).collect()
}

/// The key that tells most about an action: an arrow, or else the first.
fn key<'a>(view: &View<'a>, mode: Mode, action: Action) -> &'a str {
    let keys = &view.state.keys;
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
const FINDER: &[Hint] = &[
    (&[Action::Find(FindAct::End)], "", "stay"),
    (&[Action::Find(FindAct::GiveUp)], "", "go back"),
];
const JAR: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "select"),
    (&[Action::Jar(JarAct::Add)], "", "add"),
    (&[Action::Jar(JarAct::Change)], "", "change"),
    (&[Action::Jar(JarAct::Drop)], "", "delete"),
    (&[Action::Back], "", "close"),
    (&[Action::Jar(JarAct::DropAll)], "", "delete all"),
    (&[Action::Jar(JarAct::Copy)], "", "copy"),
    (&[Action::Jar(JarAct::Sort)], "", "sort"),
    (&[Action::Reveal], "", "secrets"),
    (&[Action::Help], "", "help"),
];
const COOKIE: &[Hint] = &[
    (&[Action::Jar(JarAct::Keep)], "", "keep it"),
    (&[Action::Jar(JarAct::GiveUp)], "", "as it was"),
];
const FORM: &[Hint] = &[
    (&[Action::Form(FormAct::Send)], "", "fetch it"),
    (
        &[Action::Form(FormAct::Next), Action::Form(FormAct::Before)],
        " ",
        "field",
    ),
    (&[Action::Form(FormAct::GiveUp)], "", "leave it"),
    (&[Action::Form(FormAct::Editor)], "", "in your editor"),
];
const MENU: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "select"),
    (&[Action::Pick], "", "take, or its letter"),
    (&[Action::Back], "", "close"),
];
const COLUMNS: &[Hint] = &[
    (&[Action::Table(TableAct::Show)], "", "show"),
    (&[Action::Table(TableAct::SortThis)], "", "sort"),
    (
        &[
            Action::Table(TableAct::Carry(-1)),
            Action::Table(TableAct::Carry(1)),
        ],
        " ",
        "carry",
    ),
    (&[Action::Back], "", "close"),
    (
        &[
            Action::Table(TableAct::Widen(-1)),
            Action::Table(TableAct::Widen(1)),
        ],
        "",
        "width",
    ),
    (&[Action::Table(TableAct::Usual)], "", "as wide as needed"),
    (&[Action::Table(TableAct::Reset)], "", "all as at first"),
    (&[Action::Help], "", "help"),
];
const WHAT_IF: &[Hint] = &[
    (&[Action::WhatIf], "", "the next"),
    (&[Action::Move(-1), Action::Move(1)], "", "move"),
    (&[Action::Back], "", "close"),
];
const LEGEND: &[Hint] = &[
    (&[Action::Move(-1), Action::Move(1)], "", "move"),
    (&[Action::Back], "", "close"),
];
/// What the line in which a filter is typed understands besides.
const FILTER_TEXT: &[(&str, &str)] = &[("Ctrl-U", "clear"), ("-", "not")];
