use super::action::Action;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the table or the details.
    #[default]
    Panes,
    /// In the details, besides what keys mean in the table too.
    Details,
    /// In what is looked for in the details.
    Finder,
    /// In the address bar.
    Address,
    /// In the filter.
    Filter,
    /// In the line in which a search is typed.
    Search,
    /// Where columns are chosen.
    Columns,
    /// In the jar.
    Jar,
    /// In a cookie that is typed.
    Cookie,
    /// In the form.
    Form,
    /// In a menu; its rows have letters of their own.
    Menu,
    /// In help; what is typed is searched for.
    Help,
    /// In the palette of actions.
    Palette,
    /// Anywhere.
    Everywhere,
}

impl Mode {
    /// Every place, in the order in which help tells of them.
    pub const ALL: &'static [Self] = &[
        Self::Panes,
        Self::Details,
        Self::Finder,
        Self::Address,
        Self::Filter,
        Self::Search,
        Self::Columns,
        Self::Jar,
        Self::Cookie,
        Self::Form,
        Self::Menu,
        Self::Help,
        Self::Palette,
        Self::Everywhere,
    ];

    /// Its name where keys are configured.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Panes => "panes",
            Self::Details => "details",
            Self::Finder => "finder",
            Self::Address => "address",
            Self::Filter => "filter",
            Self::Search => "search",
            Self::Columns => "columns",
            Self::Jar => "jar",
            Self::Cookie => "cookie",
            Self::Form => "form",
            Self::Menu => "menu",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Everywhere => "everywhere",
        }
    }

    /// As it is said.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Panes => "in the table and the details",
            Self::Details => "in the details",
            Self::Finder => "in what is looked for in the details",
            Self::Address => "in the address bar",
            Self::Filter => "in the filter",
            Self::Search => "in the search",
            Self::Columns => "where columns are chosen",
            Self::Jar => "in the jar of cookies",
            Self::Cookie => "in a cookie that is typed",
            Self::Form => "in the form that edits a request",
            Self::Menu => "in a menu, besides the letters of its rows",
            Self::Help => "in help, where what is typed is searched for",
            Self::Palette => "in the palette of actions",
            Self::Everywhere => "everywhere",
        }
    }

    /// Whether letters are text there, and mean nothing else.
    pub const fn is_typed(self) -> bool {
        match self {
            Self::Finder
            | Self::Address
            | Self::Filter
            | Self::Search
            | Self::Cookie
            | Self::Form
            | Self::Help
            | Self::Palette => true,
            Self::Panes
            | Self::Details
            | Self::Columns
            | Self::Jar
            | Self::Menu
            | Self::Everywhere => false,
        }
    }
}

/// An action, where it can be done, its keys and how it is said.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where the keys are pressed.
    pub mode: Mode,
    /// Its name where keys are configured; one of a kind in its mode.
    pub name: &'static str,
    /// The keys, as people write them, unless they are configured; none if it is in the palette only.
    pub keys: &'static [&'static str],
    /// What they mean.
    pub action: Action,
    /// How that is said.
    pub words: &'static str,
}
