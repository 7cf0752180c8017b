use crate::message::BadProxy;

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
    /// What is claimed of a run cannot be understood.
    #[error("--assert '{text}', column {column}: {reason}")]
    Assertion {
        /// What was typed.
        text: String,
        /// Where it is wrong, counted from 1.
        column: usize,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// Something is claimed where there is no run.
    #[error(
        "{task} makes no run of which something could hold: leave --assert away, or use replay"
    )]
    NoRun {
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
    /// A proxy that cannot be asked; it is not said again, as it may have a password in it.
    #[error("{place}: {reason}")]
    Proxy {
        /// The option or the variable.
        place: &'static str,
        /// What is wrong, and how to mend it.
        reason: BadProxy,
    },
    /// No version of TLS is between the two.
    #[error("--tls-min 1.3 is above --tls-max 1.2: leave one of them away")]
    NoTlsVersion,
    /// Something would be written over what is read.
    #[error("{option} would write over {name}: give another file")]
    WouldOverwrite {
        /// What would.
        option: &'static str,
        /// The file.
        name: String,
    },
    /// Nothing is stored that could be used without asking.
    #[error("--offline asks nobody, and only --cache disk has answers of earlier runs: add it")]
    NothingStored,
    /// Something is asked of a screen that there is none of.
    #[error("{option} needs a screen: leave it away, or --headless, or a pipe behind")]
    NoScreen {
        /// What is asked.
        option: &'static str,
    },
    /// What is to be pressed is no key.
    #[error(
        "no key is called {key}; write keys as help has them, a blank between two: \"j j Enter Ctrl-D\""
    )]
    NoKey {
        /// What is to be pressed.
        key: String,
    },
    /// There is no screen to type in and nothing was typed.
    #[error("there is nothing to fetch: give a URL, -f FILE, or demo")]
    NothingToFetch,
}
