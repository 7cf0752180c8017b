use std::time::Duration;

use super::amount::duration;

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

    /// Having a proxy open the way on.
    #[arg(
        id = "timeout-proxy",
        long,
        global = true,
        value_name = "DURATION",
        default_value = "30s",
        value_parser = duration,
        allow_hyphen_values = true
    )]
    pub proxy: Duration,

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
