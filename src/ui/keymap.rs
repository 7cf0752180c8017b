use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{Action, Edit, FilterAct, JarAct};
use super::tab::Tab;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Anywhere.
    Everywhere,
    /// In the table or the details.
    Panes,
    /// In the address bar.
    Address,
    /// In the filter.
    Filter,
    /// In the jar.
    Jar,
    /// In a cookie that is typed.
    Cookie,
}

/// A key, what it means and how that is said.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it is pressed.
    pub mode: Mode,
    /// The keys, as people write them.
    pub keys: &'static [&'static str],
    /// What they mean.
    pub action: Action,
    /// How that is said; keys with the same words stand together in help.
    pub words: &'static str,
}

const fn key(
    mode: Mode,
    keys: &'static [&'static str],
    action: Action,
    words: &'static str,
) -> Binding {
    Binding {
        mode,
        keys,
        action,
        words,
    }
}

/// Every key.
pub const fn bindings() -> &'static [Binding] {
    TABLE
}

/// Every key; help, footer and README are made from this table.
const TABLE: &[Binding] = &[
    key(
        Mode::Panes,
        &["o", "Ctrl-L"],
        Action::Address,
        "go to the address bar",
    ),
    key(Mode::Panes, &["j", "↓"], Action::Move(1), "move down"),
    key(Mode::Panes, &["k", "↑"], Action::Move(-1), "move up"),
    key(
        Mode::Panes,
        &["Ctrl-D"],
        Action::HalfPage(1),
        "half a page down",
    ),
    key(
        Mode::Panes,
        &["Ctrl-U"],
        Action::HalfPage(-1),
        "half a page up",
    ),
    key(Mode::Panes, &["PgDn"], Action::Page(1), "a page down"),
    key(Mode::Panes, &["PgUp"], Action::Page(-1), "a page up"),
    key(Mode::Panes, &["g", "Home"], Action::First, "to the first"),
    key(Mode::Panes, &["G", "End"], Action::Last, "to the last"),
    key(
        Mode::Panes,
        &["Enter"],
        Action::Open,
        "open the details; in them, fold and unfold",
    ),
    key(Mode::Panes, &["Esc"], Action::Back, "close the top layer"),
    key(
        Mode::Panes,
        &["Tab", "Shift-Tab"],
        Action::NextPane,
        "between table and details",
    ),
    key(
        Mode::Panes,
        &["1"],
        Action::ShowTab(Tab::Headers),
        "Headers",
    ),
    key(
        Mode::Panes,
        &["2"],
        Action::ShowTab(Tab::Cookies),
        "Cookies",
    ),
    key(Mode::Panes, &["3"], Action::ShowTab(Tab::Timing), "Timing"),
    key(Mode::Panes, &["4"], Action::ShowTab(Tab::Body), "Body"),
    key(
        Mode::Panes,
        &["5"],
        Action::ShowTab(Tab::Connection),
        "Connection",
    ),
    key(Mode::Panes, &["6"], Action::ShowTab(Tab::Cache), "Cache"),
    key(Mode::Panes, &["]"], Action::TurnTab(1), "next tab"),
    key(Mode::Panes, &["["], Action::TurnTab(-1), "tab before"),
    key(Mode::Panes, &["h", "←"], Action::Fold, "fold the section"),
    key(
        Mode::Panes,
        &["l", "→"],
        Action::Unfold,
        "unfold the section",
    ),
    key(
        Mode::Panes,
        &["r"],
        Action::Again,
        "fetch the selected again",
    ),
    key(Mode::Panes, &["x"], Action::Cancel, "give the selected up"),
    key(Mode::Panes, &["X"], Action::CancelAll, "give all up"),
    key(Mode::Panes, &["F"], Action::Follow, "follow the newest"),
    key(
        Mode::Panes,
        &["/", "f"],
        Action::Filter(FilterAct::Start),
        "filter the requests",
    ),
    key(
        Mode::Panes,
        &["C"],
        Action::Jar(JarAct::Open),
        "the cookies of the run",
    ),
    key(
        Mode::Panes,
        &["v"],
        Action::Reveal,
        "show secret values, or hide them",
    ),
    key(
        Mode::Panes,
        &["W"],
        Action::WhatIf,
        "what if: the run as it would have been, and the next of these",
    ),
    key(
        Mode::Panes,
        &["H"],
        Action::FoldHost,
        "fold the lanes of the host, or unfold",
    ),
    key(
        Mode::Panes,
        &["m"],
        Action::Mouse,
        "leave the mouse to the terminal, or take it back",
    ),
    key(
        Mode::Panes,
        &["L"],
        Action::Legend,
        "what glyphs and colours mean",
    ),
    key(Mode::Panes, &["?", "F1"], Action::Help, "these keys"),
    key(Mode::Panes, &["q"], Action::Leave, "back, then quit"),
    key(
        Mode::Panes,
        &["Q"],
        Action::QuitLeaving,
        "quit, the picture left on the screen",
    ),
    key(
        Mode::Address,
        &["Enter"],
        Action::Edit(Edit::Enter),
        "fetch what is typed",
    ),
    key(
        Mode::Address,
        &["↑"],
        Action::Edit(Edit::Earlier),
        "the address before",
    ),
    key(
        Mode::Address,
        &["↓"],
        Action::Edit(Edit::Later),
        "the address after",
    ),
    key(Mode::Address, &["Esc", "Tab"], Action::Back, "to the table"),
    key(Mode::Address, &["F1"], Action::Help, "these keys"),
    key(Mode::Jar, &["j", "↓"], Action::Move(1), "move down"),
    key(Mode::Jar, &["k", "↑"], Action::Move(-1), "move up"),
    key(Mode::Jar, &["PgDn"], Action::Page(1), "a page down"),
    key(Mode::Jar, &["PgUp"], Action::Page(-1), "a page up"),
    key(Mode::Jar, &["g", "Home"], Action::First, "to the first"),
    key(Mode::Jar, &["G", "End"], Action::Last, "to the last"),
    key(
        Mode::Jar,
        &["s"],
        Action::Jar(JarAct::Sort),
        "by site, name, expiry or newest",
    ),
    key(
        Mode::Jar,
        &["e", "Enter"],
        Action::Jar(JarAct::Change),
        "change the selected cookie",
    ),
    key(
        Mode::Jar,
        &["d"],
        Action::Jar(JarAct::Drop),
        "delete the selected cookie",
    ),
    key(
        Mode::Jar,
        &["D"],
        Action::Jar(JarAct::DropAll),
        "delete all cookies",
    ),
    key(
        Mode::Jar,
        &["y"],
        Action::Jar(JarAct::Copy),
        "copy name and value",
    ),
    key(
        Mode::Jar,
        &["v"],
        Action::Reveal,
        "show secret values, or hide them",
    ),
    key(Mode::Jar, &["Esc", "C", "q"], Action::Back, "close the jar"),
    key(
        Mode::Cookie,
        &["Enter"],
        Action::Jar(JarAct::Keep),
        "keep the cookie as it is typed",
    ),
    key(
        Mode::Cookie,
        &["Esc"],
        Action::Jar(JarAct::GiveUp),
        "leave it as it was",
    ),
    key(
        Mode::Filter,
        &["Enter", "Tab"],
        Action::Filter(FilterAct::End),
        "keep the filter",
    ),
    key(
        Mode::Filter,
        &["Esc"],
        Action::Filter(FilterAct::Restore),
        "the filter as before",
    ),
    key(Mode::Everywhere, &["Ctrl-C"], Action::Quit, "quit"),
    key(
        Mode::Everywhere,
        &["Ctrl-Z"],
        Action::Suspend,
        "stop, until fg",
    ),
];

/// What `event` means in `mode`.
pub(super) fn meaning(mode: Mode, event: &KeyEvent) -> Option<Action> {
    let name = name(event)?;
    let is_meant = |binding: &&Binding| {
        (binding.mode == mode || binding.mode == Mode::Everywhere)
            && binding.keys.contains(&name.as_str())
    };
    bindings()
        .iter()
        .find(is_meant)
        .map(|binding| binding.action)
}

/// The key as people write it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the keys that mean something are few"
)]
fn name(event: &KeyEvent) -> Option<String> {
    let is_control = event.modifiers.contains(KeyModifiers::CONTROL);
    Some(match event.code {
        KeyCode::Char(c) if is_control => format!("Ctrl-{}", c.to_ascii_uppercase()),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(number) => format!("F{number}"),
        KeyCode::Enter => "Enter".to_owned(),
        KeyCode::Esc => "Esc".to_owned(),
        KeyCode::Tab => "Tab".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::Up => "↑".to_owned(),
        KeyCode::Down => "↓".to_owned(),
        KeyCode::Left => "←".to_owned(),
        KeyCode::Right => "→".to_owned(),
        KeyCode::Home => "Home".to_owned(),
        KeyCode::End => "End".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = std::collections::HashSet::new();
        for binding in bindings() {
            for key in binding.keys {
                assert!(seen.insert((binding.mode, *key)), "{key} twice");
            }
        }
    }

    #[test]
    fn control_keys_are_told_from_letters() {
        let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(meaning(Mode::Address, &control), Some(Action::Quit));
        let letter = KeyEvent::new(KeyCode::Char('L'), KeyModifiers::SHIFT);
        assert_eq!(meaning(Mode::Panes, &letter), Some(Action::Legend));
        assert_eq!(meaning(Mode::Address, &letter), None);
    }
}
