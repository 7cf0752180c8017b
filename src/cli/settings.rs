use std::path::{Path, PathBuf};

use clap_complete::Shell;

use crate::message::visible;

use super::args::Args;
use super::cache::{CacheAct, CacheOptions, Store};
use super::config::Config;
use super::cookies::CookieOptions;
use super::input::{Input, read_file, read_standard_input};
use super::limits::Limits;
use super::look::Look;
use super::output::Output;
use super::proxy::ProxyOptions;
use super::reach::Reach;
use super::security::SecurityOptions;
use super::speech::Speech;
use super::speed::Speed;
use super::subcommand::{Changed, Lesson, Subcommand};
use super::urls::{Problem, UrlList, read_arguments};
use super::usage::UsageError;
use super::waits::Waits;

const SUBCOMMANDS: [&str; 7] = [
    "demo",
    "replay",
    "whatif",
    "cache",
    "pipe",
    "man",
    "completions",
];

/// What was typed, understood.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What to do.
    pub task: Task,
    /// The URLs that were typed, as they were typed.
    pub urls: Vec<String>,
    /// Where more URLs stand.
    pub inputs: Vec<Input>,
    /// What requests say.
    pub speech: Speech,
    /// What is done with cookies.
    pub cookies: CookieOptions,
    /// How the run is shown and recorded.
    pub output: Output,
    /// Where answers are kept, and how they are used.
    pub cache: CacheOptions,
    /// Keys and columns that somebody prefers.
    pub config: Config,
    /// How much at once.
    pub limits: Limits,
    /// How long each stage may take.
    pub waits: Waits,
    /// How servers are found.
    pub reach: Reach,
    /// Through whom servers are reached.
    pub proxy: ProxyOptions,
    /// How connections are made secure.
    pub security: SecurityOptions,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Fetch what was typed, on a screen or without.
    Screen,
    /// Fetch from the embedded server.
    Demo(Option<Lesson>),
    /// Show a recorded run again.
    Replay {
        /// The run.
        run: PathBuf,
        /// How many times as fast it is played; nothing if all of it is shown at once.
        speed: Option<Speed>,
        /// As somebody would look at it.
        look: Look,
    },
    /// Schedule a recorded run again.
    Whatif {
        /// The run.
        run: PathBuf,
        /// What is different beside the limits.
        changed: Changed,
    },
    /// Look at the cache on disk, or forget what is in it.
    Cache(CacheAct),
    /// Print the manual page.
    Man,
    /// Print what a shell needs to complete commands.
    Completions(Shell),
    /// Fetch for another program.
    Pipe {
        /// Whether bodies keep their content codings.
        raw_bodies: bool,
    },
}

impl Settings {
    /// Understands what was typed; opens no file.
    pub fn understand(args: Args) -> Result<Self, UsageError> {
        let settings = Self {
            task: Task::of(args.subcommand),
            urls: args.urls,
            inputs: args.files.into_iter().map(Input::of).collect(),
            waits: args.waits,
            speech: args.speech,
            cookies: args.cookies,
            output: args.output,
            cache: args.cache,
            config: Config::default(),
            limits: args.limits,
            reach: args.reach,
            proxy: args.proxy,
            security: args.security,
        };
        settings.check()?;
        Ok(settings)
    }

    /// What to fetch: the typed URLs, then the lists, read now and in order.
    ///
    /// A list that cannot be read becomes a problem, and the others are read all the same.
    pub fn list(&self) -> UrlList {
        let mut all = read_arguments(&self.urls);
        for input in &self.inputs {
            let read = match input {
                Input::StandardInput => read_standard_input(),
                Input::File(path) => read_file(path),
            };
            match read {
                Ok(list) => all.join(list),
                Err(error) => {
                    let problem = Problem::whole(input.name(), error.to_string());
                    all.problems.push(problem);
                }
            }
        }
        all
    }

    fn check(&self) -> Result<(), UsageError> {
        self.check_company()?;
        let has_run = matches!(
            self.task,
            Task::Screen | Task::Demo(_) | Task::Replay { .. }
        );
        if let (false, [_, ..], Some(task)) =
            (has_run, &*self.output.asserts, self.task.subcommand())
        {
            return Err(UsageError::NoRun { task });
        }
        if self.security.tls_min > self.security.tls_max {
            return Err(UsageError::NoTlsVersion);
        }
        if self.cache.offline && self.cache.store != Store::Disk {
            return Err(UsageError::NothingStored);
        }
        let has_sources = !self.urls.is_empty() || !self.inputs.is_empty();
        if !has_sources && self.task == Task::Screen && self.output.headless {
            return Err(UsageError::NothingToFetch);
        }
        let is_standard = |input: &&Input| **input == Input::StandardInput;
        let readers = self.inputs.iter().filter(is_standard).count();
        if readers + self.speech.standard_inputs() > 1 {
            return Err(UsageError::StandardInputTwice);
        }
        self.check_written()
    }

    /// Nothing that is read, or written otherwise, is written over.
    fn check_written(&self) -> Result<(), UsageError> {
        let jars = [&self.cookies.write, &self.cookies.keep];
        let is_jar = |path: &Path| jars.into_iter().flatten().any(|jar| is_same(jar, path));
        let events = self.output.events.as_ref();
        let har = self.output.har.as_ref();
        let is_events = |path: &Path| events.is_some_and(|events| is_same(events, path));
        let is_begin = |path: &Path| self.cookies.files().iter().any(|file| is_same(file, path));
        for (option, path, is_taken) in [
            (
                "--events",
                events,
                events.is_some_and(|path| is_jar(path) || is_begin(path)),
            ),
            (
                "--har",
                har,
                har.is_some_and(|path| is_jar(path) || is_begin(path) || is_events(path)),
            ),
            ("-c", self.cookies.write.as_ref(), false),
            ("--cookies", self.cookies.keep.as_ref(), false),
        ] {
            if let Some(path) = path
                && (is_taken || self.reads(path))
            {
                let name = visible(&path.to_string_lossy()).into_owned();
                return Err(UsageError::WouldOverwrite { option, name });
            }
        }
        Ok(())
    }

    /// A subcommand stands without URLs and lists, before or behind it.
    fn check_company(&self) -> Result<(), UsageError> {
        let behind = || {
            let typed = self.urls.iter().skip(1);
            SUBCOMMANDS
                .into_iter()
                .find(|name| typed.clone().any(|url| url == name))
        };
        let Some(task) = self.task.subcommand().or_else(behind) else {
            return Ok(());
        };
        if self.speech != Speech::default() || self.cookies.has_typed() {
            return Err(UsageError::NothingToSay { task });
        }
        let typed = self.urls.first().map(|url| visible(url).into_owned());
        match typed.or_else(|| self.inputs.first().map(Input::name)) {
            Some(typed) => Err(UsageError::NotWanted { task, typed }),
            None => Ok(()),
        }
    }

    /// Whether `path` is one of the files that are read.
    fn reads(&self, path: &Path) -> bool {
        let is_list = |input: &Input| matches!(input, Input::File(list) if is_same(list, path));
        self.inputs.iter().any(is_list)
            || self.security.files().any(|file| is_same(file, path))
            || matches!(&self.task, Task::Replay { run, .. } | Task::Whatif { run, .. } if is_same(run, path))
    }
}

/// Whether two names are of one file, however they are spelled.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    one == other || real(one).is_some_and(|path| real(other) == Some(path))
}

impl Task {
    fn of(subcommand: Option<Subcommand>) -> Self {
        match subcommand {
            None => Self::Screen,
            Some(Subcommand::Demo { lesson }) => Self::Demo(lesson),
            Some(Subcommand::Replay { file, speed, look }) => Self::Replay {
                run: file,
                speed,
                look,
            },
            Some(Subcommand::Man) => Self::Man,
            Some(Subcommand::Completions { shell }) => Self::Completions(shell),
            Some(Subcommand::Whatif { file, changed }) => Self::Whatif { run: file, changed },
            Some(Subcommand::Cache { act }) => Self::Cache(act),
            // So far bodies are always raw.
            Some(Subcommand::Pipe { raw_bodies }) => Self::Pipe { raw_bodies },
        }
    }

    /// The word it was asked for with, where there is one.
    const fn subcommand(&self) -> Option<&'static str> {
        match self {
            Self::Screen => None,
            Self::Demo(_) => Some("demo"),
            Self::Replay { .. } => Some("replay"),
            Self::Whatif { .. } => Some("whatif"),
            Self::Cache(_) => Some("cache"),
            Self::Pipe { .. } => Some("pipe"),
            Self::Man => Some("man"),
            Self::Completions(_) => Some("completions"),
        }
    }
}
