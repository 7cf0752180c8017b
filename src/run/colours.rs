use std::env;

use crate::cli::{Color, ThemeName};
use crate::ui::Theme;

use super::question::Known;

/// The colours of the screen, as was asked for and as the terminal can, by what it said of itself.
pub(super) fn theme(color: Color, name: ThemeName, known: &Known) -> Theme {
    let here = Surroundings {
        is_new: known.name.is_some(),
        ..Surroundings::here()
    };
    chosen(color, name, &here, || known.background.map(Brightness::of))
}

/// What the environment says of the terminal.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    term: String,
    colorterm: String,
    has_no_color: bool,
    /// Whether the terminal told its name: Debian's xterm calls itself `xterm` and has 256 colours.
    is_new: bool,
}

/// The terminal's background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brightness {
    Dark,
    Light,
}

impl Surroundings {
    fn here() -> Self {
        let told = |name: &str| env::var(name).unwrap_or_default();
        Self {
            term: told("TERM"),
            colorterm: told("COLORTERM"),
            // https://no-color.org: set, and not empty.
            has_no_color: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            is_new: false,
        }
    }

    /// Whether the terminal has the 256 colours of xterm.
    fn has_many_colours(&self) -> bool {
        let is_new = self.is_new || NEW.iter().any(|name| self.term.starts_with(name));
        let is_told = ["truecolor", "24bit"].contains(&self.colorterm.as_str());
        let is_named = self.term.contains("256color") || self.term.contains("direct");
        !self.term.starts_with("linux") && (is_told || is_named || is_new)
    }
}

/// Terminals with more colours than their names say.
const NEW: &[&str] = &[
    "xterm-kitty",
    "xterm-ghostty",
    "foot",
    "alacritty",
    "wezterm",
    "contour",
    "rio",
];

fn chosen(
    color: Color,
    name: ThemeName,
    surroundings: &Surroundings,
    brightness: impl FnOnce() -> Option<Brightness>,
) -> Theme {
    let is_colourless = surroundings.has_no_color || surroundings.term == "dumb";
    let is_mono = match color {
        Color::Never => true,
        Color::Auto => is_colourless,
        Color::Always => false,
    };
    if is_mono {
        return Theme::mono();
    }
    let has_many = surroundings.has_many_colours() || color == Color::Always;
    match name {
        ThemeName::Mono => Theme::mono(),
        ThemeName::Night if has_many => Theme::night(),
        ThemeName::Day if has_many => Theme::day(),
        ThemeName::Auto if surroundings.has_many_colours() => match brightness() {
            Some(Brightness::Dark) => Theme::night(),
            Some(Brightness::Light) => Theme::day(),
            None => Theme::ansi(),
        },
        // Its own sixteen go with whatever background it has.
        ThemeName::Ansi | ThemeName::Night | ThemeName::Day | ThemeName::Auto => Theme::ansi(),
    }
}

impl Brightness {
    /// How bright a colour looks: it is light if CIE's L* is 50 or more.
    fn of(colour: [u16; 3]) -> Self {
        let linear = |part: u16| {
            let share = f64::from(part) / f64::from(u16::MAX);
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = colour.map(linear);
        let luminance = 0.212_6 * red + 0.715_2 * green + 0.072_2 * blue;
        if luminance < 0.184_2 {
            Self::Dark
        } else {
            Self::Light
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(term: &str, colorterm: &str) -> Surroundings {
        Surroundings {
            term: term.to_owned(),
            colorterm: colorterm.to_owned(),
            has_no_color: false,
            is_new: false,
        }
    }

    #[test]
    fn the_terminals_brightness_chooses_where_it_has_the_colours() {
        for (term, colorterm, dark, light) in [
            ("xterm-256color", "", Theme::night(), Theme::day()),
            ("screen-256color", "", Theme::night(), Theme::day()),
            ("tmux-256color", "", Theme::night(), Theme::day()),
            ("xterm-kitty", "", Theme::night(), Theme::day()),
            ("foot", "", Theme::night(), Theme::day()),
            ("xterm", "truecolor", Theme::night(), Theme::day()),
            ("xterm", "", Theme::ansi(), Theme::ansi()),
            ("screen", "", Theme::ansi(), Theme::ansi()),
            ("linux", "", Theme::ansi(), Theme::ansi()),
            ("linux", "truecolor", Theme::ansi(), Theme::ansi()),
            ("dumb", "", Theme::mono(), Theme::mono()),
        ] {
            let theme = |brightness| {
                let auto = ThemeName::Auto;
                chosen(Color::Auto, auto, &on(term, colorterm), || brightness)
            };
            assert_eq!(theme(Some(Brightness::Dark)), dark, "{term}");
            assert_eq!(theme(Some(Brightness::Light)), light, "{term}");
            let unknown = if term == "dumb" {
                Theme::mono()
            } else {
                Theme::ansi()
            };
            assert_eq!(theme(None), unknown, "{term}");
        }
    }

    #[test]
    fn a_background_is_light_or_dark_as_it_looks() {
        for (colour, looks) in [
            ([0, 0, 0], Brightness::Dark),
            ([0x1d1d, 0x1f1f, 0x2121], Brightness::Dark),
            ([0x0000, 0x2b2b, 0x3636], Brightness::Dark),
            ([0, 0, 0xffff], Brightness::Dark),
            ([0xfdfd, 0xf6f6, 0xe3e3], Brightness::Light),
            ([0, 0xffff, 0], Brightness::Light),
            ([0xffff; 3], Brightness::Light),
        ] {
            assert_eq!(Brightness::of(colour), looks, "{colour:?}");
        }
    }

    #[test]
    fn a_terminal_of_sixteen_colours_is_not_asked() {
        let asked = || -> Option<Brightness> { panic!("it was asked") };
        let theme = chosen(Color::Auto, ThemeName::Auto, &on("linux", ""), asked);
        assert_eq!(theme, Theme::ansi());
    }

    #[test]
    fn a_terminal_that_tells_its_name_has_many_colours_whatever_it_is_called() {
        let theme = |term| {
            let here = Surroundings {
                is_new: true,
                ..on(term, "")
            };
            chosen(Color::Auto, ThemeName::Auto, &here, || {
                Some(Brightness::Light)
            })
        };
        assert_eq!(theme("xterm"), Theme::day());
        assert_eq!(theme("linux"), Theme::ansi());
        assert_eq!(theme("dumb"), Theme::mono());
    }

    #[test]
    fn what_was_asked_for_goes_before_what_is_there() {
        let none = || None;
        let xterm = on("xterm-256color", "");
        let colourless = Surroundings {
            has_no_color: true,
            ..xterm.clone()
        };
        let theme = |color, name, surroundings| chosen(color, name, surroundings, none);
        for (color, name, surroundings, expected) in [
            (Color::Auto, ThemeName::Day, &xterm, Theme::day()),
            (Color::Auto, ThemeName::Mono, &xterm, Theme::mono()),
            (Color::Never, ThemeName::Day, &xterm, Theme::mono()),
            (Color::Auto, ThemeName::Day, &colourless, Theme::mono()),
            (Color::Always, ThemeName::Day, &colourless, Theme::day()),
            (
                Color::Auto,
                ThemeName::Night,
                &on("linux", ""),
                Theme::ansi(),
            ),
            (
                Color::Always,
                ThemeName::Night,
                &on("linux", ""),
                Theme::night(),
            ),
        ] {
            assert_eq!(
                theme(color, name, surroundings),
                expected,
                "{name:?} {surroundings:?}"
            );
        }
    }
}
