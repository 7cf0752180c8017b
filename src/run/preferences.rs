use std::fmt::Write as _;

use crate::cli::{BadConfig, Config, Typed, nearest, quoted};
use crate::ui::{BadColumn, BadKey, Choice, Keys, Layout, Mode, bindings};

/// The keys as a file has them.
pub(super) fn keys(config: &Config) -> Result<Keys, BadConfig> {
    let mut choices = Vec::new();
    for preference in &config.keys {
        let wrong = |reason: &str| config.wrong(preference.line, reason);
        let mode = Mode::ALL
            .iter()
            .find(|mode| mode.name() == preference.place);
        let mode = mode.ok_or_else(|| wrong(&no_place(&preference.place)))?;
        choices.push(Choice {
            mode: *mode,
            name: preference.action.clone(),
            keys: preference.keys.clone(),
        });
    }
    let mut keys = Keys::default();
    keys.choose(&choices).map_err(|(nth, bad)| {
        let line = config.keys.get(nth).map_or(0, |preference| preference.line);
        let mode = choices.get(nth).map(|choice| choice.mode);
        config.wrong(line, &explained(&bad, mode))
    })?;
    Ok(keys)
}

/// The columns as a file has them, where it has some.
pub(super) fn columns(config: &Config) -> Result<Option<Layout>, BadConfig> {
    let Some(columns) = &config.columns else {
        return Ok(None);
    };
    let written = columns.words.iter().map(|(_, word)| word.as_str());
    let layout = Layout::chosen(written).map_err(|(place, bad)| {
        let line = columns.words.get(place);
        config.wrong(line.map_or(columns.line, |(line, _)| *line), &unlike(&bad))
    });
    layout.map(Some)
}

fn unlike(bad: &BadColumn) -> String {
    let BadColumn::Unknown(name) = bad else {
        return bad.to_string();
    };
    if let Some(like) = nearest(name, Layout::names()) {
        return format!("{bad}; did you mean {like}?");
    }
    let names: Vec<_> = Layout::names().collect();
    format!("{bad}; there are {}", names.join(", "))
}

fn no_place(place: &str) -> String {
    let names = || Mode::ALL.iter().map(|mode| mode.name());
    if let Some(like) = nearest(place, names()) {
        return format!("keys are not pressed in {place}; did you mean keys.{like}?");
    }
    let names: Vec<_> = names().collect();
    format!(
        "keys are not pressed in {place}, but in {}",
        names.join(", ")
    )
}

fn explained(bad: &BadKey, mode: Option<Mode>) -> String {
    let BadKey::NoAction(name) = bad else {
        return bad.to_string();
    };
    let here = bindings()
        .iter()
        .filter(|binding| Some(binding.mode) == mode);
    match nearest(name, here.map(|binding| binding.name)) {
        Some(like) => format!("{bad}; did you mean {like}?"),
        None => format!("{bad}; --print-config lists all names"),
    }
}

/// All preferences as they are, as a file that can be read again.
pub(super) fn text(typed: &Typed, keys: &Keys, columns: &Layout) -> String {
    let mut text = String::from(
        "# Preferences of netwaterfall, read from netwaterfall/config.toml in $XDG_CONFIG_HOME (or ~/.config).\n\
         # What is typed on the command line goes before what stands here.\n",
    );
    text.push_str(&typed.options());
    let shown: Vec<_> = columns.written().iter().map(quoted).collect();
    let names: Vec<_> = Layout::names().collect();
    let _ = write!(
        text,
        "\n# -- Columns --\n\n# Those of the table in their order; a width may stand behind a name: \"name 40\".\n\
         # There are {}.\ncolumns = [{}]\n",
        names.join(", "),
        shown.join(", ")
    );
    for mode in Mode::ALL {
        let _ = writeln!(
            text,
            "\n# -- Keys {} --\n[keys.{}]",
            mode.words(),
            mode.name()
        );
        for bound in keys.at(*mode) {
            let keys: Vec<_> = bound.keys.iter().map(quoted).collect();
            let (name, words) = (bound.binding.name, bound.binding.words);
            let _ = writeln!(text, "{name} = [{}] # {words}", keys.join(", "));
        }
    }
    text
}
