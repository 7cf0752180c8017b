use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::action::{Edit, Effect};
use super::binding::Mode;
use super::layers::Overlay;
use super::state::{Focus, State};

/// The address bar.
impl State {
    /// Puts text into the address bar, to be mended.
    pub fn put_address(&mut self, text: &str) {
        self.address = Input::new(text.to_owned());
        self.focus = Focus::Address;
    }

    /// Text was pasted: into an address that is being typed, or to be fetched at once.
    pub fn paste(&mut self, text: &str) -> Option<Effect> {
        if self.paste_into_form(text) {
            return None;
        }
        match self.overlay {
            Some(Overlay::Help) => self.paste_help(text),
            Some(Overlay::Palette) => self.paste_palette(text),
            _ => return self.paste_by_focus(text),
        }
        None
    }

    fn paste_by_focus(&mut self, text: &str) -> Option<Effect> {
        match self.focus {
            Focus::Filter => self.paste_filter(text),
            Focus::Search => self.paste_search(text),
            Focus::Table | Focus::Details | Focus::Lanes | Focus::Address => {
                return self.paste_address(text);
            }
        }
        None
    }

    fn paste_address(&mut self, text: &str) -> Option<Effect> {
        let is_typing = self.focus == Focus::Address && !self.address.value().is_empty();
        if is_typing && !text.trim_end().contains(['\n', '\r']) {
            for c in text.trim_end().chars().filter(|c| !c.is_control()) {
                self.address.handle(InputRequest::InsertChar(c));
            }
            return None;
        }
        let typed = self.address.value_and_reset();
        Some(Effect::Open(format!("{typed}{text}")))
    }

    pub(super) fn edit(&mut self, edit: Edit) -> Option<Effect> {
        match edit {
            Edit::Earlier => self.recall(-1),
            Edit::Later => self.recall(1),
            Edit::Enter => {
                if self.uncover() {
                    return None;
                }
                let typed = self.address.value_and_reset();
                self.recalled = None;
                if typed.trim().is_empty() {
                    self.focus = Focus::Table;
                    return None;
                }
                self.history.push(typed.clone());
                return Some(Effect::Open(typed));
            }
        }
        None
    }

    fn recall(&mut self, by: isize) {
        let count = self.history.len();
        let place = self.recalled.unwrap_or(count).saturating_add_signed(by);
        let text = self.history.get(place).cloned().unwrap_or_default();
        self.recalled = (place < count).then_some(place);
        self.address = Input::new(text);
    }

    pub(super) fn type_in(&mut self, event: &KeyEvent) {
        if let Some(request) = edit_request(event) {
            self.address.handle(request);
        }
    }
}

/// The key behind Escape, where both came so fast that they look like Alt and the key.
///
/// Alt means something only where text is typed: a word more or less, as shells have it.
pub(super) fn after_escape(event: &KeyEvent, mode: Mode) -> Option<KeyEvent> {
    let KeyCode::Char(c) = event.code else {
        return None;
    };
    let is_word = mode.is_typed() && ['b', 'd', 'f', '<', '>'].contains(&c);
    let is_alt = event.modifiers.contains(KeyModifiers::ALT);
    (is_alt && !is_word).then(|| {
        let modifiers = event.modifiers.difference(KeyModifiers::ALT);
        KeyEvent::new(event.code, modifiers)
    })
}

/// What a key does to text that is typed.
#[expect(clippy::wildcard_enum_match_arm, reason = "the keys that edit are few")]
pub(super) fn edit_request(event: &KeyEvent) -> Option<InputRequest> {
    let is_control = event.modifiers.contains(KeyModifiers::CONTROL);
    let is_alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        KeyCode::Char('b') if is_alt => InputRequest::GoToPrevWord,
        KeyCode::Char('f') if is_alt => InputRequest::GoToNextWord,
        KeyCode::Char('d') if is_alt => InputRequest::DeleteNextWord,
        KeyCode::Backspace if is_alt => InputRequest::DeletePrevWord,
        KeyCode::Char('w') if is_control => InputRequest::DeletePrevWord,
        KeyCode::Char('u') if is_control => InputRequest::DeleteLine,
        KeyCode::Char('a') if is_control => InputRequest::GoToStart,
        KeyCode::Char('e') if is_control => InputRequest::GoToEnd,
        KeyCode::Char('k') if is_control => InputRequest::DeleteTillEnd,
        KeyCode::Char(c) if !is_control && !c.is_control() => InputRequest::InsertChar(c),
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left if is_control => InputRequest::GoToPrevWord,
        KeyCode::Right if is_control => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}
