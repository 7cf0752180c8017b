use std::io;
use std::sync::Arc;

use ratatui::layout::Size;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::{FontSize, Resize};
use rustix::termios::tcgetwinsize;

use crate::content::Pixels;
use crate::ui::{Drawn, Plain};

use super::kitty::placed;
use super::question::Known;

/// How the terminal draws pictures, besides blocks of colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Graphics {
    /// Not at all, as far as it says.
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
    /// What the terminal says, and the environment (a variable at a time) of what cannot be asked;
    /// `cell` is the size of a cell in pixels, where the line knows it.
    ///
    /// tmux and GNU screen answer for themselves: a picture that they do not know of would stay when
    /// they show something else.
    pub(super) fn of(
        known: &Known,
        variable: impl Fn(&str) -> Option<String>,
        cell: Option<(u16, u16)>,
    ) -> Self {
        let said = |name| variable(name).unwrap_or_default();
        let is_between = !said("TMUX").is_empty() || !said("STY").is_empty();
        let program = said("TERM_PROGRAM");
        let is_iterm2 = ["iTerm", "WezTerm", "vscode", "mintty", "rio"]
            .iter()
            .any(|name| program.contains(name));
        let protocol = if is_iterm2 && !is_between {
            Protocol::Iterm2
        } else if known.has_kitty {
            Protocol::Kitty
        } else if known.has_sixel() {
            Protocol::Sixel
        } else {
            return Self::None;
        };
        known
            .cell
            .or(cell)
            .map_or(Self::None, |cell| Self::Some(protocol, cell))
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
        // It covers no more cells than the blocks, which stand there as long as it does not.
        let room = Size::new(blocks.columns, blocks.rows());
        let kind = match protocol {
            Protocol::Kitty => {
                let drawn = fitted(pixels, cell, room);
                let drawn = drawn.map(|(png, cells)| Drawn::Placed(Arc::new(placed(&png, cells))));
                return Plain { drawn, ..plain };
            }
            Protocol::Iterm2 => ProtocolType::Iterm2,
            Protocol::Sixel => ProtocolType::Sixel,
        };
        #[expect(
            deprecated,
            reason = "it would rather ask the terminal, which was asked already"
        )]
        let mut picker = Picker::from_fontsize(FontSize::from(cell));
        picker.set_protocol_type(kind);
        let drawn = picker.new_protocol(pixels.image().clone(), room, Resize::Fit(None));
        Plain {
            drawn: drawn.ok().map(|drawn| Drawn::Text(Arc::new(drawn))),
            ..plain
        }
    }
}

/// A picture as a PNG that fits into the room, never larger than it is, and how many cells it takes.
fn fitted(pixels: &Pixels, cell: (u16, u16), room: Size) -> Option<(Vec<u8>, Size)> {
    let (wide, high) = (u32::from(cell.0.max(1)), u32::from(cell.1.max(1)));
    let most = (u32::from(room.width) * wide, u32::from(room.height) * high);
    let (png, (width, height)) = pixels.png(most)?;
    let cells = |pixels: u32, cell: u32, most: u16| {
        let cells = u16::try_from(pixels.div_ceil(cell)).unwrap_or(most);
        cells.clamp(1, most.max(1))
    };
    let cells = Size::new(
        cells(width, wide, room.width),
        cells(height, high, room.height),
    );
    Some((png, cells))
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
    use crate::content::Picture;

    #[test]
    fn the_terminal_tells_how_it_draws() {
        let of = |known: &Known, said: &'static [(&str, &str)], cell| {
            let variable = |name: &str| {
                let found = said.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Graphics::of(known, variable, cell)
        };
        let said = |has_kitty, has_sixel| Known {
            has_kitty,
            attributes: Some(vec![62, if has_sixel { 4 } else { 22 }]),
            ..Known::default()
        };
        let tmux = &[("TMUX", "/tmp/x"), ("TERM_PROGRAM", "WezTerm")][..];
        let cell = Some((8, 16));
        for (known, environment, protocol) in [
            (said(true, false), &[][..], Some(Protocol::Kitty)),
            (said(true, true), &[], Some(Protocol::Kitty)),
            (said(false, true), &[], Some(Protocol::Sixel)),
            (said(false, true), tmux, Some(Protocol::Sixel)),
            (said(false, false), tmux, None),
            (
                said(false, true),
                &[("TERM_PROGRAM", "iTerm.app")],
                Some(Protocol::Iterm2),
            ),
            (said(false, false), &[("TERM", "xterm-kitty")], None),
        ] {
            let drawn =
                protocol.map_or(Graphics::None, |protocol| Graphics::Some(protocol, (8, 16)));
            assert_eq!(of(&known, environment, cell), drawn, "{environment:?}");
            assert_eq!(
                of(&known, environment, None),
                Graphics::None,
                "nobody knows how large a cell is"
            );
        }
        let told = Known {
            cell: Some((10, 20)),
            ..said(false, true)
        };
        assert_eq!(
            of(&told, &[], cell),
            Graphics::Some(Protocol::Sixel, (10, 20)),
            "the terminal itself knows best"
        );
    }

    #[test]
    fn a_picture_fills_no_more_cells_than_it_has_pixels_for() {
        let mut png = Vec::new();
        let image = image::DynamicImage::new_rgb8(32, 30);
        let mut out = io::Cursor::new(&mut png);
        image.write_to(&mut out, image::ImageFormat::Png).unwrap();
        let picture = Picture::read(&png).unwrap();
        let pixels = picture.pixels.unwrap();
        for (room, cells) in [
            (Size::new(80, 20), Size::new(4, 2)),
            (Size::new(2, 20), Size::new(2, 1)),
            (Size::new(80, 1), Size::new(3, 1)),
        ] {
            let (small, filled) = fitted(&pixels, (8, 16), room).unwrap();
            assert_eq!(filled, cells);
            let small = Picture::read(&small).unwrap();
            assert!(small.width <= u32::from(cells.width) * 8);
            assert!(small.height <= u32::from(cells.height) * 16);
        }
    }
}
