use super::amount::{count, count_or_unlimited, size};

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
