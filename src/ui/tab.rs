/// A tab of the details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What was said.
    #[default]
    Headers,
    /// The cookies in it.
    Cookies,
    /// How long each stage took.
    Timing,
    /// What came.
    Body,
    /// Over which connection.
    Connection,
    /// What the cache said.
    Cache,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Self; 6] = [
        Self::Headers,
        Self::Cookies,
        Self::Timing,
        Self::Body,
        Self::Connection,
        Self::Cache,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headers => "Headers",
            Self::Cookies => "Cookies",
            Self::Timing => "Timing",
            Self::Body => "Body",
            Self::Connection => "Connection",
            Self::Cache => "Cache",
        }
    }

    pub(super) fn turned(self, by: isize) -> Self {
        let count = Self::ALL.len();
        let place = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let place = (place + count).saturating_add_signed(by) % count;
        Self::ALL.get(place).copied().unwrap_or_default()
    }
}
