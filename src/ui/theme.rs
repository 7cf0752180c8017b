use ratatui::style::{Color, Modifier, Style};

use crate::event::Tone;

/// Colours for roles; panes name roles, never colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    inks: Option<Inks>,
}

/// The colours of a theme, all on the terminal's own background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inks {
    idle: Color,
    lookup: Color,
    setup: Color,
    secure: Color,
    out: Color,
    think: Color,
    inward: Color,
    failed: Color,
    quiet: Color,
    accent: Color,
    bad: Color,
    warning: Color,
    good: Color,
}

/// The terminal's own sixteen colours, whatever they look like.
const ANSI: Inks = Inks {
    idle: Color::DarkGray,
    lookup: Color::Cyan,
    setup: Color::Yellow,
    secure: Color::Magenta,
    out: Color::LightYellow,
    think: Color::Green,
    inward: Color::Blue,
    failed: Color::Red,
    quiet: Color::DarkGray,
    accent: Color::Cyan,
    bad: Color::Red,
    warning: Color::Yellow,
    good: Color::Green,
};

// The tones of the next two were searched for in xterm's 256 colours, which look the same on every
// terminal that has them: any two are told apart by people who see no red or no green, too.

/// On dark paper.
const NIGHT: Inks = Inks {
    idle: Color::Indexed(242),
    lookup: Color::Indexed(116),
    setup: Color::Indexed(202),
    secure: Color::Indexed(128),
    out: Color::Indexed(184),
    think: Color::Indexed(36),
    inward: Color::Indexed(75),
    failed: Color::Indexed(160),
    quiet: Color::Indexed(245),
    accent: Color::Indexed(117),
    bad: Color::Indexed(203),
    warning: Color::Indexed(214),
    good: Color::Indexed(78),
};

/// On light paper.
const DAY: Inks = Inks {
    idle: Color::Indexed(246),
    lookup: Color::Indexed(24),
    setup: Color::Indexed(136),
    secure: Color::Indexed(129),
    out: Color::Indexed(94),
    think: Color::Indexed(29),
    inward: Color::Indexed(19),
    failed: Color::Indexed(88),
    quiet: Color::Indexed(242),
    accent: Color::Indexed(25),
    bad: Color::Indexed(124),
    warning: Color::Indexed(130),
    good: Color::Indexed(28),
};

impl Theme {
    /// The terminal's own sixteen colours, on its own background.
    pub const fn ansi() -> Self {
        Self { inks: Some(ANSI) }
    }

    /// For a dark background and 256 colours.
    pub const fn night() -> Self {
        Self { inks: Some(NIGHT) }
    }

    /// For a light background and 256 colours.
    pub const fn day() -> Self {
        Self { inks: Some(DAY) }
    }

    /// No colour: glyphs, bold and dim only, as `NO_COLOR` asks for.
    pub const fn mono() -> Self {
        Self { inks: None }
    }

    /// Whether it is made for a light background.
    pub fn is_light(&self) -> bool {
        *self == Self::day()
    }

    /// Whether stages are told apart by colour besides their glyphs.
    pub const fn has_colour(&self) -> bool {
        self.inks.is_some()
    }

    /// The colour of a stage's role.
    pub const fn tone(&self, tone: Tone) -> Color {
        let Some(inks) = self.inks else {
            return Color::Reset;
        };
        match tone {
            Tone::Idle => inks.idle,
            Tone::Lookup => inks.lookup,
            Tone::Setup => inks.setup,
            Tone::Secure => inks.secure,
            Tone::Out => inks.out,
            Tone::Think => inks.think,
            Tone::In => inks.inward,
            Tone::Failed => inks.failed,
            Tone::Label => Color::Reset,
        }
    }

    /// Text of no particular weight.
    pub const fn plain(&self) -> Style {
        Style::new()
    }

    /// Text that may be passed over.
    pub const fn quiet(&self) -> Style {
        match self.inks {
            Some(inks) => Style::new().fg(inks.quiet),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Text that names something.
    pub const fn strong(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What can be acted on now: the focus, a key, a link.
    pub const fn accent(&self) -> Style {
        match self.inks {
            Some(inks) => self.strong().fg(inks.accent),
            None => self.strong(),
        }
    }

    /// A word in text of this style that leads somewhere.
    pub fn link(&self, style: Style) -> Style {
        let style = style.add_modifier(Modifier::UNDERLINED);
        match self.inks {
            Some(inks) => style.fg(inks.accent),
            None => style.remove_modifier(Modifier::DIM),
        }
    }

    /// Something went wrong.
    pub const fn bad(&self) -> Style {
        match self.inks {
            Some(inks) => self.strong().fg(inks.bad),
            None => self.strong(),
        }
    }

    /// Something wants attention.
    pub const fn warning(&self) -> Style {
        match self.inks {
            Some(inks) => Style::new().fg(inks.warning),
            None => self.strong(),
        }
    }

    /// Something went well.
    pub const fn good(&self) -> Style {
        match self.inks {
            Some(inks) => Style::new().fg(inks.good),
            None => Style::new(),
        }
    }

    /// The selected row: ink and paper change places.
    pub const fn selected(&self) -> Style {
        Style::new()
            .fg(Color::Reset)
            .bg(Color::Reset)
            .add_modifier(Modifier::REVERSED)
    }
}
