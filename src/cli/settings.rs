use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::message::visible;

use super::args::{Args, Changed, Limits, Output, Subcommand};
use super::cookies::CookieOptions;
use super::input::{Input, read_file, read_standard_input};
use super::resolve::Resolve;
use super::speech::Speech;
use super::urls::{Problem, UrlList, read_arguments};

const SUBCOMMANDS: [&str; 4] = ["demo", "replay", "whatif", "pipe"];

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
    /// How much at once.
    pub limits: Limits,
    /// How long each stage may take.
    pub timeouts: Timeouts,
    /// The name server to ask; nothing for the system's.
    pub dns: Option<SocketAddr>,
    /// Hosts whose addresses are given.
    pub resolve: Vec<Resolve>,
    /// Files of certificates to trust beside the system's.
    pub cacerts: Vec<PathBuf>,
    /// Whether any certificate is accepted.
    pub insecure: bool,
    /// Whether a download that was cut is taken up again.
    pub resume: bool,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Fetch what was typed, on a screen or without.
    Screen,
    /// Fetch from the embedded server.
    Demo,
    /// Show a recorded run again.
    Replay(PathBuf),
    /// Schedule a recorded run again.
    Whatif {
        /// The run.
        run: PathBuf,
        /// What is different beside the limits.
        changed: Changed,
    },
    /// Fetch for another program.
    Pipe {
        /// Whether bodies keep their content codings.
        raw_bodies: bool,
    },
}

/// How long each stage may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Looking a name up.
    pub dns: Duration,
    /// Waiting in line; nothing for as long as it takes.
    pub queue: Option<Duration>,
    /// Opening a TCP connection.
    pub connect: Duration,
    /// Shaking hands over TLS.
    pub tls: Duration,
    /// Writing a request.
    pub send: Duration,
    /// Waiting for the first byte of an answer.
    pub wait: Duration,
    /// The longest silence within a body.
    pub receive: Duration,
    /// A whole request; nothing for as long as it takes.
    pub total: Option<Duration>,
}

/// What was typed cannot be done: what, where, and how to mend it, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A list cannot be read.
    #[error("{name} cannot be read: {reason}")]
    Unreadable {
        /// Which list.
        name: String,
        /// Why, and how to mend it.
        reason: String,
    },
    /// A list is a directory.
    #[error("{name} is a directory: give a file with a URL a line")]
    Directory {
        /// Which list.
        name: String,
    },
    /// A list is larger than any list is.
    #[error("{name} is larger than {most} MiB: a list has a URL a line; is this the right file?")]
    TooLarge {
        /// Which list.
        name: String,
        /// How much is read at most.
        most: u64,
    },
    /// A list has no URL in it.
    #[error("{name} has no URL in it: write one a line")]
    Empty {
        /// Which list.
        name: String,
    },
    /// Standard input is named twice, but can be read once.
    #[error("standard input can be read once: give - once only, to -f, -d, --json or -F")]
    StandardInputTwice,
    /// URLs or lists are given to a task that takes none.
    #[error("{task} takes no URLs: leave {typed} away, or leave {task} away")]
    NotWanted {
        /// The subcommand.
        task: &'static str,
        /// What was typed beside it.
        typed: String,
    },
    /// What requests say is given to a task that has its own.
    #[error("{task} says what requests say: leave -X, -H, -d, -b NAME=VALUE and the like away")]
    NothingToSay {
        /// The subcommand.
        task: &'static str,
    },
    /// A header cannot be said.
    #[error("-H {text}: {reason}")]
    Header {
        /// What was typed.
        text: String,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// Cookies that no header can say.
    #[error("-b {text}: there is a control character in it")]
    Cookie {
        /// What was typed.
        text: String,
    },
    /// A part of a form cannot be sent.
    #[error("-F {text}: {reason}")]
    Form {
        /// What was typed.
        text: String,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// Something would be written over what is read.
    #[error("{option} would write over {name}: give another file")]
    WouldOverwrite {
        /// What would.
        option: &'static str,
        /// The file.
        name: String,
    },
    /// There is no screen to type in and nothing was typed.
    #[error("there is nothing to fetch: give a URL, -f FILE, or demo")]
    NothingToFetch,
}

impl Settings {
    /// Understands what was typed; opens no file.
    pub fn understand(args: Args) -> Result<Self, UsageError> {
        let settings = Self {
            task: Task::of(args.subcommand),
            urls: args.urls,
            inputs: args.files.into_iter().map(Input::of).collect(),
            timeouts: Timeouts {
                dns: args.waits.dns,
                queue: args.waits.queue,
                connect: args.waits.connect,
                tls: args.waits.tls,
                send: args.waits.send,
                wait: args.waits.wait,
                receive: args.waits.receive,
                total: args.waits.total,
            },
            speech: args.speech,
            cookies: args.cookies,
            output: args.output,
            limits: args.limits,
            dns: args.reach.dns,
            resolve: args.reach.resolve,
            cacerts: args.reach.cacerts,
            insecure: args.reach.insecure,
            resume: args.reach.resume,
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
        let is_begin = |path: &Path| self.cookies.files().iter().any(|file| is_same(file, path));
        for (option, path, is_taken) in [
            (
                "--events",
                events,
                events.is_some_and(|path| is_jar(path) || is_begin(path)),
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
            || self.cacerts.iter().any(|file| is_same(file, path))
            || matches!(&self.task, Task::Replay(run) | Task::Whatif { run, .. } if is_same(run, path))
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
            Some(Subcommand::Demo) => Self::Demo,
            Some(Subcommand::Replay { file }) => Self::Replay(file),
            Some(Subcommand::Whatif { file, changed }) => Self::Whatif { run: file, changed },
            // So far bodies are always raw.
            Some(Subcommand::Pipe { raw_bodies }) => Self::Pipe { raw_bodies },
        }
    }

    /// The word it was asked for with, where there is one.
    const fn subcommand(&self) -> Option<&'static str> {
        match self {
            Self::Screen => None,
            Self::Demo => Some("demo"),
            Self::Replay(_) => Some("replay"),
            Self::Whatif { .. } => Some("whatif"),
            Self::Pipe { .. } => Some("pipe"),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(10),
            queue: None,
            connect: Duration::from_secs(30),
            tls: Duration::from_secs(30),
            send: Duration::from_secs(30),
            wait: Duration::from_mins(1),
            receive: Duration::from_mins(1),
            total: None,
        }
    }
}
