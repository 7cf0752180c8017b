use crossterm::event::{
    Event as Input, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use termina::Parser;
use termina::event::{self as read, Modifiers};

/// Reads the keys and the mouse out of what a terminal sends for them.
#[derive(Debug, Default)]
pub(super) struct Keyboard(Parser);

impl Keyboard {
    /// What was pressed.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.0.parse(bytes, false);
        let mut inputs = Vec::new();
        while let Some(event) = self.0.pop() {
            inputs.extend(input(&event));
        }
        inputs
    }

    /// The same for bytes behind which nothing came: Escape, or Escape and a character.
    pub(super) fn read_whole(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.0 = Parser::default();
        if let [0x1b, letter @ 0x20..0x7f] = bytes {
            let code = KeyCode::Char(char::from(*letter));
            return vec![Input::Key(KeyEvent::new(code, KeyModifiers::ALT))];
        }
        let inputs = self.read(bytes);
        self.0 = Parser::default();
        inputs
    }
}

fn input(event: &read::Event) -> Option<Input> {
    Some(match event {
        read::Event::Key(key) if key.kind != read::KeyEventKind::Release => {
            Input::Key(KeyEvent::new(code(key.code)?, modifiers(key.modifiers)))
        }
        read::Event::Mouse(mouse) => Input::Mouse(MouseEvent {
            kind: act(mouse.kind),
            column: mouse.column,
            row: mouse.row,
            modifiers: modifiers(mouse.modifiers),
        }),
        read::Event::Paste(text) => Input::Paste(text.clone()),
        read::Event::Key(_)
        | read::Event::WindowResized(_)
        | read::Event::FocusIn
        | read::Event::FocusOut
        | read::Event::Csi(_)
        | read::Event::Osc(_)
        | read::Event::Dcs(_) => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keyboards have many keys that mean nothing here"
)]
fn code(code: read::KeyCode) -> Option<KeyCode> {
    Some(match code {
        read::KeyCode::Char(c) => KeyCode::Char(c),
        read::KeyCode::Enter => KeyCode::Enter,
        read::KeyCode::Backspace => KeyCode::Backspace,
        read::KeyCode::Tab => KeyCode::Tab,
        read::KeyCode::BackTab => KeyCode::BackTab,
        read::KeyCode::Escape => KeyCode::Esc,
        read::KeyCode::Left => KeyCode::Left,
        read::KeyCode::Right => KeyCode::Right,
        read::KeyCode::Up => KeyCode::Up,
        read::KeyCode::Down => KeyCode::Down,
        read::KeyCode::Home => KeyCode::Home,
        read::KeyCode::End => KeyCode::End,
        read::KeyCode::PageUp => KeyCode::PageUp,
        read::KeyCode::PageDown => KeyCode::PageDown,
        read::KeyCode::Insert => KeyCode::Insert,
        read::KeyCode::Delete => KeyCode::Delete,
        read::KeyCode::Function(number) => KeyCode::F(number),
        _ => return None,
    })
}

fn modifiers(read: Modifiers) -> KeyModifiers {
    [
        (Modifiers::SHIFT, KeyModifiers::SHIFT),
        (Modifiers::CONTROL, KeyModifiers::CONTROL),
        (Modifiers::ALT, KeyModifiers::ALT),
        (Modifiers::SUPER, KeyModifiers::SUPER),
    ]
    .into_iter()
    .filter(|(known, _)| read.contains(*known))
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

const fn act(kind: read::MouseEventKind) -> MouseEventKind {
    match kind {
        read::MouseEventKind::Down(which) => MouseEventKind::Down(button(which)),
        read::MouseEventKind::Up(which) => MouseEventKind::Up(button(which)),
        read::MouseEventKind::Drag(which) => MouseEventKind::Drag(button(which)),
        read::MouseEventKind::Moved => MouseEventKind::Moved,
        read::MouseEventKind::ScrollDown => MouseEventKind::ScrollDown,
        read::MouseEventKind::ScrollUp => MouseEventKind::ScrollUp,
        read::MouseEventKind::ScrollLeft => MouseEventKind::ScrollLeft,
        read::MouseEventKind::ScrollRight => MouseEventKind::ScrollRight,
    }
}

const fn button(which: read::MouseButton) -> MouseButton {
    match which {
        read::MouseButton::Left => MouseButton::Left,
        read::MouseButton::Right => MouseButton::Right,
        read::MouseButton::Middle => MouseButton::Middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
        Input::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_of_every_kind_of_terminal_are_read() {
        let (none, control) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        for (bytes, expected) in [
            (&b"j"[..], key(KeyCode::Char('j'), none)),
            (b"G", key(KeyCode::Char('G'), KeyModifiers::SHIFT)),
            (b"\x04", key(KeyCode::Char('d'), control)),
            (b"\x1a", key(KeyCode::Char('z'), control)),
            (b"\r", key(KeyCode::Enter, none)),
            (b"\x7f", key(KeyCode::Backspace, none)),
            (b"\x1b[Z", key(KeyCode::BackTab, KeyModifiers::SHIFT)),
            (b"\x1b[A", key(KeyCode::Up, none)),
            (b"\x1bOA", key(KeyCode::Up, none)),
            (b"\x1b[H", key(KeyCode::Home, none)),
            (b"\x1b[1~", key(KeyCode::Home, none)),
            (b"\x1b[7~", key(KeyCode::Home, none)),
            (b"\x1b[1;5C", key(KeyCode::Right, control)),
            (b"\x1bOP", key(KeyCode::F(1), none)),
            (b"\x1b[[A", key(KeyCode::F(1), none)),
            (b"\x1b[11~", key(KeyCode::F(1), none)),
            (b"\x1bj", key(KeyCode::Char('j'), KeyModifiers::ALT)),
            ("ж".as_bytes(), key(KeyCode::Char('ж'), none)),
        ] {
            assert_eq!(Keyboard::default().read(bytes), [expected], "{bytes:?}");
        }
    }

    #[test]
    fn escape_alone_is_a_key_and_keeps_no_other_from_being_one() {
        let mut keyboard = Keyboard::default();
        let escape = key(KeyCode::Esc, KeyModifiers::NONE);
        assert_eq!(keyboard.read_whole(b"\x1b"), [escape]);
        let alt = |c| key(KeyCode::Char(c), KeyModifiers::ALT);
        assert_eq!(keyboard.read_whole(b"\x1b["), [alt('[')]);
        assert_eq!(keyboard.read_whole(b"\x1bO"), [alt('O')]);
        let j = key(KeyCode::Char('j'), KeyModifiers::NONE);
        assert_eq!(keyboard.read(b"j"), [j]);
    }

    #[test]
    fn the_mouse_is_read_where_it_is() {
        let mouse = |kind, modifiers| {
            Input::Mouse(MouseEvent {
                kind,
                column: 9,
                row: 19,
                modifiers,
            })
        };
        let (none, left) = (KeyModifiers::NONE, MouseButton::Left);
        for (bytes, expected) in [
            (
                &b"\x1b[<0;10;20M"[..],
                mouse(MouseEventKind::Down(left), none),
            ),
            (b"\x1b[<0;10;20m", mouse(MouseEventKind::Up(left), none)),
            (b"\x1b[<32;10;20M", mouse(MouseEventKind::Drag(left), none)),
            (b"\x1b[<65;10;20M", mouse(MouseEventKind::ScrollDown, none)),
            (
                b"\x1b[<80;10;20M",
                mouse(MouseEventKind::ScrollUp, KeyModifiers::CONTROL),
            ),
        ] {
            assert_eq!(Keyboard::default().read(bytes), [expected], "{bytes:?}");
        }
    }
}
