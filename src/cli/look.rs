use std::time::Duration;

/// How a recorded run is looked at, as if somebody sat there.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Look {
    /// Show it as it was so long after it began.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub at: Option<Duration>,
    /// Press these keys first, a blank between two: "j j 3"; for a screen or --format svg.
    #[arg(long, value_name = "KEYS")]
    pub keys: Option<String>,
}
