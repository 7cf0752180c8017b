use std::ffi::OsString;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::message::visible;

use super::amount::{count, count_or_unlimited, duration, name_server, size};
use super::cookies::CookieOptions;
use super::resolve::{Resolve, resolve};
use super::speech::Speech;

const EXAMPLES: &str = "\
Examples:
  netwaterfall example.com https://example.org/logo.png
      fetch two URLs and watch every stage of them
  netwaterfall -f urls.txt --headless --format ndjson
      fetch a list without a screen, one JSON object a line

Lists have a URL or METHOD URL a line, !high or !low behind it; # begins a comment. Sizes count in 1024s: 10k, 16M, 1G.
Exit codes: 0 all answered, 1 some failed, 2 wrong usage, 3 could not start.";

/// The browser's Network panel for the terminal: fetch URLs and watch every stage live.
#[derive(Clone, Debug, Parser)]
#[command(name = "netwaterfall", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// What to fetch; without a scheme, names are https, localhost and addresses http.
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,

    /// A list of URLs to fetch; - is standard input (may be repeated).
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// What requests say.
    #[command(flatten)]
    pub speech: Speech,

    /// What is done with cookies.
    #[command(flatten)]
    pub cookies: CookieOptions,

    /// How the run is shown and recorded.
    #[command(flatten)]
    pub output: Output,

    /// Whom to ask and whom to trust.
    #[command(flatten)]
    pub reach: Reach,

    /// How much at once.
    #[command(flatten)]
    pub limits: Limits,

    /// How long each stage may take.
    #[command(flatten)]
    pub waits: Waits,

    /// Something else than fetching what was typed.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,
}

impl Args {
    /// The arguments of this process.
    ///
    /// Where they ask for help or make no sense, this says so and ends the process: code 0 for
    /// help and version, 2 for wrong usage.
    pub fn typed() -> Self {
        Self::try_parse().unwrap_or_else(|error| refuse(&error))
    }
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

/// What there is to do beside fetching what was typed.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Subcommand {
    /// Fetch from an embedded server that shows every stage; needs no network.
    Demo,
    /// Show a recorded run again.
    Replay {
        /// The run, as --events wrote it.
        #[arg(value_name = "FILE")]
        file: PathBuf,
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
    /// Fetch for another program: requests as JSON lines in, stages and results as JSON lines out.
    Pipe {
        /// Leave content codings on bodies; so far they always stay on.
        #[arg(long)]
        raw_bodies: bool,
    },
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

/// How a run is shown and recorded.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Output")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct Output {
    /// Draw no screen; so it is too when standard output is no terminal.
    #[arg(long, global = true)]
    pub headless: bool,

    /// What to write without a screen.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "table|json|ndjson|svg",
        hide_possible_values = true,
        default_value = "table"
    )]
    pub format: Format,

    /// Record the run in FILE, for replay.
    #[arg(long, global = true, value_name = "FILE")]
    pub events: Option<PathBuf>,

    /// Keep bodies in what is recorded.
    #[arg(long, global = true)]
    pub bodies: bool,

    /// Leave secrets in what is written: values of cookies, credentials.
    #[arg(long, global = true)]
    pub secrets: bool,

    /// Leave the mouse to the terminal.
    #[arg(long, global = true)]
    pub no_mouse: bool,

    /// When to use colour.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "auto|always|never",
        hide_possible_values = true,
        default_value = "auto"
    )]
    pub color: Color,
}

/// What is written without a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line a request, for people.
    Table,
    /// One JSON object for the run, for scripts.
    Json,
    /// A JSON object a fact, for programs.
    Ndjson,
    /// The screen as a picture.
    Svg,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where the terminal can and `NO_COLOR` is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whom to ask and whom to trust.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Network")]
pub struct Reach {
    /// Trust the certificates in FILE (PEM) too (may be repeated).
    #[arg(long = "cacert", global = true, value_name = "FILE")]
    pub cacerts: Vec<PathBuf>,

    /// Accept any certificate.
    #[arg(short = 'k', long, global = true)]
    pub insecure: bool,

    /// Take a download that was cut up again where it stopped, if it is still the same.
    #[arg(long, global = true)]
    pub resume: bool,

    /// Ask this name server instead of the system's; port 53 unless given.
    #[arg(long, global = true, value_name = "ADDRESS[:PORT]", value_parser = name_server)]
    pub dns: Option<SocketAddr>,

    /// Where a host is; HOST may be *.test or *, PORT may be * (repeatable).
    #[arg(long, global = true, value_name = "HOST:PORT:ADDRESS", value_parser = resolve)]
    pub resolve: Vec<Resolve>,
}

/// How much at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Connections to one host at once, or unlimited [default: 6].
    #[arg(
        long,
        global = true,
        value_name = "N",
        value_parser = count_or_unlimited,
        allow_negative_numbers = true
    )]
    pub per_host: Option<usize>,

    /// Connections at once in all.
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value = "256",
        value_parser = count,
        allow_negative_numbers = true
    )]
    pub max_connections: usize,

    /// Keep no answers for later requests.
    #[arg(long, global = true)]
    pub no_cache: bool,

    /// Bytes of a body to keep: 100, 10k, 16M, 1G (k is 1024).
    #[arg(
        long,
        global = true,
        value_name = "SIZE",
        default_value = "16M",
        value_parser = size,
        allow_hyphen_values = true
    )]
    pub max_body: u64,
}

/// How long each stage may take: 500ms, 5s, 2m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Time limits (such as 500ms, 5s, 2m)")]
pub struct Waits {
    /// Looking a name up.
    #[arg(
        id = "timeout-dns",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub dns: Duration,

    /// Waiting in line for a connection [default: as long as it takes].
    #[arg(
        id = "timeout-queue",
        long,
        global = true,
        value_name = "DURATION",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub queue: Option<Duration>,

    /// Opening a TCP connection.
    #[arg(
        id = "timeout-connect",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "30s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub connect: Duration,

    /// Shaking hands over TLS.
    #[arg(
        id = "timeout-tls",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "30s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub tls: Duration,

    /// Writing a request.
    #[arg(
        id = "timeout-send",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "30s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub send: Duration,

    /// Waiting for the first byte of an answer.
    #[arg(
        id = "timeout-wait",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "60s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub wait: Duration,

    /// The longest silence within a body.
    #[arg(
        id = "timeout-receive",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "60s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub receive: Duration,

    /// A whole request, to its last byte [default: as long as it takes].
    #[arg(
        id = "max-time",
        long,
        global = true,
        value_name = "DURATION",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub total: Option<Duration>,
}
