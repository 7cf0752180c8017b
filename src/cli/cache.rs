use clap::ValueEnum;

use super::amount::size;

/// Where answers are kept for later requests, and how they are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Cache")]
pub struct CacheOptions {
    /// Where answers are kept for later requests: on disk, from run to run.
    #[arg(
        id = "cache",
        long,
        global = true,
        value_enum,
        value_name = "memory|disk|off",
        hide_possible_values = true,
        default_value = "memory"
    )]
    pub store: Store,

    /// Bytes that they take at most [default: 64M in memory, 320M on disk].
    #[arg(
        id = "cache-size",
        long,
        global = true,
        value_name = "SIZE",
        value_parser = size,
        allow_hyphen_values = true
    )]
    pub size: Option<u64>,

    /// Ask nobody: what --cache disk does not have is a failure.
    #[arg(long, global = true)]
    pub offline: bool,
}

/// Where answers are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Store {
    /// In memory, for this run.
    #[default]
    Memory,
    /// On the disk, from run to run.
    Disk,
    /// Nowhere.
    Off,
}

/// What is done with the cache on disk.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum CacheAct {
    /// List what is stored, the last used first.
    Ls {
        /// Only URLs with this in them.
        #[arg(value_name = "TEXT")]
        text: Option<String>,
    },
    /// Tell all about the answers that are stored for a URL, and whether they could be used now.
    Show {
        /// The URL; without a scheme, names are https, localhost and addresses http.
        #[arg(value_name = "URL")]
        url: String,
        /// Write the stored body to standard output, as it came, and nothing else.
        #[arg(long)]
        body: bool,
    },
    /// Forget what is stored for URLs, or everything.
    Clear {
        /// Only these; without any, everything.
        #[arg(value_name = "URL")]
        urls: Vec<String>,
    },
}
