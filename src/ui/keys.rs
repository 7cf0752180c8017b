use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;
use super::binding::{Binding, Mode};
use super::keymap::bindings;

/// The keys as they are: the table's, unless a person chose others.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Bound>);

/// What can be done, and its keys.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What, and where.
    pub binding: &'static Binding,
    /// Its keys, as people write them.
    pub keys: Vec<String>,
}

/// Why a person cannot have the keys that were chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Nothing is called so there.
    #[error("nothing is called {0} there")]
    NoAction(String),
    /// No key is written so.
    #[error(
        "no key is called {0}; keys are a character, Enter, Esc, Tab, Shift-Tab, Space, Backspace, ↑ ↓ ← →, Home, End, PgUp, PgDn, F1 to F12, and Ctrl- with a letter"
    )]
    NoKey(String),
    /// The key is a character of what is typed there.
    #[error("{0} is text there; take Ctrl- with a letter, F1 to F12 or a key without a character")]
    Text(String),
    /// Two actions would have the key.
    #[error("{key} is given to {other} already")]
    Taken {
        /// The key.
        key: String,
        /// The other action.
        other: &'static str,
    },
    /// No key would end the program wherever one is.
    #[error("something has to quit the program")]
    NoWayOut,
}

impl Default for Keys {
    fn default() -> Self {
        let bound = |binding: &'static Binding| Bound {
            binding,
            keys: binding.keys.iter().map(ToString::to_string).collect(),
        };
        Self(bindings().iter().map(bound).collect())
    }
}

impl Keys {
    /// All that can be done, with its keys.
    pub fn all(&self) -> &[Bound] {
        &self.0
    }

    /// What can be done in a place, with its keys.
    pub fn at(&self, mode: Mode) -> impl Iterator<Item = &Bound> {
        self.0
            .iter()
            .filter(move |bound| bound.binding.mode == mode)
    }

    /// Gives actions other keys than the table has for them.
    ///
    /// A key that is given goes away from whatever the table had it for; what is wrong is told with
    /// the place of the choice.
    pub fn choose(&mut self, choices: &[Choice]) -> Result<(), (usize, BadKey)> {
        let mut chosen = Vec::new();
        for (place, choice) in choices.iter().enumerate() {
            self.check(choice, &chosen).map_err(|bad| (place, bad))?;
            chosen.push(choice);
        }
        let is_chosen = |bound: &Bound| choices.iter().find(|choice| choice.is_for(bound.binding));
        for bound in &mut self.0 {
            match is_chosen(bound) {
                Some(choice) => bound.keys.clone_from(&choice.keys),
                None => bound
                    .keys
                    .retain(|key| !is_given(bound.binding.mode, key, choices)),
            }
        }
        if self.of(Mode::Everywhere, Action::Quit).is_empty() {
            let last = choices
                .iter()
                .rposition(|choice| choice.mode == Mode::Everywhere);
            return Err((last.unwrap_or(0), BadKey::NoWayOut));
        }
        Ok(())
    }

    fn check(&self, choice: &Choice, before: &[&Choice]) -> Result<(), BadKey> {
        if !self.0.iter().any(|bound| choice.is_for(bound.binding)) {
            return Err(BadKey::NoAction(choice.name.clone()));
        }
        for key in &choice.keys {
            if !is_key(key) {
                return Err(BadKey::NoKey(key.clone()));
            }
            if choice.mode.is_typed() && is_text(key) {
                return Err(BadKey::Text(key.clone()));
            }
            let other = before
                .iter()
                .find(|other| other.mode == choice.mode && other.keys.contains(key));
            let other = other.and_then(|other| self.0.iter().find(|b| other.is_for(b.binding)));
            if let Some(other) = other.map(|bound| bound.binding.name) {
                let key = key.clone();
                return Err(BadKey::Taken { key, other });
            }
        }
        Ok(())
    }

    /// The keys of an action.
    pub fn of(&self, mode: Mode, action: Action) -> &[String] {
        let is_it = |bound: &&Bound| bound.binding.mode == mode && bound.binding.action == action;
        let bound = self.0.iter().find(is_it);
        bound.map_or(&[], |bound| bound.keys.as_slice())
    }

    /// What `event` means in `mode`.
    pub(super) fn meaning(&self, mode: Mode, event: &KeyEvent) -> Option<Action> {
        let name = name(event)?;
        let is_meant = |mode: Mode| {
            let bound = self.at(mode).find(|bound| bound.keys.contains(&name));
            bound.map(|bound| bound.binding.action)
        };
        let has_panes = mode == Mode::Details;
        is_meant(mode)
            .or_else(|| is_meant(Mode::Panes).filter(|_| has_panes))
            .or_else(|| is_meant(Mode::Everywhere))
    }
}

/// The keys that a person wants for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Where.
    pub mode: Mode,
    /// The action's name.
    pub name: String,
    /// The keys.
    pub keys: Vec<String>,
}

impl Choice {
    fn is_for(&self, binding: &Binding) -> bool {
        self.mode == binding.mode && self.name == binding.name
    }
}

fn is_given(mode: Mode, key: &String, choices: &[Choice]) -> bool {
    let is_it = |choice: &Choice| choice.mode == mode && choice.keys.contains(key);
    choices.iter().any(is_it)
}

/// Keys that are no characters.
const NAMED: &[&str] = &[
    "Enter",
    "Esc",
    "Tab",
    "Shift-Tab",
    "Space",
    "Backspace",
    "↑",
    "↓",
    "←",
    "→",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
];

/// Whether a key is written so.
fn is_key(written: &str) -> bool {
    let letter = written.strip_prefix("Ctrl-");
    let is_letter = letter.is_some_and(|letter| {
        is_character(letter) && !letter.contains(|c: char| c.is_ascii_lowercase())
    });
    NAMED.contains(&written) || is_character(written) || is_letter
}

/// Whether a key is a character of what is typed, where something is typed.
fn is_text(key: &str) -> bool {
    key == "Space" || (is_character(key) && !NAMED.contains(&key))
}

fn is_character(written: &str) -> bool {
    let mut characters = written.chars();
    let first = characters.next();
    first.is_some_and(|c| !c.is_control() && !c.is_whitespace()) && characters.next().is_none()
}

/// The key that people write so.
#[must_use]
pub fn pressed(written: &str) -> Option<KeyEvent> {
    if !is_key(written) {
        return None;
    }
    let code = match written {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "Space" => KeyCode::Char(' '),
        "Backspace" => KeyCode::Backspace,
        "↑" => KeyCode::Up,
        "↓" => KeyCode::Down,
        "←" => KeyCode::Left,
        "→" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        other => return character(other),
    };
    Some(KeyEvent::new(code, KeyModifiers::NONE))
}

/// A key that is a character, with Ctrl or without, or one of F1 to F12.
fn character(written: &str) -> Option<KeyEvent> {
    let number = written.strip_prefix('F').and_then(|n| n.parse().ok());
    if let Some(number) = number {
        return Some(KeyEvent::new(KeyCode::F(number), KeyModifiers::NONE));
    }
    let (letter, modifiers) = match written.strip_prefix("Ctrl-") {
        Some(letter) => (letter.to_lowercase(), KeyModifiers::CONTROL),
        None => (written.to_owned(), KeyModifiers::NONE),
    };
    let letter = letter.chars().next()?;
    Some(KeyEvent::new(KeyCode::Char(letter), modifiers))
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
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(number) => format!("F{number}"),
        KeyCode::Enter => "Enter".to_owned(),
        KeyCode::Esc => "Esc".to_owned(),
        KeyCode::Tab => "Tab".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::Backspace => "Backspace".to_owned(),
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

    fn letter(c: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)
    }

    fn choice(mode: Mode, name: &str, keys: &[&str]) -> Choice {
        let keys = keys.iter().map(ToString::to_string).collect();
        let name = name.to_owned();
        Choice { mode, name, keys }
    }

    fn chosen(choices: &[Choice]) -> Result<Keys, (usize, String)> {
        let mut keys = Keys::default();
        let chosen = keys.choose(choices);
        chosen.map_err(|(place, bad)| (place, bad.to_string()))?;
        Ok(keys)
    }

    #[test]
    fn control_keys_are_told_from_letters() {
        let keys = Keys::default();
        let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(keys.meaning(Mode::Address, &control), Some(Action::Quit));
        let letter = KeyEvent::new(KeyCode::Char('L'), KeyModifiers::SHIFT);
        assert_eq!(keys.meaning(Mode::Panes, &letter), Some(Action::Legend));
        assert_eq!(keys.meaning(Mode::Address, &letter), None);
    }

    #[test]
    fn every_key_of_the_table_is_read_as_it_is_written() {
        for key in bindings().iter().flat_map(|binding| binding.keys) {
            let event = pressed(key).unwrap_or_else(|| panic!("{key}"));
            assert_eq!(name(&event).as_deref(), Some(*key));
        }
        for key in ["Return", "Ctrl-x", "ab", ""] {
            assert_eq!(pressed(key), None, "{key}");
        }
    }

    #[test]
    fn a_chosen_key_takes_the_place_of_the_tables() {
        let keys = chosen(&[choice(Mode::Panes, "follow", &["j"])]).unwrap();
        assert_eq!(
            keys.meaning(Mode::Panes, &letter('j')),
            Some(Action::Follow)
        );
        assert_eq!(keys.meaning(Mode::Panes, &letter('F')), None);
        assert_eq!(keys.meaning(Mode::Jar, &letter('j')), Some(Action::Move(1)));
        assert_eq!(keys.of(Mode::Panes, Action::Move(1)), ["↓"]);
    }

    #[test]
    fn every_key_of_the_table_can_be_chosen() {
        for binding in bindings() {
            let keys = binding.keys;
            let same = [choice(binding.mode, binding.name, keys)];
            assert_eq!(chosen(&same).map(drop), Ok(()), "{}", binding.name);
        }
    }

    #[test]
    fn what_cannot_be_chosen_is_told() {
        let bad = |mode, name, keys: &[&str]| {
            let first = choice(Mode::Panes, "follow", &["ö"]);
            chosen(&[first, choice(mode, name, keys)]).unwrap_err()
        };
        for (mode, name, key, words) in [
            (Mode::Panes, "folow", "j", "nothing is called folow there"),
            (Mode::Panes, "down", "Ctrl-x", "no key is called Ctrl-x"),
            (Mode::Panes, "down", "", "no key is called ;"),
            (Mode::Panes, "down", " ", "no key is called  ;"),
            (Mode::Panes, "down", "ö", "ö is given to follow already"),
            (Mode::Filter, "keep", "k", "k is text there"),
            (Mode::Filter, "keep", "Space", "Space is text there"),
        ] {
            let (place, said) = bad(mode, name, &[key]);
            assert_eq!(place, 1);
            assert!(said.starts_with(words), "{said}");
        }
        let (place, said) = bad(Mode::Everywhere, "quit", &[]);
        assert_eq!(
            (place, said.as_str()),
            (1, "something has to quit the program")
        );
    }
}
