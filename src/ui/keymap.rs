use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{Action, Edit};
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

/// Every key; help, footer and README are made from this table.
pub const fn bindings() -> &'static [Binding] {
    use Action as A;
    use Mode::{Address, Everywhere, Panes};
    const TABLE: &[Binding] = &[
        key(Panes, &["o", "Ctrl-L"], A::Address, "go to the address bar"),
        key(Panes, &["j", "↓"], A::Move(1), "move down"),
        key(Panes, &["k", "↑"], A::Move(-1), "move up"),
        key(Panes, &["Ctrl-D"], A::HalfPage(1), "half a page down"),
        key(Panes, &["Ctrl-U"], A::HalfPage(-1), "half a page up"),
        key(Panes, &["PgDn"], A::Page(1), "a page down"),
        key(Panes, &["PgUp"], A::Page(-1), "a page up"),
        key(Panes, &["g", "Home"], A::First, "to the first"),
        key(Panes, &["G", "End"], A::Last, "to the last"),
        key(
            Panes,
            &["Enter"],
            A::Open,
            "open the details; in them, fold and unfold",
        ),
        key(Panes, &["Esc"], A::Back, "close the top layer"),
        key(
            Panes,
            &["Tab", "Shift-Tab"],
            A::NextPane,
            "between table and details",
        ),
        key(Panes, &["1"], A::ShowTab(Tab::Headers), "Headers"),
        key(Panes, &["2"], A::ShowTab(Tab::Cookies), "Cookies"),
        key(Panes, &["3"], A::ShowTab(Tab::Timing), "Timing"),
        key(Panes, &["4"], A::ShowTab(Tab::Body), "Body"),
        key(Panes, &["5"], A::ShowTab(Tab::Connection), "Connection"),
        key(Panes, &["6"], A::ShowTab(Tab::Cache), "Cache"),
        key(Panes, &["]"], A::TurnTab(1), "next tab"),
        key(Panes, &["["], A::TurnTab(-1), "tab before"),
        key(Panes, &["h", "←"], A::Fold, "fold the section"),
        key(Panes, &["l", "→"], A::Unfold, "unfold the section"),
        key(Panes, &["r"], A::Again, "fetch the selected again"),
        key(Panes, &["x"], A::Cancel, "give the selected up"),
        key(Panes, &["X"], A::CancelAll, "give all up"),
        key(Panes, &["F"], A::Follow, "follow the newest"),
        key(
            Panes,
            &["m"],
            A::Mouse,
            "leave the mouse to the terminal, or take it back",
        ),
        key(Panes, &["L"], A::Legend, "what glyphs and colours mean"),
        key(Panes, &["?", "F1"], A::Help, "these keys"),
        key(Panes, &["q"], A::Leave, "back, then quit"),
        key(
            Panes,
            &["Q"],
            A::QuitLeaving,
            "quit, the picture left on the screen",
        ),
        key(
            Address,
            &["Enter"],
            A::Edit(Edit::Enter),
            "fetch what is typed",
        ),
        key(
            Address,
            &["↑"],
            A::Edit(Edit::Earlier),
            "the address before",
        ),
        key(Address, &["↓"], A::Edit(Edit::Later), "the address after"),
        key(Address, &["Esc", "Tab"], A::Back, "to the table"),
        key(Address, &["F1"], A::Help, "these keys"),
        key(Everywhere, &["Ctrl-C"], A::Quit, "quit"),
        key(Everywhere, &["Ctrl-Z"], A::Suspend, "stop, until fg"),
    ];
    TABLE
}

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
