use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

/// As much base64 as every terminal takes in one OSC 52; more is cut or refused by some.
const MOST: usize = 100_000;
/// GNU screen takes so many bytes of a string that it hands on.
const SCREENFUL: usize = 700;

/// What stands between the program and the terminal that has the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing.
    Nothing,
    /// tmux, which hands on what is wrapped where `allow-passthrough` is on.
    Tmux,
    /// GNU screen.
    GnuScreen,
    /// A terminal that has none, such as the Linux console.
    NoClipboard,
}

impl Between {
    /// What the environment says, a variable at a time.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        if is_set("TMUX") {
            Self::Tmux
        } else if is_set("STY") {
            Self::GnuScreen
        } else if ["linux", "dumb", ""].contains(&term.as_str()) {
            Self::NoClipboard
        } else {
            Self::Nothing
        }
    }

    /// By which way a text gets to the clipboard, as it is told.
    pub(super) const fn way(self) -> &'static str {
        match self {
            Self::Nothing | Self::NoClipboard => "OSC 52",
            Self::Tmux => "OSC 52 through tmux",
            Self::GnuScreen => "OSC 52 through screen",
        }
    }

    /// What is written to put `text` into the clipboard; nothing where it does not fit or there is none.
    pub(super) fn sequence(self, text: &str) -> Option<String> {
        if self == Self::NoClipboard || text.len().div_ceil(3) * 4 > MOST {
            return None;
        }
        let mut plain = String::new();
        CopyToClipboard::to_clipboard_from(text)
            .write_ansi(&mut plain)
            .ok()?;
        Some(match self {
            Self::Nothing | Self::NoClipboard => plain,
            Self::Tmux => {
                // tmux itself takes the plain one where `set-clipboard` is on, and only the
                // wrapped one where it is not.
                let doubled = plain.replace('\x1b', "\x1b\x1b");
                format!("{plain}\x1bPtmux;{doubled}\x1b\\")
            }
            Self::GnuScreen => {
                // The string's own end would end the wrapping: BEL ends it as well.
                let inner = plain.replace("\x1b\\", "\x07");
                let bytes: Vec<char> = inner.chars().collect();
                let pieces = bytes.chunks(SCREENFUL).map(|piece| {
                    let piece: String = piece.iter().collect();
                    format!("\x1bP{piece}\x1b\\")
                });
                pieces.collect()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(name: &'static str, value: &'static str) -> Between {
        Between::of(move |asked| match asked {
            _ if asked == name => Some(value.to_owned()),
            "TERM" => Some("xterm-256color".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn the_environment_tells_what_is_between() {
        assert_eq!(between("", ""), Between::Nothing);
        assert_eq!(between("TMUX", "/tmp/tmux-0/default"), Between::Tmux);
        assert_eq!(between("TMUX", ""), Between::Nothing);
        assert_eq!(between("STY", "1.pts"), Between::GnuScreen);
        assert_eq!(between("TERM", "linux"), Between::NoClipboard);
    }

    #[test]
    fn every_way_carries_the_text() {
        let plain = "\x1b]52;c;aGk=\x1b\\";
        let tmux = "\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\";
        assert_eq!(Between::Nothing.sequence("hi").unwrap(), plain);
        assert_eq!(
            Between::Tmux.sequence("hi").unwrap(),
            format!("{plain}{tmux}")
        );
        assert_eq!(
            Between::GnuScreen.sequence("hi").unwrap(),
            "\x1bP\x1b]52;c;aGk=\x07\x1b\\"
        );
        assert_eq!(Between::NoClipboard.sequence("hi"), None);
    }

    #[test]
    fn what_is_too_large_for_some_terminal_goes_no_way() {
        let fits = "x".repeat(MOST / 4 * 3);
        assert!(Between::Nothing.sequence(&fits).is_some());
        assert_eq!(Between::Nothing.sequence(&format!("{fits}x")), None);
    }

    #[test]
    fn screen_gets_it_in_pieces_that_it_takes() {
        let sequence = Between::GnuScreen.sequence(&"x".repeat(3_000)).unwrap();
        let pieces: Vec<&str> = sequence.split("\x1b\\").collect();
        assert_eq!(pieces.len(), 7, "six pieces, and nothing behind them");
        assert!(pieces.iter().all(|piece| piece.len() <= 768));
    }
}
