use std::path::PathBuf;

use clap_complete::Shell;

use super::cache::CacheAct;
use super::look::Look;
use super::speed::{Speed, speed};

/// What there is to do beside fetching what was typed.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Subcommand {
    /// Fetch from an embedded server that shows every stage; needs no network.
    Demo {
        /// What is shown; without it, some of everything.
        #[arg(value_enum, value_name = "WHAT")]
        lesson: Option<Lesson>,
    },
    /// Show a recorded run again, or an HTTP archive of a browser or another tool.
    Replay {
        /// The run, as --events wrote it, or a HAR.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Play it so many times as fast as it went; needs a screen.
        #[arg(long, value_name = "TIMES", value_parser = speed)]
        speed: Option<Speed>,
        /// As somebody would look at it.
        #[command(flatten)]
        look: Look,
    },
    /// Print the manual page.
    Man,
    /// Print what a shell needs to complete commands.
    Completions {
        /// Which shell.
        #[arg(
            value_name = "bash|zsh|fish|elvish|powershell",
            hide_possible_values = true
        )]
        shell: Shell,
    },
    /// Schedule a recorded run again as if things had been different, with --per-host too.
    Whatif {
        /// The run, as --events wrote it.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What is different; without any of these, each by itself.
        #[command(flatten)]
        changed: Changed,
    },
    /// List, show or clear what --cache disk keeps.
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Cache {
        /// What to do with it.
        #[command(subcommand)]
        act: CacheAct,
    },
    /// Fetch for another program: requests as JSON lines in, stages and results as JSON lines out.
    Pipe {
        /// Leave content codings on bodies; so far they always stay on.
        #[arg(long)]
        raw_bodies: bool,
    },
}

/// What the demo shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lesson {
    /// Each stage is slow once: what does that look like?
    Slow,
    /// Everything fails, each in its own way, and says why.
    Broken,
    /// What is stored, fresh, asked about, joined or never kept.
    Cache,
    /// Which cookies are kept, and which go along.
    Cookies,
    /// Thirty requests to one host, six at a time: who waits for whom.
    Queue,
}

/// What would be different from a recorded run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub struct Changed {
    /// Each connection serves one request only.
    #[arg(long)]
    pub no_keep_alive: bool,
    /// Every name is known beforehand.
    #[arg(long)]
    pub warm_dns: bool,
    /// https costs no handshake.
    #[arg(long)]
    pub no_tls: bool,
    /// One connection of a host carries all its requests at once, as HTTP/2 does.
    #[arg(long)]
    pub multiplexed: bool,
}
