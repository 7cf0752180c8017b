use std::fmt::Write as _;

use crate::cli::{BadConfig, Config, Typed, nearest, quoted};
use crate::ui::{BadKey, Choice, Keys, Mode, bindings};

/// The keys as a file has them.
pub(super) fn keys(config: &Config) -> Result<Keys, BadConfig> {
    if let Some(columns) = &config.columns {
        let words =
            "columns are chosen on the screen (c), which remembers them; leave this line away";
        return Err(config.wrong(columns.line, words));
    }
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
pub(super) fn text(typed: &Typed, keys: &Keys) -> String {
    let mut text = String::from(
        "# Preferences of netwaterfall, read from netwaterfall/config.toml in $XDG_CONFIG_HOME (or ~/.config).\n\
         # What is typed on the command line goes before what stands here.\n",
    );
    text.push_str(&typed.options());
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
