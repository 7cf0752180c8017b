use std::path::PathBuf;

use clap::Parser;

use super::cache::CacheOptions;
use super::cookies::CookieOptions;
use super::limits::Limits;
use super::output::Output;
use super::proxy::ProxyOptions;
use super::reach::Reach;
use super::security::SecurityOptions;
use super::speech::Speech;
use super::subcommand::Subcommand;
use super::waits::Waits;

const EXAMPLES: &str = "\
Examples:
  netwaterfall example.com https://example.org/logo.png
      fetch two URLs and watch every stage of them
  netwaterfall -f urls.txt --headless --format ndjson
      fetch a list without a screen, one JSON object a line

Lists have a URL or METHOD URL a line, !high or !low behind it; # begins a comment. Sizes count in 1024s: 10k, 16M, 1G.
Exit codes: 0 all answered, 1 some failed, 2 wrong usage, 3 could not start, 4 what --assert says does not hold.";

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

    /// How servers are found.
    #[command(flatten)]
    pub reach: Reach,

    /// Through whom servers are reached.
    #[command(flatten)]
    pub proxy: ProxyOptions,

    /// How connections are made secure.
    #[command(flatten)]
    pub security: SecurityOptions,

    /// Where answers are kept.
    #[command(flatten)]
    pub cache: CacheOptions,

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
