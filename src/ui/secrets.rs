use super::state::State;

/// Whether values that look like secrets are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// They are not.
    #[default]
    Hidden,
    /// They are.
    Shown,
}

impl State {
    pub(super) fn reveal(&mut self) {
        let (secrets, words) = match self.secrets {
            Secrets::Hidden => (Secrets::Shown, "secret values are shown; v hides them"),
            Secrets::Shown => (Secrets::Hidden, "values that look like secrets are hidden"),
        };
        self.secrets = secrets;
        self.tell(words);
    }
}
