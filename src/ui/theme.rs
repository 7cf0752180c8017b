use ratatui::style::{Color, Modifier, Style};

use crate::event::Tone;

/// Colours for roles; panes name roles, never colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    has_colour: bool,
}

impl Theme {
    /// The terminal's own sixteen colours, on its own background.
    pub const fn ansi() -> Self {
        Self { has_colour: true }
    }

    /// No colour: glyphs, bold and dim only, as `NO_COLOR` asks for.
    pub const fn mono() -> Self {
        Self { has_colour: false }
    }

    /// Whether stages are told apart by colour besides their glyphs.
    pub const fn has_colour(&self) -> bool {
        self.has_colour
    }

    /// The colour of a stage's role.
    pub const fn tone(&self, tone: Tone) -> Color {
        if !self.has_colour {
            return Color::Reset;
        }
        match tone {
            Tone::Idle => Color::DarkGray,
            Tone::Lookup => Color::Cyan,
            Tone::Setup => Color::Yellow,
            Tone::Secure => Color::Magenta,
            Tone::Out => Color::LightYellow,
            Tone::Think => Color::Green,
            Tone::In => Color::Blue,
            Tone::Failed => Color::Red,
            Tone::Label => Color::Reset,
        }
    }

    /// Text of no particular weight.
    pub const fn plain(&self) -> Style {
        Style::new()
    }

    /// Text that may be passed over.
    pub const fn quiet(&self) -> Style {
        if self.has_colour {
            Style::new().fg(Color::DarkGray)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        }
    }

    /// Text that names something.
    pub const fn strong(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What can be acted on now: the focus, a key, a link.
    pub const fn accent(&self) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if self.has_colour {
            style.fg(Color::Cyan)
        } else {
            style
        }
    }

    /// Something went wrong.
    pub const fn bad(&self) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if self.has_colour {
            style.fg(Color::Red)
        } else {
            style
        }
    }

    /// Something wants attention.
    pub const fn warning(&self) -> Style {
        if self.has_colour {
            Style::new().fg(Color::Yellow)
        } else {
            self.strong()
        }
    }

    /// Something went well.
    pub const fn good(&self) -> Style {
        if self.has_colour {
            Style::new().fg(Color::Green)
        } else {
            Style::new()
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
