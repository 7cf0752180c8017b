use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use crate::message::visible;

use super::args::Args;
use super::config::{BadConfig, Config};
use super::settings::Settings;
use super::usage::UsageError;

/// What was typed, and what a file has to say where nothing was.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The arguments, the file's where none were typed.
    pub args: Args,
    /// The rest of the file.
    pub config: Config,
    matches: ArgMatches,
}

impl Typed {
    /// The arguments of this process, over the preferences in a file.
    ///
    /// Where they ask for help or make no sense, this says so and ends the process: code 0 for
    /// help and version, 2 for wrong usage.
    pub fn read() -> Result<Self, BadConfig> {
        let words: Vec<_> = std::env::args_os().collect();
        let config = Config::read(named_file(&words))?;
        Ok(Self::understand(words, config).unwrap_or_else(|error| refuse(&error)))
    }

    /// Arguments over preferences.
    pub(super) fn understand(words: Vec<OsString>, config: Config) -> Result<Self, clap::Error> {
        let matches = config.under(Args::command()).try_get_matches_from(words)?;
        let args = Args::from_arg_matches(&matches)?;
        Ok(Self {
            args,
            config,
            matches,
        })
    }

    /// What it all comes to; opens no file.
    pub fn settings(self) -> Result<Settings, UsageError> {
        let config = self.config;
        Ok(Settings {
            config,
            ..Settings::understand(self.args)?
        })
    }

    /// Every option that a file may have, as it is now, with what it is for.
    pub fn options(&self) -> String {
        super::config::options(&Args::command(), &self.matches)
    }
}

/// The file that was named, before anything else is understood: it says what is usual.
fn named_file(words: &[OsString]) -> Option<PathBuf> {
    let mut words = words.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(file) = word
            .to_str()
            .and_then(|word| word.strip_prefix("--config="))
        {
            return Some(PathBuf::from(file));
        }
    }
    None
}

/// Says what is wrong with the arguments, or what they asked to know, and ends the process.
fn refuse(error: &clap::Error) -> ! {
    let has_controls = |typed: OsString| typed.to_string_lossy().contains(char::is_control);
    if !std::env::args_os().any(has_controls) {
        error.exit();
    }
    // What was typed is said again in the message, and must not act on the terminal.
    let words = error.render().to_string();
    let mut out = std::io::stderr();
    for line in words.lines() {
        let _ = writeln!(out, "{}", visible(line));
    }
    std::process::exit(error.exit_code());
}
