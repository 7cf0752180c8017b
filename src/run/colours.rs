use std::env;
use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, background_color};

use crate::cli::{Color, Output, ThemeName};
use crate::ui::Theme;

/// How long a terminal may take to say how bright it is; those that cannot say it are not waited for,
/// as they answer the next question.
const PATIENCE: Duration = Duration::from_millis(250);

/// The colours of the screen, as was asked for and as the terminal can.
pub(super) fn theme(output: &Output) -> Theme {
    chosen(
        output.color,
        output.theme,
        &Surroundings::here(),
        brightness,
    )
}

/// What the environment says of the terminal.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    term: String,
    colorterm: String,
    has_no_color: bool,
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
        }
    }

    /// Whether the terminal has the 256 colours of xterm.
    fn has_many_colours(&self) -> bool {
        let is_new = NEW.iter().any(|name| self.term.starts_with(name));
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

/// How bright the terminal is, if it says so (OSC 11).
fn brightness() -> Option<Brightness> {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    let background = background_color(options).ok()?;
    Some(if background.perceived_lightness() < 0.5 {
        Brightness::Dark
    } else {
        Brightness::Light
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(term: &str, colorterm: &str) -> Surroundings {
        Surroundings {
            term: term.to_owned(),
            colorterm: colorterm.to_owned(),
            has_no_color: false,
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
    fn a_terminal_of_sixteen_colours_is_not_asked() {
        let asked = || -> Option<Brightness> { panic!("it was asked") };
        let theme = chosen(Color::Auto, ThemeName::Auto, &on("linux", ""), asked);
        assert_eq!(theme, Theme::ansi());
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
