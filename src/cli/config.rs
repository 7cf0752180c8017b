use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::message::visible;

/// Preferences, as a file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// What messages call the file.
    pub name: String,
    /// Which keys somebody wants.
    pub keys: Vec<KeyPreference>,
    /// Which columns, in order.
    pub columns: Option<Columns>,
    options: Vec<(String, Value)>,
}

/// The keys that somebody wants for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPreference {
    /// Where it stands in the file.
    pub line: usize,
    /// The name of the place where they are pressed.
    pub place: String,
    /// The name of the action.
    pub action: String,
    /// The keys.
    pub keys: Vec<String>,
}

/// The columns that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Where they begin in the file.
    pub line: usize,
    /// Each with its line: a name, and a width behind it where one is wanted.
    pub words: Vec<(usize, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Switch(bool),
    Words(Vec<String>),
}

/// What is wrong with a file of preferences: what, where and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadConfig {
    /// It cannot be read.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// Something in it is wrong.
    #[error("{file}:{line}: {reason}")]
    Line {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// What is wrong, and how to mend it.
        reason: String,
    },
}

/// Options that make no sense as preferences.
const NOT_PREFERRED: &[&str] = &[
    "config",
    "print_config",
    "events",
    "har",
    "begin",
    "write",
    "asserts",
];

impl Config {
    /// Reads the file that was named, or the usual one where there is one.
    pub fn read(named: Option<PathBuf>) -> Result<Self, BadConfig> {
        let is_named = named.is_some();
        let path = match named {
            Some(path) if path.as_os_str() == "none" => return Ok(Self::default()),
            Some(path) => path,
            None => match usual() {
                Some(path) => path,
                None => return Ok(Self::default()),
            },
        };
        let name = visible(&path.to_string_lossy()).into_owned();
        match fs::read_to_string(&path) {
            Ok(text) => Self::understand(&name, &text),
            Err(error) if !is_named && error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(BadConfig::Unreadable {
                file: name,
                reason: error.to_string(),
            }),
        }
    }

    /// Understands what a file says.
    pub fn understand(name: &str, text: &str) -> Result<Self, BadConfig> {
        let page = Page { name, text };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            page.wrong(at, error.message())
        })?;
        let mut config = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "keys" => config.keys = page.keys(value)?,
                "columns" => {
                    let line = page.line(key.span().start);
                    let words = page.words_at(value, "columns = [\"name 40\", \"time\", …]")?;
                    config.columns = Some(Columns { line, words });
                }
                option => config
                    .options
                    .push(page.option(option, key.span().start, value)?),
            }
        }
        Ok(config)
    }

    /// What is wrong with a line of the file.
    pub fn wrong(&self, line: usize, reason: &str) -> BadConfig {
        BadConfig::Line {
            file: self.name.clone(),
            line,
            reason: visible(reason).into_owned(),
        }
    }

    /// The command with what the file says where nothing is typed.
    pub(super) fn under(&self, mut command: Command) -> Command {
        for (id, value) in &self.options {
            command = command.mut_arg(id, |arg| match value.clone() {
                // Typed with =false, it is off all the same.
                Value::Switch(is_on) => arg
                    .action(ArgAction::Set)
                    .value_parser(clap::value_parser!(bool))
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true")
                    .default_value(if is_on { "true" } else { "false" }),
                Value::Words(words) => arg.default_values(words),
            });
        }
        command
    }
}

/// Where preferences are, unless it is said.
fn usual() -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let base =
        folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
    base.map(|base| base.join("netwaterfall").join("config.toml"))
}

/// The word of `known` that is most like `word`, if one is like it at all.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |known: &str| strsim::jaro_winkler(word, known);
    let all = known.into_iter().map(|known| (likeness(known), known));
    let likely = all.filter(|(likeness, _)| *likeness > 0.75);
    likely
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

/// A file, to say where in it something is wrong.
struct Page<'a> {
    name: &'a str,
    text: &'a str,
}

type Found<'a> = Spanned<DeValue<'a>>;

impl Page<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&self, at: usize, reason: &str) -> BadConfig {
        BadConfig::Line {
            file: self.name.to_owned(),
            line: self.line(at),
            reason: visible(reason).into_owned(),
        }
    }

    /// A list of words, or one word.
    fn words(&self, value: &Found<'_>, usage: &str) -> Result<Vec<String>, BadConfig> {
        let words = self.words_at(value, usage)?.into_iter();
        Ok(words.map(|(_, word)| word).collect())
    }

    /// The same, each word with its line.
    fn words_at(&self, value: &Found<'_>, usage: &str) -> Result<Vec<(usize, String)>, BadConfig> {
        let wrong = |at: usize| self.wrong(at, &format!("write {usage}"));
        let word = |found: &Found<'_>| {
            let word = found.get_ref().as_str()?;
            Some((self.line(found.span().start), word.to_owned()))
        };
        if let Some(only) = word(value) {
            return Ok(vec![only]);
        }
        let list = value.get_ref().as_array();
        let list = list.ok_or_else(|| wrong(value.span().start))?;
        let words = list
            .iter()
            .map(|item| word(item).ok_or_else(|| wrong(item.span().start)));
        words.collect()
    }

    fn table<'v, 't>(&self, value: &'v Found<'t>) -> Result<&'v DeTable<'t>, BadConfig> {
        let wrong = || {
            let usage = "write keys under the place where they are pressed: [keys.panes], and \
                         under it down = [\"j\", \"↓\"]";
            self.wrong(value.span().start, usage)
        };
        value.get_ref().as_table().ok_or_else(wrong)
    }

    fn keys(&self, value: &Found<'_>) -> Result<Vec<KeyPreference>, BadConfig> {
        let mut all = Vec::new();
        for (place, actions) in self.table(value)? {
            for (action, keys) in self.table(actions)? {
                all.push((
                    action.span().start,
                    KeyPreference {
                        line: self.line(action.span().start),
                        place: place.get_ref().to_string(),
                        action: action.get_ref().to_string(),
                        keys: self.words(keys, &format!("{} = [\"key\", …]", action.get_ref()))?,
                    },
                ));
            }
        }
        all.sort_by_key(|(at, _)| *at);
        Ok(all.into_iter().map(|(_, preference)| preference).collect())
    }

    fn option(
        &self,
        name: &str,
        at: usize,
        value: &Found<'_>,
    ) -> Result<(String, Value), BadConfig> {
        let command = <super::Args as clap::CommandFactory>::command();
        let is_it = |arg: &&Arg| arg.get_long() == Some(name);
        let Some(arg) = preferences(&command).find(is_it) else {
            return Err(self.wrong(at, &unknown(name, &command)));
        };
        let at = value.span().start;
        let found = value.get_ref();
        let number = found.as_integer().filter(|number| number.radix() == 10);
        let value = if is_switch(arg) {
            let is_on = found.as_bool();
            Value::Switch(is_on.ok_or_else(|| self.wrong(at, &format!("{name} is true or false")))?)
        } else if let Some(number) = number {
            Value::Words(vec![number.as_str().to_owned()])
        } else {
            Value::Words(self.words(value, &format!("{name} = \"…\""))?)
        };
        if let Value::Words(words) = &value {
            let typed = words.iter().map(|word| format!("--{name}={word}"));
            let tried = command
                .clone()
                .try_get_matches_from(["netwaterfall".to_owned()].into_iter().chain(typed));
            if let Err(error) = tried {
                return Err(self.wrong(at, &told(&error)));
            }
        }
        Ok((arg.get_id().to_string(), value))
    }
}

fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

/// The options that a file may have.
fn preferences(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| arg.is_global_set() && !NOT_PREFERRED.contains(&arg.get_id().as_str()))
}

fn unknown(name: &str, command: &Command) -> String {
    if command
        .get_arguments()
        .any(|arg| arg.get_long() == Some(name))
    {
        return format!("{name} belongs on the command line, not into a file");
    }
    let known = preferences(command).filter_map(Arg::get_long);
    match nearest(name, known.chain(["keys", "columns"])) {
        Some(like) => format!("there is no preference {name}; did you mean {like}?"),
        None => format!("there is no preference {name}; --print-config lists them"),
    }
}

/// What is wrong with an option, without what is said around it on a command line.
fn told(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty());
    let words: Vec<_> = lines.collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

/// Every option that a file may have, as it is now, with what it is for.
pub(super) fn options(command: &Command, matches: &ArgMatches) -> String {
    let mut text = String::new();
    let mut heading = None;
    for arg in preferences(command) {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            let _ = writeln!(text, "\n# -- {} --", heading.unwrap_or_default());
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "\n# {help}");
        let name = arg.get_long().unwrap_or_default();
        let values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        let values: Vec<_> = values.collect();
        let secret = match (name, values.as_slice()) {
            ("proxy", [only]) => without_password(&only.to_string_lossy()),
            _ => None,
        };
        let _ = match values.as_slice() {
            // What is printed is shown around, and would not be the same proxy without it.
            _ if let Some(hidden) = secret => writeln!(
                text,
                "# Its password is not printed: give it with -x, or in https_proxy and http_proxy.\n\
                 # {name} = {}",
                quoted(hidden)
            ),
            [] => writeln!(text, "# {name} ="),
            [only] if is_switch(arg) => writeln!(text, "{name} = {}", only.to_string_lossy()),
            [only] => writeln!(text, "{name} = {}", quoted(only)),
            more => {
                let words: Vec<_> = more.iter().map(quoted).collect();
                writeln!(text, "{name} = [{}]", words.join(", "))
            }
        };
    }
    text
}

/// A proxy with its password hidden, where it has one.
fn without_password(proxy: &str) -> Option<String> {
    let (before, host) = proxy.rsplit_once('@')?;
    let (kind, who) = before.split_once("://").unwrap_or(("", before));
    let (name, _) = who.split_once(':')?;
    let between = if kind.is_empty() { "" } else { "://" };
    Some(format!("{kind}{between}{name}:***@{host}"))
}

/// A word as TOML has it.
pub fn quoted(word: impl AsRef<OsStr>) -> String {
    let mut text = String::from("\"");
    for c in Path::new(&word).to_string_lossy().chars() {
        let _ = match c {
            '"' | '\\' => write!(text, "\\{c}"),
            c if c.is_control() => write!(text, "\\u{:04X}", u32::from(c)),
            c => write!(text, "{c}"),
        };
    }
    text.push('"');
    text
}
