use std::io;
use std::sync::Arc;

use ratatui::layout::Size;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::{FontSize, Resize};
use rustix::termios::tcgetwinsize;

use crate::ui::{Drawn, Plain};

/// How the terminal draws pictures, besides blocks of colour.
///
/// It is known by the terminal's name: to ask takes a round trip to it, and what it answers could be
/// taken for keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Graphics {
    /// Not at all, or tmux or screen stands between.
    None,
    /// In its own way, with cells of so many pixels.
    Some(Protocol, (u16, u16)),
}

/// A way to draw pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// Kitty's.
    Kitty,
    /// iTerm2's.
    Iterm2,
    /// DEC's.
    Sixel,
}

impl Graphics {
    /// What the environment says, a variable at a time; `cell` is the size of a cell in pixels.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>, cell: Option<(u16, u16)>) -> Self {
        let said = |name| variable(name).unwrap_or_default();
        let is_between = !said("TMUX").is_empty() || !said("STY").is_empty();
        let (term, program) = (said("TERM"), said("TERM_PROGRAM"));
        let is_one = |known: &[&str], name: &str| known.iter().any(|known| name.contains(known));
        let is_kitty = !said("KITTY_WINDOW_ID").is_empty();
        let protocol = if is_kitty || is_one(&["kitty", "ghostty"], &term) {
            Protocol::Kitty
        } else if is_one(&["iTerm", "WezTerm", "vscode", "mintty", "rio"], &program) {
            Protocol::Iterm2
        } else if is_one(&["foot", "mlterm", "contour", "yaft", "sixel"], &term) {
            Protocol::Sixel
        } else {
            return Self::None;
        };
        match cell {
            Some(cell) if !is_between => Self::Some(protocol, cell),
            Some(_) | None => Self::None,
        }
    }

    /// Draws the picture of a body, where there is one and the terminal can.
    pub(super) fn draw(self, plain: Plain) -> Plain {
        let Self::Some(protocol, cell) = self else {
            return plain;
        };
        let picture = plain.reading.picture.as_ref();
        let pixels = picture.and_then(|picture| picture.pixels.as_ref().ok());
        let (Some(pixels), Some(blocks)) = (pixels, &plain.blocks) else {
            return plain;
        };
        #[expect(
            deprecated,
            reason = "it would rather ask the terminal, which is listened to for keys"
        )]
        let mut picker = Picker::from_fontsize(FontSize::from(cell));
        picker.set_protocol_type(match protocol {
            Protocol::Kitty => ProtocolType::Kitty,
            Protocol::Iterm2 => ProtocolType::Iterm2,
            Protocol::Sixel => ProtocolType::Sixel,
        });
        // It covers no more cells than the blocks, which stand there as long as it does not.
        let room = Size::new(blocks.columns, blocks.rows());
        let drawn = picker.new_protocol(pixels.image().clone(), room, Resize::Fit(None));
        Plain {
            drawn: drawn.ok().map(|drawn| Drawn(Arc::new(drawn))),
            ..plain
        }
    }
}

/// The size of a cell in pixels, where the terminal says so.
pub(super) fn cell() -> Option<(u16, u16)> {
    let size = tcgetwinsize(io::stdout()).ok()?;
    let width = size.ws_xpixel.checked_div(size.ws_col)?;
    let height = size.ws_ypixel.checked_div(size.ws_row)?;
    (width > 0 && height > 0).then_some((width, height))
}

/// Whether the terminal has more than 256 colours, as it says itself.
pub(super) fn has_true_colour() -> bool {
    let said = std::env::var("COLORTERM").unwrap_or_default();
    ["truecolor", "24bit"].contains(&said.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminals_name_tells_how_it_draws() {
        let of = |said: &'static [(&str, &str)], cell| {
            let variable = |name: &str| {
                let found = said.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Graphics::of(variable, cell)
        };
        let cell = Some((8, 16));
        for (said, protocol) in [
            (&[("TERM", "xterm-kitty")][..], Some(Protocol::Kitty)),
            (&[("TERM", "xterm-ghostty")], Some(Protocol::Kitty)),
            (
                &[("KITTY_WINDOW_ID", "1"), ("TERM", "xterm")],
                Some(Protocol::Kitty),
            ),
            (&[("TERM_PROGRAM", "iTerm.app")], Some(Protocol::Iterm2)),
            (&[("TERM", "foot-direct")], Some(Protocol::Sixel)),
            (&[("TERM", "xterm-256color")], None),
            (&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/x")], None),
        ] {
            let known =
                protocol.map_or(Graphics::None, |protocol| Graphics::Some(protocol, (8, 16)));
            assert_eq!(of(said, cell), known, "{said:?}");
            assert_eq!(
                of(said, None),
                Graphics::None,
                "nobody knows how large a cell is"
            );
        }
    }
}
